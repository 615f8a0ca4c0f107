/*
 * print: what is printed is made by renraku-report (client/report) with the browser's own token: two at a time, the others wait in a queue,
 * none runs longer than a minute or for a browser that has left. Its token and configuration stand in a directory of their own, for this
 * user only, in memory where there is a place for that ($RUNTIME_DIRECTORY, /dev/shm), and go with it.
 */
#ifndef WEB_PRINT_H
#define WEB_PRINT_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/settings.h"
#include "web/http.h"

#define PRINT_RUNNING 2u
#define PRINT_WAITING 16u
#define PRINT_OF_ONE 4u /* of one browser, running or waiting */
#define PRINT_MS 60000
#define PRINT_MAX_BYTES (32u << 20)

struct prints;

struct print_order {
	const char *job;    /* of renraku-report: report, contacts, sheets */
	const char *format; /* pdf, html, json, csv */
	const char *lang;   /* ja, en */
	uint32_t incident;  /* 0: none */
	const char *token;  /* the person's, else the terminal's */
};

/* program: renraku-report; way: how renrakud is reached. Both borrowed. */
struct prints *prints_new(struct event_base *, const char *program, const struct settings *way);
/* Takes the request over and answers it, now or later. The order is copied. */
void prints_add(struct prints *, struct http_request *, const struct print_order *);
void prints_stop(struct prints *); /* ends what runs; requests stay open for http_free */
void prints_free(struct prints *); /* after http_free */

#endif
