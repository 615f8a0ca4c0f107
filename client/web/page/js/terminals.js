// terminals: by section and place; only what is in trouble is named by itself, so that three thousand fit one screen.
import { h } from './dom.js';
import { t } from './i18n.js';
import { clock, elapsed } from './time.js';
import * as ui from './ui.js';

const FEW = 12;   // a section this small shows every terminal
const MOST = 40;  // of those in trouble, before 'and N more'
const open = new Set();

const troubled = (row) => !row.present || row.unacknowledged > 0;

let memo = { rows: null, sections: null };
// [{id, rows, connected, silent, owing}], counted once for the same rows.
function sectionsOf(rows) {
	if (memo.rows === rows) return memo.sections;
	const found = new Map();
	for (const row of rows) {
		const id = row.section || '';
		let s = found.get(id);
		if (!s) found.set(id, (s = { id, title: row.section_title || id, rows: [], connected: 0, silent: 0, owing: 0, trouble: [] }));
		s.rows.push(row);
		if (row.present) s.connected++;
		else s.silent++;
		if (row.unacknowledged) s.owing++;
		if (troubled(row)) s.trouble.push(row);
	}
	for (const s of found.values()) s.trouble.sort((a, b) => (b.unacknowledged ? 1 : 0) - (a.unacknowledged ? 1 : 0) || (a.since || 0) - (b.since || 0));
	memo = { rows, sections: [...found.values()] };
	return memo.sections;
}

export function totals(rows) {
	const sum = { all: rows.length, connected: 0, silent: 0, owing: 0 };
	for (const s of sectionsOf(rows)) for (const k of ['connected', 'silent', 'owing']) sum[k] += s[k];
	return sum;
}

function state(row) {
	if (row.present) return ui.badge('good', t('接続中', 'connected'));
	return ui.badge('bad', row.since ? t(`${clock(row.since)} から応答なし（${elapsed(row.since)}）`, `silent since ${clock(row.since)} (${elapsed(row.since)})`) : t('つながっていません', 'not connected'));
}

function terminal(row, excused) {
	return h('li', { key: row.key, class: `b-terminal${troubled(row) ? ' is-troubled' : ''}` },
		h('span', { class: 'b-terminal-place' }, row.place || row.id, h('span', { class: 'soft' }, ` ${row.id}`)),
		state(row),
		row.unacknowledged ? ui.badge('warn', t(`指示を未受領 ${row.unacknowledged}件`, `${row.unacknowledged} not acknowledged`)) : null,
		excused.get(row.id) && ui.badge('info', t(`使用不能：${excused.get(row.id)}`, `out of service: ${excused.get(row.id)}`), 'mute'));
}

export function summary(sum) {
	if (!sum.all) return null;
	const worst = sum.owing ? 'warn' : sum.silent ? 'bad' : 'good';
	return h('p', { class: 'b-terminals-sum' }, ui.badge(worst, [
		t(`${sum.all}台中 ${sum.connected}台が接続中`, `${sum.connected} of ${sum.all} connected`),
		sum.silent && t(`応答なし ${sum.silent}台`, `${sum.silent} silent`), sum.owing && t(`指示を未受領 ${sum.owing}台`, `${sum.owing} have not acknowledged`),
	].filter(Boolean).join(t('、', ', '))));
}

/* excused: Map of terminal id -> why, from the notices of open incidents. */
export function terminals(rows, excused = new Map()) {
	if (!rows.length) return null;
	return h('section', { class: 'section b-terminals', key: 'terminals', 'aria-labelledby': 'terminals-head' },
		h('h2', { id: 'terminals-head' }, t('端末', 'Terminals')), summary(totals(rows)),
		sectionsOf(rows).map((s) => section(s, excused)));
}

function section(s, excused) {
	const few = s.rows.length <= FEW, all = open.has(s.id), list = few || all ? s.rows : s.trouble;
	const shown = all ? list : list.slice(0, few ? FEW : MOST);
	return h('div', { key: s.id, class: 'b-terminals-section' },
		s.id && h('h3', { class: 'b-terminals-name' }, s.title, h('span', { class: 'soft' }, t(`　${s.rows.length}台中 ${s.connected}台が接続中`, ` ${s.connected} of ${s.rows.length} connected`))),
		shown.length > 0 && h('ul', { class: 'b-terminals-list' }, shown.map((row) => terminal(row, excused))),
		!few && !all && s.trouble.length > MOST && h('p', { class: 'soft' }, t(`ほか ${s.trouble.length - MOST}台`, `and ${s.trouble.length - MOST} more`)),
		!few && ui.button(all ? t('問題のある端末だけを表示', 'Only those in trouble') : t(`${s.rows.length}台すべてを表示`, `Show all ${s.rows.length}`), () => {
			if (all) open.delete(s.id);
			else open.add(s.id);
			ui.redraw();
		}));
}
