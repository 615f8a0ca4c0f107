// ui: the pieces that screens share. All return vnodes, but dialog() and confirmBox(), which open and return a Promise.
// Colour never speaks alone: every badge has a shape and a word.

import { h, patch } from './dom.js';
import { t, both } from './i18n.js';
import { rows } from './store.js';
import * as codes from './codes.js';

export const redraw = () => document.dispatchEvent(new Event('redraw'));

// ---- shapes ----

const SHAPES = {
	good: 'M3 8.5 6.5 12 13 4.5',
	bad: 'M4 4 12 12M12 4 4 12',
	warn: 'M8 2 15 14H1ZM8 6.5V10M8 11.6V12.2',
	wait: 'M8 1.8A6.2 6.2 0 1 1 7.99 1.8ZM8 4.5V8L10.5 9.5',
	info: 'M8 1.8A6.2 6.2 0 1 1 7.99 1.8ZM8 7.2V11.5M8 4.6V5.2',
	drill: 'M2 2H14V14H2ZM2 10 10 2M6 14 14 6',
	phone: 'M3.5 2 6 2 7.2 5.2 5.6 6.6A8 8 0 0 0 9.4 10.4L10.8 8.8 14 10V12.5A1.5 1.5 0 0 1 12.4 14 11 11 0 0 1 2 3.6 1.5 1.5 0 0 1 3.5 2Z',
	bell: 'M3 11.5H13L11.8 9.6V6.8A3.8 3.8 0 0 0 4.2 6.8V9.6ZM6.5 13.6H9.5',
	mute: 'M3 11.5H13L11.8 9.6V6.8A3.8 3.8 0 0 0 4.2 6.8V9.6ZM2 2 14 14',
	next: 'M6 3 11 8 6 13',
	person: 'M8 2.2A2.8 2.8 0 1 1 7.99 2.2ZM2.8 14C2.8 10.6 5 9.2 8 9.2S13.2 10.6 13.2 14Z',
	menu: 'M2 4H14M2 8H14M2 12H14',
	alarm: 'M8 1.5V3M2.6 4 3.8 5M13.4 4 12.2 5M4.4 11V8.2A3.6 3.6 0 0 1 11.6 8.2V11M2.5 13.5H13.5',
};
// A drawing beside a word; screen readers hear the word.
export const icon = (name) =>
	h('svg', { class: 'icon', viewBox: '0 0 16 16', width: '16', height: '16', 'aria-hidden': 'true', focusable: 'false' }, h('path', { d: SHAPES[name] || SHAPES.info }));

// tone: good | warn | bad | wait | info | drill. name: another shape than the tone's.
export const badge = (tone, text, name) => h('span', { class: `badge badge-${tone}` }, icon(name || tone), h('span', null, text));

export const drillMark = (row) => (row?.drill ? h('span', { class: 'drill-mark' }, icon('drill'), h('span', null, t('訓練', 'DRILL'))) : null);

// ---- buttons and links ----

// kind: primary | danger | plain. busy: it is on its way, pressing again does nothing.
export const button = (label, fn, { kind = 'plain', busy = false, disabled = false, ...props } = {}) =>
	h('button', { type: 'button', ...props, class: `button button-${kind} ${props.class || ''}`.trim(), 'aria-disabled': busy || disabled ? 'true' : null, 'aria-busy': busy ? 'true' : null, on: { click: (event) => !busy && !disabled && fn?.(event), ...props.on } },
		busy ? h('span', { class: 'spinner', 'aria-hidden': 'true' }) : null, label);

// The same as the button that sends a <form>.
export const submit = (label, { kind = 'primary', busy = false, ...props } = {}) =>
	h('button', { type: 'submit', ...props, class: `button button-${kind} ${props.class || ''}`.trim(), 'aria-disabled': busy ? 'true' : null, 'aria-busy': busy ? 'true' : null },
		busy ? h('span', { class: 'spinner', 'aria-hidden': 'true' }) : null, label);

export const link = (href, ...children) => h('a', { href }, ...children);

const digits = (number) => String(number).replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[^0-9+#*]/g, '');
export const tel = (number) => (number ? h('a', { class: 'tel', href: `tel:${digits(number)}` }, icon('phone'), h('span', null, number)) : null);

// Lines such as "総務課長 0123-45-6789": what stands last and looks like a number can be clicked.
export function telList(lines) {
	return h('ul', { class: 'tel-list' }, (lines || []).map((line, i) => {
		const m = /^(.*?)[\s　]*([+0-9０-９(（][-+0-9０-９()（）‐－ー−\s]{2,}[0-9０-９])\s*$/.exec(line);
		return h('li', { key: `${i}${line}` }, m ? [m[1], m[1] && ' ', tel(m[2])] : line);
	}));
}

// ---- forms ----

let numbers = 0;
const ids = new Map();
// An id that stays the same for the same key.
export function idOf(key) {
	if (!ids.has(key)) ids.set(key, `u${++numbers}`);
	return ids.get(key);
}

// Label, input, hint and error belong together for everybody. `input` is a vnode (input, select, textarea); props.key or the label names it.
export function field(label, input, { hint, error, required, optional, key } = {}) {
	const id = input.props.id || idOf(key || `${location.hash} ${label} ${input.props.name || ''}`);
	const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
	const props = { ...input.props, id, 'aria-describedby': about || null, 'aria-invalid': error ? 'true' : null, 'aria-required': required ? 'true' : null };
	return h('div', { class: error ? 'field field-wrong' : 'field', key: key || null },
		h('label', { for: id }, label, required && h('span', { class: 'must' }, t('必須', 'required')), optional && h('span', { class: 'may' }, t('任意', 'optional'))),
		hint && h('p', { class: 'hint', id: `${id}-hint` }, hint),
		{ ...input, props },
		error && h('p', { class: 'error', id: `${id}-error` }, icon('bad'), h('span', null, error)));
}

// ---- pages ----

// heads: strings or vnodes; rows: [{key, cells: [...], class?}] or arrays of cells. Wide ones scroll in a region of their own.
export function table(heads, lines, { caption, hideCaption, class: name } = {}) {
	return h('div', { class: 'table-scroll', role: 'region', tabindex: '0', 'aria-label': typeof caption === 'string' ? caption : t('表', 'Table') },
		h('table', { class: name || null }, caption && h('caption', { class: hideCaption ? 'sr' : null }, caption),
			h('thead', null, h('tr', null, heads.map((head) => h('th', { scope: 'col' }, head)))),
			h('tbody', null, lines.map((line) => {
				const cells = Array.isArray(line) ? line : line.cells;
				return h('tr', { key: line.key ?? null, class: line.class || null }, cells.map((cell, i) => (i === 0 ? h('th', { scope: 'row' }, cell) : h('td', null, cell))));
			}))));
}

export const section = (title, ...children) => h('section', { class: 'section', key: typeof title === 'string' ? title : null, 'aria-label': typeof title === 'string' ? title : null }, h('h2', null, title), ...children);
export const empty = (text) => h('p', { class: 'empty' }, text);
export const loading = () => h('p', { class: 'empty', role: 'status' }, t('読み込んでいます…', 'Loading…'));
// A sentence in a box: tone as of badges.
export const note = (tone, ...children) => h('div', { class: `note note-${tone}` }, icon(tone), h('div', null, ...children));

// ---- results ----

// What became of a command, in place: accepted, refused with why and what is missing, or not confirmed with whom to telephone.
// names: {id: words} or a function for the ids in `missing`.
export function resultBox(result, { accepted, names } = {}) {
	if (!result) return null;
	const word = (id) => (typeof names === 'function' ? names(id) : names?.[id]) || id;
	if (result.outcome === 'ACCEPTED') {
		return h('div', { class: 'note note-good', role: 'status' }, icon('good'), h('div', null, h('p', null, accepted || t('記録しました。', 'Recorded.'), result.record ? h('span', { class: 'soft' }, t(`（記録番号 ${result.record}）`, ` (record ${result.record})`)) : null)));
	}
	const refused = result.outcome === 'REFUSED' || !result.outcome;
	return h('div', { class: `note note-${refused ? 'bad' : 'warn'}`, role: 'alert' }, icon(refused ? 'bad' : 'warn'), h('div', null,
		h('p', null, h('strong', null, refused ? t('受け付けられませんでした。', 'Refused.') : t('記録されたか確認できていません。', 'Not confirmed.')), ' ', both(result, 'text')),
		(result.missing || []).length ? h('ul', null, result.missing.map((id) => h('li', { key: id }, word(id)))) : null,
		both(result, 'telephone').length ? [h('p', null, t('いますぐ電話する先：', 'Telephone now:')), telList(both(result, 'telephone'))] : null,
		result.retry_after_ms ? h('p', null, t(`${Math.ceil(result.retry_after_ms / 1000)}秒後にもう一度お試しください。`, `Try again in ${Math.ceil(result.retry_after_ms / 1000)} s.`)) : null));
}
// What ask() and get() throw, as a Result that resultBox shows.
export const failure = (error) => ({ outcome: 'REFUSED', code: error?.code || 'FAILED', text: error?.text || String(error?.message || error), text_en: error?.text_en || error?.text || String(error?.message || error), retry_after_ms: error?.retry_after_ms });

// ---- states in words ----

const STATE_TONES = { ready: 'warn', done: 'good', kept: 'info', not_applicable: 'info', waived: 'info', standing: 'info' };
export const stateBadge = (state) => badge(STATE_TONES[state] || 'wait', codes.itemState(state));
const STAGE_SHAPES = [['wait', 'wait'], ['wait', 'wait'], ['info', 'bell'], ['info', 'person']]; // by codes.stageNumber
// 'acknowledged' too, which is beyond the stages of a receipt.
export const stageBadge = (stage) => {
	if (stage === 'acknowledged') return badge('good', t('確認済み', 'acknowledged'));
	const [tone, shape] = STAGE_SHAPES[codes.stageNumber(stage)];
	return badge(tone, codes.stage(stage || 'STAGE_NONE'), shape);
};
export const incidentTitle = (row) => [drillMark(row), h('span', { class: 'incident-number' }, t(`事案${row.id}`, `Incident ${row.id}`)), ' ', both(row, 'title')];

// ---- names from rows held; the id itself where nothing is known ----

export const names = {
	personRow(id) {
		for (const view of ['VIEW_BOARD', 'VIEW_CONTACTS']) {
			const row = rows(view, 0, 'person').find((p) => p.id === id);
			if (row) return row;
		}
		return null;
	},
	person: (id) => names.personRow(id)?.name || id || '',
	itemRow: (incident, id) => rows('VIEW_INCIDENT', incident, 'item').find((i) => i.id === id) || rows('VIEW_INBOX', 0, 'item').find((i) => i.incident === incident && i.id === id) || rows('VIEW_PLAN', 0, 'item').find((i) => i.id === id) || null,
	item: (incident, id) => both(names.itemRow(incident, id), 'title') || id || '',
	incidentRow: (id) => rows('VIEW_INCIDENT', id, 'incident')[0] || rows('VIEW_BOARD', 0, 'incident').find((i) => i.id === id) || rows('VIEW_INBOX', 0, 'incident').find((i) => i.id === id) || rows('VIEW_DRILLS', 0, 'incident').find((i) => i.id === id) || null,
	place(id) {
		return rows('VIEW_BOARD', 0, 'terminal').find((x) => x.id === id)?.place || id || '';
	},
};

// ---- dialogs ----

// dialog({title, body, actions}) -> Promise of the chosen action's value; null when it was dismissed (Esc). body: vnodes, or a function that
// returns them and is asked again at every redraw. actions: [{label, kind, value, run?}]; run(): async, returning false keeps it open.
// Enter in a field takes the first action. The focus goes back to where it was.
export function dialog({ title, body, actions, dismiss = true }) {
	return new Promise((resolve) => {
		const before = document.activeElement;
		const element = document.createElement('dialog');
		element.className = 'dialog';
		let busy = false, chosen = null;
		const choose = async (action) => {
			if (busy) return;
			busy = true;
			draw();
			let keep = false;
			try {
				keep = action.run && (await action.run()) === false;
			} finally {
				busy = false;
			}
			if (keep) return draw();
			chosen = action.value === undefined ? action.label : action.value;
			element.close();
		};
		const heading = idOf(`dialog ${title} ${numbers}`);
		element.setAttribute('aria-labelledby', heading);
		function draw() {
			patch(element, h('form', { novalidate: true, on: { submit: (event) => { event.preventDefault(); choose(actions[0]); } } },
				h('h2', { id: heading }, title), h('div', { class: 'dialog-body' }, typeof body === 'function' ? body() : body),
				h('div', { class: 'dialog-actions' }, actions.map((action, i) => (i === 0 ? submit(action.label, { kind: action.kind || 'primary', busy }) : button(action.label, () => choose(action), { kind: action.kind || 'plain', disabled: busy }))))));
		}
		document.addEventListener('redraw', draw);
		element.addEventListener('cancel', (event) => (!dismiss || busy) && event.preventDefault());
		element.addEventListener('close', () => {
			document.removeEventListener('redraw', draw);
			element.remove();
			if (before?.isConnected) before.focus();
			resolve(chosen);
		});
		document.body.append(element);
		draw();
		element.showModal();
		element.querySelector('[autofocus], input, select, textarea')?.focus();
	});
}

// true when it was confirmed
export const confirmBox = ({ title, body, yes, no, kind = 'primary' }) =>
	dialog({ title, body, actions: [{ label: yes || t('はい', 'Yes'), kind, value: true }, { label: no || t('やめる', 'Cancel'), value: false }] }).then((v) => v === true);
