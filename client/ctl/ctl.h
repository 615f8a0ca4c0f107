/*
 * ctl: what every command of `renraku` is given, and what a command is. One command, one file (cmd_*.c), one const struct cmd;
 * commands.c lists them.
 */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "ctl/opt.h"
#include "lib/conn.h"
#include "lib/i18n.h"
#include "lib/settings.h"

#ifndef RENRAKU_VERSION
#define RENRAKU_VERSION "0.1"
#endif

/* Exit codes; documented in help.c and docs/ja/commands.md. Scripts rely on them: never renumber. */
enum ctl_exit {
	CTL_OK = 0,            /* done; for commands: accepted, it is on record */
	CTL_USAGE = 1,         /* typed wrongly, or a needed value is missing */
	CTL_REFUSED = 2,       /* the server refused, nothing was recorded */
	CTL_NOT_CONFIRMED = 3, /* no answer in time: it may or may not be on record */
	CTL_UNREACHABLE = 4,   /* a reading command could not reach the server */
	CTL_UNVERIFIED = 5,    /* the log does not verify */
	CTL_FAULTS = 6,        /* the plan or site has faults */
	CTL_LOCAL = 7,         /* something on this machine: configuration, certificate, file */
	CTL_UNPROVEN = 8,      /* the plan has no fault that was found, but it was not explored to the end */
};

struct cmd;
struct ctl {
	const struct cmd *cmd;
	struct opt_line line;
	struct settings *settings; /* NULL for commands with CMD_LOCAL */
	struct arena *arena;       /* everything a command makes */
	struct conn *conn;         /* see link.h */
	struct conn_problem problem;
	FILE *out; /* stdout, or the page that watch is painting */
	bool json, colours;
	int columns;
	int64_t skew;     /* the server's clock minus this machine's, ms; 0 until connected */
	bool delivered;   /* spooled alarms were tried in this run */
	char refused[48]; /* reason code of the last refusal, "" when there was none */
	const char *as;   /* person given by --as or RENRAKU_AS, or NULL */
};

enum cmd_flags {
	CMD_LOOSE = 1,    /* unknown `--name value` are fields of a form */
	CMD_LOCAL = 2,    /* needs no configuration */
	CMD_URGENT = 4,   /* an alarm: whatever fails, say that it is to be telephoned */
	CMD_ACTS = 8,     /* puts something on record: a server out of reach means 'not confirmed' */
	CMD_REPORTS = 16, /* what it reads of the log goes into a report, and is on record as that */
};

struct cmd {
	const char *name, *alias;
	const char *group;             /* heading in the overview; see help.c */
	const char *args_ja, *args_en; /* after the name in the usage line */
	const char *ja, *en;           /* one line */
	const char *more_ja, *more_en; /* examples and explanation, or NULL */
	const struct opt_spec *opts;
	unsigned min_args, max_args, flags;
	int (*run)(struct ctl *);
};

extern const struct opt_spec ctl_options[]; /* the ones that every command has; options.c */

#endif
