/*
 * keyfile: configuration files of `key: value` lines, read into a struct by a table of its keys. What the files look like: settings.h.
 * An unknown key, a key twice, or a value that cannot be used is a fault with file and line; nothing is guessed, and all faults are told at
 * once.
 */
#ifndef LIB_KEYFILE_H
#define LIB_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct settings_list {
	char **at; /* NULL-terminated */
	size_t n;
};

/* What a key is read into, at its offset. */
enum keyfile_kind {
	KEYFILE_TEXT,   /* char * */
	KEYFILE_PATH,   /* char *; relative to the file, ~/ is the home */
	KEYFILE_PORT,   /* uint16_t */
	KEYFILE_NUMBER, /* int */
	KEYFILE_LANG,   /* enum i18n_lang */
	KEYFILE_WORDS,  /* struct settings_list; on one line separated by blanks */
	KEYFILE_LINES,  /* struct settings_list; on one line a single entry */
	KEYFILE_CHOICE, /* bool: one of two words */
};

struct keyfile_key {
	const char *name;
	enum keyfile_kind kind;
	size_t offset;
	int min, max;         /* of numbers */
	const char *no, *yes; /* of a choice */
};

struct keyfile {
	const struct keyfile_key *keys;
	size_t n;
	void *into;       /* the struct, with its defaults; texts malloc'ed or NULL */
	const char *file; /* for messages and relative paths */
	struct buf faults;
	int line;                       /* 0: faults are about the file as a whole */
	const struct keyfile_key *list; /* the list that `-` lines belong to */
	int *seen;                      /* for each key, the line where it stands; 0: not yet */
};

/* Reads the text; what is wrong stands in `faults` (empty: nothing), to which keyfile_fault may add until keyfile_end. */
void keyfile_read(struct keyfile *, const struct keyfile_key *keys, size_t n, void *into, const char *text, const char *file);
void keyfile_fault(struct keyfile *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* NULL when all is well; else the faults, malloc'ed, one a line. */
char *keyfile_end(struct keyfile *);
/* Frees texts and lists of the struct, not the struct. */
void keyfile_free_values(const struct keyfile_key *keys, size_t n, void *into);
/* The whole text of such a file, malloc'ed; NULL with *error. */
char *keyfile_load(const char *path, char **error);
/* Appends a copy. */
void settings_list_add(struct settings_list *, const char *value);

#endif
