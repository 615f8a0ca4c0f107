/*
 * api: answers what docs/web.md lists under /api/. Everything else is the page (static.h).
 */
#ifndef WEB_API_H
#define WEB_API_H

#include <event2/event.h>

#include "web/config.h"
#include "web/http.h"

struct api;

/* The configuration is borrowed and outlives it. NULL with *error malloc'ed (certificates of the gateway, …). Does not wait for renrakud.
 */
struct api *api_new(struct event_base *, const struct web_config *, char **error);
/* A request whose path begins with "/api/" and that passed the filters of http.h. Answers it, now or later. */
void api_request(struct api *, struct http_request *);
/* SIGHUP: certificates are read again. On error the old ones stay, with *error malloc'ed. */
bool api_reload(struct api *, char **error);
/* Before http_free: sessions end; streams and requests that wait are closed by http_free, whose callbacks must still find what they point
 * to. */
void api_stop(struct api *);
/* After http_free. */
void api_free(struct api *);

#endif
