/*
 * shell: joins engine, store and views around abstract peers; the only mutable place between the pure core and the world.
 * It knows no socket and no clock: the owner (main.c with the hub, or the simulator) feeds it frames, time and store
 * callbacks, and it hands back frames to send. Everything runs in the owner's thread.
 *
 * Rule: a frame made when the engine stood at index n is handed to `send` only when the store has made n durable.
 * When the store fails, held frames are dropped, waiting senders get NOT_CONFIRMED, and on_fatal tells the owner to exit.
 */
#ifndef APP_SHELL_H
#define APP_SHELL_H

#include "engine/engine.h"
#include "hub/hub.h"
#include "store/store.h"

struct shell;
struct shell_peer; /* one session, as the shell sees it */

struct shell_config {
	int64_t presence_hold_ms;  /* a change of presence counts after this long; default 15,000 */
	int64_t slow_commit_ms;    /* default 2,000: then NOT_CONFIRMED with whom to telephone */
	int64_t view_interval_ms;  /* default 200 */
	int64_t idle_ms;           /* on a shared terminal an act asks for the password again; default 300,000 */
	int64_t token_ms;          /* default 30 days */
	int64_t enrolment_ms;      /* a browser that was not used for so long is a terminal no longer; default 400 days */
	int64_t presence_grace_ms; /* after a start nobody counts as absent for so long; default 30,000 */
	uint32_t heartbeat_ms;     /* told in the welcome; default 3,000 */
	const char *version;
	bool administration; /* no server starts: nobody's presence is forgotten, and no start is recorded */
};

struct shell_output {
	void (*send)(void *arg, struct shell_peer *, struct hub_frame *); /* takes its own reference if it keeps it */
	void (*close)(void *arg, struct shell_peer *, const char *why);
	void (*hello_done)(void *arg, struct shell_peer *);
	void (*on_fatal)(void *arg, const char *why);
	/* Password hashing is off the loop: calls shell_hashed() later. verify: hash is the stored one; else make one. */
	void (*hash)(void *arg, uint64_t ticket, const char *password, const char *stored_hash_or_null);
	void (*random)(void *arg, void *out, size_t len);
	/* Bytes that wait to be sent to this peer; NULL: never any. A laggard gets fresh snapshots instead of changes. */
	size_t (*backlog)(void *arg, const struct shell_peer *);
};

/* Zero fields of the configuration get their defaults, fields set to -1 mean 'at once'.
   Replays the store. NULL with *error malloc'ed. `recording` false: 'cannot record' mode. */
struct shell *shell_new(
	const struct shell_config *, struct store *, const struct shell_output *, void *arg, int64_t now, bool recording, char **error);
void shell_free(struct shell *);
/* Ends 'cannot record' mode, the store being able to write again; sessions stay. NULL, or a malloc'ed sentence. */
char *shell_start_recording(struct shell *, int64_t now);

/* After output.close() the owner calls shell_closed() exactly once, as for a peer that left by itself. */
struct shell_peer *shell_open(struct shell *, const struct tls_peer *, const char *subject, void *owner, int64_t now);
void *shell_peer_owner(const struct shell_peer *);
void shell_frame(struct shell *, struct shell_peer *, const uint8_t *, size_t, int64_t now);
/* What came is no frame; the peer is told and closed. */
void shell_garbled(struct shell *, struct shell_peer *, const char *why, int64_t now);
void shell_closed(struct shell *, struct shell_peer *, int64_t now);
void shell_heartbeat(struct shell *, struct shell_peer *, int64_t now);
/* End of one turn of the loop: commits what was collected, if the writer is free. */
void shell_turn(struct shell *, int64_t now);
/* Escalations, presence, views, slow commits. Call when shell_deadline() has come. */
void shell_tick(struct shell *, int64_t now);
int64_t shell_deadline(const struct shell *);
void shell_clock_skewed(struct shell *, int64_t skew, int64_t now);
void shell_hashed(struct shell *, uint64_t ticket, bool ok, const char *new_hash, int64_t now);
const struct engine *shell_engine(const struct shell *);
bool shell_recording(const struct shell *);
/* Nothing waits for the store: everything decided is durable. */
bool shell_settled(const struct shell *);

/* Administration from the machine itself (renrakud --load-plan, --set-password), decided as the sender "console":
   0 accepted, -1 refused as the verdict says. Durable when shell_settled() after further turns. */
int shell_console_load(struct shell *, bool site, const char *name, const void *text, size_t len, int64_t now, struct verdict *);
int shell_console_password(struct shell *, const char *person, const char *hash, int64_t now, struct verdict *);

/* Says goodbye to every session, or to those whose certificate `match` accepts. code: a Bye code of answer.h. */
void shell_say_goodbye(struct shell *, const char *code, bool (*match)(void *, const struct tls_peer *), void *match_arg, int64_t now);

#endif
