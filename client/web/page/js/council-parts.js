// What a council's page and its minutes are made of: the meetings, who comes, and what was decided. Nothing here knows a plan: a convening is an
// item that tells a group up to its quorum, a decision an item with an agenda or with somebody who decides it.
import { t, both } from './i18n.js';
import * as codes from './codes.js';
import { era, fromLocal } from './time.js';
import { rows } from './store.js';

const UNSEEN = ['not_applicable', 'undetermined'];

export function items(incident) {
	return rows('VIEW_INCIDENT', incident, 'item').filter((i) => !UNSEEN.includes(i.state));
}

export function convenes(item) {
	return ((item.plan && item.plan.tells) || []).some((x) => x.ack === 'quorum');
}

function decides(item) {
	return Boolean((item.agenda || []).length || item.decided_by) && !convenes(item);
}

// Members with their newest answer to this convening.
export function members(incident, meeting) {
	const found = new Map();
	for (const n of rows('VIEW_INCIDENT', incident, 'notice')) {
		const group = both(n, 'role_title') === both(meeting, 'role') || n.role_title === meeting.role;
		const whole = n.part ? rows('VIEW_INCIDENT', incident, 'notice').find((x) => x.id === n.id && !x.part) : n;
		if (!whole || !whole.answer || whole.item !== meeting.item || whole.state === 'withdrawn' || !group)
			continue;
		for (const r of n.recipients || []) {
			const held = found.get(r.id);
			if (!held || (!held.r.answer && r.answer) || (r.acknowledged_at || 0) > (held.r.acknowledged_at || 0))
				found.set(r.id, { r, notice: whole });
		}
	}
	return [...found.values()];
}

export function met(meeting) {
	return (meeting.present || 0) + (meeting.deputies || 0) >= (meeting.quorum || 0);
}

// The meetings with the decisions of their step; decisions of steps without a meeting stand under the newest meeting before them, or alone.
export function sittings(incident) {
	const all = items(incident);
	const out = rows('VIEW_INCIDENT', incident, 'meeting').map((meeting) => {
		const item = all.find((i) => i.id === meeting.item) || { id: meeting.item };
		return { meeting, item, decisions: [] };
	});
	const rest = [];
	for (const i of all.filter(decides)) {
		const own = out.filter((s) => s.item.step === i.step && s.item.step);
		const at = all.indexOf(i);
		const before = own.filter((s) => all.indexOf(s.item) < at).pop() || own[0];
		(before ? before.decisions : rest).push(i);
	}
	return { sittings: out, rest };
}

export function answerWord(answer) {
	return answer ? codes.answer(answer) : t('未回答', 'no answer');
}

export function valueWords(v) {
	if (v.unknown)
		return t(`不明（${v.unknown}）`, `unknown (${v.unknown})`);
	const at = fromLocal(v.value);
	return at && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(v.value) ? t(`${era(at)} ${v.value.slice(11)}`, `${v.value.replace('T', ' ')} (${era(at)})`) : both(v, 'shown') || v.value || '';
}

// The decision on one agenda item: {value, beside} or null while it is open.
export function decisionOf(item, agenda) {
	const value = (item.values || []).find((v) => v.field === agenda.id);
	const beside = (item.values || []).find((v) => v.field === agenda.id + '.text');
	return value ? { value, beside: beside ? valueWords(beside) : '' } : null;
}

// Values of an item that belong to no agenda.
export function otherValues(item) {
	const agenda = new Set((item.agenda || []).flatMap((a) => [a.id, a.id + '.text']));
	return (item.values || []).filter((v) => !agenda.has(v.field));
}
