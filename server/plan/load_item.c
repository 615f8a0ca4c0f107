/* One item: its keys, its own condition, whom it tells. */
#include "plan/load.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const BY_WORDS[] = {"anyone", "reporter", NULL};
static const char *const TO_WORDS[] = {"every_terminal", "entry", NULL};

/* ---- tell ---- */

enum { TELL_VIA, TELL_TO, TELL_ACK, TELL_IF_ORDERED };
static const struct key TELL[] = {
	{"via", KEY_TEXTS, false}, {"to", KEY_TEXTS, true}, {"ack", KEY_TEXT, true}, {"if_ordered", KEY_BOOL, false}};
static const char *const ACKS[] = {"none", "any", "all", "quorum"}; /* in the order of enum plan_ack */

static void read_ack(struct loader *l, const struct node *n, struct plan_tell *t)
{
	int word;

	if (!n)
		return;
	if (*n->text && strspn(n->text, "0123456789") == strlen(n->text)) {
		t->ack = ACK_NUMBER;
		t->ack_number = read_number(&l->r, n, 1, 1000, 1);
		return;
	}
	word = read_word(&l->r, n, ACKS, COUNT(ACKS));
	t->ack = word >= 0 ? (enum plan_ack)word : ACK_NONE;
}

static bool has_group(const struct loader *l, const struct plan_ints *roles)
{
	for (size_t i = 0; i < roles->n; i++) {
		if (roles->at[i] >= 0 && l->plan->roles[roles->at[i]].group)
			return true;
	}
	return false;
}

static void check_tell(struct loader *l, const struct node **k, const struct plan_tell *t)
{
	bool several = has_group(l, &t->to) || read_ints_has(&t->to, ROLE_EVERY_TERMINAL) || read_ints_has(&t->to, ROLE_ENTRY);

	if (k[TELL_TO] && !k[TELL_TO]->n)
		READ_FAULT(&l->r, k[TELL_TO]->pos, "'to' is empty: nobody would be told. Name a role, or remove this chain.",
			"to が空で、誰にも伝わりません。役割を書くか、この組を消してください。");
	if (t->ack == ACK_QUORUM && k[TELL_TO] && t->to.n && !(t->to.n == 1 && has_group(l, &t->to)))
		READ_FAULT(&l->r, k[TELL_ACK]->pos, "'ack: quorum' needs one role with 'group: true' in 'to'. Use any or all for others.",
			"ack: quorum は、to が group: true の役割一つの場合だけ使えます。他では any か all としてください。");
	if (t->ack == ACK_NUMBER && !several && t->ack_number > (int)t->to.n)
		READ_FAULT(&l->r, k[TELL_ACK]->pos, "'ack: %d' can never be reached: 'to' names %d roles.",
			"ack: %d は満たされません。to の役割は%dです。", t->ack_number, (int)t->to.n);
	if (k[TELL_VIA] && has_group(l, &t->via))
		READ_FAULT(&l->r, k[TELL_VIA]->pos, "A group cannot pass a message on: put it into 'to'.",
			"会議体は伝達の経由にできません。to に書いてください。");
}

static void fill_tells(struct loader *l, const struct node *list, struct plan_item *it)
{
	if (!list)
		return;
	it->tell = arena_alloc(l->r.arena, (list->n + 1) * sizeof *it->tell);
	for (const struct node *m = list->first; m; m = m->next) {
		struct plan_tell *t = &it->tell[it->n_tell++];
		const struct node *k[COUNT(TELL)];

		read_map(&l->r, m, (struct noun){"'tell' chain", "tell の組"}, TELL, COUNT(TELL), k);
		t->pos = m->pos;
		t->via = load_form_roles(l, k[TELL_VIA], NULL);
		t->to = load_form_roles(l, k[TELL_TO], TO_WORDS);
		read_ack(l, k[TELL_ACK], t);
		t->if_ordered = read_bool(k[TELL_IF_ORDERED], false);
		check_tell(l, k, t);
	}
}

/* ---- follow-ups ---- */

enum { FOL_ID, FOL_TITLE, FOL_TITLE_EN, FOL_CONTENTS };
static const struct key FOLLOW[] = {
	{"id", KEY_ID, true}, {"title", KEY_TEXT, true}, {"title_en", KEY_TEXT, false}, {"contents", KEY_TEXTS, false}};

static void fill_followups(struct loader *l, const struct node *list, struct plan_item *it)
{
	static const struct noun what = {"follow-up", "追跡事項"};
	struct plan_strings ids;

	if (!list)
		return;
	ids = read_strings_new(&l->r, list->n);
	it->followups = arena_alloc(l->r.arena, (list->n + 1) * sizeof *it->followups);
	for (const struct node *m = list->first; m; m = m->next) {
		struct plan_follow *f = &it->followups[it->n_followups++];
		const struct node *k[COUNT(FOLLOW)];

		read_map(&l->r, m, what, FOLLOW, COUNT(FOLLOW), k);
		f->pos = m->pos;
		f->id = read_id(&l->r, k[FOL_ID], what, &ids);
		f->title = k[FOL_TITLE] ? read_text(&l->r, k[FOL_TITLE]) : f->id;
		f->title_en = read_text(&l->r, k[FOL_TITLE_EN]);
		f->contents = read_texts(&l->r, k[FOL_CONTENTS]);
	}
}

/* ---- the item ---- */

static void fill_joins(struct loader *l, const struct node *list, struct plan_item *it)
{
	struct plan_strings fields = read_strings_new(&l->r, it->n_form);

	for (size_t i = 0; i < it->n_form; i++)
		fields.at[fields.n++] = it->form[i].id;
	read_names(&l->r, list, (struct noun){"field of this item", "この項目の欄"}, &fields);
	it->joins = read_texts(&l->r, list);
	if (list && !it->entry)
		READ_FAULT(&l->r, list->key->pos, "Only an item with 'entry: true' joins alarms.",
			"joins は entry: true の項目だけに書けます。");
}

static void fill_decided_by(struct loader *l, const struct node *n, struct plan_item *it)
{
	it->decided_by = -1;
	if (!n)
		return;
	it->decided_by_word = n->text;
	if (strcmp(n->text, "chair"))
		it->decided_by = load_form_role(l, n, (const char *const[]){"chair", NULL});
}

static void fill_flags(struct loader *l, const struct node *const *k, struct plan_item *it)
{
	const struct plan_step *step = &l->plan->steps[it->step];

	it->optional = read_bool(k[ITEM_OPTIONAL], false);
	it->entry = read_bool(k[ITEM_ENTRY], false);
	it->standing = read_bool(k[ITEM_STANDING], false);
	it->lifts = read_bool(k[ITEM_LIFTS], false);
	it->closes = read_bool(k[ITEM_CLOSES], false);
	it->withdraws = read_bool(k[ITEM_WITHDRAWS], false);
	it->by_telephone = read_bool(k[ITEM_BY_TELEPHONE], true);
	it->aftercare = step->aftercare;
}

void load_item_fill(struct loader *l, int item)
{
	struct plan_item *it = &l->plan->items[item];
	const struct node *const *k = l->item[item];

	it->title = k[ITEM_TITLE] ? read_text(&l->r, k[ITEM_TITLE]) : it->id;
	it->title_en = read_text(&l->r, k[ITEM_TITLE_EN]);
	it->words = read_text(&l->r, k[ITEM_WORDS]);
	it->note = read_text(&l->r, k[ITEM_NOTE]);
	it->alarm = read_text(&l->r, k[ITEM_ALARM]);
	it->clause = read_texts(&l->r, k[ITEM_CLAUSE]);
	fill_flags(l, k, it);
	it->by = load_form_roles(l, k[ITEM_BY], BY_WORDS);
	if (k[ITEM_BY] && !k[ITEM_BY]->n)
		READ_FAULT(&l->r, k[ITEM_BY]->pos, "'by' is empty: nobody could do this item. Name a role.",
			"by が空で、誰も行えません。役割を書いてください。");
	it->form = load_form_fields(l, k[ITEM_FORM], &it->n_form);
	load_form_calls(l, k[ITEM_CALLS], &it->calls);
	it->agenda = load_form_agenda(l, k[ITEM_AGENDA], &it->n_agenda);
	fill_tells(l, k[ITEM_TELL], it);
	fill_followups(l, k[ITEM_FOLLOWUPS], it);
	fill_joins(l, k[ITEM_JOINS], it);
	fill_decided_by(l, k[ITEM_DECIDED_BY], it);
	it->within = read_name(&l->r, k[ITEM_WITHIN], LOAD_LIMIT, &l->limits);
	it->when = cond_both(l->r.arena, l->step_cond[it->step], cond_parse(&l->scope, k[ITEM_WHEN]));
}
