/* What a plan says that cannot be meant: judged item by item. Orders and conditions over the whole plan are in check_order.c and
 * check_reach.c. */
#include "plan/load.h"

#include <string.h>

static struct plan_pos key_pos(const struct loader *l, size_t item, enum item_key key)
{
	const struct node *n = l->item[item][key];

	return n ? n->key->pos : l->plan->items[item].pos;
}

/* ---- the plan as a whole ---- */

static void check_ends(struct loader *l)
{
	const struct plan *plan = l->plan;
	size_t entries = 0, closings = 0, unconditional = 0;
	struct plan_pos pos = plan->n_procedures ? plan->procedures[0].pos : (struct plan_pos){1, 1};

	for (size_t i = 0; i < plan->n_items; i++) {
		entries += plan->items[i].entry;
		closings += plan->items[i].closes;
		unconditional += plan->items[i].closes && !plan->items[i].when;
	}
	if (!entries)
		READ_FAULT(&l->r, pos, "No item has 'entry: true': no incident could ever be opened.",
			"entry: true の項目がなく、事案を始められません。");
	if (!closings)
		READ_FAULT(&l->r, pos, "No item has 'closes: true': no incident could ever be closed.",
			"closes: true の項目がなく、事案を終えられません。");
	else if (!unconditional)
		READ_WARN(&l->r, pos, "Every closing item has a condition: make sure that one of them applies on every path.",
			"終結の項目がすべて条件付きです。どの経路でもいずれかが当てはまることを確かめてください。");
}

static bool effects(const struct plan *plan, bool ratifies, int role)
{
	for (size_t i = 0; i < plan->n_items; i++) {
		for (size_t j = 0; j < plan->items[i].n_dims; j++) {
			const struct plan_dim *d = &plan->items[i].dims[j];

			for (size_t k = 0; k < d->n_options; k++) {
				int by = ratifies ? d->options[k].ratifies : d->options[k].orders;

				if (by != ROLE_NONE && (role == ROLE_NONE || by == role))
					return true;
			}
		}
	}
	return false;
}

static void check_measures(struct loader *l)
{
	const struct plan *plan = l->plan;
	bool ordered = effects(plan, false, ROLE_NONE), lifted = false;

	for (size_t i = 0; i < plan->n_items; i++)
		lifted |= plan->items[i].lifts;
	for (size_t i = 0; i < plan->n_items; i++) {
		for (size_t j = 0; j < plan->items[i].n_dims; j++) {
			const struct plan_dim *d = &plan->items[i].dims[j];

			for (size_t k = 0; k < d->n_options; k++) {
				if (d->options[k].orders != ROLE_NONE && !lifted)
					READ_FAULT(&l->r, d->options[k].pos,
						"A measure is ordered here, but no item has 'lifts: true': the incident could never be "
						"closed.",
						"ここで措置を命じますが、lifts: true の項目がなく、事案を終えられません。");
				if (d->options[k].ratifies != ROLE_NONE && !ordered)
					READ_WARN(&l->r, d->options[k].pos, "A measure is taken over here, but no option orders one.",
						"ここで措置を引き継ぎますが、命ずる選択肢がありません。");
			}
		}
		if (plan->items[i].lifts && !ordered)
			READ_WARN(&l->r, key_pos(l, i, ITEM_LIFTS), "This item lifts measures, but no option orders one.",
				"この項目は措置を解きますが、命ずる選択肢がありません。");
	}
}

/* above, held_as, told_with: following one of them must come to an end. */
static int role_link(const struct plan_role *role, int which)
{
	return which == 0 ? role->above : which == 1 ? role->held_as : role->told_with;
}

static void check_role_chain(struct loader *l, int which, const char *key)
{
	const struct plan *plan = l->plan;

	for (size_t i = 0; i < plan->n_roles; i++) {
		const char *path = plan->roles[i].id;
		int at = role_link(&plan->roles[i], which), lowest = (int)i;
		size_t steps = 0;

		while (at != ROLE_NONE && at != (int)i && steps++ <= plan->n_roles) {
			lowest = at < lowest ? at : lowest;
			path = READ_TEXT(&l->r, "%s -> %s", path, plan->roles[at].id);
			at = role_link(&plan->roles[at], which);
		}
		if (at == (int)i && lowest == (int)i) /* each circle is told once, at its first role */
			READ_FAULT(&l->r, plan->roles[i].pos, "Roles go round in a circle under '%s': %s -> %s.",
				"役割の「%s」が輪になっています: %s -> %s。", key, path, plan->roles[i].id);
	}
}

static void check_roles(struct loader *l)
{
	check_role_chain(l, 0, "above");
	check_role_chain(l, 1, "held_as");
	for (size_t i = 0; i < l->plan->n_roles; i++) {
		const struct plan_role *role = &l->plan->roles[i];

		if (role->held_as != ROLE_NONE && read_ints_has(&role->never, role->held_as))
			READ_FAULT(&l->r, role->pos, "Role '%s' is held as '%s' and may never be held by it.",
				"役割「%s」は「%s」が務めるとあり、また兼ねられないとあります。", role->id,
				l->plan->roles[role->held_as].id);
		if (read_ints_has(&role->never, (int)i))
			READ_FAULT(&l->r, role->pos, "Role '%s' excludes itself under 'never'.",
				"役割「%s」の never に自分自身があります。", role->id);
	}
}

static void check_facts(struct loader *l)
{
	for (size_t i = 0; i < l->plan->n_facts; i++) {
		const struct plan_fact *f = &l->plan->facts[i];
		bool set = false;

		for (size_t j = 0; j < l->plan->n_slots; j++)
			set |= l->plan->slots[j].fact == (int)i;
		if (!set && !f->read)
			READ_WARN(&l->r, f->pos, "Fact '%s' is neither set nor read. Remove it, or add 'sets'.",
				"判断事項「%s」は定められも読まれもしません。消すか、sets を書いてください。", f->id);
	}
}

/* ---- one item ---- */

/* Present, and not written out as false. */
static bool says(const struct loader *l, size_t item, enum item_key key)
{
	const struct node *n = l->item[item][key];

	return n && !(n->type == NODE_SCALAR && !strcmp(n->text, "false"));
}

static void refuse_together(struct loader *l, size_t item, enum item_key a, enum item_key b)
{
	if (says(l, item, a) && says(l, item, b))
		READ_FAULT(&l->r, key_pos(l, item, b), "'%s' cannot stand beside '%s' in one item. Remove one.",
			"「%s」と「%s」は一つの項目に並べられません。どちらかを消してください。", l->item[item][b]->key->text,
			l->item[item][a]->key->text);
}

static void check_entry(struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];
	static const enum item_key NOT_BESIDE[] = {ITEM_WHEN, ITEM_AFTER, ITEM_RESTS_ON, ITEM_OPTIONAL, ITEM_STANDING, ITEM_LIFTS,
		ITEM_CLOSES, ITEM_WITHDRAWS, ITEM_FOLLOWUPS, ITEM_CALLS, ITEM_AGENDA};

	if (!it->entry) {
		if (it->alarm)
			READ_FAULT(&l->r, key_pos(l, i, ITEM_ALARM), "Only an item with 'entry: true' has an alarm word.",
				"alarm は entry: true の項目だけに書けます。");
		return;
	}
	for (size_t k = 0; k < sizeof NOT_BESIDE / sizeof *NOT_BESIDE; k++)
		refuse_together(l, i, ITEM_ENTRY, NOT_BESIDE[k]);
	if (it->aftercare)
		READ_FAULT(&l->r, it->pos, "An entry item cannot stand in an 'aftercare' step.",
			"発端の項目は aftercare の手順に置けません。");
	else if (l->step_cond[it->step])
		READ_WARN(&l->r, it->pos, "An entry item ignores the condition of its step and procedure. Put it into one without 'when'.",
			"発端の項目には手順・手順書の条件が効きません。when のない手順に置いてください。");
	if (read_ints_has(&it->by, ROLE_REPORTER))
		READ_FAULT(&l->r, key_pos(l, i, ITEM_BY), "There is no reporter before the incident is open. Write 'anyone' or a role.",
			"事案が始まる前に「発見者」はいません。anyone か役割を書いてください。");
	for (size_t j = 0; j < it->n_tell; j++) {
		if (read_ints_has(&it->tell[j].to, ROLE_ENTRY))
			READ_FAULT(&l->r, it->tell[j].pos, "'to: [entry]' in an entry item refers to itself. Name those to be told.",
				"発端の項目の to: [entry] は自分自身を指します。伝える相手を書いてください。");
	}
}

static void check_alarm_word(struct loader *l, size_t i)
{
	const struct plan *plan = l->plan;
	const char *word = plan->items[i].alarm;
	struct plan_strings alone = read_strings_new(&l->r, 1);

	if (!word)
		return;
	read_id(&l->r, l->item[i][ITEM_ALARM], (struct noun){"alarm word", "通報の語"}, &alone);
	for (size_t j = 0; j < plan->n_items; j++) {
		bool same_word = j < i && plan->items[j].alarm && !strcmp(plan->items[j].alarm, word);

		if (same_word || (j != i && !strcmp(plan->items[j].id, word)))
			READ_FAULT(&l->r, key_pos(l, i, ITEM_ALARM), "Alarm word '%s' means item '%s' already. Choose another.",
				"通報の語「%s」は既に項目「%s」を指します。別の語にしてください。", word, plan->items[j].id);
	}
}

static void check_closing(struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];

	if (!it->closes)
		return;
	refuse_together(l, i, ITEM_CLOSES, ITEM_OPTIONAL);
	refuse_together(l, i, ITEM_CLOSES, ITEM_STANDING);
	refuse_together(l, i, ITEM_CLOSES, ITEM_LIFTS);
	for (enum item_key k = ITEM_AFTER; k <= ITEM_RESTS_ON; k++) {
		if (l->item[i][k])
			READ_WARN(&l->r, key_pos(l, i, k), "A closing item always comes last; 'after' and 'rests_on' have no effect.",
				"終結の項目は常に最後です。after・rests_on は効きません。");
	}
}

static void check_standing(struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];

	refuse_together(l, i, ITEM_STANDING, ITEM_OPTIONAL);
	refuse_together(l, i, ITEM_STANDING, ITEM_LIFTS);
	if (it->withdraws && !it->standing)
		READ_FAULT(&l->r, key_pos(l, i, ITEM_WITHDRAWS),
			"An item with 'withdraws' must be 'standing: true': an alarm may be withdrawn at any time.",
			"withdraws の項目には standing: true が必要です。通報はいつでも取り下げられます。");
	if (it->withdraws && !l->item[i][ITEM_SETS])
		READ_FAULT(&l->r, key_pos(l, i, ITEM_WITHDRAWS),
			"Withdrawing changes nothing: give 'sets: [FACT = VALUE]' that says the alarm was mistaken.",
			"取下げが何も変えません。誤報とする sets: [判断事項 = 値] を書いてください。");
	if (it->withdraws && !read_ints_has(&it->by, ROLE_REPORTER) && !read_ints_has(&it->by, ROLE_ANYONE))
		READ_WARN(&l->r, key_pos(l, i, ITEM_BY),
			"'withdraws' without 'reporter' in 'by': who raised an alarm could not withdraw it.",
			"by に reporter がなく、通報した本人が取り下げられません。");
}

static void check_aftercare(struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];

	if (!it->aftercare)
		return;
	if (it->lifts)
		READ_FAULT(&l->r, key_pos(l, i, ITEM_LIFTS),
			"Aftercare begins when no measure is in force: an item that lifts them would never be ready.",
			"aftercare は措置がすべて解かれてから始まるため、措置を解く項目（lifts）は始まりません。");
	for (size_t j = 0; j < it->n_dims; j++) {
		for (size_t k = 0; k < it->dims[j].n_options; k++) {
			if (it->dims[j].options[k].orders != ROLE_NONE)
				READ_FAULT(&l->r, it->dims[j].options[k].pos,
					"A measure cannot be ordered in aftercare: it begins when the emergency is over.",
					"aftercare で措置は命じられません。緊急時の状態が解消された後に始まります。");
		}
	}
}

static void check_actors(struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];
	bool somebody = false;

	for (size_t j = 0; j < it->by.n; j++) {
		int role = it->by.at[j];

		somebody |= role == ROLE_ANYONE || (role >= 0 && !l->plan->roles[role].optional);
	}
	if (it->by.n && !somebody && it->closes)
		READ_FAULT(&l->r, key_pos(l, i, ITEM_BY), "Nobody is sure to be able to close: name a role that must be held.",
			"終結できる者がいるとは限りません。必ず担当者のいる役割を書いてください。");
	else if (it->by.n && !somebody && !it->optional && !it->standing)
		READ_FAULT(&l->r, key_pos(l, i, ITEM_BY),
			"Nobody is sure to be able to do this: it names only the reporter or optional roles. Add a role that must be held.",
			"発見者か任意の役割しかなく、行える者がいるとは限りません。必ず担当者のいる役割を加えてください。");
}

static void check_choices(struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];

	for (size_t j = 0; j < it->n_dims; j++) {
		const struct plan_dim *d = &it->dims[j];
		size_t back = 0;

		for (size_t k = 0; k < d->n_options; k++) {
			back += d->options[k].reopens.n > 0;
			if (read_ints_has(&d->options[k].reopens, (int)i))
				READ_FAULT(&l->r, d->options[k].pos,
					"Option '%s' sends back to its own item. Name the items to be done again.",
					"選択肢「%s」が自分の項目に差し戻しています。やり直す項目を書いてください。", d->options[k].id);
		}
		if (d->n_options && back == d->n_options && !d->agenda)
			READ_FAULT(&l->r, d->options[0].pos,
				"Every option of '%s' sends work back: the item could never be done. Add one that does not.",
				"「%s」のすべての選択肢が差し戻しで、項目が終わりません。差し戻さない選択肢を加えてください。", d->id);
		for (size_t k = 0; k < j; k++) {
			if (d->fact >= 0 && it->dims[k].fact == d->fact)
				READ_FAULT(&l->r, it->pos, "Item '%s' sets the fact '%s' twice.",
					"項目「%s」が判断事項「%s」を二度定めています。", it->id, l->plan->facts[d->fact].id);
		}
	}
}

static bool named(const struct node *list, const char *id)
{
	for (const struct node *m = list ? list->first : NULL; m; m = m->next) {
		if (!strcmp(m->text, id))
			return true;
	}
	return false;
}

static void check_predecessors(struct loader *l, size_t i)
{
	const struct plan *plan = l->plan;

	for (enum item_key k = ITEM_AFTER; k <= ITEM_RESTS_ON; k++) {
		for (const struct node *m = l->item[i][k] ? l->item[i][k]->first : NULL; m; m = m->next) {
			int other = read_find(&l->items, m->text);

			if (other < 0 || other == (int)i)
				continue;
			if (plan->items[other].closes)
				READ_FAULT(&l->r, m->pos, "Item '%s' closes the incident: nothing can come after it.",
					"項目「%s」は事案を終えるもので、その後には何も行えません。", m->text);
			else if (plan->items[other].standing)
				READ_WARN(&l->r, m->pos, "Item '%s' is standing (never owed): waiting for it waits for nothing.",
					"項目「%s」は standing（義務でない）で、待つ意味がありません。", m->text);
			if (k == ITEM_RESTS_ON && named(l->item[i][ITEM_AFTER], m->text))
				READ_WARN(&l->r, m->pos, "'%s' stands under 'after' and 'rests_on'; 'rests_on' is enough.",
					"「%s」が after と rests_on の両方にあります。rests_on だけで足ります。", m->text);
		}
	}
}

/* Need to know: who must act or is told must see. */
static void check_seen_list(struct loader *l, const struct plan_ints *seen, const struct plan_ints *roles, struct plan_pos pos)
{
	for (size_t i = 0; i < roles->n; i++) {
		if (roles->at[i] >= 0 && !read_ints_has(seen, roles->at[i]))
			READ_FAULT(&l->r, pos, "Role '%s' has a part here but is not in the procedure's 'seen_by'. Add it there.",
				"役割「%s」はここに関わりますが、手順書の seen_by にありません。加えてください。",
				l->plan->roles[roles->at[i]].id);
	}
}

static void check_seen(struct loader *l, size_t i)
{
	const struct plan_item *it = &l->plan->items[i];
	const struct plan_ints *seen = &l->plan->procedures[it->procedure].seen_by;

	if (!seen->n)
		return;
	check_seen_list(l, seen, &it->by, key_pos(l, i, ITEM_BY));
	for (size_t j = 0; j < it->n_tell; j++) {
		check_seen_list(l, seen, &it->tell[j].via, it->tell[j].pos);
		check_seen_list(l, seen, &it->tell[j].to, it->tell[j].pos);
	}
}

/* Who may keep others out acts alone, and must see the incident. */
static void check_bars(struct loader *l, size_t i)
{
	const struct plan_procedure *p = &l->plan->procedures[i];
	struct plan_pos pos = l->bars[i] ? l->bars[i]->pos : p->pos;

	for (size_t k = 0; k < p->bars.n; k++)
		if (p->bars.at[k] < 0 || l->plan->roles[p->bars.at[k]].group)
			READ_FAULT(&l->r, pos, "'bars' names roles held by persons; '%s' is none.",
				"bars には人が務める役割を書いてください。「%s」は違います。", plan_role_id(l->plan, p->bars.at[k]));
	if (p->seen_by.n)
		check_seen_list(l, &p->seen_by, &p->bars, pos);
}

void check_plan(struct loader *l)
{
	for (size_t i = 0; i < l->plan->n_procedures; i++)
		check_bars(l, i);
	check_ends(l);
	check_measures(l);
	check_roles(l);
	check_facts(l);
	for (size_t i = 0; i < l->plan->n_items; i++) {
		check_entry(l, i);
		check_alarm_word(l, i);
		check_closing(l, i);
		check_standing(l, i);
		check_aftercare(l, i);
		check_actors(l, i);
		check_choices(l, i);
		check_predecessors(l, i);
		check_seen(l, i);
	}
}
