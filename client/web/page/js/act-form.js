// Sending what a form holds, and what is shown while it is under way and afterwards; and the short forms of acts that need only a few words
// (not needed, reopen, comment, hand over, ...). A draft's key is the form's key: while one command of a key is on its way no second is made.
import { h } from './dom.js';
import { t } from './i18n.js';
import { draft } from './draft.js';
import { outbox, send } from './send.js';
import { note, redraw, resultBox, submit as submitOf } from './ui.js';
import { blank, reader } from './form-model.js';
import { dayInput, focusSoon, idOf, labelled, textArea, textInput, timeInput } from './form-fields.js';
import { behalfBox, behalfOf } from './behalf.js';
import { ownerInput } from './form-calls.js';
import { clearLast } from './last.js';

const states = new Map(); // key -> {busy, result}

export function stateOf(key) {
	if (!states.has(key))
		states.set(key, { busy: false, result: null });
	return states.get(key);
}

// One that a page before this one sent, or that is not confirmed: no second attempt while it lasts.
export function onItsWay(key) {
	const entry = outbox().find((e) => e.key === key && e.state !== 'final');
	return entry && (entry.again || !stateOf(key).busy) ? entry : null;
}

export function forgetResult(key) {
	stateOf(key).result = null;
	redraw();
}

export function forgetDone() {
	for (const [key, state] of states)
		if (!state.busy && state.result && state.result.outcome === 'ACCEPTED')
			states.delete(key);
}

// ctx of a form (see form-fields.js). record: what is on record already, shown where the draft says nothing. stamp: of what the draft began on.
export function contextOf(key, { record, stamp, error } = {}) {
	const d = draft(key);
	const read = reader(d.values, record);
	return {
		key, get: read, values: d.values,
		set(name, value) {
			if (stamp && d.values.stamp === undefined)
				d.set('stamp', stamp);
			d.set(name, value);
		},
		clear: () => d.clear(),
		error: error || (() => ''),
	};
}

export function resultId(key) {
	return idOf({ key }, 'result', '');
}

// Sends, keeps the answer beside the form and moves the focus to it. accepted(result): called once it is on record.
// where(result): id of the element that should have the focus instead.
export async function submit(key, act, body, { behalf, accepted, where } = {}) {
	const state = stateOf(key);
	clearLast();
	state.busy = true;
	state.result = null;
	redraw();
	const settle = (result, late) => {
		state.busy = false;
		state.result = result;
		if (result.outcome === 'ACCEPTED') {
			draft(key).clear();
			if (accepted)
				accepted(result);
		}
		redraw();
		// An answer that comes late takes the focus from nobody.
		const at = document.activeElement;
		if (!late || at === document.body || at.id === resultId(key))
			focusSoon((where && where(result)) || resultId(key));
	};
	const first = await send(act, body, { behalf, key });
	settle(first);
	if (first.later)
		settle(await first.later, true);
	return state.result;
}

// What became of it, where it was done. An accepted one may be put in other words by the caller (ok).
export function outcome(key, ok, names) {
	const { result, busy } = stateOf(key);
	const before = onItsWay(key);
	return h('div', { class: 'outcome', id: resultId(key), tabindex: '-1', key: 'outcome' },
		h('p', { class: 'sr', role: 'status' }, busy ? t('記録しています…', 'Recording ...') : null),
		!busy && !result && before ? note('wait', t('前に入力した内容を送信しています。結果が出るまでお待ちください。急ぐときは電話で連絡してください。',
			'What was entered before is still being sent. If it is urgent, telephone.')) : null,
		result ? resultBox(result, { accepted: ok, names }) : null);
}

const INPUTS = { text: textInput, area: textArea, day: dayInput, time: timeInput };

function inputOf(ctx, f) {
	const about = { id: idOf(ctx, 'act', f.id), label: f.label, required: !f.optional, hint: f.hint, error: ctx.error('act', f.id) };
	if (f.type === 'owner')
		return ownerInput(ctx, f.id, about.error);
	if (f.type === 'select')
		return labelled(about, 'select', { ...f.props, value: ctx.get(f.id) || '', on: { change: (e) => ctx.set(f.id, e.target.value) } },
			h('option', { key: '', value: '' }, t('選んでください', 'Choose')),
			f.options.map((o) => h('option', { key: String(o.id), value: o.id }, o.label)));
	if (f.type === 'choice')
		return h('fieldset', { class: 'choice row', key: f.id }, h('legend', {}, f.label), f.options.map((o) => h('span', { class: 'pick', key: o.id },
			h('input', { type: 'radio', id: about.id + o.id, name: about.id, value: o.id, checked: ctx.get(f.id) === o.id, on: { change: () => ctx.set(f.id, o.id) } }),
			h('label', { for: about.id + o.id }, o.label))));
	return (INPUTS[f.type] || textArea)(ctx, f.id, about, f.props);
}

// A short form. def: {key, act, fields: [{id, label, type, options, optional, hint}], body(get) -> the act's message, button, note, ok, danger, preset,
// behalf: item or true where it may be entered for somebody else, accepted(result), where(result)}. act, fields may be functions of get.
export function actForm(def) {
	const { result, busy } = stateOf(def.key);
	const waits = busy || Boolean(onItsWay(def.key));
	const refused = result && result.outcome === 'REFUSED';
	let fields = [];
	const ctx = contextOf(def.key, { record: def.preset, error: (_, id) => {
		const f = fields.find((x) => x.id === id);
		return refused && f && !f.optional && blank(ctx.get(id)) ? t('入力してください。', 'Please fill this in.') : '';
	} });
	fields = typeof def.fields === 'function' ? def.fields(ctx.get) : def.fields || [];
	const go = (e) => {
		e.preventDefault();
		if (waits)
			return;
		const act = typeof def.act === 'function' ? def.act(ctx.get) : def.act;
		submit(def.key, act, def.body(ctx.get), { behalf: def.behalf ? behalfOf(ctx.get) : undefined, accepted: def.accepted, where: def.where });
	};
	return h('form', { class: 'act', key: def.key, novalidate: true, 'aria-label': def.label || null, on: { submit: go } },
		def.note ? h('p', { class: 'hint' }, def.note) : null,
		fields.map((f) => inputOf(ctx, f)),
		def.behalf ? behalfBox(ctx, def.behalf === true ? null : def.behalf) : null,
		h('div', { class: 'actions' }, submitOf(def.button, { kind: def.danger ? 'danger' : 'primary', busy: waits })),
		outcome(def.key, def.ok, def.names));
}
