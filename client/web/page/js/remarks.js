// remarks: what anybody who sees an incident may put down without a form of the plan: a comment, a telephone call.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { now, local, fromLocal } from './time.js';
import { rows, session } from './store.js';
import { send } from './send.js';
import { draft } from './draft.js';
import * as ui from './ui.js';

const state = new Map(); // key of a form -> {busy, result}
const of = (key) => {
	if (!state.has(key)) state.set(key, {});
	return state.get(key);
};

async function submit(key, act, body) {
	const s = of(key);
	if (s.busy) return;
	s.busy = true;
	s.result = null;
	ui.redraw();
	s.result = await send(act, body, { key });
	s.busy = false;
	ui.redraw();
	if (s.result.later) {
		s.result = (await s.result.later) || s.result;
		ui.redraw();
	}
}

const on = (d, field) => ({ input: (e) => d.set(field, e.target.type === 'checkbox' ? e.target.checked || undefined : e.target.value || undefined) });

// item: id, or '' for the incident as a whole.
export function commentForm(incident, item = '') {
	if (!session().person) return null;
	const key = `comment/${incident}/${item}`, d = draft(key), s = of(key);
	const go = (e) => {
		e.preventDefault();
		const text = (d.values.text || '').trim();
		if (text) submit(key, 'comment', { incident, ...(item && { item }), text });
	};
	return h('form', { class: 'remark-form', on: { submit: go } },
		ui.field(t('コメント', 'Comment'), h('textarea', { rows: '2', maxlength: '1300', value: d.values.text || '', on: on(d, 'text') }), { key: `${key}/text`, hint: t('見つけたこと、伝えたいこと。記録に残ります。', 'What you found or want to tell. It goes on record.') }),
		ui.submit(t('コメントを残す', 'Put it on record'), { busy: s.busy }), s.result && ui.resultBox(s.result));
}

// Bodies with the number of now, and persons, each once.
function whom(incident) {
	const bodies = new Map();
	for (const item of rows('VIEW_INCIDENT', incident, 'item')) for (const c of item.calls || []) if (!bodies.has(c.body)) bodies.set(c.body, { value: `body:${c.body}`, title: both(c, 'title') || c.body, number: c.number });
	for (const c of rows('VIEW_CONTACTS', 0, 'contact')) if (c.kind !== 'role' && (!bodies.has(c.id) || c.now)) bodies.set(c.id, { value: `body:${c.id}`, title: both(c, 'title') || c.id, number: c.number });
	const persons = rows('VIEW_BOARD', 0, 'person').map((p) => ({ value: `person:${p.id}`, title: p.name || p.id, number: (p.numbers || [])[0] }));
	return { bodies: [...bodies.values()], persons };
}

export function callForm(incident, item = '') {
	if (!session().person) return null;
	const key = `log_call/${incident}/${item}`, d = draft(key), s = of(key), v = d.values, { bodies, persons } = whom(incident);
	const chosen = [...bodies, ...persons].find((w) => w.value === v.whom);
	const go = (e) => {
		e.preventDefault();
		if (!v.whom) return;
		const [kind, id] = [v.whom.slice(0, v.whom.indexOf(':')), v.whom.slice(v.whom.indexOf(':') + 1)];
		const call = { number: v.number || chosen?.number, at: fromLocal(v.at) || Math.round(now()), answered_by: v.answered, said: v.said };
		if (v.silent) Object.assign(call, { no_answer: true, again_at: fromLocal(v.again) || undefined, answered_by: undefined });
		if (kind === 'body') call.body = id;
		submit(key, 'log_call', { incident, ...(item && { item }), call: JSON.parse(JSON.stringify(call)), ...(kind === 'person' && { person: id }) });
	};
	const options = (list) => list.map((w) => h('option', { key: w.value, value: w.value, selected: w.value === v.whom }, w.number ? `${w.title}　${w.number}` : w.title));
	return h('form', { class: 'remark-form', on: { submit: go } },
		ui.field(t('電話した相手', 'Who was called'), h('select', { required: true, on: { change: (e) => d.set('whom', e.target.value || undefined) } }, h('option', { value: '', selected: !v.whom }, t('選んでください', 'choose')),
			bodies.length > 0 && h('optgroup', { label: t('機関', 'Bodies') }, options(bodies)), persons.length > 0 && h('optgroup', { label: t('職員', 'Persons') }, options(persons))), { key: `${key}/whom`, required: true }),
		ui.field(t('かけた番号', 'Number'), h('input', { type: 'tel', autocomplete: 'off', maxlength: '60', value: v.number ?? chosen?.number ?? '', on: on(d, 'number') }), { key: `${key}/number`, hint: t('空ならば、いまの時間の登録番号', 'Empty: the number on file for this hour') }),
		ui.field(t('かけた時刻', 'When'), h('input', { type: 'datetime-local', value: v.at || '', max: local(now()), on: on(d, 'at') }), { key: `${key}/at`, hint: t('空ならば、いま', 'Empty: now') }),
		h('div', { class: 'remark-check' }, h('input', { id: ui.idOf(`${key}/silent`), type: 'checkbox', checked: Boolean(v.silent), on: on(d, 'silent') }), h('label', { for: ui.idOf(`${key}/silent`) }, t('だれも出なかった', 'Nobody answered'))),
		v.silent
			? ui.field(t('かけ直す時刻', 'Call again at'), h('input', { type: 'datetime-local', value: v.again || '', on: on(d, 'again') }), { key: `${key}/again`, optional: true })
			: [ui.field(t('応対した人', 'Who answered'), h('input', { autocomplete: 'off', maxlength: '60', value: v.answered || '', on: on(d, 'answered') }), { key: `${key}/answered` }),
				ui.field(t('話した内容', 'What was said'), h('textarea', { rows: '2', maxlength: '1300', value: v.said || '', on: on(d, 'said') }), { key: `${key}/said` })],
		ui.submit(t('電話を記録する', 'Put the call on record'), { busy: s.busy }), s.result && ui.resultBox(s.result));
}
