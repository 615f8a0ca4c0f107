// steps: the procedure as its steps with the state of each item, and what is waiting for whom. Everything from ItemRow: the page draws the order
// of the rows and knows no plan.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock, elapsed, when, now } from './time.js';
import * as ui from './ui.js';
import { memo } from './memo.js';
import * as codes from './codes.js';

const settled = new Set(['done', 'waived', 'kept']);
// Nothing to say of it now.
export const isIdle = (item) => item.state === 'not_applicable' || item.state === 'undetermined' || (item.state === 'standing' && !item.entered_by);
export const itemTitle = (item) => both(item, 'title') || item.words || item.id;

// [{key, procedure, title, items, state}] in the rows' order. state: done | now | waiting | idle.
function stepsOf(items) {
	const steps = new Map();
	for (const item of items) {
		const key = `${item.procedure || ''}/${item.step || ''}`;
		if (!steps.has(key)) steps.set(key, { key, procedure: item.procedure || '', procedureTitle: both(item, 'procedure_title'), title: both(item, 'step_title') || both(item, 'procedure_title') || t('その他', 'other'), items: [] });
		steps.get(key).items.push(item);
	}
	return [...steps.values()].map((s) => ({ ...s, ...stateOf(s.items) }));
}

function stateOf(items) {
	const live = items.filter((i) => !isIdle(i));
	const done = live.filter((i) => settled.has(i.state)).length, wanted = live.filter((i) => !i.optional || settled.has(i.state)).length;
	let state = 'waiting';
	if (!live.length) state = 'idle';
	else if (live.some((i) => i.state === 'told' || i.state === 'held' || (i.state === 'ready' && !i.optional))) state = 'now';
	else if (live.every((i) => settled.has(i.state) || i.optional || i.state === 'standing')) state = 'done';
	else if (live.some((i) => i.state === 'ready')) state = 'now';
	return { state, done, wanted };
}

// The same in one line, for several incidents on one wall: how many are done, which are on, how many are to come.
export function stepLine(items) {
	const steps = stepsOf(items).filter((s) => s.state !== 'idle'), of = (state) => steps.filter((s) => s.state === state);
	if (!steps.length) return null;
	return h('p', { class: 'chain-line' },
		of('done').length > 0 && h('span', { key: 'done', class: 'chain-part chain-part-done' }, t(`✓ 完了 ${of('done').length}`, `✓ ${of('done').length} done`)),
		of('now').slice(0, 3).map((s) => h('span', { key: s.key, class: 'chain-part chain-part-now' }, t(`▶ いま ${s.title}`, `▶ now: ${s.title}`))),
		of('now').length > 3 && h('span', { key: 'more', class: 'chain-part' }, t(`ほか ${of('now').length - 3}`, `and ${of('now').length - 3} more`)),
		of('waiting').length > 0 && h('span', { key: 'waiting', class: 'chain-part' }, t(`○ これから ${of('waiting').length}`, `○ ${of('waiting').length} to come`)));
}

const stepWord = { done: () => t('完了', 'done'), now: () => t('いま', 'now'), waiting: () => t('これから', 'to come'), idle: () => t('対象外', 'not needed') };
const stepMark = { done: '✓', now: '▶', waiting: '○', idle: '－' };

// One line of boxes: where the incident stands. Idle steps are left out.
export function stepChain(items) {
	const steps = stepsOf(items).filter((s) => s.state !== 'idle');
	if (!steps.length) return null;
	return h('ol', { class: 'chain', 'aria-label': t('手順の進みぐあい', 'The procedure') }, steps.map((s) =>
		h('li', { key: s.key, class: `chain-step chain-${s.state}`, ...(s.state === 'now' && { 'aria-current': 'step' }) },
			h('span', { class: 'chain-state' }, h('span', { class: 'chain-mark', 'aria-hidden': 'true' }, stepMark[s.state]), stepWord[s.state]()),
			h('span', { class: 'chain-title' }, s.title),
			h('span', { class: 'chain-count' }, t(`${s.done}／${s.wanted} 項目`, `${s.done} of ${s.wanted}`)))));
}

// Who did it and when, or what it waits for.
export function story(item, titleOf) {
	const by = both(item, 'by_title');
	if (item.state === 'waiting' || item.state === 'held') {
		const first = (item.waits_for || []).slice(0, 3).map((id) => titleOf(id));
		const more = (item.waits_for || []).length - first.length;
		return t(`担当 ${by}${first.length ? `　先に：${first.join('、')}${more > 0 ? ` ほか${more}` : ''}` : ''}`, `by ${by}${first.length ? `; first: ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}` : ''}`);
	}
	if (!item.entered_by) return t(`担当 ${by}${item.due ? `　期限 ${when(item.due)}` : ''}`, `by ${by}${item.due ? `, due ${when(item.due)}` : ''}`);
	const spoken = item.channel && item.channel !== 'screen'; // entered_by says already how
	const as = spoken && item.capacity === 'self' ? '' : codes.capacity(item.capacity);
	return [
		`${clock(item.entered_at)} ${both(item, 'entered_by')}${as ? t(`（${as}）`, ` (${as})`) : ''}`,
		item.amended && t('訂正あり', 'amended'), item.unconfirmed && t('本人の確認待ち', 'to be confirmed by that person'), item.reason && t(`理由：${item.reason}`, `reason: ${item.reason}`),
	].filter(Boolean).join(t('　', '; '));
}

export function valueText(v) {
	const shown = v.unknown ? t(`不明（${v.unknown}）`, `unknown (${v.unknown})`) : both(v, 'shown') || v.value || '';
	return `${both(v, 'title') || v.field}${t('：', ': ')}${shown}`;
}

// Values as a list of titles and words.
export function valueList(values) {
	if (!(values || []).length) return null;
	return h('dl', { class: 'b-values' }, values.map((v, i) => h('div', { key: `${v.field}-${i}` },
		h('dt', null, both(v, 'title') || v.field),
		h('dd', null, v.unknown ? t(`不明（${v.unknown}）`, `unknown (${v.unknown})`) : both(v, 'shown') || v.value || '－',
			(v.checks || []).length > 0 && h('ul', { class: 'b-values-checks' }, v.checks.map((c, k) => h('li', { key: String(k) }, `☑ ${c}`)))))));
}

/*
 * What waits now: items to be done (for whom, since when, until when), the most pressing first: overdue, then by their due time, then by how
 * long they have waited. wall: at most so many.
 */
export function waitingItems(items) {
	return items.filter((i) => (i.state === 'ready' && !i.optional) || i.state === 'held').sort((a, b) => (a.due || Infinity) - (b.due || Infinity) || (a.ready_since || 0) - (b.ready_since || 0));
}

export function waitingList(items, { incident, most = Infinity, links = true } = {}) {
	const list = waitingItems(items);
	if (!list.length) return null;
	return h('ul', { class: 'b-waiting' }, list.slice(0, most).map((item) => {
		const late = item.due && item.due < now();
		return h('li', { key: item.key, class: `b-waiting-item${late ? ' is-late' : ''}${item.mine ? ' is-mine' : ''}` },
			h('span', { class: 'b-waiting-who' }, both(item, 'by_title')),
			h('span', { class: 'b-waiting-what' }, links ? h('a', { href: `#/incident/${incident}?item=${encodeURIComponent(item.id)}` }, itemTitle(item)) : itemTitle(item)),
			h('span', { class: 'b-waiting-when' },
				item.ready_since ? t(`${clock(item.ready_since)} から ${elapsed(item.ready_since)}`, `since ${clock(item.ready_since)}, ${elapsed(item.ready_since)}`) : '',
				item.due ? h('span', { class: late ? 'is-over' : '' }, late ? t(`　期限 ${clock(item.due)} を ${elapsed(item.due)} 過ぎています`, `; due ${clock(item.due)}, ${elapsed(item.due)} over`) : t(`　期限 ${when(item.due)}`, `; due ${when(item.due)}`)) : null),
			item.mine && links && h('a', { class: 'b-waiting-mine', href: `#/tasks/${incident}/${encodeURIComponent(item.id)}` }, t('あなたが対応できます', 'You can do this')));
	}), list.length > most && h('li', { key: 'more', class: 'b-waiting-more' }, t(`ほか ${list.length - most} 項目`, `and ${list.length - most} more`)));
}

// All items, step by step. row(item) makes the content of one, stamp(item) says what it depends on besides the item; the steps of now are open.
export function stepList(items, row, stamp, isOpen) {
	return stepsOf(items).map((s) =>
		h('details', { key: s.key, class: `b-step b-step-${s.state}`, open: isOpen ? isOpen(s) : s.state === 'now' },
			h('summary', { class: 'b-step-head' },
				h('span', { class: 'chain-mark', 'aria-hidden': 'true' }, stepMark[s.state]), h('span', { class: 'b-step-state' }, stepWord[s.state]()),
				h('span', { class: 'b-step-title' }, s.procedureTitle && s.procedureTitle !== s.title ? `${s.procedureTitle}${t('　', ' – ')}${s.title}` : s.title),
				s.wanted > 0 && h('span', { class: 'b-step-count' }, t(`${s.done}／${s.wanted}`, `${s.done} of ${s.wanted}`))),
			h('ul', { class: 'b-items' }, s.items.map((item) => memo(item, 'list', stamp(item), () => h('li', { key: item.key, id: `item-${item.id}`, class: `b-item b-item-${item.state}${item.mine ? ' is-mine' : ''}` }, row(item)))))));
}

export const itemBadge = (item) => ui.stateBadge(item.state || 'undetermined');
