#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

/* A file of nonsense must not cost more than a long list. */
enum { MAX_FAULTS = 500, MAX_TEXT = 1000 };

__attribute__((format(printf, 1, 0))) static char *formatted(const char *fmt, va_list args)
{
	char text[MAX_TEXT];

	int n = vsnprintf(text, sizeof text, fmt, args);

	if (n >= (int)sizeof text) { /* do not leave half a character behind */
		size_t end = sizeof text - 1;

		while (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0x80)
			end--;
		text[end > 0 ? end - 1 : 0] = '\0';
	}
	return xstrdup(text);
}

/* Faults stand in the order of the file, whatever order the checks run in; equal places keep the order of the checks. */
static size_t place_for(const struct plan_faults *f, const char *file, struct plan_pos pos)
{
	size_t i = f->n;

	while (i > 0 && !strcmp(f->at[i - 1].file, file)) {
		const struct plan_pos *before = &f->at[i - 1].pos;

		if (before->line < pos.line || (before->line == pos.line && before->column <= pos.column))
			break;
		i--;
	}
	return i;
}

static void insert(struct plan_faults *f, struct plan_fault fault)
{
	size_t i;

	f->at = xgrow(f->at, &f->cap, f->n + 1, sizeof *f->at);
	i = place_for(f, fault.file, fault.pos);
	/* One condition may stand over many items: what is wrong with it is told once. */
	for (size_t k = i; k > 0 && f->at[k - 1].pos.line == fault.pos.line && f->at[k - 1].pos.column == fault.pos.column; k--) {
		if (!strcmp(f->at[k - 1].text_en, fault.text_en) && !strcmp(f->at[k - 1].file, fault.file)) {
			free(fault.text);
			free(fault.text_en);
			return;
		}
	}
	memmove(&f->at[i + 1], &f->at[i], (f->n - i) * sizeof *f->at);
	f->at[i] = fault;
	f->n++;
}

void plan_fault_texts(struct plan_faults *f, const char *file, struct plan_pos pos, bool warning, const char *en, const char *ja)
{
	plan_fault_add(f, file, pos, warning, "%s%.0s", "%.0s%s", en, ja);
}

void plan_fault_add(struct plan_faults *f, const char *file, struct plan_pos pos, bool warning, const char *en, const char *ja, ...)
{
	struct plan_fault fault = {.file = file, .pos = pos, .warning = warning};
	va_list args;

	if (!warning)
		f->n_errors++;
	if (f->n >= MAX_FAULTS)
		return;
	va_start(args, ja);
	fault.text = formatted(ja, args);
	va_end(args);
	va_start(args, ja);
	fault.text_en = formatted(en, args);
	va_end(args);
	insert(f, fault);
}

void plan_faults_free(struct plan_faults *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->at[i].text);
		free(f->at[i].text_en);
	}
	free(f->at);
	memset(f, 0, sizeof *f);
}
