/*
 * renraku-agent: the resident part on a terminal. See lib/settings.h for its configuration file.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/alert.h"
#include "agent/home.h"
#include "agent/notices.h"
#include "agent/outgoing.h"
#include "agent/relay.h"
#include "base/log.h"
#include "base/mem.h"
#include "lib/durable.h"

enum exit_code { EXIT_OK = 0, EXIT_USAGE = 1, EXIT_RUNNING = 2 };

static const char help_ja[] =
	"renraku-agent: 端末に常駐し、連絡を受けて知らせ、控えの通報を届けます。\n"
	"\n"
	"使い方: renraku-agent [--config ファイル] [--lang ja|en] [--verbose]\n"
	"  --config ファイル  設定ファイル（なければ RENRAKU_CONFIG、~/.config/renraku/client.yaml、/etc/renraku/client.yaml の順）\n"
	"  --lang ja|en       表示の言葉\n"
	"  --verbose          詳しい記録\n"
	"  --version, --help\n"
	"\n"
	"終了コード: 0 止められた、1 設定の誤り、2 すでに動いている\n"
	"SIGHUP で証明書と連絡網を読み直します。SIGTERM で止まります。\n";
static const char help_en[] =
	"renraku-agent: stays on a terminal, shows notices, delivers spooled alarms.\n"
	"\n"
	"Usage: renraku-agent [--config FILE] [--lang ja|en] [--verbose]\n"
	"  --config FILE  configuration (else RENRAKU_CONFIG, ~/.config/renraku/client.yaml, /etc/renraku/client.yaml)\n"
	"  --lang ja|en   language\n"
	"  --verbose      more log lines\n"
	"  --version, --help\n"
	"\n"
	"Exit codes: 0 stopped, 1 configuration error, 2 already running\n"
	"SIGHUP reads certificates and contacts again. SIGTERM stops it.\n";

struct options {
	const char *config, *lang;
	bool verbose, help, version;
};

static bool parse_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];
		bool more = i + 1 < argc;
		if (!strcmp(a, "--config") && more)
			o->config = argv[++i];
		else if (!strcmp(a, "--lang") && more)
			o->lang = argv[++i];
		else if (!strcmp(a, "--verbose"))
			o->verbose = true;
		else if (!strcmp(a, "--help") || !strcmp(a, "-h"))
			o->help = true;
		else if (!strcmp(a, "--version"))
			o->version = true;
		else {
			fprintf(stderr, T("知らない引数です: %s（--help を見てください）\n", "unknown argument: %s (see --help)\n"), a);
			return false;
		}
	}
	return true;
}

static int complain(char *error)
{
	fprintf(stderr, "renraku-agent: %s\n", error);
	free(error);
	return EXIT_USAGE;
}

/* True when this is the only agent of that state directory. A disk that takes no lock file does not keep us from alerting. */
static bool lock(const struct settings *s)
{
	char *path = xasprintf("%s/agent.lock", s->state);
	int error = durable_directory(s->state, 0755);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	bool only = true;
	if (fd < 0)
		log_warning("agent", "cannot make %s (%s); going on without a lock", path, strerror(error ? -error : errno));
	else if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		only = false;
	if (!only)
		fprintf(stderr,
			T("renraku-agent: この端末ではもう動いています（%s）\n", "renraku-agent: already running on this terminal (%s)\n"),
			path);
	free(path);
	return only; /* the descriptor stays open for the life of the process */
}

static int check(const struct settings *s)
{
	if (s->server && s->ca && s->cert && s->key && s->agent_socket)
		return EXIT_OK;
	return complain(xasprintf(T("%s: renraku-agent には server, ca, cert, key, agent_socket がすべて必要です",
					  "%s: renraku-agent needs all of server, ca, cert, key, agent_socket"),
		s->file));
}

static void on_stop(evutil_socket_t sig, short what, void *arg)
{
	(void)what;
	struct agent *a = arg;
	log_info("agent", "stopping (signal %d)", (int)sig);
	event_base_loopbreak(a->base);
}

static void on_hup(evutil_socket_t sig, short what, void *arg)
{
	(void)sig;
	(void)what;
	struct agent *a = arg;
	char *error = NULL;
	if (!link_way_reload(a->way, &error)) {
		log_error("agent", "the certificates are not changed: %s", error);
		free(error);
		return;
	}
	log_info("agent", "certificates read again");
	home_reload(a->home);
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	sd_notify(0, "WATCHDOG=1");
}

/* Half of what systemd asks for; nothing when it does not ask. */
static struct event *watchdog(struct agent *a)
{
	uint64_t us = 0;
	if (sd_watchdog_enabled(0, &us) <= 0)
		return NULL;
	struct event *e = event_new(a->base, -1, EV_PERSIST, on_watchdog, NULL);
	struct timeval tv = agent_ms((int64_t)(us / 2000));
	event_add(e, &tv);
	return e;
}

static int build(struct agent *a)
{
	char *error = NULL;
	a->alerts = alerts_new(a);
	a->notices = notices_new(a);
	a->outgoing = outgoing_new(a, &error);
	/* Without a spool nothing can be delivered later; receiving and alerting still work, and count more. */
	if (!a->outgoing) {
		log_error("spool", "%s", error);
		free(error);
		error = NULL;
	}
	a->relays = relays_new(a, &error);
	if (!a->relays)
		return complain(error);
	a->home = home_new(a);
	return EXIT_OK;
}

static int run(struct agent *a)
{
	int code = build(a);
	struct event *signals[3] = {evsignal_new(a->base, SIGTERM, on_stop, a), evsignal_new(a->base, SIGINT, on_stop, a),
		evsignal_new(a->base, SIGHUP, on_hup, a)};
	for (size_t i = 0; i < 3; i++)
		event_add(signals[i], NULL);
	struct event *dog = watchdog(a);
	if (code == EXIT_OK) {
		log_info("agent", "listening on %s", a->settings->agent_socket);
		sd_notify(0, "READY=1");
		event_base_dispatch(a->base);
		sd_notify(0, "STOPPING=1");
	}
	relays_free(a->relays);
	home_free(a->home);
	outgoing_free(a->outgoing);
	notices_free(a->notices);
	alerts_free(a->alerts);
	/* What libevent put off until the next turn still holds on to the connections just freed. */
	event_base_loop(a->base, EVLOOP_NONBLOCK);
	for (size_t i = 0; i < 3; i++)
		event_free(signals[i]);
	if (dog)
		event_free(dog);
	return code;
}

static int with_settings(struct agent *a)
{
	char *error = NULL;
	int code = check(a->settings);
	if (code != EXIT_OK)
		return code;
	if (!lock(a->settings))
		return EXIT_RUNNING;
	a->base = event_base_new();
	a->way = link_way_new(a->base, a->settings, &error);
	code = a->way ? run(a) : complain(error);
	link_way_free(a->way);
	event_base_free(a->base);
	return code;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	enum i18n_lang lang;
	const char *env = getenv("RENRAKU_LANG");
	signal(SIGPIPE, SIG_IGN);
	log_set_program("renraku-agent");
	if (env && i18n_parse(env, &lang))
		i18n_set(lang);
	if (!parse_options(argc, argv, &o))
		return EXIT_USAGE;
	if (o.lang && !i18n_parse(o.lang, &lang))
		return complain(xstrdup(T("--lang は ja か en です", "--lang is ja or en")));
	if (o.lang)
		i18n_set(lang);
	if (o.help || o.version) {
		fputs(o.help ? T(help_ja, help_en) : AGENT_PROGRAM "\n", stdout);
		return EXIT_OK;
	}
	log_set_level(o.verbose ? LOG_DEBUG : LOG_INFO);
	char *error = NULL;
	struct agent a = {.settings = settings_load(o.config, &error)};
	if (!a.settings)
		return complain(error);
	if (!o.lang && !env)
		i18n_set(a.settings->lang);
	int code = with_settings(&a);
	settings_free(a.settings);
	return code;
}
