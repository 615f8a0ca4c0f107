// change: the form of one act, opened where it is asked for: filled in (kept as a draft), looked over before it goes out where the act says so, sent once, and
// the answer shown in the same place.
//
//   openChange('absence/p_ito', {'v.person': 'p_ito'}, event)   opens it; closeChange(key); isOpen(key)
//   changeForm(key, {title, about, fields(ctx), check(ctx), review(ctx), label, kind, command(ctx), post(ctx), names, accepted, done, level})
//
// ctx: {key, get(name), set(name, value), error(part, id)}, as the inputs of form-fields.js take it. check: {name: what is wrong}. review: what will change,
// as nodes; sent only when confirmed there. command: {act, body, behalf}; or post: a promise of a Result for what is no command. names, accepted: as resultBox takes them. level: of its heading, h3 if not said.
import { h } from './dom.js';
import { t } from './i18n.js';
import { draft } from './draft.js';
import { send } from './send.js';
import { button, failure, redraw, resultBox, submit } from './ui.js';

const open = new Map(); // key -> {step: fill | review | busy | unsure | done, errors, result, back}
const secrets = new Map(); // what may stand nowhere but here

export const isOpen = (key) => open.has(key);

export function openChange(key, values, event) {
	const kept = keeper(key);
	for (const name in values || {}) if (kept.values[name] === undefined) kept.set(name, values[name]);
	open.set(key, { step: 'fill', errors: {}, result: null, back: event?.currentTarget || null });
	redraw();
}

// What was typed is given up. The focus goes back to where it came from, if that is still there.
function closeChange(key) {
	const back = open.get(key)?.back;
	open.delete(key);
	keeper(key).clear();
	redraw();
	requestAnimationFrame(() => back?.isConnected && back.focus());
}

// Keys that begin with 'secret/' are never written down.
function keeper(key) {
	if (!key.startsWith('secret/')) return draft(key);
	if (!secrets.has(key)) secrets.set(key, {});
	return {
		get values() {
			return secrets.get(key);
		},
		set(name, value) {
			secrets.get(key)[name] = value;
			redraw();
		},
		clear() {
			secrets.set(key, {});
		},
	};
}

export function context(key) {
	const kept = keeper(key);
	return {
		key,
		get: (name) => kept.values[name],
		set: (name, value) => {
			kept.set(name, value);
			delete open.get(key)?.errors[name];
		},
		error: (part, id) => open.get(key)?.errors[`${part === 'field' ? 'v' : part}.${id}`] || open.get(key)?.errors[id] || '',
	};
}

async function go(key, spec, ctx) {
	const state = open.get(key);
	if (state.step === 'busy') return;
	state.step = 'busy';
	redraw();
	let result;
	try {
		if (spec.post) {
			result = await spec.post(ctx);
		} else {
			const { act, body, behalf } = spec.command(ctx);
			result = await send(act, body, { behalf, key });
		}
	} catch (error) {
		result = failure(error);
	}
	settle(key, spec, result);
}

function settle(key, spec, result) {
	const state = open.get(key);
	if (!state) return; // closed meanwhile; the header tells of what is still on its way
	state.result = result;
	state.step = result.outcome === 'ACCEPTED' ? 'done' : result.outcome === 'NOT_CONFIRMED' ? 'unsure' : 'fill';
	if (state.step === 'done') {
		keeper(key).clear();
		spec.done?.(result);
	}
	result.later?.then((last) => open.get(key) === state && settle(key, spec, last));
	redraw();
	focusOn(key, '.change-answer');
}

function focusOn(key, selector) {
	requestAnimationFrame(() => requestAnimationFrame(() => {
		const place = document.getElementById(changeId(key));
		(place?.querySelector(selector) || place)?.focus();
	}));
}

const changeId = (key) => 'change-' + key.replace(/[^A-Za-z0-9_-]/g, '_');

function sent(key, spec, ctx) {
	return (event) => {
		event.preventDefault();
		const state = open.get(key);
		if (!state || state.step === 'busy') return;
		state.result = null;
		state.errors = spec.check?.(ctx) || {};
		if (Object.keys(state.errors).length) {
			redraw();
			return focusOn(key, '[aria-invalid=true], .wrong input');
		}
		if (!spec.review) return go(key, spec, ctx);
		state.step = 'review';
		redraw();
		focusOn(key, '.change-review');
	};
}

function fill(key, spec, ctx, state) {
	const busy = state.step === 'busy';
	return h('form', { key: 'fill', novalidate: true, on: { submit: sent(key, spec, ctx) } },
		spec.fields ? h('fieldset', { class: 'change-fields', disabled: busy }, spec.fields(ctx)) : null,
		answer(spec, state),
		h('p', { class: 'actions' },
			submit(busy ? t('送信しています…', 'Sending…') : spec.review ? t('内容を確認する', 'Look it over') : spec.label, { kind: spec.kind || 'primary', busy }),
			button(t('やめる', 'Cancel'), () => closeChange(key), { kind: 'plain' })));
}

function review(key, spec, ctx) {
	const back = () => {
		open.get(key).step = 'fill';
		redraw();
		focusOn(key, 'input, select, textarea');
	};
	return h('div', { key: 'review' },
		h('div', { class: 'change-review', tabindex: '-1', role: 'group', 'aria-label': t('内容の確認', 'Look it over') }, spec.review(ctx)),
		h('p', { class: 'actions' }, button(spec.label, () => go(key, spec, ctx), { kind: spec.kind || 'primary' }),
			button(t('入力に戻る', 'Back'), back, { kind: 'plain' })));
}

const answer = (spec, state) => (state.result ? h('div', { class: 'change-answer', tabindex: '-1', key: 'answer' }, resultBox(state.result, { accepted: spec.accepted, names: spec.names })) : null);

// Nothing where it is not open.
export function changeForm(key, spec) {
	const state = open.get(key);
	if (!state) return null;
	const ctx = context(key);
	const over = state.step === 'done' || state.step === 'unsure';
	return h('section', { class: 'change', id: changeId(key), key: 'change:' + key, tabindex: '-1', 'aria-label': spec.title, mounted: (el) => el.focus() },
		h(spec.level || 'h3', { class: 'change-title' }, spec.title),
		!over && spec.about ? h('div', { class: 'change-about' }, spec.about) : null,
		over ? [answer(spec, state), h('p', { class: 'actions' }, button(t('閉じる', 'Close'), () => closeChange(key), { kind: 'plain' }))]
			: state.step === 'review' ? review(key, spec, ctx) : fill(key, spec, ctx, state));
}

// 'Before → after', one line for each thing that changes; nothing where nothing does.
export function changes(lines) {
	const changed = lines.filter(([, before, after]) => before !== after);
	if (!changed.length) return h('p', {}, t('変更はありません。', 'Nothing changes.'));
	return h('dl', { class: 'changes' }, changed.map(([what, before, after]) => h('div', { key: what },
		h('dt', {}, what),
		h('dd', {}, h('del', {}, h('span', { class: 'sr' }, t('変更前：', 'before: ')), before || t('（なし）', '(none)')),
			h('span', { 'aria-hidden': 'true' }, ' → '),
			h('ins', {}, h('span', { class: 'sr' }, t('変更後：', 'after: ')), after || t('（なし）', '(none)'))))));
}
