/*
 * renraku-web: the console for browsers. What it serves: docs/web.md; its configuration: web/config.h.
 */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "web/api.h"
#include "web/https.h"
#include "web/static.h"

#define CERTIFICATE_WARNING_DAYS 30
#define SPARE_DESCRIPTORS 1100 /* beside connections: sessions to renrakud, printing, the journal */

enum exit_code { EXIT_OK = 0, EXIT_USAGE = 1, EXIT_CANNOT_START = 2 };

static const char help_ja[] =
	"renraku-web: ブラウザーで使う連絡の画面を出します。\n"
	"\n"
	"使い方: renraku-web --config ファイル [--lang ja|en] [--verbose]\n"
	"  --config ファイル  設定ファイル（なければ RENRAKU_WEB_CONFIG、/etc/renraku/web.yaml の順）\n"
	"  --check            設定・証明書・画面のファイルを調べるだけで終わる\n"
	"  --lang ja|en       このプログラムの言葉\n"
	"  --verbose          詳しい記録\n"
	"  --version, --help\n"
	"\n"
	"設定ファイルの項目:\n"
	"  address    待ち受けるアドレス [127.0.0.1]        port   ポート [8443]。0 なら空いているもの\n"
	"  cert, key  HTTPS の証明書と秘密鍵（必須）        names  ブラウザーが使う 名前[:ポート] の一覧 [証明書にある名前]\n"
	"  client     renrakud への接続を書いたファイル（必須。server, ca, ゲートウェイの cert と key）\n"
	"  page       画面のフォルダー                      report  renraku-report のパス\n"
	"  telephone  ほかに何もわからないとき示す電話番号の一覧\n"
	"  lang, max_connections [2000], max_connections_of_address [200]\n"
	"\n"
	"SIGHUP で証明書と画面のファイルを読み直します。SIGTERM・SIGINT で止まります。\n"
	"終了コード: 0 止められた、1 使い方か設定の誤り、2 起動できない（ポート・証明書・画面のファイル）\n";
static const char help_en[] =
	"renraku-web: serves the console to browsers.\n"
	"\n"
	"usage: renraku-web --config FILE [--lang ja|en] [--verbose]\n"
	"  --config FILE  configuration (else RENRAKU_WEB_CONFIG, then /etc/renraku/web.yaml)\n"
	"  --check        only look at configuration, certificates and the page's files\n"
	"  --lang ja|en   language of this program\n"
	"  --verbose      more log lines\n"
	"  --version, --help\n"
	"\n"
	"keys of the configuration:\n"
	"  address    to listen on [127.0.0.1]               port   [8443]; 0: any free one\n"
	"  cert, key  HTTPS certificate and key (required)   names  list of host[:port] that browsers use [those of the certificate]\n"
	"  client     file that says how renrakud is reached (required: server, ca, a gateway's cert and key)\n"
	"  page       folder of the page                     report  path of renraku-report\n"
	"  telephone  list of numbers shown when nothing else is known\n"
	"  lang, max_connections [2000], max_connections_of_address [200]\n"
	"\n"
	"SIGHUP reads certificates and the page again. SIGTERM and SIGINT stop it.\n"
	"Exit codes: 0 stopped, 1 wrong usage or configuration, 2 cannot start (port, certificate, page)\n";

struct web {
	struct web_config *config;
	struct event_base *base;
	struct http *http;
	struct static_files *files;
	struct api *api;
	SSL_CTX *tls;
};

struct options {
	const char *config, *lang;
	bool verbose, help, version, check;
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
		else if (!strcmp(a, "--check"))
			o->check = true;
		else if (!strcmp(a, "--help") || !strcmp(a, "-h"))
			o->help = true;
		else if (!strcmp(a, "--version"))
			o->version = true;
		else {
			fprintf(stderr,
				T("renraku-web: 知らない引数です: %s（--help を見てください）\n",
					"renraku-web: unknown argument: %s (see --help)\n"),
				a);
			return false;
		}
	}
	return true;
}

static int complain(char *error, int code)
{
	fprintf(stderr, "renraku-web: %s\n", error);
	free(error);
	return code;
}

/* ---- serving ---- */

static void on_request(void *arg, struct http_request *r)
{
	struct web *w = arg;
	if (strncmp(http_path(r), "/api/", 5) == 0)
		api_request(w->api, r);
	else
		static_request(w->files, r);
}

static void on_stop(evutil_socket_t sig, short what, void *arg)
{
	struct web *w = arg;
	(void)what;
	log_info("web", "stopping (signal %d)", (int)sig);
	event_base_loopbreak(w->base);
}

static void warn_of_certificate(const struct web *w)
{
	int days = https_days_left(w->tls);
	if (days < 0)
		log_error(w->config->cert, "this certificate has ended: browsers will warn or refuse; make a new one");
	else if (days < CERTIFICATE_WARNING_DAYS)
		log_warning(w->config->cert, "this certificate ends in %d days; make a new one", days);
}

static bool reload_tls(struct web *w, char **error)
{
	SSL_CTX *fresh = https_context(w->config->cert, w->config->key, error);
	if (!fresh)
		return false;
	http_set_tls(w->http, fresh);
	SSL_CTX_free(w->tls);
	w->tls = fresh;
	warn_of_certificate(w);
	return true;
}

static bool reload_page(struct web *w, char **error)
{
	struct static_files *fresh = static_load(w->config->page, error);
	if (!fresh)
		return false;
	static_free(w->files);
	w->files = fresh;
	return true;
}

/* What cannot be read stays as it was. */
static void on_hup(evutil_socket_t sig, short what, void *arg)
{
	struct web *w = arg;
	char *errors[3] = {NULL, NULL, NULL};
	(void)sig, (void)what;
	bool good = reload_tls(w, &errors[0]);
	good = reload_page(w, &errors[1]) && good;
	good = api_reload(w->api, &errors[2]) && good;
	for (size_t i = 0; i < 3; i++)
		if (errors[i]) {
			log_error("reload", "%s", errors[i]);
			free(errors[i]);
		}
	if (good)
		log_info("reload", "certificates and the page read again");
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	sd_notify(0, "WATCHDOG=1");
}

/* Half of what systemd asks for; nothing when it does not ask. */
static struct event *watchdog(struct web *w)
{
	uint64_t us = 0;
	if (sd_watchdog_enabled(0, &us) <= 0)
		return NULL;
	struct event *e = event_new(w->base, -1, EV_PERSIST, on_watchdog, NULL);
	struct timeval tv = {(time_t)(us / 2000000), (suseconds_t)(us / 2 % 1000000)};
	event_add(e, &tv);
	return e;
}

/* As many descriptors as the limits promise; what cannot be had is said now and not when it is needed. */
static void raise_descriptors(const struct web_config *c)
{
	struct rlimit l;
	rlim_t want = (rlim_t)c->max_connections + SPARE_DESCRIPTORS;
	if (getrlimit(RLIMIT_NOFILE, &l) != 0)
		return;
	l.rlim_cur = l.rlim_max < want ? l.rlim_max : want;
	if (setrlimit(RLIMIT_NOFILE, &l) != 0 || l.rlim_cur < want)
		log_warning("web", "only %llu files may be open at once, for max_connections %d: raise LimitNOFILE to %llu",
			(unsigned long long)l.rlim_cur, c->max_connections, (unsigned long long)want);
}

/* Nothing here needs a right, and nothing that is started from here may gain one. */
static void drop_rights(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		log_warning("web", "could not give up gaining rights");
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* tokens of people are in memory */
	if (geteuid() == 0)
		log_warning("web", "runs as root, which it never needs: give it a user of its own");
}

static struct http *listen_for(struct web *w, char **error)
{
	struct settings_list names = {NULL, 0};
	const struct web_config *c = w->config;
	if (!c->names.n)
		https_names(w->tls, &names);
	const struct http_config config = {
		.address = c->address,
		.port = c->port,
		.tls = w->tls,
		.names = c->names.n ? c->names.at : names.at,
		.max_connections = (size_t)c->max_connections,
		.max_connections_of_address = (size_t)c->max_connections_of_address,
	};
	struct http *h = http_new(w->base, &config, on_request, w, error);
	for (size_t i = 0; i < names.n; i++)
		free(names.at[i]);
	free(names.at);
	return h;
}

static void dispatch(struct web *w)
{
	struct event *signals[] = {evsignal_new(w->base, SIGTERM, on_stop, w), evsignal_new(w->base, SIGINT, on_stop, w),
		evsignal_new(w->base, SIGHUP, on_hup, w), watchdog(w)};
	for (size_t i = 0; i < 3; i++)
		event_add(signals[i], NULL);
	printf(strchr(w->config->address, ':') ? "renraku-web: listening on https://[%s]:%u\n"
					       : "renraku-web: listening on https://%s:%u\n",
		w->config->address, (unsigned)http_port(w->http));
	fflush(stdout);
	log_info("web", "%zu files of the page, %s", static_count(w->files), w->config->page);
	sd_notify(0, "READY=1");
	event_base_dispatch(w->base);
	sd_notify(0, "STOPPING=1");
	for (size_t i = 0; i < 4; i++)
		if (signals[i])
			event_free(signals[i]);
}

static int serve(struct web *w, bool check)
{
	char *error = NULL;
	const struct web_config *c = w->config;
	raise_descriptors(c);
	w->tls = https_context(c->cert, c->key, &error);
	w->files = w->tls ? static_load(c->page, &error) : NULL;
	if (!w->files)
		return complain(error, EXIT_CANNOT_START);
	warn_of_certificate(w);
	w->base = event_base_new();
	w->api = api_new(w->base, c, &error);
	if (!w->api)
		return complain(error, EXIT_CANNOT_START);
	if (check)
		return EXIT_OK;
	w->http = listen_for(w, &error);
	if (!w->http)
		return complain(error, EXIT_CANNOT_START);
	drop_rights();
	dispatch(w);
	return EXIT_OK;
}

static void stop(struct web *w)
{
	if (w->api)
		api_stop(w->api);
	http_free(w->http);
	if (w->api)
		api_free(w->api);
	static_free(w->files);
	SSL_CTX_free(w->tls);
	if (w->base) {
		event_base_loop(w->base, EVLOOP_NONBLOCK); /* what was freed within it goes now */
		event_base_free(w->base);
	}
	web_config_free(w->config);
}

static const char *config_path(const struct options *o)
{
	const char *env = getenv("RENRAKU_WEB_CONFIG");
	return o->config ? o->config : env && *env ? env : "/etc/renraku/web.yaml";
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct web w = {0};
	enum i18n_lang lang = I18N_JA;
	char *error = NULL;
	const char *env = getenv("RENRAKU_LANG");

	log_set_program("renraku-web");
	signal(SIGPIPE, SIG_IGN);
	if (env && i18n_parse(env, &lang))
		i18n_set(lang);
	if (!parse_options(argc, argv, &o))
		return EXIT_USAGE;
	if (o.lang && !i18n_parse(o.lang, &lang))
		return complain(xasprintf(T("--lang は ja か en です", "--lang must be ja or en")), EXIT_USAGE);
	i18n_set(lang);
	if (o.help || o.version) {
		fputs(o.help ? T(help_ja, help_en) : "renraku-web " RENRAKU_VERSION "\n", stdout);
		return EXIT_OK;
	}
	log_set_level(o.verbose ? LOG_DEBUG : LOG_INFO);
	w.config = web_config_load(config_path(&o), &error);
	if (!w.config)
		return complain(error, EXIT_USAGE);
	if (!o.lang)
		i18n_set(w.config->lang);
	int code = serve(&w, o.check);
	stop(&w);
	return code;
}
