#include "app/admin.h"

#include <errno.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "app/hasher.h"
#include "app/passphrase.h"
#include "app/server.h"
#include "app/shell.h"
#include "base/clock.h"
#include "base/mem.h"

#define MIN_PASSWORD 8u

struct admin {
	const struct config *config;
	struct store *store;
	struct shell *shell;
	bool failed;
};

/* ---- a shell without sessions ---- */

static void on_fatal(void *arg, const char *why)
{
	((struct admin *)arg)->failed = true;
	fprintf(stderr, "renrakud: the log cannot be written: %s\n", why);
}

static void do_random(void *arg, void *out, size_t len)
{
	(void)arg;
	if (RAND_bytes(out, (int)len) != 1)
		abort();
}

/* Waits until what was decided is on disk. */
static bool settle(struct admin *a)
{
	while (!a->failed && !shell_settled(a->shell)) {
		struct pollfd fd = {.fd = store_wake_fd(a->store), .events = POLLIN};

		shell_turn(a->shell, clock_wall_ms());
		if (poll(&fd, 1, 60000) < 0 && errno != EINTR)
			return false;
		store_poll(a->store);
	}
	return !a->failed;
}

static int open_all(struct admin *a)
{
	static const struct shell_output output = {.on_fatal = on_fatal, .random = do_random};
	const struct shell_config settings = {.version = RENRAKU_VERSION, .administration = true};
	enum store_status status = STORE_OK;
	char *error = NULL;

	a->store = store_open_sqlite(a->config->store, &status, &error);
	if (a->store == NULL || status != STORE_OK || store_probe(a->store) != STORE_OK) {
		fprintf(stderr, "renrakud: %s: %s\n", store_status_name(status), error != NULL ? error : "the log cannot be written");
		if (status == STORE_LOCKED)
			fprintf(stderr, "renrakud: the server is running; load with 'renraku plan load' or 'renraku site load', or stop it "
					"first\n");
		free(error);
		return EXIT_CANNOT_START;
	}
	free(error);
	a->shell = shell_new(&settings, a->store, &output, a, clock_wall_ms(), true, &error);
	if (a->shell == NULL) {
		fprintf(stderr, "renrakud: %s: %s\n", a->config->store, error);
		free(error);
		return EXIT_CANNOT_START;
	}
	return EXIT_FINE;
}

/* ---- plan and site ---- */

/* malloc'ed, or NULL after saying why. */
static char *read_whole(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	struct buf buf;
	char part[65536];
	size_t n;

	if (file == NULL) {
		fprintf(stderr, "renrakud: %s cannot be read: %s\n", path, strerror(errno));
		return NULL;
	}
	buf_init(&buf, RECORD_BLOB_MAX);
	while ((n = fread(part, 1, sizeof part, file)) > 0)
		buf_append(&buf, part, n);
	if (ferror(file) || buf.full) {
		fprintf(stderr, "renrakud: %s: %s\n", path, buf.full ? "is longer than 4 MiB" : strerror(errno));
		fclose(file);
		buf_free(&buf);
		return NULL;
	}
	fclose(file);
	*len = buf.len;
	return buf_take(&buf);
}

static void print_verdict(const char *what, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->n_missing; i++)
		fprintf(stderr, "%s\n", verdict->missing[i]);
	fprintf(stderr, "renrakud: %s: %s\n          %s\n", what, verdict->text != NULL ? verdict->text : reason_name(verdict->reason),
		verdict->text_en != NULL ? verdict->text_en : "");
}

static int load(struct admin *a, bool site, const char *path)
{
	struct verdict verdict = {0};
	const char *slash = strrchr(path, '/');
	size_t len;
	char *text = read_whole(path, &len);
	int rc;

	if (text == NULL)
		return EXIT_NOT_ACCEPTED;
	rc = shell_console_load(a->shell, site, slash != NULL ? slash + 1 : path, text, len, clock_wall_ms(), &verdict);
	free(text);
	if (rc != 0)
		print_verdict(path, &verdict);
	verdict_clear(&verdict);
	if (rc != 0)
		return EXIT_NOT_ACCEPTED;
	if (!settle(a))
		return EXIT_STORE_FAILED;
	printf("%s: %s\n", path, site ? "site loaded / 庁内の登録情報を読み込みました" : "plan loaded / 計画を読み込みました");
	return EXIT_FINE;
}

/* ---- passwords ---- */

static const char *read_password(char *buf, size_t size)
{
	const char *path = getenv("RENRAKU_PASSWORD_FILE"), *found;
	FILE *file = path != NULL ? fopen(path, "re") : stdin;

	if (file == NULL) {
		fprintf(stderr, "renrakud: $RENRAKU_PASSWORD_FILE (%s) cannot be read: %s\n", path, strerror(errno));
		return NULL;
	}
	found = passphrase_line(file, buf, size);
	if (file != stdin)
		fclose(file);
	if (found != NULL && strlen(found) >= MIN_PASSWORD)
		return found;
	fprintf(stderr, "renrakud: a password has at least %u characters and at most %zu bytes; give it as one line\n", MIN_PASSWORD,
		size - 2);
	return NULL;
}

static int set_password(struct admin *a, const char *person)
{
	struct verdict verdict = {0};
	char buf[130], *hash;
	const char *password = read_password(buf, sizeof buf);
	int rc;

	if (password == NULL)
		return EXIT_NOT_ACCEPTED;
	hash = hasher_make(password);
	OPENSSL_cleanse(buf, sizeof buf);
	if (hash == NULL) {
		fprintf(stderr, "renrakud: not enough memory to hash the password (64 MiB are needed)\n");
		return EXIT_CANNOT_START;
	}
	rc = shell_console_password(a->shell, person, hash, clock_wall_ms(), &verdict);
	free(hash);
	if (rc != 0)
		print_verdict(person, &verdict);
	verdict_clear(&verdict);
	if (rc != 0)
		return EXIT_NOT_ACCEPTED;
	if (!settle(a))
		return EXIT_STORE_FAILED;
	printf("%s: password set / パスワードを設定しました\n", person);
	return EXIT_FINE;
}

int admin_run(const struct config *config)
{
	struct admin a = {.config = config};
	int code = open_all(&a);

	if (code == EXIT_FINE && config->load_plan != NULL)
		code = load(&a, false, config->load_plan);
	if (code == EXIT_FINE && config->load_site != NULL)
		code = load(&a, true, config->load_site);
	if (code == EXIT_FINE && config->set_password != NULL)
		code = set_password(&a, config->set_password);
	if (a.shell != NULL) {
		settle(&a);
		shell_free(a.shell);
	}
	if (a.store != NULL)
		store_close(a.store);
	return code;
}
