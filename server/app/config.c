#include "app/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum kind { TEXT, NUMBER, SIZE, DURATION, FLAG };

/* Every key and option. `file`: may stand in the configuration file. */
static const struct key {
	const char *name;
	enum kind kind;
	size_t at;
	bool file;
	int64_t min, max;
	const char *value; /* default as shown */
	const char *ja, *help;
} keys[] = {
#define TEXT_KEY(field, value, ja, help)                                                                                                   \
	{                                                                                                                                  \
#field, TEXT, offsetof(struct config, field), true, 0, 0, value, ja, help                                                  \
	}
#define NUMBER_KEY(field, kind, min, max, value, ja, help)                                                                                 \
	{                                                                                                                                  \
#field, kind, offsetof(struct config, field), true, min, max, value, ja, help                                              \
	}
	TEXT_KEY(address, "127.0.0.1", "待ち受けるアドレス", "address to listen on"),
	NUMBER_KEY(port, NUMBER, 0, 65535, "7443", "待ち受けるポート。0 なら空いているものを選び、準備ができたら表示",
		"port to listen on; 0: any free one, printed when ready"),
	TEXT_KEY(ca, NULL, "端末・職員の証明書に署名した認証局の PEM ファイル（必須）",
		"PEM file of the CA that signed the peers' certificates (required)"),
	TEXT_KEY(cert, NULL, "サーバー証明書の PEM ファイル（必須）", "PEM file of the server's certificate (required)"),
	TEXT_KEY(key, NULL, "サーバーの秘密鍵の PEM ファイル（必須）", "PEM file of the server's private key (required)"),
	TEXT_KEY(crl, NULL, "失効リストの PEM ファイル。SIGHUP で読み直す", "PEM file of revoked certificates, read again on SIGHUP"),
	TEXT_KEY(passphrase_file, NULL, "秘密鍵のパスフレーズを一行目に書いたファイル", "file with the passphrase of the key"),
	TEXT_KEY(store, NULL, "記録のファイル（SQLite）。なければ作る（必須）", "file of the log (SQLite), made when absent (required)"),
	TEXT_KEY(log_level, "info", "debug, info, warning, error のどれか", "debug, info, warning or error"),
	NUMBER_KEY(max_sessions, NUMBER, 1, 100000, "20000", "同時接続の数", "connections at once"),
	NUMBER_KEY(max_sessions_of_peer, NUMBER, 1, 100000, "64", "一つの証明書での接続の数", "connections of one certificate"),
	NUMBER_KEY(max_sessions_of_gateway, NUMBER, 1, 100000, "2000", "中継（ブラウザー）の一つの証明書での接続の数",
		"connections of one gateway's certificate (browsers)"),
	NUMBER_KEY(max_outbox, SIZE, 65536, 1 << 28, "1MiB", "一つの接続に溜まってよいバイト数。超えると切る",
		"bytes waiting for one connection before it is closed"),
	NUMBER_KEY(handshake, DURATION, 100, 600000, "10s", "TLS ハンドシェイクの制限時間", "time for a TLS handshake"),
	NUMBER_KEY(heartbeat, DURATION, 50, 600000, "3s", "生存確認を送る間隔", "a heartbeat goes out this often"),
	NUMBER_KEY(silence, DURATION, 100, 3600000, "9s", "これだけ黙っている接続は切る", "a silent connection is closed after this"),
	NUMBER_KEY(presence_hold, DURATION, 0, 86400000, "15s", "在席・離席はこれだけ続いたら数える",
		"presence counts when it has held this long"),
	NUMBER_KEY(presence_grace, DURATION, 0, 86400000, "30s", "起動後これだけの間は誰も離席と見なさない",
		"after a start nobody counts as absent for this long"),
	NUMBER_KEY(slow_commit, DURATION, 10, 600000, "2s", "これまでに記録できなければ「未確認」と答える",
		"a command not on disk by then is told 'not confirmed'"),
	NUMBER_KEY(idle, DURATION, 0, 86400000, "5min", "端末でこれだけ操作がなければパスワードを聞き直す",
		"on a terminal an act asks for the password again after this"),
	NUMBER_KEY(view_interval, DURATION, 10, 60000, "200ms", "画面情報の更新の最短間隔", "shortest time between two changes of a view"),
	NUMBER_KEY(token_life, DURATION, 1000, INT64_C(366) * 86400000, "30d", "サインインを再開できる期間",
		"how long a sign-in can be resumed"),
	NUMBER_KEY(enrolment_life, DURATION, 1000, INT64_C(3660) * 86400000, "400d", "使われないブラウザーが端末でなくなるまで",
		"a browser enrolled as a terminal and not used for this long is one no more"),
	NUMBER_KEY(retry, DURATION, 100, 3600000, "5s", "記録できない間、これごとに試し直す",
		"while the log cannot be written, it is tried again this often"),
	{"load_plan", TEXT, offsetof(struct config, load_plan), false, 0, 0, NULL, "計画ファイルを検査し、記録に入れて終わる",
		"check this plan file, put it into the log, and exit"},
	{"load_site", TEXT, offsetof(struct config, load_site), false, 0, 0, NULL, "庁内の登録情報ファイルを検査し、記録に入れて終わる",
		"check this site file, put it into the log, and exit"},
	{"set_password", TEXT, offsetof(struct config, set_password), false, 0, 0, NULL,
		"この職員のパスワードを設定して終わる（$RENRAKU_PASSWORD_FILE か標準入力から）",
		"set this person's password (read from $RENRAKU_PASSWORD_FILE or standard input), and exit"},
	{"lang", TEXT, offsetof(struct config, lang), false, 0, 0, "ja", "この説明の言語: ja か en", "language of this text: ja or en"},
	{"help", FLAG, offsetof(struct config, help), false, 0, 0, NULL, "この説明", "this text"},
	{"version", FLAG, offsetof(struct config, version), false, 0, 0, NULL, "版", "the version"},
};
#define N_KEYS (sizeof keys / sizeof *keys)

/* ---- values ---- */

static const struct unit {
	const char *name;
	enum kind kind;
	int64_t factor;
} units[] = {
	{"ms", DURATION, 1},
	{"s", DURATION, 1000},
	{"min", DURATION, 60000},
	{"h", DURATION, 3600000},
	{"d", DURATION, 86400000},
	{"", SIZE, 1},
	{"KiB", SIZE, 1024},
	{"MiB", SIZE, 1 << 20},
	{"", NUMBER, 1},
};

/* A whole number with a unit of its kind. */
static bool parse_number(const struct key *key, const char *text, int64_t *out)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (end == text || errno != 0 || number < 0 || number > INT64_MAX / 86400000)
		return false;
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (units[i].kind == key->kind && strcmp(units[i].name, end) == 0) {
			*out = number * units[i].factor;
			return *out >= key->min && *out <= key->max;
		}
	return key->kind == DURATION && number == 0 && *end == '\0' && key->min == 0 ? (*out = 0, true) : false;
}

static const char *wanted(const struct key *key)
{
	switch (key->kind) {
	case DURATION:
		return "時間 / a duration (500ms, 15s, 5min, 8h, 30d)";
	case SIZE:
		return "大きさ / a size (262144, 512KiB, 4MiB)";
	case NUMBER:
		return "整数 / a whole number";
	default:
		return "文字列 / a text";
	}
}

/* Where a value stands, for messages. */
struct place {
	const char *file; /* NULL: the command line */
	int line;
	FILE *err;
};

static bool complain(const struct place *place, const char *name, const char *what, const char *detail)
{
	if (place->file != NULL)
		fprintf(place->err, "renrakud: %s:%d: %s: %s%s\n", place->file, place->line, name, what, detail);
	else
		fprintf(place->err, "renrakud: --%s: %s%s\n", name, what, detail);
	return false;
}

static bool set(struct config *config, const struct key *key, const char *value, const struct place *place)
{
	void *field = (char *)config + key->at;

	if (key->kind == FLAG) {
		*(bool *)field = true;
		return true;
	}
	if (value[0] == '\0')
		return complain(place, key->name, "値がありません。必要なもの / has no value; expected: ", wanted(key));
	if (key->kind == TEXT) {
		free(*(char **)field);
		*(char **)field = xstrdup(value);
		return true;
	}
	if (!parse_number(key, value, field)) {
		char range[160];

		snprintf(range, sizeof range, "%s, %lld … %lld%s; '%.40s'", wanted(key), (long long)key->min, (long long)key->max,
			key->kind == DURATION ? " ms" : "", value);
		return complain(place, key->name, "値が正しくありません。必要なもの / wrong value; expected: ", range);
	}
	return true;
}

static const struct key *find(const char *name, size_t len)
{
	for (size_t i = 0; i < N_KEYS; i++) {
		size_t j = 0;

		while (j < len && (keys[i].name[j] == name[j] || (keys[i].name[j] == '_' && name[j] == '-')))
			j++;
		if (j == len && keys[i].name[j] == '\0')
			return &keys[i];
	}
	return NULL;
}

/* ---- the file ---- */

static char *trim(char *s)
{
	size_t len;

	while (isspace((unsigned char)*s))
		s++;
	len = strlen(s);
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		s[--len] = '\0';
	return s;
}

/* Quotes around a value are taken off; a comment behind a value needs a space before its '#'. */
static bool unquote(char **value)
{
	char *v = *value, *comment, *end;

	if (*v == '"' || *v == '\'') {
		end = strchr(v + 1, *v);
		if (end == NULL)
			return false;
		*end = '\0';
		*value = v + 1;
		end = trim(end + 1);
		return *end == '\0' || *end == '#';
	}
	comment = *v == '#' ? v : strstr(v, " #");
	if (comment != NULL)
		*comment = '\0';
	*value = trim(v);
	return true;
}

static bool read_line(struct config *config, char *line, const struct place *place, int seen[N_KEYS])
{
	char *name = trim(line), *colon, *value;
	const struct key *key;
	size_t index;

	if (*name == '\0' || *name == '#' || strcmp(name, "---") == 0)
		return true;
	colon = strchr(name, ':');
	if (colon == NULL)
		return complain(place, name, "「キー: 値」の形ではありません / expected a line 'key: value'", "");
	*colon = '\0';
	value = trim(colon + 1);
	name = trim(name);
	key = find(name, strlen(name));
	if (key == NULL || !key->file)
		return complain(
			place, name, "知らないキーです。renrakud --help で一覧が出ます / unknown key; renrakud --help lists the keys", "");
	index = (size_t)(key - keys);
	if (seen[index] != 0)
		return complain(place, name, "二度書かれています。一行を消してください / stands twice; remove one of the lines", "");
	seen[index] = place->line;
	if (!unquote(&value))
		return complain(place, name,
			"引用符が閉じていないか、後に余分な文字があります / the quote is not closed, or something stands behind it", "");
	return set(config, key, value, place);
}

/* All mistakes in one run. */
static bool read_file(struct config *config, const char *path, FILE *err)
{
	struct place place = {path, 0, err};
	int seen[N_KEYS] = {0};
	FILE *file = fopen(path, "re");
	char line[4096];
	bool ok = true;

	if (file == NULL) {
		fprintf(err, "renrakud: 設定ファイル %s を読めません / cannot read the configuration: %s\n", path, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof line, file) != NULL) {
		place.line++;
		if (strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n') {
			ok = complain(&place, "line", "長すぎます / is too long", "");
			break;
		}
		if (!read_line(config, line, &place, seen))
			ok = false;
	}
	if (ferror(file)) {
		fprintf(err, "renrakud: 設定ファイル %s を読めません / cannot read the configuration: %s\n", path, strerror(errno));
		ok = false;
	}
	fclose(file);
	return ok;
}

/* ---- the command line ---- */

static bool read_option(struct config *config, char **argv, int argc, int *i, FILE *err)
{
	struct place place = {NULL, 0, err};
	const char *name = argv[*i] + 2, *equals = strchr(name, '='), *value = NULL;
	size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
	bool is_config = len == 6 && strncmp(name, "config", len) == 0;
	const struct key *key = find(name, len);

	if (strncmp(argv[*i], "--", 2) != 0 || (key == NULL && !is_config)) {
		fprintf(err, "renrakud: 知らない選択肢です（renrakud --help を見てください） / unknown option, see renrakud --help: %s\n",
			argv[*i]);
		return false;
	}
	if (key != NULL && key->kind == FLAG)
		return set(config, key, "", &place);
	if (equals != NULL)
		value = equals + 1;
	else if (*i + 1 < argc)
		value = argv[++*i];
	if (value == NULL) {
		fprintf(err, "renrakud: 選択肢 --%s には値が要ります / needs a value\n", name);
		return false;
	}
	return is_config ? true : set(config, key, value, &place);
}

/* The file first, wherever --config stands, so that options win over it. */
static bool read_config_option(struct config *config, int argc, char **argv, FILE *err)
{
	bool ok = true;

	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--config=", 9) == 0)
			ok = read_file(config, argv[i] + 9, err) && ok;
		else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			ok = read_file(config, argv[++i], err) && ok;
	}
	return ok;
}

static bool complete(const struct config *config, FILE *err)
{
	const struct {
		const char *name, *value;
	} required[] = {
		{"ca", config->ca},
		{"cert", config->cert},
		{"key", config->key},
		{"store", config->store},
	};
	bool administration = config->load_plan != NULL || config->load_site != NULL || config->set_password != NULL, ok = true;

	for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
		if (required[i].value != NULL || (administration && strcmp(required[i].name, "store") != 0))
			continue;
		fprintf(err,
			"renrakud: %s がありません。--config のファイルに書くか --%s で与えてください / is not set; write it into the "
			"configuration or give the option\n",
			required[i].name, required[i].name);
		ok = false;
	}
	if (config->silence <= config->heartbeat) {
		fprintf(err, "renrakud: silence (%lld ms) は heartbeat (%lld ms) より長くしてください / must be longer\n",
			(long long)config->silence, (long long)config->heartbeat);
		ok = false;
	}
	return ok;
}

bool config_read_arguments(struct config *config, int argc, char **argv, FILE *err)
{
	bool ok = read_config_option(config, argc, argv, err);

	for (int i = 1; i < argc; i++)
		ok = read_option(config, argv, argc, &i, err) && ok;
	if (config->help || config->version)
		return true;
	return ok && complete(config, err);
}

void config_init(struct config *config)
{
	struct place place = {"default", 0, stderr};
	const char *lang = getenv("RENRAKU_LANG");

	memset(config, 0, sizeof *config);
	for (size_t i = 0; i < N_KEYS; i++)
		if (keys[i].value != NULL)
			set(config, &keys[i], keys[i].value, &place);
	/* As in the other programs. */
	if (lang != NULL && strcmp(lang, "en") == 0)
		set(config, find("lang", 4), lang, &place);
}

void config_free(struct config *config)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (keys[i].kind == TEXT)
			free(*(char **)((char *)config + keys[i].at));
	memset(config, 0, sizeof *config);
}

/* On the command line '-' is as good as '_', and is what people type. */
static void print_option(FILE *out, const char *name)
{
	int n = fprintf(out, "  --");

	for (const char *c = name; *c != '\0'; c++)
		n += fputc(*c == '_' ? '-' : *c, out) != EOF;
	fprintf(out, "%*s", 29 - n, "");
}

void config_help(FILE *out, bool english)
{
	fprintf(out, english ? "renrakud: the server of Renraku\n\n"
			       "usage: renrakud --config FILE [--OPTION VALUE ...]\n\n"
			       "  --config FILE              lines of 'key: value'; '#' begins a comment\n\n"
			       "Options that are keys of the file too; the command line wins:\n"
			     : "renrakud: 連絡のサーバー（English: --lang en --help）\n\n"
			       "使い方: renrakud --config ファイル [--選択肢 値 …]\n\n"
			       "  --config ファイル          「キー: 値」の行。# から先は注釈\n\n"
			       "ファイルのキーでもある選択肢（両方にあれば選択肢が勝つ）:\n");
	for (size_t i = 0; i < N_KEYS; i++) {
		const char *value = keys[i].value;

		if (i > 0 && keys[i - 1].file && !keys[i].file)
			fprintf(out, english ? "\nOptions only:\n" : "\n選択肢だけのもの:\n");
		print_option(out, keys[i].name);
		fprintf(out, "%s%s%s%s\n", english ? keys[i].help : keys[i].ja, value != NULL ? " [" : "", value != NULL ? value : "",
			value != NULL ? "]" : "");
	}
	fprintf(out, english ? "\nSIGHUP reads the list of revoked certificates again and closes their sessions; SIGTERM and SIGINT stop.\n"
			       "Exit codes: 0 stopped or done, 1 wrong usage or configuration, 2 cannot start (port, certificate, log),\n"
			       "3 the log could no longer be written (to be restarted), 4 plan, site or password refused.\n"
			     : "\nSIGHUP で失効リストを読み直し、失効した証明書の接続を切る。SIGTERM・SIGINT で止まる。\n"
			       "終了コード: 0 停止・完了、1 使い方か設定の誤り、2 起動できない（ポート・証明書・記録）、\n"
			       "3 記録できなくなった（再起動が要る）、4 計画・登録情報・パスワードを受け付けなかった。\n");
}
