#include "ctl/watching.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <uthash.h>

#include "base/clock.h"
#include "ctl/board.h"
#include "ctl/identity.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/say.h"
#include "ctl/shown.h"
#include "ctl/urgent.h"
#include "wire/codec.h"

#define LAPSED                                                                                                                             \
	T("サインインの期限が切れました。個人あての通知は届きません。renraku sign-in でもう一度サインインしてください。",                  \
		"The sign-in has lapsed: notices to you do not arrive. Sign in again: renraku sign-in")
#define TICK_MS 1000
#define RETRY_MS 1000
#define CONNECT_MS 5000
/* Notices at the top of the painted screen. */
#define TOP_MAX 8
/* ... and, below those that want an answer, the newest that only inform. */
#define NEWS_MAX 4
/* What is remembered in order to drop repeats; more than any town has open. */
#define SEEN_MAX 10000

struct seen { /* a notice by id */
	uint64_t id, revision;
	char *title; /* open ones that want an answer stay at the top */
	bool open, answer, ended, shown, told_shown;
	UT_hash_handle hh;
};

struct watching {
	struct ctl *ctl;
	Renraku__View view;
	bool paint, dirty, lapsed;
	struct rows *rows, *contacts; /* contacts: kept on a device that has no agent to keep them */
	struct seen *seen;
	int64_t painted_at;
	struct {
		uint32_t test; /* 0: none yet */
		int64_t at, until;
		bool told; /* that it was shown */
	} probe;
	char trouble[1024]; /* why there is no connection; empty while there is one */
};

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* No SA_RESTART: a wait in poll() ends at once. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static enum conn_error receipt(struct watching *w, uint64_t notice)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Receipts receipts = RENRAKU__RECEIPTS__INIT;
	Renraku__Receipt one = RENRAKU__RECEIPT__INIT, *list[] = {&one};

	one.notice = notice;
	one.stage = shown_stage(w->ctl);
	receipts.receipts = list;
	receipts.n_receipts = 1;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_RECEIPTS;
	frame.receipts = &receipts;
	return conn_send(w->ctl->conn, &frame, clock_boot_ms() + CONNECT_MS, &w->ctl->problem);
}

/* A connection test asks whether this device hears: one quiet line. */
static enum conn_error probe_answer(struct watching *w, Renraku__Stage stage)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__ProbeAnswer answer = RENRAKU__PROBE_ANSWER__INIT;

	answer.test = w->probe.test;
	answer.stage = stage;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_PROBE_ANSWER;
	frame.probe_answer = &answer;
	return conn_send(w->ctl->conn, &frame, clock_boot_ms() + CONNECT_MS, &w->ctl->problem);
}

static enum conn_error take_probe(struct watching *w, const Renraku__Probe *p)
{
	bool again = w->probe.test == p->test && w->probe.told;

	w->probe.test = p->test;
	w->probe.at = (int64_t)p->at;
	w->probe.until = (int64_t)p->until;
	w->probe.told = again || !w->paint;
	w->dirty = true;
	if (w->ctl->json && !again)
		out_json(&p->base);
	else if (!w->paint && !again)
		watching_probe(w->ctl, p);
	fflush(stdout);
	return probe_answer(w, w->probe.told ? shown_stage(w->ctl) : RENRAKU__STAGE__STAGE_DELIVERED);
}

static struct seen *note(struct watching *w, const Renraku__Notice *n, bool *news)
{
	struct seen *s;

	HASH_FIND(hh, w->seen, &n->id, sizeof n->id, s);
	*news = !s || s->revision < n->revision;
	if (!s) {
		if (HASH_COUNT(w->seen) >= SEEN_MAX) {
			struct seen *oldest = w->seen;

			HASH_DEL(w->seen, oldest);
			free(oldest->title);
			free(oldest);
		}
		s = xcalloc(1, sizeof *s);
		s->id = n->id;
		HASH_ADD(hh, w->seen, id, sizeof s->id, s);
	}
	s->revision = n->revision;
	s->open = !n->ended && n->wants_ack;
	s->answer = n->answer;
	s->ended = n->ended;
	free(s->title);
	s->title = xstrdup(say_marked(w->ctl->arena, n->drill, i18n_pick(n->title, n->title_en)));
	return s;
}

/* Shown first, then said to be shown. */
static enum conn_error take_notice(struct watching *w, const Renraku__Notice *n)
{
	bool news, ended = n->ended;
	uint64_t id = n->id;

	note(w, n, &news);
	if (news && w->ctl->json)
		out_json(&n->base);
	else if (news && !w->paint)
		watching_notice(w->ctl, n);
	w->dirty = true;
	if (news && !ended && !w->ctl->json) {
		fputs("\a", stdout);
		fflush(stdout);
	}
	if (ended)
		return CONN_OK;
	if (w->paint) /* the receipt waits for the painting; see paint() */
		return CONN_OK;
	fflush(stdout);
	return receipt(w, id);
}

static Renraku__Row *copy(const Renraku__Row *row)
{
	size_t len = renraku__row__get_packed_size(row);
	uint8_t *bytes = xmalloc(len + 1);
	Renraku__Row *made;

	renraku__row__pack(row, bytes);
	made = renraku__row__unpack(NULL, len, bytes);
	free(bytes);
	return made;
}

static void take_view(struct watching *w, const Renraku__ViewUpdate *update)
{
	size_t i, n = update->n_rows;
	Renraku__Row **before;

	if (w->ctl->json) {
		out_json(&update->base);
		return;
	}
	before = xcalloc(n + 1, sizeof *before);
	for (i = 0; !w->paint && i < n; i++) {
		const Renraku__Row *old = rows_find(w->rows, update->rows[i]->key);

		before[i] = old ? copy(old) : NULL;
	}
	(void)rows_apply(w->rows, update);
	for (i = 0; i < n && !w->paint; i++) {
		watching_line(w->ctl, before[i], update->rows[i]);
		if (before[i])
			renraku__row__free_unpacked(before[i], NULL);
	}
	free(before);
	w->dirty = true;
	fflush(stdout);
}

/* ---- the painted screen ---- */

static int screen_lines(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

static void top(struct watching *w)
{
	struct ctl *ctl = w->ctl;
	struct seen *s, *next;
	int open = 0, news = 0;

	HASH_ITER(hh, w->seen, s, next)
		if (s->open && open++ < TOP_MAX) {
			out_line(ctl, SHOW_BAD, T("★ #%llu %s   → renraku ack %llu%s", "* #%llu %s   -> renraku ack %llu%s"),
				(unsigned long long)s->id, s->title, (unsigned long long)s->id, s->answer ? " --answer …" : "");
			s->shown = true;
		}
	if (open > TOP_MAX)
		out_line(ctl, SHOW_BAD, T("  ほか %d 件（renraku inbox）", "  and %d more (renraku inbox)"), open - TOP_MAX);
	/* uthash keeps the order of arrival; backwards is newest first */
	for (s = w->seen ? ELMT_FROM_HH(w->seen->hh.tbl, w->seen->hh.tbl->tail) : NULL; s && news < NEWS_MAX; s = s->hh.prev)
		if (!s->open && !s->ended) {
			out_line(ctl, SHOW_PLAIN, T("・ #%llu %s", "- #%llu %s"), (unsigned long long)s->id, s->title);
			s->shown = true;
			news++;
		}
}

static void page(struct watching *w)
{
	struct ctl *ctl = w->ctl;

	board_town(ctl, w->rows);
	if (*w->trouble)
		out_line(ctl, SHOW_BAD,
			T("※ サーバとつながっていません。表示は古いかもしれません。%s", "Not connected; this may be old. %s"), w->trouble);
	if (w->lapsed)
		out_line(ctl, SHOW_BAD, "%s", LAPSED);
	if (w->probe.test && link_now(ctl) < w->probe.until)
		out_line(ctl, SHOW_DIM, "%s",
			T("接続テスト中：この画面に連絡が届いています。操作は要りません。",
				"Connection test: this screen receives. Nothing is to be done."));
	top(w);
	board_telephone(ctl, w->rows, 0);
	board_incidents(ctl, w->rows);
	board_measures(ctl, w->rows, 0);
	board_notices(ctl, w->rows, 0, BOARD_OPEN);
	board_presence(ctl, w->rows);
}

/* Writes the page over the old one, as much as fits; what does not fit is said to be missing. */
static void put_page(const char *text, int lines)
{
	int line;

	fputs("\033[H", stdout);
	for (line = 1; *text && line < lines; line++) {
		size_t len = strcspn(text, "\n");

		fwrite(text, 1, len, stdout);
		fputs("\033[K\r\n", stdout);
		text += len + (text[len] ? 1 : 0);
	}
	if (*text)
		fputs(T("… 続きは renraku status で見られます（Ctrl-C で終了）", "... more: renraku status (Ctrl-C ends)"), stdout);
	fputs("\033[K\033[J", stdout);
	fflush(stdout);
}

static enum conn_error paint(struct watching *w)
{
	struct arena *own = w->ctl->arena;
	struct seen *s, *next;
	char *text = NULL;
	size_t len;

	w->ctl->out = open_memstream(&text, &len);
	w->ctl->columns = show_columns(stdout);
	w->ctl->arena = arena_new(0);
	page(w);
	arena_free(w->ctl->arena);
	w->ctl->arena = own;
	fclose(w->ctl->out);
	w->ctl->out = stdout;
	put_page(text, screen_lines());
	free(text);
	w->dirty = false;
	w->painted_at = clock_boot_ms();
	if (w->probe.test && !w->probe.told && w->ctl->conn) {
		w->probe.told = true;
		if (probe_answer(w, RENRAKU__STAGE__STAGE_DISPLAYED) != CONN_OK)
			return CONN_CLOSED;
	}
	HASH_ITER(hh, w->seen, s, next)
		if (s->shown && !s->told_shown) {
			s->told_shown = true;
			if (w->ctl->conn && receipt(w, s->id) != CONN_OK)
				return CONN_CLOSED;
		}
	return CONN_OK;
}

/* ---- the connection ---- */

static bool subscribe(struct watching *w, Renraku__View view, bool once)
{
	Renraku__ClientFrame frame = RENRAKU__CLIENT_FRAME__INIT;
	Renraku__Subscribe subscription = RENRAKU__SUBSCRIBE__INIT;

	subscription.view = view;
	subscription.once = once;
	frame.body_case = RENRAKU__CLIENT_FRAME__BODY_SUBSCRIBE;
	frame.subscribe = &subscription;
	return conn_send(w->ctl->conn, &frame, clock_boot_ms() + CONNECT_MS, &w->ctl->problem) == CONN_OK;
}

static bool connect_again(struct watching *w)
{
	struct conn_options options = {
		.program = "renraku watch " RENRAKU_VERSION, .wants_notices = true, .passphrase = identity_passphrase};
	struct ctl *ctl = w->ctl;

	link_close(ctl);
	ctl->conn = conn_open(ctl->settings, &options, clock_boot_ms() + CONNECT_MS, &ctl->problem);
	if (!ctl->conn || !subscribe(w, w->view, false))
		return false;
	link_clock(ctl);
	if (conn_token_lapsed(ctl->conn) && !w->paint)
		out_error("%s", LAPSED);
	w->lapsed = w->lapsed || conn_token_lapsed(ctl->conn);
	if (!conn_by_agent(ctl->conn) && !subscribe(w, RENRAKU__VIEW__VIEW_CONTACTS, true))
		return false;
	if (*w->trouble && !w->paint && !ctl->json)
		out_line(ctl, SHOW_GOOD, "%s", T("サーバとつながりました。", "Connected again."));
	w->trouble[0] = '\0';
	w->dirty = true;
	return true;
}

static void lost(struct watching *w)
{
	bool first = !*w->trouble;

	snprintf(w->trouble, sizeof w->trouble, "%s",
		*conn_problem_text(&w->ctl->problem) ? conn_problem_text(&w->ctl->problem)
						     : T("接続が切れました。", "The connection was lost."));
	if (first && !w->paint)
		out_error("%s", w->trouble);
	link_close(w->ctl);
	w->dirty = true;
}

static enum conn_error take_frame(struct watching *w, const Renraku__ServerFrame *frame)
{
	switch (frame->body_case) {
	case RENRAKU__SERVER_FRAME__BODY_NOTICE:
		return take_notice(w, frame->notice);
	case RENRAKU__SERVER_FRAME__BODY_PROBE:
		return take_probe(w, frame->probe);
	case RENRAKU__SERVER_FRAME__BODY_VIEW:
		if (frame->view->view == w->view)
			take_view(w, frame->view);
		else if (frame->view->view == RENRAKU__VIEW__VIEW_CONTACTS && rows_apply(w->contacts, frame->view) &&
			 rows_complete(w->contacts))
			urgent_keep_contacts(w->ctl, w->contacts);
		return CONN_OK;
	case RENRAKU__SERVER_FRAME__BODY_REFUSAL:
		w->ctl->problem.error = CONN_REFUSED;
		snprintf(w->ctl->problem.ja, sizeof w->ctl->problem.ja, "%s", frame->refusal->text);
		snprintf(w->ctl->problem.en, sizeof w->ctl->problem.en, "%s", frame->refusal->text_en);
		return CONN_REFUSED;
	default:
		return CONN_OK;
	}
}

/* One step: a frame, or a second without one. */
static enum conn_error step(struct watching *w)
{
	const Renraku__ServerFrame *frame;
	enum conn_error error = conn_next(w->ctl->conn, clock_boot_ms() + TICK_MS, &frame, &w->ctl->problem);

	if (error == CONN_OK)
		error = take_frame(w, frame);
	else if (error == CONN_TIMEOUT)
		error = clock_boot_ms() - conn_heard(w->ctl->conn) > w->ctl->settings->silence_ms ? CONN_CLOSED : CONN_OK;
	if (error == CONN_OK && w->paint && ((w->dirty && !conn_pending(w->ctl->conn)) || clock_boot_ms() - w->painted_at >= 10 * TICK_MS))
		error = paint(w);
	return error;
}

/* Between two attempts; a signal ends it at once. */
static void pause_retry(struct watching *w)
{
	if (w->paint)
		(void)paint(w);
	(void)poll(NULL, 0, RETRY_MS);
}

static int loop(struct watching *w)
{
	while (!stop) {
		struct arena *own = w->ctl->arena;
		enum conn_error error;

		if (!w->ctl->conn && !connect_again(w)) {
			/* What only a person can mend ends the program; a server that is away is waited for. */
			if (w->ctl->problem.error == CONN_CONFIG || w->ctl->problem.error == CONN_BYE)
				return link_failed(w->ctl);
			lost(w);
			pause_retry(w);
			continue;
		}
		w->ctl->arena = arena_new(0); /* texts of one step */
		error = step(w);
		arena_free(w->ctl->arena);
		w->ctl->arena = own;
		if (error == CONN_REFUSED)
			return link_failed(w->ctl);
		if (error != CONN_OK && !stop) {
			lost(w);
			if (w->paint) /* at once: a hung server keeps the next attempt waiting */
				(void)paint(w);
		}
	}
	return CTL_OK;
}

static void forget(struct watching *w)
{
	struct seen *s, *next;

	HASH_ITER(hh, w->seen, s, next) {
		HASH_DEL(w->seen, s);
		free(s->title);
		free(s);
	}
	rows_free(w->rows);
	rows_free(w->contacts);
}

int watching_run(struct ctl *ctl, Renraku__View view, bool full_screen)
{
	struct watching w = {.ctl = ctl, .view = view, .rows = rows_new(), .contacts = rows_new()};
	int code;

	w.paint = full_screen && isatty(STDOUT_FILENO) && !ctl->json;
	stop = 0;
	catch_signals();
	if (w.paint)
		fputs("\033[?1049h\033[?25l\033[2J", stdout);
	code = loop(&w);
	if (w.paint)
		fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	forget(&w);
	return code;
}
