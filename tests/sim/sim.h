/*
 * sim: a town in one process, from a seed. It drives the engine and the shell (server/app/shell.h) over the memory store with people who
 * do sensible and senseless things, repeat and reorder their commands, come and go; with disks that sync late, fail or lie, and
 * crashes that lose what was not synced; and checks the invariants after every step.
 *
 * Everything random comes from the seed and time is a number, so a seed always plays the same (invariant 9): a failure is repeated by
 * its seed. Numbers of invariants: README.md here says what each check looks at.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <uthash.h>

#include "app/shell.h"
#include "record/chain.h"
#include "renraku.pb-c.h"
#include "view/view.h"

enum sim_fault { /* broken on purpose, to see that it is caught */
	SIM_SOUND,
	SIM_LYING,  /* the disk says 'synced' and has not */
	SIM_CUT,    /* a crash loses the last synced record as well */
	SIM_FORGED, /* a crash leaves a record changed */
};

struct sim_options {
	const char *plan_path, *site_path;
	uint64_t seed;
	unsigned steps;
	int only; /* check this invariant alone; 0: all */
	enum sim_fault fault;
	bool trace;
};

struct sim_row { /* of a view, as a client has folded it */
	UT_hash_handle hh;
	uint8_t *bytes;
	size_t len;
	char key[];
};
#define SIM_VIEWS 2 /* inbox and board */

struct sim;
struct sim_client {
	struct sim *sim;
	enum tls_who who;
	const char *id;
	char principal[80];
	struct shell_peer *peer; /* NULL: away */
	bool closing;            /* the shell said so; shell_closed() is due */
	uint64_t seen;
	uint32_t probe;     /* connection test to answer; 0: none */
	uint64_t *receipts; /* notices to confirm */
	size_t n_receipts, cap_receipts;
	struct sim_row *rows[SIM_VIEWS];
	bool subscribed[SIM_VIEWS], complete[SIM_VIEWS];
};

struct sim_command {
	struct sim_client *by;
	char id[48];
	uint8_t *bytes; /* the frame's payload */
	size_t len;
	size_t twin_of; /* same id, other content; SIZE_MAX: none */
	enum { SIM_OPEN, SIM_ACCEPTED, SIM_REFUSED, SIM_UNCONFIRMED } state;
	uint64_t record;
	char code[32]; /* of the last refusal */
};

/* sim_log.c: the log read again by simple rules of its own */
struct sim_log;

struct sim {
	struct sim_options options;
	uint64_t random; /* state of the generator */
	int64_t now, started_at;
	struct store *store;
	struct shell *shell;
	struct shell_output output;
	char *plan, *site[2]; /* texts */
	int site_edition;
	struct sim_client *clients;
	size_t n_clients;
	struct sim_command *commands;
	size_t n_commands, cap_commands;
	struct sim_log *log;
	struct sim_people *people;
	bool fatal;
	unsigned step, crashes, failures;
	/* the first thing that does not hold */
	int violated; /* number of the invariant; 0: none */
	char text[400];
};

/* sim_random.c */
uint64_t sim_random(struct sim *);
size_t sim_below(struct sim *, size_t n); /* 0 .. n-1; n > 0 */
bool sim_chance(struct sim *, unsigned percent);

/* sim_world.c: the town, its sessions, its disk */
bool sim_open(struct sim *, const struct sim_options *); /* false: the plan or site is not accepted */
void sim_close(struct sim *);
void sim_trace(struct sim *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sim_violation(struct sim *, int invariant, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void sim_connect(struct sim *, struct sim_client *);
void sim_disconnect(struct sim *, struct sim_client *);
void sim_crash(struct sim *);
void sim_disk(struct sim *);             /* the disk syncs, the store calls back */
void sim_settle(struct sim *);           /* until nothing waits for the disk */
void sim_pass(struct sim *, int64_t ms); /* time */
/* Sends a command's frame as it is; answers come by themselves. */
void sim_send(struct sim *, const struct sim_command *);
void sim_after(struct sim *); /* what an owner of the shell does after each event */

/* sim_frames.c: what clients see, and what must hold of it */
void sim_frames_take(struct sim_client *, const uint8_t *payload, size_t len);
void sim_frames_forget_rows(struct sim_client *);
void sim_frames_check_views(struct sim *); /* clients' rows are the view of the state */
void sim_frames_subscribe(struct sim_client *, int view);
void sim_frames_receipts(struct sim_client *);
void sim_frames_answer_probe(struct sim_client *);

/* sim_acts.c: what people do */
void sim_acts_random(struct sim *);

/* sim_commands.c: what was sent */
/* A new command of a client, remembered but not sent. */
struct sim_command *sim_commands_new(struct sim_client *, Renraku__Command *);
void sim_commands_repeat(struct sim *); /* one that was sent before */

/* sim_forms.c: what is put into an item's form */
/* Fills an entry of the item; forward: what leads to the end, else anything. */
void sim_forms_fill(struct sim *, const struct incident *, int item, bool forward, struct arena *, Renraku__Enter *);
void sim_forms_field(struct sim *, const struct incident *, const struct plan_field *, bool forward, struct arena *,
	Renraku__Enter *); /* one field of it */
char *sim_some_text(struct sim *);
char *sim_some_day(struct sim *, struct arena *);
char *sim_some_owner(struct sim *, const struct plan *);

/* sim_people.c: absences, delegations, bars */
enum { SIM_HOLDER = 1, SIM_DEPUTY = 2, SIM_DELEGATE = 4 };
void sim_people_act(struct sim *, const struct incident *, struct arena *, Renraku__Command *);
void sim_people_note(struct sim *, const struct record *); /* of the log */
/* What delegations let this person be for the post at that time, by the log: bits. */
unsigned sim_people_entitled(
	const struct sim *, const struct site *, const struct site_holder *, const char *role, const char *person, int64_t at);
void sim_people_free(struct sim *);

/* sim_log.c */
struct sim_log *sim_log_new(void);
void sim_log_free(struct sim_log *);
/* Reads what is durable and was not read yet; false when it is not a log. */
void sim_log_read(struct sim *);
/* Index of the record that carries this command; 0: none. */
uint64_t sim_log_find(const struct sim_log *, const char *principal, const char *id);
const struct engine *sim_log_engine(const struct sim_log *);
enum record_kind sim_log_kind(const struct sim_log *, uint64_t index);
void sim_log_head(const struct sim_log *, uint8_t hash[RECORD_HASH]);

/* sim_check.c */
void sim_check_accepted(struct sim *);   /* 1, 4 */
void sim_check_state(struct sim *);      /* 2, 8, after each step */
void sim_check_same_state(struct sim *); /* 6, when settled */
void sim_check_tampering(struct sim *);  /* 7 */
/* 2: every acknowledgement that the item requires is on record, by the log alone. */
bool sim_log_acknowledged(const struct sim_log *, const struct incident *, int item, const char **missing);

/* sim_way_out.c */
void sim_way_out(struct sim *); /* 10 */

#endif
