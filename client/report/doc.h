/*
 * doc: a document before it is printed: headings, paragraphs and tables in their order. layout.c makes a PDF of it, html.c a page;
 * neither knows what the document is about. All text is copied into the arena and made safe (text_safe) on the way in.
 */
#ifndef REPORT_DOC_H
#define REPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

#define DOC_COLUMNS 8u

enum doc_kind {
	DOC_TITLE,   /* of the whole document */
	DOC_HEADING, /* a section; stands in the outline */
	DOC_SUBHEADING,
	DOC_TEXT,
	DOC_NOTE,  /* small */
	DOC_WARN,  /* a paragraph nobody may overlook */
	DOC_TABLE, /* heads repeat on each page */
	DOC_PAGE,  /* a new page begins; its text, if any, stands at the head of the pages from there */
};
enum doc_row { DOC_ROW_PLAIN, DOC_ROW_GROUP /* one cell across */, DOC_ROW_WARN, DOC_ROW_DIM };

struct doc_line {
	enum doc_row kind;
	const char *cells[DOC_COLUMNS];
	double height; /* least, in points; 0: as the text needs */
};
struct doc_table {
	size_t columns;
	double widths[DOC_COLUMNS]; /* shares of the page's width */
	const char *heads[DOC_COLUMNS];
	bool headed;      /* has a line of heads */
	bool head_column; /* the first column is a heading too */
	struct doc_line *lines;
	size_t n, cap;
};
struct doc_block {
	enum doc_kind kind;
	const char *text;
	struct doc_table *table;
};
struct doc {
	struct arena *arena;
	const char *title;   /* of the file */
	const char *author;  /* the town */
	const char *running; /* at the head of each page */
	const char *foot;    /* at its foot, beside the page's number */
	const char *stamp;   /* on each page, large; NULL: none */
	int64_t at;          /* the newest thing it tells of: the file is dated by it */
	double scale;        /* of all type; 1: 10.5 points */
	double margin;       /* points */
	struct doc_block *blocks;
	size_t n, cap;
};

struct doc *doc_new(void);
void doc_free(struct doc *);
/* "" for NULL. */
const char *doc_safe(struct doc *, const char *);
void doc_add(struct doc *, enum doc_kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* heads NULL: none. widths: shares. */
struct doc_table *doc_table(struct doc *, size_t columns, const char *const *heads, const double *widths);
struct doc_line *doc_row(struct doc *, struct doc_table *, enum doc_row, const char *const *cells);
/* Two columns, the first a heading: what and its value; left out when the value is empty. */
struct doc_table *doc_pairs(struct doc *, double first_share);
void doc_pair(struct doc *, struct doc_table *, const char *what, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
