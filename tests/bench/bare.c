#include "bench/bare.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/figures.h"
#include "bench/process.h"
#include "wire/frame.h"
#include "wire/tls.h"

#define EVENTS 256

struct peer {
	int fd;
	SSL *ssl;
	bool open;
	struct peer *prev, *next;
};

struct yard {
	struct bare_shared *shared;
	SSL_CTX *tls;
	int epoll, listener, file;
	struct peer *peers;
	uint8_t *answers; /* of this turn */
	size_t n, cap;
};

static void leave(struct yard *y, struct peer *p)
{
	if (p->next != NULL)
		p->next->prev = p->prev;
	if (p->prev != NULL)
		p->prev->next = p->next;
	else
		y->peers = p->next;
	/* As the hub does: else the session could not be resumed. */
	SSL_set_shutdown(p->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(p->ssl);
	close(p->fd);
	free(p);
}

static void come(struct yard *y)
{
	struct epoll_event e = {.events = EPOLLIN};
	struct peer *p;
	int fd;

	while ((fd = accept4(y->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		p = xcalloc(1, sizeof *p);
		p->fd = fd;
		p->ssl = SSL_new(y->tls);
		SSL_set_fd(p->ssl, fd);
		SSL_set_accept_state(p->ssl);
		p->next = y->peers;
		if (y->peers != NULL)
			y->peers->prev = p;
		y->peers = p;
		e.data.ptr = p;
		epoll_ctl(y->epoll, EPOLL_CTL_ADD, fd, &e);
	}
}

/* These frames are small and the peers read them: a full socket is beyond what is measured here. */
static void send_frame(struct peer *p, enum bare_kind kind, size_t len)
{
	uint8_t frame[FRAME_HEADER + BARE_NOTICE] = {0};

	frame_put_header(frame, len);
	frame[FRAME_HEADER] = (uint8_t)kind;
	ERR_clear_error();
	if (SSL_write(p->ssl, frame, (int)(FRAME_HEADER + len)) <= 0)
		fprintf(stderr, "bare: cannot write\n");
}

static void commit(struct yard *y, const void *data, size_t len)
{
	if (write(y->file, data, len) != (ssize_t)len || fdatasync(y->file) != 0) {
		perror("bare: cannot sync");
		_exit(1);
	}
	atomic_fetch_add(&y->shared->commits, 1);
}

static void on_alarm(struct yard *y, const uint8_t *data, size_t len)
{
	commit(y, data, len);
	for (struct peer *p = y->peers; p != NULL; p = p->next)
		if (p->open)
			send_frame(p, BARE_TELL, BARE_NOTICE);
}

static void on_frames(struct yard *y, const uint8_t *data, size_t n)
{
	size_t len, used = 0;

	while (frame_peek(data + used, n - used, FRAME_MAX, &len) == FRAME_OK) {
		const uint8_t *payload = data + used + FRAME_HEADER;

		used += FRAME_HEADER + len;
		if (payload[0] == BARE_ALARM) {
			on_alarm(y, payload, len);
		} else {
			y->answers = xgrow(y->answers, &y->cap, y->n + BARE_ANSWER, 1);
			memcpy(y->answers + y->n, payload, len < BARE_ANSWER ? len : BARE_ANSWER);
			y->n += BARE_ANSWER;
		}
	}
}

static void on_peer(struct yard *y, struct peer *p)
{
	static uint8_t bytes[16384];
	int n;

	ERR_clear_error();
	if (!p->open) {
		n = SSL_do_handshake(p->ssl);
		if (n != 1 && SSL_get_error(p->ssl, n) != SSL_ERROR_WANT_READ)
			leave(y, p);
		if (n != 1)
			return;
		p->open = true;
		send_frame(p, BARE_WELCOME, BARE_ANSWER);
	}
	while ((n = SSL_read(p->ssl, bytes, sizeof bytes)) > 0)
		on_frames(y, bytes, (size_t)n);
	if (SSL_get_error(p->ssl, n) != SSL_ERROR_WANT_READ)
		leave(y, p);
}

static void keep_answers(struct yard *y)
{
	if (y->n == 0)
		return;
	commit(y, y->answers, y->n);
	atomic_store(&y->shared->durable_at, figures_now());
	atomic_fetch_add(&y->shared->answers, y->n / BARE_ANSWER);
	y->n = 0;
}

static _Noreturn void run(struct yard *y)
{
	struct epoll_event events[EVENTS];

	for (;;) {
		int n = epoll_wait(y->epoll, events, EVENTS, -1);

		for (int i = 0; i < n; i++)
			if (events[i].data.ptr == NULL)
				come(y);
			else
				on_peer(y, events[i].data.ptr);
		keep_answers(y);
	}
}

static bool open_files(struct yard *y, const char *dir)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event e = {.events = EPOLLIN};
	char *path = xasprintf("%s/bare.log", dir);
	socklen_t len = sizeof at;

	y->file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	free(path);
	y->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(y->listener, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	y->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (y->file < 0 || bind(y->listener, (const struct sockaddr *)&at, sizeof at) != 0 || listen(y->listener, 4096) != 0 ||
		getsockname(y->listener, (struct sockaddr *)&at, &len) != 0 || epoll_ctl(y->epoll, EPOLL_CTL_ADD, y->listener, &e) != 0)
		return false;
	atomic_store(&y->shared->port, ntohs(at.sin_port));
	return true;
}

static _Noreturn void child(struct bare_shared *shared, const char *dir, const char *ca, int ready)
{
	char *files[3] = {xasprintf("%s/ca.pem", ca), xasprintf("%s/server-main.pem", ca), xasprintf("%s/server-main.key", ca)};
	struct yard y = {.shared = shared};
	char *error = NULL;

	signal(SIGPIPE, SIG_IGN);
	y.tls = tls_server_context(&(struct tls_files){.ca = files[0], .cert = files[1], .key = files[2]}, &error);
	if (y.tls == NULL || !open_files(&y, dir)) {
		fprintf(stderr, "bare: %s\n", error != NULL ? error : "cannot open its file or its port");
		_exit(1);
	}
	if (write(ready, "", 1) == 1)
		run(&y);
	_exit(1);
}

bool bare_start(struct bare *b, int core, const char *dir, const char *ca)
{
	int ends[2];
	pid_t parent = getpid();
	char byte;

	b->shared = mmap(NULL, sizeof *b->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b->shared == MAP_FAILED || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	b->pid = fork();
	if (b->pid == 0) {
		close(ends[0]);
		process_child(core, parent);
		child(b->shared, dir, ca, ends[1]);
	}
	close(ends[1]);
	bool ready = read(ends[0], &byte, 1) == 1;
	close(ends[0]);
	return ready;
}

void bare_stop(struct bare *b)
{
	process_stop(b->pid);
	b->pid = 0;
}
