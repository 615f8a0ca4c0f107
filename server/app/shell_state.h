/*
 * shell_state: what the files of the shell share; nobody outside server/app includes it. Each part of the struct belongs
 * to the file that its comment names, and only that file changes it.
 */
#ifndef APP_SHELL_STATE_H
#define APP_SHELL_STATE_H

#include <uthash.h>
#include <utlist.h>

#include "app/shell.h"
#include "record/chain.h"
#include "view/view.h"

/* What one peer may make us hold. */
#define SHELL_MAX_HELD_OF_PEER 4096u
#define SHELL_MAX_HELD_BYTES_OF_PEER (4u << 20)
#define SHELL_MAX_HELD_BYTES (512u << 20) /* of all peers; a frame for many counts for each */
#define SHELL_MAX_SUBSCRIPTIONS 16u
/* While the disk is slow: beyond this, commands are told BUSY before they are decided. */
#define SHELL_MAX_COLLECTED (16u << 20)

/* principal.c: a terminal or a person with sessions, now or before; admitted only when the site names it, so bounded. */
struct principal {
	UT_hash_handle hh;
	struct shell_peer **peers;
	size_t n_peers, cap_peers;
	/* presence.c */
	enum presence told; /* what the engine was told last */
	int64_t changed_at; /* since when `told` and the sessions differ */
	bool waiting;       /* in the queue of changes */
	struct principal *prev_waiting, *next_waiting;
	const char *id; /* within key, after the colon */
	char key[];     /* "terminal:t1" */
};

/* tokens.c: a sign-in that can be resumed. */
struct token {
	UT_hash_handle hh;
	char key[72]; /* "token:" and the hex of the token's SHA-256 */
	char *person;
	char fingerprint[65]; /* of the certificate that carried it */
	int64_t expires, active, active_stored;
	int64_t seen; /* when a session last began or ended with it */
	bool stored;
};

/* enrolments.c: a browser that may stand for a terminal. */
struct enrolment {
	UT_hash_handle hh;
	char key[80]; /* "enrolment:" and the hex of its token's SHA-256 */
	char *terminal;
	char fingerprint[65]; /* of the gateway's certificate */
	uint32_t number;      /* in the log */
	int64_t expires, expires_stored;
};

/* release.c: made, and waiting until the log has `index`. */
struct held {
	struct held *next;
	struct shell_peer *peer;
	struct hub_frame *frame;
	uint64_t index;
};
/* release.c: a command accepted but not yet durable. */
struct waiting {
	struct waiting *next;
	struct shell_peer *peer;
	uint64_t ref, index;
	uint32_t incident;
	int64_t due;
	bool told;
	char id[];
};

/* views.c */
struct audience;
struct subscription {
	struct subscription *prev, *next; /* of its audience */
	struct shell_peer *peer;
	struct audience *audience;
	bool behind; /* gets a snapshot when its backlog is gone */
};
struct audience {
	UT_hash_handle hh;
	Renraku__View view;
	uint32_t incident;
	char *terminal, *person; /* one of the equal readers */
	struct subscription *subscriptions;
	struct view_rows rows; /* as last sent */
	uint64_t revision;
	bool dirty, computed, allowed;
	int64_t sent_at;
	char key[192];
};

/* auth.c: a password to be hashed or to be compared. */
struct auth_job {
	struct auth_job *prev, *next;
	struct shell_peer *peer; /* NULL when it has left */
	uint64_t ticket, ref;
	enum { AUTH_SIGN_IN, AUTH_CHECK_OLD, AUTH_MAKE_NEW } step;
	int64_t not_before;
	bool running, hopeless; /* hopeless: compared all the same, so that it takes the same time */
	char *person, *password, *new_password, *stored;
};
struct throttle { /* auth.c: failures of a person or of a certificate */
	UT_hash_handle hh;
	unsigned failures;
	int64_t not_before, forget_at;
	char key[];
};

/* receipts.c */
struct receipt_set {
	UT_hash_handle hh;
	struct {
		uint64_t notice;
		uint64_t stage;
	} key;
	struct record_recipient *recipients;
	size_t n, cap;
};

/* delivery.c: a notice encoded once for all its recipients. */
struct notice_frame {
	UT_hash_handle hh;
	uint64_t notice, revision;
	struct hub_frame *frame;
};

struct shell_peer {
	struct shell_peer *prev, *next;
	struct shell *shell;
	void *owner;
	char *subject;
	struct tls_peer tls;
	char name[80];               /* "terminal:t1": the certificate's principal */
	struct principal *station;   /* the terminal it stands for, by its certificate or as an enrolled browser; or NULL */
	struct enrolment *enrolment; /* …of that browser; NULL: by the certificate itself */
	struct principal *human;     /* the person signed in, or NULL */
	struct token *token;         /* how the person signed in; NULL: by the certificate itself */
	bool hello, wants_notices;
	uint64_t seen; /* as the hello said, for those who come back */
	bool closing;  /* output.close() was called: nothing is read or sent any more */
	bool gone;     /* shell_closed() was called: freed when `uses` is 0 */
	size_t uses;   /* held frames, waiting commands, password jobs */
	size_t held, held_bytes;
	char *throttle; /* throttle.c: whose failures count together */
	bool hashing;
	bool too_much;  /* made us hold more than we hold for one: leaves at the end of the turn */
	uint64_t stamp; /* delivery.c: the round in which it was reached */
	struct subscription *subscriptions[SHELL_MAX_SUBSCRIPTIONS];
	size_t n_subscriptions;
	struct {
		uint8_t sha256[32];
		struct buf bytes;
		size_t total;
		bool open;
	} upload; /* uploads.c */
};

struct shell {
	struct shell_config config;
	struct store *store;
	struct shell_output out;
	void *arg;
	struct engine *engine;
	bool recording, failed, too_much;
	int64_t now;
	struct arena *scratch; /* of the frame being handled */
	struct shell_peer *peers;
	struct principal *principals;
	/* batch.c */
	struct {
		struct buf bytes;
		struct store_entry *entries;
		size_t *offsets;
		size_t n, cap, cap_offsets;
		uint8_t head[RECORD_HASH];
		uint64_t durable;
		bool in_flight;
		struct records records;
		struct changes changes;
	} batch;
	/* release.c */
	struct {
		struct held *first, *last;
		struct waiting *first_waiting, *last_waiting, *slow_cursor;
		size_t bytes;
	} release;
	/* presence.c */
	struct principal *presence; /* waiting changes, oldest first */
	struct receipt_set *receipts;
	struct notice_frame *notice_frames;
	uint64_t round;
	/* probes.c: what was answered in this turn, a stage for each that was asked */
	struct {
		uint32_t test;
		uint8_t *stages;
		bool any;
	} probes;
	/* views.c */
	struct {
		struct audience *all;
		struct changes changes;
		int64_t flushed_at, minute_at;
		bool touched;
	} views;
	/* auth.c, tokens.c, enrolments.c */
	struct {
		struct auth_job *jobs;
		size_t n;
		struct throttle *throttles;
		uint64_t tickets;
		struct token *tokens;
		struct enrolment *enrolments;
	} auth;
	/* logpage.c: entries of each incident, in order */
	struct {
		struct {
			uint64_t *at;
			size_t n, cap;
		} * of;
		size_t n_of, cap_of;
	} index;
};

/* The person or terminal of a session as the engine and the views want them; NULL when there is none. */
static inline const char *shell_peer_person(const struct shell_peer *p)
{
	return p->human != NULL ? p->human->id : NULL;
}
static inline const char *shell_peer_terminal(const struct shell_peer *p)
{
	return p->station != NULL ? p->station->id : NULL;
}

/* Whose acts these are where nobody in person does them: the terminal it stands for, else the certificate's principal. */
static inline const char *shell_peer_principal(const struct shell_peer *p)
{
	return p->station != NULL ? p->station->key : p->name;
}
/* A gateway's session through which nobody has come yet. */
static inline bool shell_peer_nobody(const struct shell_peer *p)
{
	return p->station == NULL && p->human == NULL;
}

#endif
