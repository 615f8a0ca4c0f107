/* What an item asks for: names that would collide when it is entered, effects where none can come about. */
#include "plan/load.h"

#include <string.h>

/* Fields, agenda and the form of calls are entered as one list of values. */
static void check_value_names(struct loader *l, const struct plan_item *it)
{
	struct plan_strings names = read_strings_new(&l->r, it->n_form + it->n_agenda + it->calls.n_form);

	for (size_t i = 0; i < it->n_form; i++)
		names.at[names.n++] = it->form[i].id;
	for (size_t i = 0; i < it->n_agenda + it->calls.n_form; i++) {
		bool agenda = i < it->n_agenda;
		const char *id = agenda ? it->agenda[i].id : it->calls.form[i - it->n_agenda].id;
		struct plan_pos pos = agenda ? it->agenda[i].pos : it->calls.form[i - it->n_agenda].pos;

		if (strcmp(id, "?") && read_find(&names, id) >= 0)
			READ_FAULT(&l->r, pos,
				"'%s' is a field of this item already: fields, agenda and the form of calls share their names.",
				"「%s」は既にこの項目の欄にあります。欄・議題・連絡の欄は名前を共有します。", id);
		names.at[names.n++] = id;
	}
}

static bool has_effect(const struct plan_option *o)
{
	return o->orders != ROLE_NONE || o->ratifies != ROLE_NONE || o->reopens.n > 0;
}

static void check_calls_form(struct loader *l, const struct plan_item *it)
{
	for (size_t i = 0; i < it->calls.n_form; i++) {
		const struct plan_field *f = &it->calls.form[i];
		bool effect = f->sets >= 0;

		for (size_t k = 0; k < f->n_options; k++)
			effect |= has_effect(&f->options[k]);
		if (effect)
			READ_FAULT(&l->r, f->pos,
				"A field of 'calls' only records what was said: put a choice with an effect under the item's 'form'.",
				"calls の欄は話した内容を残すだけです。効果のある選択は項目の form に書いてください。");
	}
}

static bool orders(const struct plan_item *it)
{
	for (size_t d = 0; d < it->n_dims; d++) {
		for (size_t k = 0; k < it->dims[d].n_options; k++) {
			if (it->dims[d].options[k].orders != ROLE_NONE)
				return true;
		}
	}
	return false;
}

/* What only makes sense where a measure can be ordered. */
static void check_orders(struct loader *l, const struct plan_item *it)
{
	if (orders(it))
		return;
	for (size_t i = 0; i < it->n_tell; i++) {
		if (it->tell[i].if_ordered)
			READ_FAULT(&l->r, it->tell[i].pos,
				"'if_ordered' on an item none of whose options 'orders' a measure: nobody would ever be told. Remove it, "
				"or add "
				"'orders: ROLE' to the option that orders.",
				"措置を命ずる選択肢（orders）のない項目に if_ordered があり、誰にも伝わりません。消すか、命ずる選択肢に "
				"orders: "
				"役割 を書いてください。");
	}
	for (size_t i = 0; i < it->n_form; i++) {
		if (it->form[i].extent)
			READ_FAULT(&l->r, it->form[i].pos,
				"'extent' on an item none of whose options 'orders' a measure. Remove it, or add 'orders: ROLE' to an "
				"option.",
				"措置を命ずる選択肢（orders）のない項目に extent があります。消すか、選択肢に orders: 役割 "
				"を書いてください。");
	}
}

static void check_agenda(struct loader *l, const struct plan_item *it)
{
	for (size_t i = 0; i < it->n_agenda; i++) {
		for (size_t k = 0; k < it->agenda[i].n_options; k++) {
			if (!strcmp(it->agenda[i].options[k].id, "deferred"))
				READ_FAULT(&l->r, it->agenda[i].options[k].pos,
					"'deferred' (保留) can always be chosen for an agenda item. Remove this option.",
					"「deferred」（保留）は議題でいつでも選べます。この選択肢は消してください。");
		}
	}
}

/* `renraku withdraw` gives a ground and nothing else. */
static void check_withdrawal(struct loader *l, size_t item)
{
	const struct plan_item *it = &l->plan->items[item];
	size_t grounds = 0;

	if (!it->withdraws)
		return;
	for (size_t i = 0; i < item; i++) {
		if (l->plan->items[i].withdraws)
			READ_FAULT(&l->r, l->item[item][ITEM_WITHDRAWS]->pos,
				"Item '%s' has 'withdraws' already: one item for withdrawing is enough.",
				"withdraws の項目は既にあります（%s）。一つにしてください。", l->plan->items[i].id);
	}
	for (size_t i = 0; i < it->n_form; i++) {
		grounds += it->form[i].type == FIELD_TEXT;
		if (!it->form[i].optional && (it->form[i].type != FIELD_TEXT || grounds > 1))
			READ_FAULT(&l->r, it->form[i].pos, "Withdrawing gives one ground only: make this field optional or remove it.",
				"取下げで書けるのは根拠一つだけです。この欄を optional にするか、消してください。");
	}
	if (!grounds)
		READ_FAULT(&l->r, l->item[item][ITEM_WITHDRAWS]->pos, "Withdrawing needs a ground: add a field of 'type: text'.",
			"取下げには根拠が要ります。type: text の欄を書いてください。");
}

/* Everything that must be settled before `item`, itself left out. */
static void mark_before(const struct plan *plan, int item, bool *seen)
{
	const struct plan_ints *pre = &plan->items[item].pre;

	for (size_t i = 0; i < pre->n; i++) {
		if (!seen[pre->at[i]]) {
			seen[pre->at[i]] = true;
			mark_before(plan, pre->at[i], seen);
		}
	}
}

static void check_sending_back(struct loader *l, size_t item)
{
	const struct plan_item *it = &l->plan->items[item];
	bool *before = arena_alloc(l->r.arena, l->plan->n_items + 1);

	mark_before(l->plan, (int)item, before);
	for (size_t i = 0; i < it->n_dims; i++) {
		for (size_t k = 0; k < it->dims[i].n_options; k++) {
			const struct plan_option *o = &it->dims[i].options[k];

			for (size_t j = 0; j < o->reopens.n; j++) {
				if (!before[o->reopens.at[j]] && o->reopens.at[j] != (int)item)
					READ_WARN(&l->r, o->pos,
						"Option '%s' sends back to '%s', but this item does not come after it: nobody would wait "
						"for it to be done again.",
						"選択肢「%s」は「%"
						"s」に差し戻しますが、この項目はその後ではないため、やり直しを待ちません。",
						o->id, l->plan->items[o->reopens.at[j]].id);
			}
		}
	}
}

static bool item_sets(const struct plan_item *it, int fact)
{
	for (size_t i = 0; i < it->n_dims; i++) {
		if (it->dims[i].fact == fact)
			return true;
	}
	return false;
}

struct own_fact {
	struct loader *l;
	const struct plan_item *it;
	const struct plan_option *option;
};

/* A fact has no value yet when the only item that sets it is being entered. */
static void on_own_fact(void *arg, const struct cond *c)
{
	struct own_fact *o = arg;

	if (c->subject != COND_FACT || !item_sets(o->it, c->ref))
		return;
	for (size_t i = 0; i < o->l->plan->n_items; i++) {
		if (&o->l->plan->items[i] != o->it && item_sets(&o->l->plan->items[i], c->ref))
			return;
	}
	READ_WARN(&o->l->r, c->pos,
		"Option '%s' depends on the fact '%s', which only this item sets: it cannot be chosen when the item is first entered. Put "
		"the choice into a later item.",
		"選択肢「%s」は判断事項「%"
		"s」によりますが、それを定めるのはこの項目だけなので、はじめの入力では選べません。後の項目の選択にしてください。",
		o->option->id, o->l->plan->facts[c->ref].id);
}

static void check_own_facts(struct loader *l, const struct plan_item *it)
{
	for (size_t i = 0; i < it->n_dims; i++) {
		for (size_t k = 0; k < it->dims[i].n_options; k++) {
			struct own_fact o = {l, it, &it->dims[i].options[k]};

			if (o.option->when)
				cond_each(o.option->when, on_own_fact, &o);
		}
	}
}

void check_form(struct loader *l)
{
	for (size_t i = 0; i < l->plan->n_items; i++) {
		const struct plan_item *it = &l->plan->items[i];
		bool sends_back = false;

		check_value_names(l, it);
		check_calls_form(l, it);
		check_agenda(l, it);
		check_orders(l, it);
		check_withdrawal(l, i);
		check_own_facts(l, it);
		for (size_t d = 0; d < it->n_dims; d++) {
			for (size_t k = 0; k < it->dims[d].n_options; k++)
				sends_back |= it->dims[d].options[k].reopens.n > 0;
		}
		if (sends_back && !it->closes) /* closing comes after everything */
			check_sending_back(l, i);
	}
}
