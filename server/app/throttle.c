#include "app/throttle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FREE_FAILURES 3u
#define MAX_DELAY_MS 30000
#define FORGET_MS 900000
#define MAX_ENTRIES 4096u

static struct throttle *find(struct shell *shell, char kind, const char *who)
{
	struct throttle *t;
	char key[160];

	snprintf(key, sizeof key, "%c:%s", kind, who);
	HASH_FIND_STR(shell->auth.throttles, key, t);
	return t;
}

static void forget(struct shell *shell, struct throttle *t)
{
	HASH_DEL(shell->auth.throttles, t);
	free(t);
}

/* Made-up names fill the table: the entries that end first go. */
static void make_room(struct shell *shell)
{
	struct throttle *t, *next, *first = NULL;

	if (HASH_COUNT(shell->auth.throttles) < MAX_ENTRIES)
		return;
	HASH_ITER(hh, shell->auth.throttles, t, next) {
		if (t->forget_at <= shell->now)
			forget(shell, t);
		else if (first == NULL || t->forget_at < first->forget_at)
			first = t;
	}
	if (HASH_COUNT(shell->auth.throttles) >= MAX_ENTRIES)
		forget(shell, first);
}

static struct throttle *get(struct shell *shell, char kind, const char *who)
{
	struct throttle *t = find(shell, kind, who);
	size_t size = strlen(who) + 3;

	if (t != NULL)
		return t;
	make_room(shell);
	t = xcalloc(1, sizeof *t + size);
	snprintf(t->key, size, "%c:%s", kind, who);
	HASH_ADD_STR(shell->auth.throttles, key, t);
	return t;
}

static int64_t not_before(struct shell *shell, char kind, const char *who)
{
	struct throttle *t = find(shell, kind, who);

	if (t == NULL)
		return shell->now;
	if (t->forget_at <= shell->now) {
		forget(shell, t);
		return shell->now;
	}
	return t->not_before > shell->now ? t->not_before : shell->now;
}

int64_t throttle_not_before(struct shell *shell, const char *person, const char *certificate)
{
	int64_t a = not_before(shell, 'p', person), b = not_before(shell, 'c', certificate);

	return a > b ? a : b;
}

static void failed(struct shell *shell, struct throttle *t)
{
	int64_t delay = 0;

	t->failures++;
	t->forget_at = shell->now + FORGET_MS;
	if (t->failures > FREE_FAILURES)
		delay = t->failures > FREE_FAILURES + 5 ? MAX_DELAY_MS : INT64_C(1000) << (t->failures - FREE_FAILURES - 1);
	t->not_before = shell->now + (delay < MAX_DELAY_MS ? delay : MAX_DELAY_MS);
}

void throttle_result(struct shell *shell, const char *person, const char *certificate, bool ok)
{
	struct throttle *t;

	if (!ok) {
		failed(shell, get(shell, 'p', person));
		failed(shell, get(shell, 'c', certificate));
		return;
	}
	t = find(shell, 'p', person);
	if (t != NULL)
		forget(shell, t);
	t = find(shell, 'c', certificate);
	if (t != NULL)
		forget(shell, t);
}

void throttle_free(struct shell *shell)
{
	struct throttle *t, *next;

	HASH_ITER(hh, shell->auth.throttles, t, next)
		forget(shell, t);
}
