/*
 * static: the page. All of it is read into memory at the start, so that a full or missing disk later keeps nobody from it. Each file has an
 * ETag of its content and, where that is smaller, a copy packed by gzip; browsers ask each time whether theirs is current (Cache-Control:
 * no-cache).
 */
#ifndef WEB_STATIC_H
#define WEB_STATIC_H

#include "web/http.h"

struct static_files;

/* Every file below the folder whose name ends in something known (.html .js .css .svg .png .ico .webmanifest .woff2 .txt .json .mp3 .wav
   .ogg); hidden ones are left out. NULL with *error malloc'ed: no folder, no index.html, more than 16 MiB, a name that no address can have.
 */
struct static_files *static_load(const char *folder, char **error);
void static_free(struct static_files *);
/* A GET or HEAD that is not the interface's: answers it, with 404 as a page of few words. */
void static_request(const struct static_files *, struct http_request *);
size_t static_count(const struct static_files *);

#endif
