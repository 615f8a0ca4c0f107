/*
 * renraku-echo CERT KEY PAGE [MAX MAX_OF_ADDRESS HEADER_MS BODY_MS IDLE_MS]: client/web/http with handlers that show what a test wants to
 * see, and nothing of the console behind it. Prints "listening on PORT".
 *
 *   POST /api/echo             the body, as it came
 *   GET /api/show?text=…       the decoded text, cookie and address, as JSON
 *   GET /api/late              answered 100 ms later; /api/gone says how many left before they were answered
 *   GET /api/stream            events every 20 ms; with ?flood=N: of N KiB, without a pause
 *   GET /api/figures           connections, streams, and how many streams have ended
 */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/http.h"
#include "web/https.h"
#include "web/static.h"

static struct event_base *base;
static struct http *http;
static struct static_files *files;
static size_t streams, ended, gone;

struct waiting {
	struct http_request *request;
	struct http_stream *stream;
	struct event *timer;
	size_t flood;
};

static void on_gone(void *arg)
{
	struct waiting *w = arg;
	gone++;
	event_free(w->timer);
	free(w);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	struct waiting *w = arg;
	(void)fd, (void)what;
	http_reply(w->request, 200, "application/json", "{}", 2);
	event_free(w->timer);
	free(w);
}

static void on_end(void *arg)
{
	struct waiting *w = arg;
	streams--;
	ended++;
	event_free(w->timer);
	free(w);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct waiting *w = arg;
	const struct timeval next = {0, w->flood ? 100 : 20000};
	size_t len = w->flood ? w->flood << 10 : 2;
	char *data = xmalloc(len);
	(void)fd, (void)what;
	memset(data, 'x', len);
	if (http_stream_send(w->stream, "beat", NULL, data, len))
		evtimer_add(w->timer, &next);
	free(data);
}

static void show(struct http_request *r)
{
	const char *text = http_query(r, "text"), *cookie = http_cookie(r, "__Host-renraku");
	struct buf b;
	buf_init(&b, 64u << 10);
	buf_puts(&b, "{\"text\":");
	text_json(&b, text ? text : "");
	buf_puts(&b, ",\"cookie\":");
	text_json(&b, cookie ? cookie : "");
	buf_printf(&b, ",\"address\":\"%s\"}", http_address(r));
	http_reply(r, 200, "application/json", b.data, b.len);
	buf_free(&b);
}

static void figures(struct http_request *r)
{
	char text[200];
	snprintf(text, sizeof text, "{\"connections\":%zu,\"streams\":%zu,\"ended\":%zu,\"gone\":%zu}", http_connections(http), streams,
		ended, gone);
	http_reply(r, 200, "application/json", text, strlen(text));
}

static void wait_for(struct http_request *r, void (*then)(evutil_socket_t, short, void *), bool stream)
{
	const struct timeval soon = {0, 100000};
	struct waiting *w = xcalloc(1, sizeof *w);
	const char *flood = http_query(r, "flood");
	w->flood = flood ? (size_t)strtoul(flood, NULL, 10) : 0;
	w->timer = evtimer_new(base, then, w);
	evtimer_add(w->timer, &soon);
	if (stream) {
		streams++;
		w->stream = http_stream_begin(r, on_end, w);
	} else {
		w->request = r;
		http_later(r, on_gone, w);
	}
}

static void on_request(void *arg, struct http_request *r)
{
	const char *path = http_path(r);
	size_t len;
	(void)arg;
	if (strcmp(path, "/api/echo") == 0) {
		const void *body = http_body(r, &len);
		http_reply(r, 200, "application/json", body, len);
	} else if (strcmp(path, "/api/show") == 0) {
		show(r);
	} else if (strcmp(path, "/api/late") == 0) {
		wait_for(r, on_late, false);
	} else if (strcmp(path, "/api/stream") == 0) {
		wait_for(r, on_tick, true);
	} else if (strcmp(path, "/api/figures") == 0) {
		figures(r);
	} else if (strncmp(path, "/api/", 5) == 0) {
		http_refuse(r, 404, "NOT_FOUND", "ありません", "not found", 0);
	} else {
		static_request(files, r);
	}
}

static void on_stop(evutil_socket_t sig, short what, void *arg)
{
	(void)sig, (void)what, (void)arg;
	event_base_loopbreak(base);
}

int main(int argc, char **argv)
{
	char *error = NULL;
	signal(SIGPIPE, SIG_IGN);
	if (argc < 4)
		return 2;
	SSL_CTX *tls = https_context(argv[1], argv[2], &error);
	files = tls ? static_load(argv[3], &error) : NULL;
	struct http_config config = {.address = "127.0.0.1", .tls = tls};
	size_t numbers[5] = {0};
	for (int i = 4; i < argc && i < 9; i++)
		numbers[i - 4] = (size_t)strtoul(argv[i], NULL, 10);
	config.max_connections = numbers[0];
	config.max_connections_of_address = numbers[1];
	config.header_ms = (int)numbers[2];
	config.body_ms = (int)numbers[3];
	config.idle_ms = (int)numbers[4];
	base = event_base_new();
	http = files ? http_new(base, &config, on_request, NULL, &error) : NULL;
	if (!http) {
		fprintf(stderr, "renraku-echo: %s\n", error);
		return 1;
	}
	struct event *stop = evsignal_new(base, SIGTERM, on_stop, NULL);
	event_add(stop, NULL);
	printf("listening on %u\n", (unsigned)http_port(http));
	fflush(stdout);
	event_base_dispatch(base);
	event_free(stop);
	http_free(http);
	event_base_loop(base, EVLOOP_NONBLOCK);
	static_free(files);
	SSL_CTX_free(tls);
	event_base_free(base);
	return 0;
}
