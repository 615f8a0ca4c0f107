// What was typed into an item's form, and the Enter that is made of it. Pure: no page and no clock of its own.
//
// A draft is a flat object:
//   v.FIELD      the value of a field or agenda item ('deferred' puts an agenda item off)
//   u.FIELD      true: it is not known; why.FIELD says why
//   c.FIELD      what was ticked of the chosen option's list
//   t.AGENDA     words beside an agenda item's choice
//   call.BODY    {how: 'reached' | 'no_answer' | 'not_called', number, at, answered_by, said, again, reason}
//   more         [{body, ...}]: calls to bodies that the item does not list
//   follow       [{kind, text, owner, due}]: what goes on after the incident
//   none         why nothing goes on
// Times are what <input type="datetime-local"> holds, in Japan time: 2026-11-23T09:05.

import { fromLocal } from './time.js';

export const DEFERRED = 'deferred';

export function blank(text) {
	return text === undefined || text === null || String(text).trim() === '';
}

// What is on record already, as a draft. An entry is amended by changing it; what is to be done again is decided again, but need not
// be typed again: without choices.
export function fromEntry(item, { choices = true } = {}) {
	const out = {};
	const beside = new Set((item.agenda || []).map((a) => a.id + '.text'));
	const chosen = new Set([...(item.form || []).filter((f) => f.type === 'choice'), ...(item.agenda || [])].map((x) => x.id));
	for (const v of item.values || []) {
		if (!choices && chosen.has(v.field))
			continue;
		if (beside.has(v.field)) {
			out['t.' + v.field.slice(0, -'.text'.length)] = v.value || '';
			continue;
		}
		out['v.' + v.field] = v.value || '';
		if (v.unknown) {
			out['u.' + v.field] = true;
			out['why.' + v.field] = v.unknown;
		}
		if (v.checks)
			out['c.' + v.field] = v.checks;
	}
	return out;
}

// get(key): what stands in the draft, else what is on record.
export function reader(values, record) {
	return (key) => (values[key] !== undefined ? values[key] : (record || {})[key]);
}

function ticked(options, chosen, checks) {
	const option = (options || []).find((o) => o.id === chosen);
	return ((option && option.checks) || []).filter((c) => (checks || []).includes(c));
}

function valueOf(field, get) {
	if (get('u.' + field.id))
		return { field: field.id, unknown: get('why.' + field.id) || '' };
	const value = get('v.' + field.id);
	if (blank(value))
		return null;
	const checks = ticked(field.options, value, get('c.' + field.id));
	return checks.length ? { field: field.id, value, checks } : { field: field.id, value };
}

function agendaValues(agenda, get) {
	const value = get('v.' + agenda.id);
	const beside = get('t.' + agenda.id);
	const out = [];
	if (!blank(value)) {
		const checks = ticked(agenda.options, value, get('c.' + agenda.id));
		out.push(checks.length ? { field: agenda.id, value, checks } : { field: agenda.id, value });
	}
	if (!blank(beside) && ((agenda.options || []).length || value === DEFERRED))
		out.push({ field: agenda.id + '.text', value: beside });
	return out;
}

// One call as the protocol has it; null where nothing was said of it. offered: the number for this hour.
export function callOf(body, typed, offered) {
	if (!typed || !typed.how)
		return null;
	if (typed.how === 'not_called')
		return { body, no_answer: true, reason: typed.reason || '' };
	const call = { body, number: blank(typed.number) ? offered || '' : typed.number, at: fromLocal(typed.at) || typed.chosen || 0 };
	if (typed.how === 'no_answer') {
		call.no_answer = true;
		if (fromLocal(typed.again))
			call.again_at = fromLocal(typed.again);
	} else {
		call.answered_by = typed.answered_by || '';
	}
	if (!blank(typed.said))
		call.said = typed.said;
	return call;
}

function callsOf(item, get) {
	const listed = (item.calls || []).map((c) => callOf(c.body, get('call.' + c.body), c.number));
	const more = (get('more') || []).map((m) => (blank(m.body) ? null : callOf(m.body, m, m.offered)));
	return [...listed, ...more].filter(Boolean);
}

export function followUpsOf(item, get) {
	if (!(item.follow_ups || []).length)
		return [];
	const out = (get('follow') || []).filter((f) => !blank(f.text) || !blank(f.owner) || !blank(f.due))
		.map((f) => ({ kind: f.kind, text: f.text || '', owner: f.owner || '', due: f.due || '' }));
	if (!out.length && !blank(get('none')))
		out.push({ kind: 'none', text: get('none') });
	return out;
}

export function enterOf(incident, item, get) {
	const enter = { incident, item: item.id };
	const values = [...(item.form || []).map((f) => valueOf(f, get)).filter(Boolean),
		...(item.agenda || []).flatMap((a) => agendaValues(a, get))];
	const calls = callsOf(item, get);
	const follow = followUpsOf(item, get);
	if (values.length)
		enter.values = values;
	if (calls.length)
		enter.calls = calls;
	if (follow.length)
		enter.follow_ups = follow;
	return enter;
}

// Has this item anything to fill in? If not, one click does it.
export function asks(item) {
	return Boolean((item.form || []).length || (item.agenda || []).length || (item.calls || []).length || item.calls_extend ||
		(item.follow_ups || []).length);
}

// Where in the form a name of Result.missing belongs: {part, id} or null. The server names fields, agenda items, bodies
// (BODY, BODY.number, BODY.answered_by), follow_ups, follow_up.text, owner, follow_up.due.
export function placeOf(item, name) {
	const id = name.split(' ')[0];
	if ((item.form || []).some((f) => f.id === id))
		return { part: 'field', id };
	if ((item.agenda || []).some((a) => a.id === id))
		return { part: 'agenda', id };
	const body = (item.calls || []).find((c) => id === c.body || id.startsWith(c.body + '.'));
	if (body || id === 'calls' || id === 'number' || id === 'answered_by')
		return { part: 'call', id: body ? body.body : '' };
	if (id === 'follow_ups' || id.startsWith('follow_up') || (id === 'owner' && (item.follow_ups || []).length))
		return { part: 'follow', id: '' };
	return null;
}
