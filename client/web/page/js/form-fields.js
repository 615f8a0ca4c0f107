// The inputs of a form: one for each type of field, choices with their guide and ticks, a council's agenda.
//
// ctx: {key, item, get(name), set(name, value), error(part, id) -> text or '', person}; key makes the ids unique on the page.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { local, now } from './time.js';
import { badge, field, icon, redraw } from './ui.js';
import { rows } from './store.js';
import { DEFERRED, blank } from './form-model.js';

const HASH_MAX = 256 * 1024 * 1024;
const hashing = new Map(); // id of the input -> what is going on, in words

export function idOf(ctx, part, id) {
	return 'f-' + (ctx.key + '-' + part + '-' + id).replace(/[^A-Za-z0-9_-]/g, '_');
}

// Goes to the element as soon as it is drawn and shown: after an act, after a refusal.
export function focusSoon(id, tries = 30) {
	requestAnimationFrame(() => {
		const element = typeof id === 'function' ? id() : document.getElementById(id);
		element?.focus();
		if (element && element === document.activeElement)
			element.scrollIntoView({ block: 'nearest' });
		else if (tries > 0)
			focusSoon(id, tries - 1);
	});
}

export function must(required) {
	return required ? h('span', { class: 'must' }, t('必須', 'required')) : h('span', { class: 'may' }, t('任意', 'optional'));
}

// A label, its input, a hint and what is wrong, tied together for screen readers; `after` follows them.
export function labelled({ id, label, required, hint, error, after }, tag, props, ...children) {
	const entry = field(label, h(tag, { id, ...props }, ...children), { hint, error, required, optional: !required, key: id });
	return after ? h('div', { class: 'entry', key: id + '-entry' }, entry, after) : entry;
}

function typing(ctx, name) {
	return { input: (e) => ctx.set(name, e.target.value), compositionend: (e) => ctx.set(name, e.target.value) };
}

export function textInput(ctx, name, about, props = {}) {
	return labelled(about, 'input', { type: 'text', autocomplete: 'off', value: ctx.get(name) || '', on: typing(ctx, name), ...props });
}

export function textArea(ctx, name, about, props = {}) {
	const value = ctx.get(name) || '';
	const lines = Math.min(12, Math.max(about.lines || 2, value.split('\n').length + 1));
	return labelled({ ...about, hint: about.hint || tooLong(value) }, 'textarea', { rows: lines, value, on: typing(ctx, name), ...props });
}

function tooLong(value) {
	const left = 4000 - new TextEncoder().encode(value).length;
	return left < 400 ? t(`残りおよそ ${Math.max(0, Math.floor(left / 3))} 文字です。`, `About ${Math.max(0, left)} characters left.`) : null;
}

// A day and time in Japan, with a button for this moment.
export function timeInput(ctx, name, about) {
	const set = () => ctx.set(name, local(now()));
	const after = h('button', { type: 'button', class: 'button button-plain small', on: { click: set } }, t('いまの時刻', 'Now'),
		h('span', { class: 'sr' }, t('を「', ' into '), about.label, t('」に入れる', '')));
	return labelled({ ...about, after }, 'input', { type: 'datetime-local', value: (ctx.get(name) || '').slice(0, 16),
		on: { input: (e) => ctx.set(name, e.target.value), change: (e) => ctx.set(name, e.target.value) } });
}

export function dayInput(ctx, name, about) {
	return labelled(about, 'input', { type: 'date', value: ctx.get(name) || '', min: local(now()).slice(0, 10),
		on: { input: (e) => ctx.set(name, e.target.value), change: (e) => ctx.set(name, e.target.value) } });
}

function placeInput(ctx, name, about) {
	const places = [...new Set(rows('VIEW_BOARD', 0, 'terminal').map((x) => x.place).filter(Boolean))];
	const list = about.id + '-places';
	const after = h('datalist', { id: list }, places.map((p) => h('option', { key: p, value: p })));
	return textInput(ctx, name, { ...about, after }, { list });
}

// ---- files: their names and hashes; the files themselves stay where they are ----

function hex(buffer) {
	return [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

async function hashFiles(ctx, name, id, files) {
	const made = (ctx.get(name) || '').split(';').map((s) => s.trim()).filter(Boolean);
	for (const file of files) {
		if (file.size > HASH_MAX) {
			hashing.set(id, t(`「${file.name}」は大きすぎます（256 MiB まで）。renraku の命令で記録してください。`, `'${file.name}' is too large (256 MiB).`));
			redraw();
			return;
		}
		hashing.set(id, t(`「${file.name}」を読んでいます…`, `Reading '${file.name}' ...`));
		redraw();
		try {
			const hash = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
			made.push(`${file.name.replace(/[;\s]+/g, '_')} sha256:${hash}`);
		} catch (e) {
			hashing.set(id, t(`「${file.name}」を読めません: ${e.message}`, `'${file.name}' cannot be read: ${e.message}`));
			redraw();
			return;
		}
	}
	hashing.delete(id);
	ctx.set(name, made.join('; '));
}

function filesInput(ctx, name, about) {
	const list = (ctx.get(name) || '').split(';').map((s) => s.trim()).filter(Boolean);
	const without = (i) => () => ctx.set(name, list.filter((_, k) => k !== i).join('; '));
	const hint = t('ファイルは送られません。名前と、改ざんを調べるための SHA-256 だけを記録します。', 'Files are not sent: only name and SHA-256 are recorded.');
	const after = h('div', { 'aria-live': 'polite' }, hashing.get(about.id) || null,
		h('ul', { class: 'files' }, list.map((f, i) => h('li', { key: f }, h('span', { class: 'mono' }, f), ' ',
			h('button', { type: 'button', class: 'button button-plain small', on: { click: without(i) } }, t('外す', 'Remove'))))));
	return labelled({ ...about, hint, after }, 'input', { type: 'file', multiple: true,
		on: { change: (e) => hashFiles(ctx, name, about.id, [...e.target.files]) } });
}

// ---- choices ----

function effects(option) {
	return [option.orders ? badge('bad', t('この選択で措置が始まります', 'A measure begins with this choice')) : null,
		option.ratifies ? badge('info', t('続いている措置を承認します', 'Approves the measures in force')) : null,
		option.sends_back ? badge('warn', t('やり直しに戻します（この項目は終わりません）', 'Sends back (does not complete this item)')) : null];
}

function checkBoxes(ctx, id, option) {
	const ticked = ctx.get('c.' + id) || [];
	const toggle = (text) => (e) =>
		ctx.set('c.' + id, e.target.checked ? [...ticked, text] : ticked.filter((x) => x !== text));
	return h('ul', { class: 'checks', 'aria-label': t('確認したこと', 'What was checked') }, option.checks.map((text, i) =>
		h('li', { key: text }, h('input', { type: 'checkbox', id: idOf(ctx, 'check', id + '-' + option.id + '-' + i),
			checked: ticked.includes(text), on: { change: toggle(text) } }),
		h('label', { for: idOf(ctx, 'check', id + '-' + option.id + '-' + i) }, text))));
}

function optionBox(ctx, id, option, checked, required) {
	const own = idOf(ctx, 'option', id + '-' + option.id);
	const possible = option.possible;
	const guide = option.guide || [];
	return h('div', { class: 'option' + (checked ? ' chosen' : '') + (possible ? '' : ' impossible'), key: option.id },
		h('div', { class: 'pick' },
			h('input', { type: 'radio', id: own, name: idOf(ctx, 'choice', id), value: option.id, checked, disabled: !possible,
				'aria-describedby': guide.length || !possible ? own + '-about' : null, 'aria-required': required ? 'true' : null,
				on: { change: () => ctx.set('v.' + id, option.id) } }),
			h('label', { for: own }, both(option, 'title') || option.id, ' ', effects(option))),
		h('div', { id: own + '-about', class: 'about' },
			possible ? null : h('p', { class: 'hint' }, t('いまの状況（判断や措置の状態）では選べません。', 'Not possible in the present situation.')),
			guide.length ? h('ul', { class: 'guide' }, guide.map((g) => h('li', { key: g }, g))) : null,
			(option.checks || []).length && !checked ? h('ul', { class: 'guide' }, option.checks.map((c) => h('li', { key: c }, c))) : null),
		checked && (option.checks || []).length ? checkBoxes(ctx, id, option) : null);
}

export function choices(ctx, part, about, id, options, extra) {
	const value = ctx.get('v.' + id) || '';
	const error = about.error;
	return h('fieldset', { class: 'choice' + (error ? ' wrong' : ''), key: idOf(ctx, part, id), id: idOf(ctx, part, id), tabindex: '-1',
		'aria-describedby': error ? idOf(ctx, part, id) + '-error' : null },
	h('legend', {}, about.label, ' ', must(about.required)),
	about.before || null,
	error ? h('p', { class: 'error', id: idOf(ctx, part, id) + '-error' }, icon('bad'), h('span', {}, error)) : null,
	options.map((o) => optionBox(ctx, id, o, value === o.id, about.required)),
	extra || null);
}

// ---- a field of any type ----

function unknownBox(ctx, f, id) {
	const unknown = Boolean(ctx.get('u.' + f.id));
	return h('div', { class: 'unknown', key: id + '-unknown' },
		h('span', { class: 'pick' },
			h('input', { type: 'checkbox', id: id + '-u', checked: unknown, on: { change: (e) => ctx.set('u.' + f.id, e.target.checked) } }),
			h('label', { for: id + '-u' }, t('まだ分からない', 'Not known yet'),
				h('span', { class: 'sr' }, t('（', ' ('), both(f, 'title'), t('）', ')')))),
		unknown ? textInput(ctx, 'why.' + f.id, { id: id + '-why', label: t('分からない理由', 'Why it is not known'), required: true }) : null);
}

export function fieldInput(ctx, f) {
	const id = idOf(ctx, 'field', f.id);
	const unknown = f.unknown && ctx.get('u.' + f.id);
	const answered = unknown ? !blank(ctx.get('why.' + f.id)) : !blank(ctx.get('v.' + f.id));
	const label = both(f, 'title') || both(f, 'sets_title') || f.id;
	const about = { id, label, required: !f.optional, error: answered ? '' : ctx.error('field', f.id) };
	const name = 'v.' + f.id;
	const box = f.unknown ? unknownBox(ctx, f, id) : null;
	if (f.type === 'choice')
		return choices(ctx, 'field', about, f.id, unknown ? [] : f.options || [], box);
	if (unknown)
		return h('fieldset', { class: 'choice', id, tabindex: '-1', key: id }, h('legend', {}, label), box);
	const inputs = { time: timeInput, place: placeInput, files: filesInput, text: textArea };
	const input = inputs[f.type] ? inputs[f.type](ctx, name, about)
		: textInput(ctx, name, about, f.type === 'number' ? { inputmode: 'decimal' } : {});
	return box ? h('div', { class: 'with-unknown', key: id + '-both' }, input, box) : input;
}

// ---- a council's agenda: each is decided, or put off ----

export function agendaInput(ctx, agenda, number) {
	const id = agenda.id;
	const options = agenda.options || [];
	const value = ctx.get('v.' + id) || '';
	const before = (agenda.contents || []).length ? h('ul', { class: 'guide' }, agenda.contents.map((c) => h('li', { key: c }, c))) : null;
	const about = { label: `${number}. ${both(agenda, 'title') || id}`, required: true, before, error: blank(value) ? ctx.error('agenda', id) : '' };
	const off = { id: DEFERRED, title: '保留（見送り。今回は決めない）', title_en: 'Deferred (not decided now)', possible: true };
	if (options.length)
		return choices(ctx, 'agenda', about, id, [...options, off], textInput(ctx, 't.' + id,
			{ id: idOf(ctx, 'beside', id), label: t('添える言葉（内容・条件など）', 'Words beside it (details, conditions)'), required: false }));
	const deferred = value === DEFERRED;
	return h('fieldset', { class: 'choice' + (about.error ? ' wrong' : ''), key: idOf(ctx, 'agenda', id), id: idOf(ctx, 'agenda', id), tabindex: '-1' },
		h('legend', {}, about.label, ' ', must(true)), before,
		textArea(ctx, (deferred ? 't.' : 'v.') + id, { id: idOf(ctx, 'words', id), label: deferred ? t('保留の理由', 'Why it is put off') : t('決定した内容', 'What was decided'),
			required: !deferred, error: about.error }),
		h('span', { class: 'pick' },
			h('input', { type: 'checkbox', id: idOf(ctx, 'off', id), checked: deferred, on: { change: (e) => ctx.set('v.' + id, e.target.checked ? DEFERRED : '') } }),
			h('label', { for: idOf(ctx, 'off', id) }, both(off, 'title'))));
}
