/* Conditions of a plan as people say them: on paper nobody reads `category == misuse`. */
#include <string.h>

#include "view/view_build.h"

static const char *either(bool english, const char *ja, const char *en)
{
	return english ? en : ja;
}

static const char *fact_value(const struct plan *plan, int fact, const char *id, bool english)
{
	for (size_t i = 0; i < plan->facts[fact].n_values; i++) {
		const struct plan_value *v = &plan->facts[fact].values[i];
		if (strcmp(v->id, id) == 0)
			return english && v->title_en ? v->title_en : v->title;
	}
	return id;
}

static const char *measure_state(const char *id, bool english)
{
	static const struct {
		const char *id, *ja, *en;
	} words[] = {{"none", "なし", "none"}, {"in_force", "継続中", "in force"}, {"ended", "終了", "ended"}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].id, id) == 0)
			return either(english, words[i].ja, words[i].en);
	return id;
}

static const char *value(const struct plan *plan, const struct cond *c, const char *id, bool english)
{
	if (strcmp(id, "unset") == 0)
		return either(english, "未定", "not yet known");
	switch (c->subject) {
	case COND_FACT:
		return fact_value(plan, c->ref, id, english);
	case COND_ENTRY:
		return plan_item_find(plan, id) >= 0 ? view_text_item_of(plan, plan_item_find(plan, id), english) : id;
	case COND_MEASURES:
	case COND_MEASURES_OF:
		break;
	}
	return measure_state(id, english);
}

static const char *subject(struct view_build *b, const struct plan *plan, const struct cond *c, bool english)
{
	switch (c->subject) {
	case COND_FACT:
		return english && plan->facts[c->ref].title_en ? plan->facts[c->ref].title_en : plan->facts[c->ref].title;
	case COND_ENTRY:
		return either(english, "通報の種類", "the alarm");
	case COND_MEASURES:
		return either(english, "停止等の措置", "measures");
	case COND_MEASURES_OF:
		break;
	}
	if (english)
		return arena_printf(b->arena, "measures of %s",
			plan_role_title_en(plan, c->ref) ? plan_role_title_en(plan, c->ref) : plan_role_title(plan, c->ref));
	return arena_printf(b->arena, "%sによる停止等の措置", plan_role_title(plan, c->ref));
}

static char *comparison(struct view_build *b, const struct plan *plan, const struct cond *c, bool negated, bool english)
{
	char *values = view_text_plain(NULL);
	for (size_t i = 0; i < c->values.n; i++)
		values = arena_printf(b->arena, "%s%s%s%s%s", values, i ? either(english, "または", " or ") : "", either(english, "「", ""),
			value(plan, c, c->values.at[i], english), either(english, "」", ""));
	return arena_printf(b->arena, english ? "%s %s %s" : "%sが%s%s", subject(b, plan, c, english),
		english ? (negated ? "is not" : "is") : values,
		english   ? values
		: negated ? "でない"
			  : "");
}

/* in: the operator around it; a different one needs brackets. */
static char *words(struct view_build *b, const struct plan *plan, const struct cond *c, enum cond_op in, bool negated, bool english)
{
	switch (c->op) {
	case COND_TRUE:
		return view_text_plain(either(english, "常に", "always"));
	case COND_IN:
		return comparison(b, plan, c, negated, english);
	case COND_NOT:
		return words(b, plan, c->a, in, !negated, english);
	case COND_AND:
	case COND_OR:
		break;
	}
	enum cond_op op = negated == (c->op == COND_AND) ? COND_OR : COND_AND; /* not (a and b): not a or not b */
	const char *join = op == COND_AND ? either(english, "、かつ", " and ") : either(english, "、または", " or ");
	bool brackets = in != COND_TRUE && in != op;
	return arena_printf(b->arena, "%s%s%s%s%s", brackets ? either(english, "（", "(") : "", words(b, plan, c->a, op, negated, english),
		join, words(b, plan, c->b, op, negated, english), brackets ? either(english, "）", ")") : "");
}

char *view_cond_words(struct view_build *b, const struct plan *plan, const struct cond *c, bool english)
{
	return c && c->op != COND_TRUE ? words(b, plan, c, COND_TRUE, false, english) : view_text_plain(NULL);
}
