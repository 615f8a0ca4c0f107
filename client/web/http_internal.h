/*
 * Between http.c (who may connect), http_conn.c (one connection), http_filter.c (may this request be), http_reply.c and http_stream.c.
 *
 * A connection's bufferevent has two users. conn has its callbacks, and gathers what comes in `held`; evhttp's are kept in `lent` and
 * called by conn alone: with a whole request that http_head and http_filter have found good, when an answer has left, and at the end.
 *
 * A connection is in one state; conn_enter changes it and sets the state's deadline, so no state can be without one but those that
 * somebody else answers for: CONN_WAITING (the handler's) and CONN_STREAM (bounded by what waits and by TCP's own time limit).
 */
#ifndef WEB_HTTP_INTERNAL_H
#define WEB_HTTP_INTERNAL_H

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <uthash.h>

#include "web/http.h"
#include "web/http_head.h"

#define STREAM_WAITING_MAX (256u << 10) /* more than this may wait only for STREAM_GRACE_MS */
#define STREAM_GRACE_MS 10000
#define STREAM_HARD_MAX (4u << 20)   /* a snapshot of a large town, all at once */
#define STREAMS_HARD_MAX (64u << 20) /* all streams together */
#define SEND_BUFFER (64 << 10)       /* of the kernel, for each connection */
#define ANSWER_MS 30000              /* to take an answer, and 1 ms more for each 4 bytes */
#define LINGER_MS 2000               /* after a refusal what still comes is read and dropped, so that the answer is not lost to a reset */
#define TARGET_HOST_MAX 300

enum conn_state {
	CONN_HANDSHAKE,
	CONN_IDLE, /* nothing of a request came yet */
	CONN_HEAD,
	CONN_BODY,
	CONN_WAITING, /* the handler has the request */
	CONN_ANSWER,  /* the answer leaves */
	CONN_STREAM,
	CONN_ENDING, /* a stream's last bytes leave */
	CONN_LINGER,
};

struct http_request {
	struct conn *conn;
	struct evhttp_request *ev;
	struct evkeyvalq query; /* decoded */
	void (*on_gone)(void *);
	void *arg;
	bool later;
	char cookie[257];
};

struct http_stream {
	struct conn *conn;
	struct evhttp_request *ev;
	void (*on_end)(void *);
	void *arg;
	bool over;
	size_t counted; /* of what waits, in http->waiting */
};

/* Connections of one address (of one /64, for IPv6). */
struct http_peer {
	unsigned char key[16];
	size_t n;
	UT_hash_handle hh;
};

struct conn {
	struct http *http;
	struct conn *prev, *next; /* the one that entered its state longest ago comes first */
	struct http_peer *peer;
	struct bufferevent *bev;
	struct event *deadline, *soon;
	struct { /* evhttp's callbacks */
		bufferevent_data_cb read, write;
		bufferevent_event_cb event;
		void *arg;
	} lent;
	struct evbuffer *held; /* what came and evhttp has not seen */
	enum conn_state state;
	size_t scanned; /* of a header */
	char last;      /* byte of it */
	size_t whole;   /* bytes of the request, header and body, once the header is good */
	const struct http_fault *fault;
	bool close, doomed;
	bool paused; /* nothing is read for now */
	struct http_request *request;
	struct http_stream *stream;
	char address[64]; /* of the browser */
	char local[80];   /* "127.0.0.1:8443" as a browser would say it */
	bool loopback;
};

struct http {
	struct http *next;
	struct event_base *base;
	struct evhttp *evhttp;
	struct evconnlistener *listener; /* evhttp's */
	struct conn *fresh;              /* accepted, not yet admitted */
	struct event *admit;
	struct conn *reading; /* whose request evhttp is given */
	struct event *resume; /* listening again after descriptors ran out */
	SSL_CTX *tls;
	http_handler *handler;
	void *arg;
	char **names; /* "host:port"; NULL-terminated */
	uint16_t port;
	size_t max, max_of_address;
	int header_ms, body_ms, idle_ms;
	struct conn *conns;
	size_t n, waiting;
	struct http_peer *peers;
	int64_t told; /* when the log last heard of a limit */
};

/* http.c */
void http_tell(struct http *, const char *who, const char *what); /* the log hears of a limit, but not of every time */
void http_count(struct conn *, struct http_peer *);               /* on the lists and counts */
void http_forget(struct conn *);                                  /* and off them */
void http_touch(struct conn *);                                   /* to the end of the list */

/* http_conn.c */
struct conn *conn_new(struct http *);
void conn_begin(struct conn *, struct http_peer *); /* evhttp has taken it up */
void conn_enter(struct conn *, enum conn_state);
/* After each call of evhttp's that sends: it has set its own callbacks. */
void conn_take(struct conn *);
void conn_on_request(struct evhttp_request *, void *http);
/* Gives up the connection with all that hangs on it; tells whoever waits. Never from inside a call of http.h but http_free. */
void conn_end(struct conn *);
void conn_end_soon(struct conn *);
/* evhttp has the answer: frees the request and goes on from there. */
void conn_answered(struct conn *, size_t bytes);
struct evbuffer *conn_output(const struct conn *);
void conn_set_deadline(struct conn *, int64_t ms); /* 0: none */

/* http_filter.c: NULL, or why not */
const struct http_fault *http_filter(const struct conn *, const struct http_head *);

/* http_reply.c */
struct http_request *request_new(struct conn *, struct evhttp_request *);
void request_free(struct http_request *);
void request_add_standing(struct http_request *); /* the headers of every answer */

/* http_stream.c */
void stream_drained(struct http_stream *); /* what waits is below the limit again */
void stream_free(struct http_stream *);

#endif
