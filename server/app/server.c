#include "app/server.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "app/hasher.h"
#include "app/passphrase.h"
#include "app/shell.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define SKEW_CHECK_MS 2000
/* After a failure or at the end, goodbyes get so long to leave. */
#define FAREWELL_MS 1000

struct server {
	const struct config *config;
	struct event_base *base;
	SSL_CTX *tls;
	struct hub *hub;
	struct store *store;
	struct shell *shell;
	struct hasher *hasher;
	struct clock_engine clock;
	struct event *on_store, *on_hasher, *on_timer, *on_skew, *on_retry, *on_farewell, *on_signal[3];
	bool stopping; /* no new work; leave when everything is durable and sent */
	bool done;
	int code;
};

static int64_t now(const struct server *s)
{
	return clock_engine_now(&s->clock);
}

/* ---- hub -> shell ---- */

static bool on_open(void *arg, struct hub_session *session, const struct tls_peer *peer)
{
	struct server *s = arg;

	if (s->stopping)
		return false;
	hub_session_set_data(session, shell_open(s->shell, peer, hub_session_subject(session), session, now(s)));
	return true;
}

static void on_frame(void *arg, struct hub_session *session, const uint8_t *data, size_t len)
{
	struct server *s = arg;

	shell_frame(s->shell, hub_session_data(session), data, len, now(s));
}

static void on_garbled(void *arg, struct hub_session *session, const char *why)
{
	struct server *s = arg;

	shell_garbled(s->shell, hub_session_data(session), why, now(s));
}

static void on_close(void *arg, struct hub_session *session, enum hub_bye why)
{
	struct server *s = arg;

	(void)why; /* the hub has logged it */
	shell_closed(s->shell, hub_session_data(session), now(s));
}

static void on_heartbeat(void *arg, struct hub_session *session)
{
	struct server *s = arg;

	shell_heartbeat(s->shell, hub_session_data(session), now(s));
}

/* ---- shell -> hub ---- */

static void do_send(void *arg, struct shell_peer *peer, struct hub_frame *frame)
{
	(void)arg;
	hub_session_send(shell_peer_owner(peer), frame);
}

static void do_close(void *arg, struct shell_peer *peer, const char *why)
{
	(void)arg;
	(void)why;
	hub_session_close(shell_peer_owner(peer), HUB_BYE_OWNER);
}

static void do_hello_done(void *arg, struct shell_peer *peer)
{
	(void)arg;
	hub_session_hello_done(shell_peer_owner(peer));
}

static void do_hash(void *arg, uint64_t ticket, const char *password, const char *stored)
{
	hasher_add(((struct server *)arg)->hasher, ticket, password, stored);
}

static void do_random(void *arg, void *out, size_t len)
{
	int ok = RAND_bytes(out, (int)len);

	(void)arg;
	assert(ok == 1);
	(void)ok;
}

static size_t do_backlog(void *arg, const struct shell_peer *peer)
{
	(void)arg;
	return hub_session_outbox(shell_peer_owner(peer));
}

static void farewell(struct server *s, const char *code)
{
	struct timeval limit = {FAREWELL_MS / 1000, 0};

	if (s->stopping)
		return;
	s->stopping = true;
	sd_notify(0, "STOPPING=1");
	shell_say_goodbye(s->shell, code, NULL, NULL, now(s));
	event_add(s->on_farewell, &limit);
}

static void on_fatal(void *arg, const char *why)
{
	struct server *s = arg;

	log_error("server", "stops to be restarted: %s", why);
	s->code = EXIT_STORE_FAILED;
	/* From within a turn of the shell: the goodbyes follow at the end of the loop's turn. */
	event_active(s->on_signal[0], EV_SIGNAL, 1);
}

/* ---- events ---- */

static void on_store_ready(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	store_poll(((struct server *)arg)->store);
}

static void on_hasher_ready(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	hasher_poll(((struct server *)arg)->hasher);
}

static void on_hashed(void *arg, uint64_t ticket, bool ok, const char *new_hash)
{
	struct server *s = arg;

	shell_hashed(s->shell, ticket, ok, new_hash, now(s));
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	shell_tick(s->shell, now(s));
}

static void on_skew(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	int64_t skew;

	(void)fd;
	(void)what;
	if (!clock_engine_skewed(&s->clock, &skew))
		return;
	log_warning("clock", "the wall clock differs by %lld ms from the server's time; deadlines stay", (long long)skew);
	shell_clock_skewed(s->shell, skew, now(s));
}

static void on_farewell_over(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	((struct server *)arg)->done = true;
}

static void reload(struct server *s)
{
	char *error = NULL;

	if (s->config->crl == NULL) {
		log_warning("server", "SIGHUP: no list of revoked certificates is configured (key crl)");
		return;
	}
	if (!tls_reload_crl(s->tls, s->config->crl, &error)) {
		log_error("server", "%s; the old list stays in force", error);
		free(error);
		return;
	}
	hub_recheck(s->hub);
	log_info("server", "revoked certificates read again from %s", s->config->crl);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
	struct server *s = arg;

	(void)what;
	if (number == SIGHUP) {
		reload(s);
		return;
	}
	farewell(s, s->code == EXIT_STORE_FAILED ? "FAILED" : "STOPPING");
}

/* ---- start ---- */

static void shell_settings(const struct config *c, struct shell_config *out)
{
	/* The shell takes 0 for 'default' and a negative one for 'at once'. */
	*out = (struct shell_config){
		.presence_hold_ms = c->presence_hold > 0 ? c->presence_hold : -1,
		.slow_commit_ms = c->slow_commit,
		.view_interval_ms = c->view_interval,
		.idle_ms = c->idle > 0 ? c->idle : -1,
		.token_ms = c->token_life,
		.enrolment_ms = c->enrolment_life,
		.presence_grace_ms = c->presence_grace > 0 ? c->presence_grace : -1,
		.heartbeat_ms = (uint32_t)c->heartbeat,
		.version = RENRAKU_VERSION,
	};
}

static bool start_shell(struct server *s, bool recording)
{
	const struct shell_output output = {
		.send = do_send,
		.close = do_close,
		.hello_done = do_hello_done,
		.on_fatal = on_fatal,
		.hash = do_hash,
		.random = do_random,
		.backlog = do_backlog,
	};
	struct shell_config settings;
	char *error = NULL;

	shell_settings(s->config, &settings);
	s->shell = shell_new(&settings, s->store, &output, s, clock_wall_ms(), recording, &error);
	if (s->shell == NULL) {
		log_error("store", "%s: %s", s->config->store, error);
		free(error);
		return false;
	}
	clock_engine_start(&s->clock, engine_time(shell_engine(s->shell)));
	log_info("server", "%llu records read", (unsigned long long)engine_index(shell_engine(s->shell)));
	return true;
}

static bool open_store(struct server *s, bool *recording)
{
	enum store_status status = STORE_OK;
	char *error = NULL;

	s->store = store_open_sqlite(s->config->store, &status, &error);
	if (s->store == NULL) {
		log_error("store", "%s: %s", store_status_name(status), error != NULL ? error : s->config->store);
		free(error);
		return false;
	}
	if (error != NULL)
		log_error("store", "%s", error);
	free(error);
	*recording = store_probe(s->store) == STORE_OK;
	return true;
}

static void watch_store(struct server *s)
{
	s->on_store = event_new(s->base, store_wake_fd(s->store), EV_READ | EV_PERSIST, on_store_ready, s);
	event_add(s->on_store, NULL);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	char *error;

	(void)fd;
	(void)what;
	if (s->stopping || store_probe(s->store) != STORE_OK)
		return;
	event_del(s->on_retry);
	watch_store(s);
	error = shell_start_recording(s->shell, now(s));
	if (error != NULL) {
		on_fatal(s, error);
		free(error);
		return;
	}
	log_info("store", "the log can be written again");
	sd_notify(0, "STATUS=recording");
}

static bool start_tls(struct server *s)
{
	char *error = NULL;
	struct tls_files files = {.ca = s->config->ca, .cert = s->config->cert, .key = s->config->key, .crl = s->config->crl};

	if (s->config->passphrase_file != NULL) {
		files.passphrase = passphrase_read;
		files.passphrase_arg = s->config->passphrase_file;
	}
	s->tls = tls_server_context(&files, &error);
	if (s->tls == NULL) {
		log_error("tls", "%s", error);
		free(error);
	}
	return s->tls != NULL;
}

static bool start_hub(struct server *s)
{
	const struct config *c = s->config;
	const struct hub_events events = {on_open, on_frame, on_close, on_heartbeat, on_garbled};
	const struct hub_config settings = {
		.address = c->address,
		.port = (uint16_t)c->port,
		.tls = s->tls,
		.max_sessions = (size_t)c->max_sessions,
		.max_sessions_of_peer = (size_t)c->max_sessions_of_peer,
		.max_sessions_of_gateway = (size_t)c->max_sessions_of_gateway,
		.max_outbox = (size_t)c->max_outbox,
		.handshake_ms = (int)c->handshake,
		.heartbeat_ms = (int)c->heartbeat,
		.silence_ms = (int)c->silence,
	};
	char *error = NULL;

	s->hub = hub_new(s->base, &settings, &events, s, &error);
	if (s->hub == NULL) {
		log_error("hub", "%s", error);
		free(error);
	}
	return s->hub != NULL;
}

static void start_events(struct server *s, bool recording)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	const struct timeval skew = {SKEW_CHECK_MS / 1000, 0};
	const struct timeval retry = {s->config->retry / 1000, (s->config->retry % 1000) * 1000};

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 3; i++) {
		s->on_signal[i] = evsignal_new(s->base, signals[i], on_signal, s);
		event_add(s->on_signal[i], NULL);
	}
	s->on_timer = evtimer_new(s->base, on_timer, s);
	s->on_farewell = evtimer_new(s->base, on_farewell_over, s);
	s->on_skew = event_new(s->base, -1, EV_PERSIST, on_skew, s);
	event_add(s->on_skew, &skew);
	s->on_retry = event_new(s->base, -1, EV_PERSIST, on_retry, s);
	if (recording)
		watch_store(s);
	else
		event_add(s->on_retry, &retry);
	s->on_hasher = event_new(s->base, hasher_fd(s->hasher), EV_READ | EV_PERSIST, on_hasher_ready, s);
	event_add(s->on_hasher, NULL);
}

static void stop(struct server *s)
{
	struct event *events[] = {s->on_store, s->on_hasher, s->on_timer, s->on_skew, s->on_retry, s->on_farewell, s->on_signal[0],
		s->on_signal[1], s->on_signal[2]};

	if (s->hub != NULL)
		hub_free(s->hub);
	shell_free(s->shell);
	hasher_free(s->hasher);
	if (s->store != NULL)
		store_close(s->store);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i] != NULL)
			event_free(events[i]);
	SSL_CTX_free(s->tls);
	if (s->base != NULL)
		event_base_free(s->base);
}

/* ---- the loop ---- */

static void arm_timer(struct server *s)
{
	int64_t deadline = shell_deadline(s->shell), wait;
	struct timeval tv;

	if (deadline == INT64_MAX) {
		event_del(s->on_timer);
		return;
	}
	wait = deadline - now(s);
	wait = wait < 1 ? 1 : wait > 3600000 ? 3600000 : wait;
	tv = (struct timeval){wait / 1000, (wait % 1000) * 1000};
	event_add(s->on_timer, &tv);
}

static bool left(const struct server *s)
{
	return s->done || (s->stopping && hub_sessions(s->hub) == 0 && (shell_settled(s->shell) || s->code != EXIT_FINE));
}

static void announce(const struct server *s, bool recording)
{
	printf("listening on %s:%u\n", s->config->address, (unsigned)hub_port(s->hub));
	fflush(stdout);
	log_info("server", "listening on %s:%u%s", s->config->address, (unsigned)hub_port(s->hub),
		recording ? "" : "; CANNOT RECORD, commands are refused");
	sd_notifyf(0, "READY=1\nSTATUS=%s", recording ? "recording" : "cannot record: see the journal");
}

static void loop(struct server *s)
{
	while (!left(s)) {
		arm_timer(s);
		if (event_base_loop(s->base, EVLOOP_ONCE) < 0)
			break;
		shell_turn(s->shell, now(s));
	}
}

int server_run(const struct config *config)
{
	struct server s = {.config = config, .code = EXIT_CANNOT_START};
	bool recording = false;

	s.base = event_base_new();
	/* The shell last: a start that fails for its port or certificate leaves no record. Nobody is let in before the loop. */
	if (open_store(&s, &recording) && start_tls(&s) && start_hub(&s) && start_shell(&s, recording)) {
		s.hasher = hasher_new(on_hashed, &s);
		start_events(&s, recording);
		s.code = EXIT_FINE;
		announce(&s, recording);
		loop(&s);
		log_info("server", "stopped");
	}
	stop(&s);
	return s.code;
}
