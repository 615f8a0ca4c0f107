#include "plan/cond.h"

#include <ctype.h>
#include <string.h>

enum { MAX_NESTING = 32, MAX_TOKEN = 80, MAX_COMPARISONS = 50 };

struct lexer {
	const struct cond_scope *scope;
	const struct node *node;
	const char *at;            /* behind the current token */
	char token[MAX_TOKEN + 1]; /* empty at the end */
	struct plan_pos pos;       /* of the current token */
	int nesting, comparisons;
	bool failed;
};

static struct plan_pos pos_at(const struct lexer *x, const char *p)
{
	struct plan_pos pos = x->node->pos;

	/* Exact as long as the scalar stands on one line, which is the usual case. */
	pos.column += (int)(p - x->node->text) + (x->node->quoted ? 1 : 0);
	return pos;
}

static void fail(struct lexer *x, const char *en, const char *ja)
{
	const char *found = *x->token ? x->token : "…";

	if (x->failed)
		return;
	x->failed = true;
	READ_FAULT2(x->scope->reader, x->pos,
		(x->scope->reader, "Condition: %s (at '%s'). Form: NAME == VALUE, NAME in (A, B), and, or, not, ( ).", en, found),
		(x->scope->reader, "条件の書き方: %s（「%s」の所）。書式: 名前 == 値、名前 in (A, B)、and、or、not、( )。", ja, found));
}

static size_t token_length(const char *s)
{
	if (!strncmp(s, "==", 2) || !strncmp(s, "!=", 2))
		return 2;
	if (strchr("(),=!", *s))
		return *s ? 1 : 0;
	return strcspn(s, "(),=! \t\n");
}

static void advance(struct lexer *x)
{
	size_t n;

	while (*x->at && isspace((unsigned char)*x->at))
		x->at++;
	n = token_length(x->at);
	x->pos = pos_at(x, x->at);
	if (n > MAX_TOKEN) {
		x->token[0] = '\0';
		fail(x, "a word is too long", "語が長すぎます");
		return;
	}
	memcpy(x->token, x->at, n);
	x->token[n] = '\0';
	x->at += n;
}

static bool at_token(const struct lexer *x, const char *s)
{
	return !strcmp(x->token, s);
}

static bool at_word(const struct lexer *x)
{
	return *x->token && !strchr("(),=!", *x->token) && !at_token(x, "and") && !at_token(x, "or") && !at_token(x, "not") &&
	       !at_token(x, "in");
}

static bool expect(struct lexer *x, const char *token, const char *en, const char *ja)
{
	if (x->failed || !at_token(x, token)) {
		fail(x, en, ja);
		return false;
	}
	advance(x);
	return true;
}

static struct cond *cond_new(struct lexer *x, enum cond_op op)
{
	struct cond *c = arena_alloc(x->scope->reader->arena, sizeof *c);

	c->op = op;
	c->pos = x->pos;
	return c;
}

static void unknown_subject(struct lexer *x, const char *what_en, const char *what_ja, const char *name, const struct plan_strings *table)
{
	const struct reader *r = x->scope->reader;

	READ_FAULT2(r, x->pos, (r, "Condition: there is no %s '%s'%s.", what_en, name, read_nearest(r, name, table, false)),
		(r, "条件: %s「%s」はありません%s。", what_ja, name, read_nearest(r, name, table, true)));
}

static void resolve_subject(struct lexer *x, struct cond *c)
{
	const struct cond_scope *s = x->scope;

	c->ref = -1;
	if (at_token(x, "entry")) {
		c->subject = COND_ENTRY;
	} else if (at_token(x, "measures")) {
		c->subject = COND_MEASURES;
	} else if (!strncmp(x->token, "measures/", 9)) {
		c->subject = COND_MEASURES_OF;
		c->ref = read_find(s->roles, x->token + 9);
		if (c->ref < 0)
			unknown_subject(x, "role", "役割", x->token + 9, s->roles);
	} else {
		c->subject = COND_FACT;
		c->ref = read_find(s->facts, x->token);
		if (c->ref < 0)
			unknown_subject(x, "fact", "判断事項", x->token, s->facts);
	}
}

static struct plan_strings values_of(struct lexer *x, const struct cond *c)
{
	static const char *const MEASURES[] = {"none", "in_force", "ended"};
	const struct reader *r = x->scope->reader;
	struct plan_strings t = {NULL, 0};

	if (c->subject == COND_ENTRY)
		return *x->scope->items;
	if (c->subject == COND_FACT) {
		const struct plan_fact *f = &x->scope->plan->facts[c->ref];

		t = read_strings_new(r, f->n_values + 1);
		for (size_t i = 0; i < f->n_values; i++)
			t.at[t.n++] = f->values[i].id;
		t.at[t.n++] = "unset";
		return t;
	}
	t = read_strings_new(r, 3);
	for (size_t i = 0; i < 3; i++)
		t.at[t.n++] = MEASURES[i];
	return t;
}

static void take_value(struct lexer *x, struct cond *c)
{
	const struct reader *r = x->scope->reader;
	struct plan_strings allowed;

	if (x->failed || !at_word(x)) {
		fail(x, "a value is missing", "値がありません");
		return;
	}
	if (c->ref >= 0 || c->subject == COND_ENTRY || c->subject == COND_MEASURES) {
		allowed = values_of(x, c);
		if (read_find(&allowed, x->token) < 0) {
			const char *list = "";

			for (size_t i = 0; i < allowed.n && c->subject != COND_ENTRY; i++)
				list = arena_printf(r->arena, "%s%s%s", list, i ? ", " : "", allowed.at[i]);
			READ_FAULT2(r, x->pos,
				(r, "Condition: the value '%s' does not exist%s. Possible: %s.", x->token,
					read_nearest(r, x->token, &allowed, false), *list ? list : "ids of entry items"),
				(r, "条件: 値「%s」はありません%s。使える値: %s。", x->token, read_nearest(r, x->token, &allowed, true),
					*list ? list : "発端の項目のid"));
		}
	}
	c->values.at[c->values.n++] = arena_strdup(r->arena, x->token);
	advance(x);
}

static const struct cond *negated(struct lexer *x, const struct cond *c)
{
	struct cond *n = cond_new(x, COND_NOT);

	n->a = c;
	if (c)
		n->pos = c->pos;
	return n;
}

static void value_list(struct lexer *x, struct cond *c)
{
	size_t commas = 0;

	for (const char *p = x->at; *p && *p != ')'; p++)
		commas += *p == ',';
	c->values = read_strings_new(x->scope->reader, commas + 2);
	if (!expect(x, "(", "'in' wants a list in parentheses", "in の後にはかっこ書きの並びが必要です"))
		return;
	take_value(x, c);
	while (!x->failed && at_token(x, ",")) {
		advance(x);
		take_value(x, c);
	}
	expect(x, ")", "a ')' is missing; between { } a condition with a comma must stand in quotes",
		"「)」がありません。{ } の中では、「,」を含む条件を引用符で囲んでください");
}

static const struct cond *comparison(struct lexer *x)
{
	struct cond *c = cond_new(x, COND_IN);
	bool not_equal;

	if (!at_word(x)) {
		fail(x, "a name is missing", "名前がありません");
		return NULL;
	}
	if (++x->comparisons > MAX_COMPARISONS) {
		fail(x, "too many comparisons", "比較が多すぎます");
		return NULL;
	}
	resolve_subject(x, c);
	advance(x);
	if (at_token(x, "in")) {
		advance(x);
		value_list(x, c);
		return c;
	}
	not_equal = at_token(x, "!=");
	if (!not_equal && !at_token(x, "==")) {
		fail(x, "'==', '!=' or 'in' is missing", "「==」「!=」「in」のいずれかがありません");
		return NULL;
	}
	advance(x);
	c->values = read_strings_new(x->scope->reader, 1);
	take_value(x, c);
	return not_equal ? negated(x, c) : c;
}

static const struct cond *disjunction(struct lexer *);

static const struct cond *atom(struct lexer *x)
{
	const struct cond *c;

	if (x->failed || ++x->nesting > MAX_NESTING) {
		fail(x, "nested too deeply", "入れ子が深すぎます");
		return NULL;
	}
	if (at_token(x, "(")) {
		advance(x);
		c = disjunction(x);
		expect(x, ")", "a ')' is missing", "「)」がありません");
	} else if (at_token(x, "not")) {
		advance(x);
		c = negated(x, atom(x));
	} else {
		c = comparison(x);
	}
	x->nesting--;
	return c;
}

static const struct cond *joined(struct lexer *x, const char *word, enum cond_op op, const struct cond *(*part)(struct lexer *))
{
	const struct cond *c = part(x);

	while (!x->failed && at_token(x, word)) {
		struct cond *both = cond_new(x, op);

		advance(x);
		both->a = c;
		both->b = part(x);
		if (both->a)
			both->pos = both->a->pos;
		c = both;
	}
	return c;
}

static const struct cond *conjunction(struct lexer *x)
{
	return joined(x, "and", COND_AND, atom);
}

static const struct cond *disjunction(struct lexer *x)
{
	return joined(x, "or", COND_OR, conjunction);
}

const struct cond *cond_parse(const struct cond_scope *scope, const struct node *node)
{
	size_t errors = scope->reader->faults->n_errors;
	struct lexer x = {.scope = scope, .node = node};
	const struct cond *c;

	if (!node)
		return NULL;
	x.at = node->text;
	advance(&x);
	c = disjunction(&x);
	if (!x.failed && *x.token)
		fail(&x, "something is left over: join comparisons with 'and' or 'or'", "余分な語があります。and か or でつないでください");
	return scope->reader->faults->n_errors == errors ? c : NULL;
}

const struct cond *cond_both(struct arena *arena, const struct cond *a, const struct cond *b)
{
	struct cond *c;

	if (!a || !b)
		return a ? a : b;
	c = arena_alloc(arena, sizeof *c);
	*c = (struct cond){.op = COND_AND, .a = a, .b = b, .pos = b->pos};
	return c;
}

void cond_each(const struct cond *c, void (*on_comparison)(void *, const struct cond *), void *context)
{
	if (!c)
		return;
	if (c->op == COND_IN)
		on_comparison(context, c);
	cond_each(c->a, on_comparison, context);
	cond_each(c->b, on_comparison, context);
}

bool cond_has_value(const struct cond *c, const char *value)
{
	return read_find(&c->values, value) >= 0;
}
