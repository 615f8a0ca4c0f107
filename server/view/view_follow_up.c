/* What goes on after incidents: follow-ups and measures handed over, with owner and day. In the incident's view, in the inbox of who owns
 * it, and all of them in one view. */
#include <string.h>

#include "view/view_build.h"

/* One reminder says no more of it than this; the whole stands in its row. */
#define IN_A_TITLE 120u

static void kind(const struct incident *inc, const struct follow_up *f, Renraku__FollowUpRow *row)
{
	const struct plan_item *it = f->item >= 0 ? &inc->plan->items[f->item] : NULL;
	row->kind = view_text_plain(f->kind);
	if (f->measure) {
		row->kind_title = view_text_plain("引き継いだ措置");
		row->kind_title_en = view_text_plain("measure handed over");
	}
	for (size_t i = 0; it && f->kind && i < it->n_followups; i++)
		if (strcmp(it->followups[i].id, f->kind) == 0) {
			row->kind_title = view_text_plain(it->followups[i].title);
			row->kind_title_en = view_text_english(it->followups[i].title, it->followups[i].title_en);
		}
}

char *view_follow_up_owner(struct view_build *b, const struct incident *inc, const char *owner)
{
	int role = owner && b->site && site_person_find(b->site, owner) < 0 ? plan_role_find(inc->plan, owner) : ROLE_NONE;
	return role >= 0 ? view_text_plain(inc->plan->roles[role].title) : view_text_person(b, owner);
}

static void add(struct view_build *b, const struct incident *inc, const struct follow_up *f, const char *order)
{
	view_text_row(b);
	Renraku__FollowUpRow row;
	renraku__follow_up_row__init(&row);
	row.id = f->id;
	row.incident = inc->id;
	row.drill = inc->drill;
	bool sees = people_may_see(b->engine, inc, b->reader.person, b->reader.terminal);
	row.item = view_text_plain(sees && f->item >= 0 ? inc->plan->items[f->item].id : NULL);
	kind(inc, f, &row);
	row.text = view_text_cut(b, f->text);
	row.owner = view_text_plain(f->owner);
	row.owner_name = view_follow_up_owner(b, inc, f->owner);
	row.due = view_text_plain(f->due);
	row.state = view_text_plain(f->state);
	row.remark = view_text_cut(b, f->remark);
	row.reminded_at = (uint64_t)f->reminded_at;
	row.measure = f->measure;
	row.when = view_text_plain(engine_follow_up_when(b->engine, inc, f, b->now));
	Renraku__Row out;
	renraku__row__init(&out);
	out.body_case = RENRAKU__ROW__BODY_FOLLOW_UP;
	out.follow_up = &row;
	view_rows_add(b, &out, arena_printf(b->arena, "follow_up:%u:%u", inc->id, f->id), order);
}

void view_follow_up_incident(struct view_build *b, const struct incident *inc)
{
	for (size_t i = 0; i < inc->n_follow_ups; i++)
		add(b, inc, &inc->follow_ups[i], arena_printf(b->arena, "50.%05u", inc->follow_ups[i].id));
}

static bool open(const struct follow_up *f)
{
	return strcmp(f->state, "open") == 0;
}

/* By day; what is done stands behind, drills behind what is real. */
static char *by_day(struct view_build *b, const char *section, const struct incident *inc, const struct follow_up *f)
{
	return arena_printf(b->arena, "%s.%d.%d.%s.%010u.%05u", section, inc->drill, !open(f), f->due ? f->due : "", inc->id, f->id);
}

void view_follow_up_own(struct view_build *b, const struct incident *inc, const char *section)
{
	for (size_t i = 0; i < inc->n_follow_ups; i++)
		if (open(&inc->follow_ups[i]) && engine_follow_up_owned(b->engine, inc, &inc->follow_ups[i], b->reader.person))
			add(b, inc, &inc->follow_ups[i], by_day(b, section, inc, &inc->follow_ups[i]));
}

void view_follow_up_all(struct view_build *b)
{
	const struct incident *const *incidents;
	size_t n = engine_incidents(b->engine, &incidents);
	view_people_town(b);
	for (size_t i = 0; i < n; i++) {
		const struct incident *inc = incidents[i];
		bool sees = people_may_see(b->engine, inc, b->reader.person, b->reader.terminal);
		for (size_t k = 0; k < inc->n_follow_ups; k++)
			if (sees || engine_follow_up_owned(b->engine, inc, &inc->follow_ups[k], b->reader.person))
				add(b, inc, &inc->follow_ups[k], by_day(b, "20", inc, &inc->follow_ups[k]));
	}
}

/* ---- a reminder, as a notice ---- */

const struct follow_up *view_follow_up_of(const struct notice *n)
{
	return n->kind == NOTICE_REMINDER ? &n->incident->follow_ups[n->follow_up - 1] : NULL;
}

/* Whoever owns it need not know what happened: nothing of the incident but its number. */
char *view_follow_up_title(struct view_build *b, const struct notice *n, const char *lead, bool english)
{
	static const struct {
		const char *why, *ja, *en;
	} texts[] = {{"soon", "期限が近づいています", "due soon"}, {"due", "今日が期限です", "due today"},
		{"overdue", "期限を過ぎています", "overdue"}};
	const struct follow_up *f = view_follow_up_of(n);
	const char *why = english ? "reminder" : "お知らせ";
	size_t len = strlen(f->text ? f->text : "");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(texts[i].why, n->reminds) == 0)
			why = english ? texts[i].en : texts[i].ja;
	while (len > IN_A_TITLE || (len > 0 && ((unsigned char)f->text[len] & 0xC0) == 0x80))
		len--;
	return arena_printf(b->arena,
		english ? "%sFollow-up %s: %.*s%s (due %s, incident %u no. %u)" : "%s今後の対策の%s：%.*s%s（期限 %s、事案%u の%u）", lead,
		why, (int)len, f->text ? f->text : "", f->text && f->text[len] ? "…" : "", f->due, n->incident->id, f->id);
}
