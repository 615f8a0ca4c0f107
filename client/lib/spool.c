#include "lib/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "lib/durable.h"
#include "lib/i18n.h"
#include "lib/spool_file.h"
#include "lib/uuid.h"
#include "wire/codec.h"

#define NAME_MAX_LEN 96
#define TEMP_MS 3600000

struct lock {
	struct lock *next;
	int fd;
	char id[65];
};

struct spool {
	char *dir;
	struct lock *locks;
};

static const char *const ends[] = {[SPOOL_WAITING] = ".cmd", [SPOOL_DONE] = ".done", [SPOOL_BAD] = ".bad"};

struct spool *spool_open(const char *dir, char **error)
{
	int e = durable_directory(dir, 02770);
	if (!e && access(dir, R_OK | W_OK | X_OK))
		e = -errno;
	if (e) {
		*error = xasprintf(T("通報の控えの置き場 %s を使えません（%s）。利用者のグループと空き容量を確かめてください",
					   "cannot use the spool directory %s (%s); check your user's group and the free space"),
			dir, strerror(-e));
		return NULL;
	}
	struct spool *s = xcalloc(1, sizeof *s);
	s->dir = xstrdup(dir);
	return s;
}

void spool_free(struct spool *s)
{
	struct lock *l, *next;
	if (!s)
		return;
	LL_FOREACH_SAFE(s->locks, l, next) {
		close(l->fd);
		free(l);
	}
	free(s->dir);
	free(s);
}

const char *spool_dir(const struct spool *s)
{
	return s->dir;
}

static char *path_of(const struct spool *s, const char *name, const char *end)
{
	return xasprintf("%s/%s%s", s->dir, name, end);
}

static bool has_end(const char *file, const char *end)
{
	size_t n = strlen(file), m = strlen(end);
	return n > m && n - m < NAME_MAX_LEN && file[0] != '.' && !strcmp(file + n - m, end);
}

/* Names of that state, sorted; *n of them, at most `max`. */
static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **names_of(const struct spool *s, enum spool_state state, struct arena *arena, size_t *n)
{
	size_t cap = 0;
	char **names = NULL;
	*n = 0;
	DIR *d = opendir(s->dir);
	if (!d)
		return NULL;
	for (struct dirent *e; (e = readdir(d));)
		if (has_end(e->d_name, ends[state])) {
			names = xgrow(names, &cap, *n + 1, sizeof *names);
			names[(*n)++] = arena_strndup(arena, e->d_name, strlen(e->d_name) - strlen(ends[state]));
		}
	closedir(d);
	if (*n)
		qsort(names, *n, sizeof *names, by_name);
	return names;
}

static size_t count(const struct spool *s)
{
	size_t n = 0;
	DIR *d = opendir(s->dir);
	if (!d)
		return 0;
	for (struct dirent *e; (e = readdir(d));)
		n += has_end(e->d_name, ends[SPOOL_WAITING]) ? 1 : 0;
	closedir(d);
	return n;
}

/* Who sits here, as the machine knows it; only for the log. */
static void this_user(char *out, size_t size)
{
	uid_t uid = getuid();
	const struct passwd *pw = getpwuid(uid);
	snprintf(out, size, "uid %u (%s)", (unsigned)uid, pw ? pw->pw_name : "?");
}

static struct lock *find_lock(struct spool *s, const char *id)
{
	struct lock *l;
	LL_FOREACH(s->locks, l)
		if (!strcmp(l->id, id))
			return l;
	return NULL;
}

int spool_put(struct spool *s, const Renraku__Command *c, const char *sender)
{
	char user[128];
	if (!uuid_command_id(c->id))
		return -EINVAL;
	if (count(s) >= SPOOL_MAX)
		return -ENOSPC;
	if (!sender) {
		this_user(user, sizeof user);
		sender = user;
	}
	struct buf b;
	buf_init(&b, SPOOL_FILE_MAX);
	int fd = -E2BIG;
	if (spool_file_pack(&b, sender, c)) {
		char *path = xasprintf("%s/%013" PRIu64 "-%s.cmd", s->dir, c->made_at, c->id);
		fd = durable_write_locked(path, b.data, b.len, 0660);
		/* What the caller is told was not kept must not be delivered by the agent either. */
		if (fd < 0)
			unlink(path);
		free(path);
	}
	buf_free(&b);
	if (fd < 0)
		return fd;
	struct lock *l = xcalloc(1, sizeof *l);
	l->fd = fd;
	snprintf(l->id, sizeof l->id, "%s", c->id);
	LL_PREPEND(s->locks, l);
	return 0;
}

void spool_let_go(struct spool *s, const char *id)
{
	struct lock *l = find_lock(s, id);
	if (!l)
		return;
	LL_DELETE(s->locks, l);
	close(l->fd);
	free(l);
}

/* Is `name` MADEAT-ID with this id? */
static bool name_has_id(const char *name, const char *id)
{
	const char *dash = strchr(name, '-');
	return dash && !strcmp(dash + 1, id);
}

int spool_drop(struct spool *s, const char *id)
{
	struct arena *a = arena_new(0);
	size_t n;
	char **names = names_of(s, SPOOL_WAITING, a, &n);
	int error = 0;
	for (size_t i = 0; i < n; i++) {
		if (!name_has_id(names[i], id))
			continue;
		char *path = path_of(s, names[i], ".cmd");
		if (unlink(path) && errno != ENOENT)
			error = -errno;
		else
			error = durable_sync_directory(path);
		free(path);
	}
	free(names);
	arena_free(a);
	spool_let_go(s, id);
	return error;
}

int spool_answered(struct spool *s, const char *name, const Renraku__Result *result, int64_t at)
{
	/* The time of the answer is the file's own; the message has no field for it. */
	Renraku__ServerFrame f = RENRAKU__SERVER_FRAME__INIT;
	f.ref = (uint64_t)at;
	f.body_case = RENRAKU__SERVER_FRAME__BODY_RESULT;
	f.result = (Renraku__Result *)(uintptr_t)result;
	struct buf b;
	buf_init(&b, SPOOL_FILE_MAX);
	char *from = path_of(s, name, ".cmd"), *to = path_of(s, name, ".done"), *note = path_of(s, name, ".result");
	int error = codec_pack_server(&b, &f) ? durable_write(note, b.data + 4, b.len - 4, 0660) : -E2BIG;
	/* Without its note it is still answered: better no note than delivering for ever on a full disk. */
	if (rename(from, to) && errno != ENOENT)
		error = -errno;
	else
		durable_sync_directory(to);
	buf_free(&b);
	free(from);
	free(to);
	free(note);
	return error;
}

/* What a name alone says: the original time. */
static int64_t time_of(const char *name)
{
	char *end;
	long long at = strtoll(name, &end, 10);
	return *end == '-' && at > 0 ? at : 0;
}

static void read_result(const struct spool *s, struct spool_entry *e, struct arena *arena)
{
	char *path = path_of(s, e->name, ".result");
	struct buf b;
	buf_init(&b, SPOOL_FILE_MAX);
	Renraku__ServerFrame *f;
	if (durable_read(path, &b) == 0 && codec_unpack_server(arena, b.data, b.len, &f) == CODEC_OK &&
		f->body_case == RENRAKU__SERVER_FRAME__BODY_RESULT) {
		e->result = f->result;
		e->answered_at = (int64_t)f->ref;
	}
	buf_free(&b);
	free(path);
}

/* False when it is gone meanwhile or may not be read now. Damaged ones are set aside, so that they hold up nobody. */
static bool read_entry(const struct spool *s, const char *name, enum spool_state state, struct arena *arena, struct spool_entry *e)
{
	struct buf b;
	char *path = path_of(s, name, ends[state]);
	*e = (struct spool_entry){.name = name, .state = state, .id = "", .made_at = time_of(name), .sender = ""};
	buf_init(&b, SPOOL_FILE_MAX);
	int error = durable_read(path, &b);
	bool usable = false;
	Renraku__Command *command;
	if (!error && spool_file_unpack(&b, arena, &e->sender, &command)) {
		e->command = command;
		e->id = command->id;
		e->made_at = (int64_t)command->made_at;
		usable = true;
	} else if (state == SPOOL_WAITING && (!error || error == -EFBIG || error == -EBADMSG)) {
		char *aside = path_of(s, name, ".bad");
		rename(path, aside);
		free(aside);
	} else if (state != SPOOL_WAITING && error != -ENOENT) {
		usable = true; /* shown, with what the name tells */
	}
	if (usable && state == SPOOL_DONE)
		read_result(s, e, arena);
	buf_free(&b);
	free(path);
	return usable;
}

size_t spool_list(struct spool *s, enum spool_state state, struct arena *arena, struct spool_entry **out)
{
	size_t n, used = 0;
	char **names = names_of(s, state, arena, &n);
	*out = arena_alloc(arena, (n + 1) * sizeof **out);
	for (size_t i = 0; i < n && used < SPOOL_MAX; i++)
		if (read_entry(s, names[i], state, arena, &(*out)[used]))
			used++;
	free(names);
	return used;
}

bool spool_held(struct spool *s, const char *name)
{
	char *path = path_of(s, name, ".cmd");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	free(path);
	if (fd < 0)
		return false;
	bool held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return held;
}

static void forget(const struct spool *s, const char *name)
{
	char *done = path_of(s, name, ".done"), *note = path_of(s, name, ".result");
	unlink(note);
	unlink(done);
	free(done);
	free(note);
}

/* Left by a process that died while writing. */
static void remove_temps(const struct spool *s, int64_t now)
{
	DIR *d = opendir(s->dir);
	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d));) {
		struct stat st;
		if (strstr(e->d_name, ".tmp-") && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
			(int64_t)st.st_mtime * 1000 < now - TEMP_MS)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
}

/* When it became .done, which is when it was answered; the name has the time of the alarm. */
static int64_t settled_at(const struct spool *s, const char *name)
{
	struct stat st;
	char *path = path_of(s, name, ".done");
	int64_t at = stat(path, &st) == 0 ? (int64_t)st.st_ctime * 1000 : 0;
	free(path);
	return at;
}

void spool_prune(struct spool *s, int64_t older_than, size_t keep)
{
	struct arena *a = arena_new(0);
	size_t n;
	char **names = names_of(s, SPOOL_DONE, a, &n);
	for (size_t i = 0; i < n; i++)
		if (n - i > keep || settled_at(s, names[i]) < older_than)
			forget(s, names[i]);
	remove_temps(s, clock_wall_ms());
	free(names);
	arena_free(a);
}

void spool_told(struct spool *s, const char *name)
{
	forget(s, name);
}

bool spool_final(const Renraku__Result *r)
{
	static const char *const passing[] = {"BUSY", "LOW_SPACE", "CANNOT_RECORD", "NO_PLAN"};
	if (r->outcome == RENRAKU__OUTCOME__ACCEPTED)
		return true;
	if (r->outcome != RENRAKU__OUTCOME__REFUSED)
		return false;
	for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
		if (!strcmp(r->code, passing[i]))
			return false;
	return true;
}

static const char *value_of(const Renraku__Alarm *a)
{
	for (size_t i = 0; i < a->n_values; i++)
		if (*a->values[i]->value)
			return a->values[i]->value;
	return "";
}

char *spool_title(const struct spool_entry *e, struct arena *arena)
{
	char when[24];
	clock_format(e->made_at, false, when);
	if (!e->command)
		return arena_printf(arena, T("%s 読めない控え（%s）", "%s unreadable (%s)"), when, e->name);
	if (e->command->act_case == RENRAKU__COMMAND__ACT_ALARM) {
		const Renraku__Alarm *a = e->command->alarm;
		return arena_printf(arena, T("%s %s通報（%s %s）", "%s %salarm (%s %s)"), when,
			a->drill ? T("【訓練】", "[drill] ") : "", a->entry, value_of(a));
	}
	if (e->command->act_case == RENRAKU__COMMAND__ACT_WITHDRAW)
		return arena_printf(
			arena, T("%s 誤報の取消し（事案 %u）", "%s withdrawal (incident %u)"), when, e->command->withdraw->incident);
	return arena_printf(arena, T("%s 操作", "%s command"), when);
}
