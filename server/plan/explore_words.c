/* Words of findings, in both languages at once. */
#include "plan/explore_model.h"

enum { WORDS_MAX = 64 * 1024 };

void x_words_init(struct x_words *w)
{
	buf_init(&w->ja, WORDS_MAX);
	buf_init(&w->en, WORDS_MAX);
}

void x_words_take(struct x_words *w, struct arena *a, const char **ja, const char **en)
{
	*ja = arena_strdup(a, buf_str(&w->ja));
	*en = arena_strdup(a, buf_str(&w->en));
	buf_free(&w->ja);
	buf_free(&w->en);
}

void x_words_both(struct x_words *w, const char *ja, const char *en)
{
	buf_puts(&w->ja, ja);
	buf_puts(&w->en, en);
}

void x_words_item(struct x_words *w, const struct plan *p, int item)
{
	const struct plan_item *it = &p->items[item];

	buf_printf(&w->ja, "「%s」（%s）", it->title, it->id);
	buf_printf(&w->en, "'%s' (%s)", it->title_en ? it->title_en : it->title, it->id);
}

void x_words_role(struct x_words *w, const struct plan *p, int role)
{
	const char *en = plan_role_title_en(p, role);

	buf_puts(&w->ja, plan_role_title(p, role));
	buf_puts(&w->en, en ? en : plan_role_title(p, role));
}

void x_words_actor(struct x_words *w, const struct plan *p, int item)
{
	const struct plan_ints *by = &p->items[item].by;

	for (size_t k = 0; k < by->n; k++) {
		if (k)
			x_words_both(w, "か", " or ");
		x_words_role(w, p, by->at[k]);
	}
}

void x_words_fact(struct x_words *w, const struct plan *p, int fact, int value)
{
	const struct plan_fact *f = &p->facts[fact];
	const struct plan_value *v = value > 0 ? &f->values[value - 1] : NULL;

	buf_printf(&w->ja, "「%s」（%s）は%s", f->title, f->id, v ? v->title : value < 0 ? "まだ決まらない" : "定められない");
	buf_printf(&w->en, "'%s' (%s) is %s", f->title_en ? f->title_en : f->title, f->id,
		v           ? v->title_en ? v->title_en : v->title
		: value < 0 ? "not known yet"
			    : "not set");
}

static void comparison(struct x_words *w, const struct plan *p, const struct cond *c)
{
	const char *name = c->subject == COND_FACT ? p->facts[c->ref].id : c->subject == COND_ENTRY ? "entry" : "measures";
	bool one = c->values.n == 1;

	for (int en = 0; en < 2; en++) {
		struct buf *b = en ? &w->en : &w->ja;

		buf_puts(b, name);
		if (c->subject == COND_MEASURES_OF)
			buf_printf(b, "/%s", p->roles[c->ref].id);
		buf_puts(b, one ? " == " : " in (");
		for (size_t k = 0; k < c->values.n; k++)
			buf_printf(b, "%s%s", k ? ", " : "", c->values.at[k]);
		buf_puts(b, one ? "" : ")");
	}
}

void x_words_cond(struct x_words *w, const struct plan *p, const struct cond *c)
{
	switch (c->op) {
	case COND_TRUE:
		break;
	case COND_IN:
		comparison(w, p, c);
		break;
	case COND_NOT:
		x_words_both(w, "not (", "not (");
		x_words_cond(w, p, c->a);
		x_words_both(w, ")", ")");
		break;
	case COND_AND:
	case COND_OR:
		if (c->a->op == COND_OR)
			x_words_both(w, "(", "(");
		x_words_cond(w, p, c->a);
		if (c->a->op == COND_OR)
			x_words_both(w, ")", ")");
		x_words_both(w, c->op == COND_AND ? " and " : " or ", c->op == COND_AND ? " and " : " or ");
		if (c->b->op == COND_OR)
			x_words_both(w, "(", "(");
		x_words_cond(w, p, c->b);
		if (c->b->op == COND_OR)
			x_words_both(w, ")", ")");
		break;
	}
}
