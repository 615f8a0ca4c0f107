/*
 * spool: alarms and withdrawals on their way, one file each, so that none is lost with a process or a link.
 *
 * The command line puts a command here under its final id, durably (temp, fsync, rename, fsync of the directory), before it sends
 * anything. It holds a lock on the file while it tries by itself; when it lets go (answered, given up, died) the agent
 * delivers. That both send the same command is harmless: the server answers the same id once.
 *
 * STATE in DIR is the file name's end:  MADEAT-ID.cmd waiting · .done answered, kept for a while beside its .result so that the
 * clerk can be told · .bad damaged, kept for a human. The bytes are described in
 * spool_file.h. Names sort by the original time, which is the order of delivery.
 */
#ifndef LIB_SPOOL_H
#define LIB_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "renraku.pb-c.h"

#define SPOOL_MAX 1000 /* commands waiting; more are refused with -ENOSPC and 'telephone' */

enum spool_state { SPOOL_WAITING, SPOOL_DONE, SPOOL_BAD };

struct spool_entry {
	const char *name; /* file name without its end; sorts by original time */
	enum spool_state state;
	const char *id;                  /* the command's; "" when damaged */
	int64_t made_at;                 /* original time */
	const char *sender;              /* who put it there: "uid 1000 (tanaka)" */
	const Renraku__Command *command; /* NULL when damaged */
	const Renraku__Result *result;   /* only of done ones */
	int64_t answered_at;
};

struct spool;
/* Makes the directory (mode 2770) when it is missing. NULL with *error malloc'ed, in both languages as T() has it. */
struct spool *spool_open(const char *dir, char **error);
void spool_free(struct spool *);
const char *spool_dir(const struct spool *);

/* Durable when it returns 0; else a negative errno and nothing is kept. The lock is held until spool_let_go or exit. sender NULL: this
 * user. */
int spool_put(struct spool *, const Renraku__Command *, const char *sender);
/* Ends the lock of spool_put(id): from now on the agent delivers. */
void spool_let_go(struct spool *, const char *id);
/* Answered here: the file goes. 0 also when it is gone already. */
int spool_drop(struct spool *, const char *id);
/* Answered through the agent: .result is written, .cmd becomes .done. 0 or a negative errno (then it is delivered again, harmlessly). */
int spool_answered(struct spool *, const char *name, const Renraku__Result *, int64_t at);
/* Entries of that state in order; they live in the arena. A damaged .cmd is set aside as .bad on the way. */
size_t spool_list(struct spool *, enum spool_state, struct arena *, struct spool_entry **out);
/* Is somebody (a command line) still trying this one by itself? */
bool spool_held(struct spool *, const char *name);
/* Forgets those answered before older_than (wall clock), and all beyond the newest `keep`. */
void spool_prune(struct spool *, int64_t older_than, size_t keep);
/* The clerk was told of this answer (renraku inbox/status): no need to say it again. */
void spool_told(struct spool *, const char *name);

/* Is that the last word on a command? Accepted is, and a refusal for what it says; not confirmed is not, nor a refusal only for the
   server's present state (BUSY, LOW_SPACE, CANNOT_RECORD, NO_PLAN): then it stays in the spool and is delivered later. */
bool spool_final(const Renraku__Result *);

/* A waiting spool counts as undelivered for messages. One line for a person: "10:02 障害の通報（hardware）". In the arena. */
char *spool_title(const struct spool_entry *, struct arena *);

#endif
