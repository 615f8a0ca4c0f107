// register-log: what changed in the town's register, in absences and stand-ins, as the log has it; for administrators. Read when it is opened, newest first.
import { h } from './dom.js';
import { t } from './i18n.js';
import { nameOf, roleTitle } from './persons.js';
import { get } from './send.js';
import { clock } from './time.js';
import { button, empty, failure, redraw, resultBox, section } from './ui.js';

const PAGE = 256;
// Kinds of docs/protocol.md, 'The log', that concern people and the register.
const KINDS = { 3: ['計画の読込み', 'plan loaded'], 4: ['町の登録の変更', 'register changed'], 5: ['パスワードの設定', 'password set'], 7: ['不在', 'absence'], 8: ['代理・委任', 'delegation'],
	9: ['代理・委任の終了', 'end of a delegation'], 40: ['関与の制限', 'kept out'], 45: ['端末の登録', 'browser enrolled'], 46: ['端末の登録の終了', 'enrolment ended'] };

const state = { entries: [], next: 0, busy: false, error: null, begun: false };

const term = (f) => `${f.since ? clock(f.since) : t('すぐ', 'now')} → ${f.until ? clock(f.until) : t('未定', 'open')}`;

function words(f) {
	switch (f.kind) {
	case 7: return f.flag ? t(`${nameOf(f.other)} 戻った`, `${nameOf(f.other)} is back`) : `${nameOf(f.other)} ${term(f)}`;
	case 8: return `${nameOf(f.other)} → ${nameOf(f.name)} ${f.role ? roleTitle(f.role) : ''} ${term(f)}`;
	case 9: return `${nameOf(f.other)} → ${nameOf(f.name)} ${f.role ? roleTitle(f.role) : ''}`;
	case 4: return f.other ? nameOf(f.other) : f.role ? roleTitle(f.role) : f.name || '';
	case 3: return f.name || '';
	case 5: return nameOf(f.person);
	case 45: case 46: return f.terminal || f.name || '';
	default: return nameOf(f.other || f.name || '');
	}
}

// An edition's text is its hash, its reason stands in `answer`.
const reasonOf = (f) => (f.kind === 3 || f.kind === 4 ? f.answer : f.kind === 5 ? '' : f.text);
const who = (f) => (f.kind === 5 && f.entered_by ? nameOf(f.entered_by) : nameOf(f.person)) || (f.sender || '').replace(/^(person|terminal|gateway):/, '');

// A page before the ones held; without `next`, the newest.
async function read(next) {
	state.busy = true;
	state.begun = true;
	redraw();
	try {
		let from = next ? Math.max(1, next - PAGE) : 1, until = next || 0;
		if (!next) {
			until = (await get('/api/log?from=1&count=1')).head + 1;
			from = Math.max(1, until - PAGE);
		}
		const found = [];
		for (let at = from; at < until;) {
			const page = await get(`/api/log?from=${at}&count=${until - at}`);
			const entries = page.entries || [];
			for (const entry of entries) if (entry.index < until && KINDS[entry.fields?.kind]) found.push({ index: entry.index, ...entry.fields });
			if (!entries.length) break;
			at = entries.at(-1).index + 1;
		}
		const known = new Set(state.entries.map((e) => e.index));
		state.entries = [...state.entries, ...found.filter((e) => !known.has(e.index))].sort((a, b) => b.index - a.index);
		state.next = next && next < state.next ? from : state.next ? Math.min(state.next, from) : from;
		state.error = null;
	} catch (error) {
		state.error = failure(error);
	}
	state.busy = false;
	redraw();
}

const line = (f) => h('li', { key: f.index }, h('span', { class: 'soft' }, `${clock(f.at)} `), h('strong', {}, t(...KINDS[f.kind])), ` ${words(f)} `, reasonOf(f) ? t(`理由：${reasonOf(f)} `, `Reason: ${reasonOf(f)} `) : null,
	h('span', { class: 'soft small' }, who(f) ? t(`登録：${who(f)}${f.entered_by && f.kind !== 5 ? `（入力：${nameOf(f.entered_by)}）` : ''}・記録番号 ${f.index}`, `by ${who(f)}${f.entered_by && f.kind !== 5 ? ` (entered by ${nameOf(f.entered_by)})` : ''}, record ${f.index}`) : t(`記録番号 ${f.index}`, `record ${f.index}`)));

export function changesOnRecord() {
	return section(t('変更の記録', 'Changes on record'),
		h('p', { class: 'soft' }, t('登録・不在・代理の変更は、すべて改ざんのわかる記録に残っています。', 'Every change of the register, of absences and stand-ins stands in the log, where tampering shows.')),
		resultBox(state.error),
		state.entries.length ? h('ul', { class: 'lines' }, state.entries.map(line)) : state.begun && !state.busy && !state.error ? empty(t('この範囲に変更はありません。', 'No change in this part.')) : null,
		h('p', { class: 'actions' }, button(state.begun ? t('新しい記録を読む', 'Read the newest') : t('記録を読む', 'Read the record'), () => read(0), { busy: state.busy }),
			state.next > 1 ? button(t('前の記録を読む', 'Read earlier ones'), () => read(state.next), { busy: state.busy }) : null));
}
