/* One record in words. */
#include <string.h>

#include "ctl/say.h"
#include "report/model.h"

#define NAMES_SHOWN 6u

static const char *given(const char *s)
{
	return s ? s : "";
}

static const char *with(const struct model *m, const char *text, const char *more)
{
	return *text && *more ? arena_printf(m->arena, "%s\n%s", text, more) : *text ? text : more;
}

const char *model_call(const struct model *m, const struct record *r, const struct record_call *c)
{
	const char *whom = c->body ? model_body(m, c->body) : model_person(m, r->name);
	const char *how = c->no_answer ? T("応答なし", "no answer") : given(c->answered_by);

	if (c->reason && *c->reason)
		return arena_printf(m->arena, T("電話 %s：かけない（%s）", "call %s: not made (%s)"), whom, c->reason);
	return arena_printf(m->arena, T("電話 %s %s：%s%s%s%s", "call %s %s: %s%s%s%s"), whom, given(c->number), how,
		*how && c->said && *c->said ? T("、", ", ") : "", given(c->said),
		c->again_at ? arena_printf(m->arena, T("（%s にかけ直す）", " (again at %s)"), model_when(m, c->again_at)) : "");
}

static const char *follow_up(const struct model *m, const struct record_follow *f)
{
	return arena_printf(m->arena, T("対策：%s（担当 %s、期限 %s）", "measure: %s (owner %s, due %s)"),
		given(f->text && *f->text ? f->text : f->kind), f->owner && *f->owner ? model_person(m, f->owner) : "-",
		f->due && *f->due ? f->due : "-");
}

static const char *recipient_name(const struct model *m, const struct record_recipient *r)
{
	return r->as == AS_TERMINAL || strncmp(r->id, "terminal:", 9) == 0 ? model_terminal(m, r->id) : model_person(m, r->id);
}

static const char *recipients(const struct model *m, const struct record *r)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < r->n_recipients && i < NAMES_SHOWN; i++)
		text = arena_printf(m->arena, "%s%s%s", text, i ? T("、", ", ") : "",
			r->kind == REC_RECEIPT && model_notice(m, r->notice) &&
					strcmp(model_notice(m, r->notice)->row->role, "every_terminal") == 0
				? model_terminal(m, r->recipients[i].id)
				: recipient_name(m, &r->recipients[i]));
	if (r->n_recipients > NAMES_SHOWN)
		text = arena_printf(m->arena, T("%s ほか%zu", "%s and %zu more"), text, r->n_recipients - NAMES_SHOWN);
	return text;
}

static const char *told(const struct model *m, const struct record *r)
{
	const char *whom = r->kind == REC_BROADCAST ? T("全端末", "every terminal") : recipients(m, r);

	return arena_printf(m->arena, T("%s［%s］へ%s", "to %s [%s]%s"), whom, model_role(m, r->role),
		r->stage == NOTICE_YOUR_TURN ? T("（対応の依頼）", " (please act)")
		: r->flag                    ? T("（受領確認を求める）", " (acknowledge)")
					     : "");
}

static const char *of_kind(const struct model *m, const struct record *r)
{
	switch (r->kind) {
	case REC_NOTIFIED:
	case REC_BROADCAST:
		return told(m, r);
	case REC_REMINDED:
		return arena_printf(m->arena, T("対策 %u について %s へ（%s）", "of measure %u, to %s (%s)"), r->ordinal, recipients(m, r),
			given(r->text));
	case REC_RECEIPT:
		return arena_printf(m->arena, T("%s：%s", "%s: %s"), recipients(m, r), say_stage((Renraku__Stage)r->stage));
	case REC_ESCALATED:
		return arena_printf(m->arena, "%s%s%s（%s）", say_escalation(escalation_name((enum escalation)r->stage)),
			r->n_recipients ? T("：", ": ") : "", recipients(m, r), say_cause(given(r->text)));
	case REC_WITHDRAWN:
	case REC_ACKNOWLEDGED: /* acting acknowledges, and says so by a code */
		return say_cause(given(r->text));
	case REC_CONFIRMED:
	case REC_DENIED:
		return with(
			m, arena_printf(m->arena, T("記録 %llu について", "of record %llu"), (unsigned long long)r->ref), given(r->text));
	case REC_EXCUSED:
		return arena_printf(m->arena, T("%s：%s", "%s: %s"), model_terminal(m, r->terminal), given(r->text));
	case REC_READ:
		return T("この事案の閲覧", "read this incident");
	case REC_BARRED:
		return arena_printf(m->arena, T("%s を%s：%s", "%s %s: %s"), model_person(m, r->other),
			r->flag ? T("再び加える", "readmitted") : T("外す", "barred"), given(r->text));
	case REC_SPLIT:
		return arena_printf(m->arena, T("通報（記録 %llu）を事案 %u へ分ける：%s", "alarm (record %llu) becomes incident %u: %s"),
			(unsigned long long)r->ref, r->ordinal, given(r->text));
	case REC_JOINED:
		return arena_printf(m->arena, T("事案 %u を事案 %u にまとめる：%s", "incident %u joined into %u: %s"), r->incident,
			r->ordinal, given(r->text));
	case REC_FOLLOW_UP_CHANGED:
		return arena_printf(m->arena, T("対策 %u%s%s", "measure %u%s%s"), r->ordinal,
			r->answer && strcmp(r->answer, "done") == 0 ? T("：完了　", ": done ") : T("　", " "), given(r->text));
	case REC_HANDED_OVER:
		return arena_printf(m->arena, T("措置 %u　%s", "measure %u - %s"), r->ordinal, given(r->text));
	default:
		return given(r->text);
	}
}

const char *model_line(const struct model *m, const struct source_line *line)
{
	const struct record *r = &line->r;
	const struct m_item *it = model_item(m, r->item ? r->item : r->kind == REC_ALARM_JOINED ? m->incident->entry : NULL);
	const char *text = model_values(m, it, r);
	size_t i;

	if (line->withheld)
		return T("（作成者が見てよい範囲の外の記録）", "(a record that is not for who printed this)");
	if (r->answer && (r->kind == REC_ACKNOWLEDGED))
		text = with(m, text, say_answer(r->answer));
	for (i = 0; i < r->n_calls; i++)
		text = with(m, text, model_call(m, r, &r->calls[i]));
	for (i = 0; i < r->n_follow_ups; i++)
		text = with(m, text, follow_up(m, &r->follow_ups[i]));
	if (r->kind == REC_OPENED || r->kind == REC_ALARM_JOINED)
		return r->text && *r->text ? with(m, text, arena_printf(m->arena, T("通報者：%s", "raised by: %s"), r->text)) : text;
	return with(m, text, of_kind(m, r));
}

const Renraku__RecipientRow *model_member(const struct m_notice *n, const Renraku__MeetingRow *meeting)
{
	size_t i;

	if (!n->row->answer || strcmp(n->row->item, meeting->item) != 0 || strcmp(n->row->role_title, meeting->role) != 0 ||
		strcmp(n->row->state, "withdrawn") == 0 || n->n_recipients == 0)
		return NULL;
	for (i = 0; i < n->n_recipients; i++)
		if (*n->recipients[i]->answer)
			return n->recipients[i];
	return n->recipients[0];
}
