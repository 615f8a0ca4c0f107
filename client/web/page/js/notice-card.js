// A notice as whoever must answer sees it: who tells what, since when, until when, in which capacity, and the answer at one click.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { now, when } from './time.js';
import { rows } from './store.js';
import { badge, button, drillMark, icon, idOf, tel } from './ui.js';
import { contextOf, onItsWay, outcome, stateOf, submit } from './act-form.js';
import { textInput } from './form-fields.js';
import { itemTitle, shownValues } from './form.js';
import { own } from './next.js';
import { LAST, setLast } from './last.js';

export function noticeTitle(n) {
	return both(n, 'title') || n.item || '';
}

function answer(n, word, ctx) {
	const body = { notice: n.id };
	if (word)
		body.answer = word;
	if (word === 'deputy')
		body.comment = ctx.get('who') || '';
	return submit('acknowledge/' + n.id, 'acknowledge', body, {
		accepted: () => setLast(t(`確認しました: ${noticeTitle(n)}`, `Acknowledged: ${noticeTitle(n)}`), formOf(n)),
		where: (result) => (result.outcome === 'ACCEPTED' ? LAST : null),
	});
}

// The item of the notice, if the reader may do it now.
function itemOf(n) {
	return rows('VIEW_INBOX', 0, 'item').find((i) => i.incident === n.incident && i.id === n.item && i.mine);
}

function formOf(n) {
	return itemOf(n) ? `#/tasks/${n.incident}/${encodeURIComponent(n.item)}` : '';
}

function convening(n, ctx, busy) {
	const deputy = ctx.get('answer') === 'deputy';
	return h('div', { class: 'answers' },
		h('div', { class: 'actions', role: 'group', 'aria-label': t('出欠', 'Attendance') },
			button(t('出席する', 'I attend'), () => answer(n, 'present', ctx), { kind: 'primary', busy }),
			button(t('欠席する', 'I cannot attend'), () => answer(n, 'absent', ctx), { busy }),
			button(t('代理が出席する', 'A deputy comes'), () => ctx.set('answer', deputy ? '' : 'deputy'), { busy, 'aria-expanded': deputy ? 'true' : 'false' })),
		deputy ? h('form', { class: 'row', novalidate: true, on: { submit: (e) => { e.preventDefault(); answer(n, 'deputy', ctx); } } },
			textInput(ctx, 'who', { id: idOf('ack-who-' + n.id), label: t('だれが出席しますか', 'Who comes'), required: true }),
			h('button', { type: 'submit', class: 'button button-primary' }, t('代理出席と答える', 'Answer'))) : null);
}

// The reader's own answer to a convening, the first or a changed one.
export function attendance(n) {
	const key = 'acknowledge/' + n.id;
	return [h('p', {}, h('a', { href: `#/council/${n.incident}` }, t('会議の画面（出欠・議題）', 'The council: attendance and agenda'))),
		convening(n, contextOf(key), stateOf(key).busy || Boolean(onItsWay(key))), outcome(key)];
}

export function actions(n) {
	const key = 'acknowledge/' + n.id;
	const ctx = contextOf(key);
	const busy = stateOf(key).busy || Boolean(onItsWay(key));
	if (n.answer)
		return attendance(n);
	const item = itemOf(n);
	const calls = n.kind === 'call_again' ? ((item || {}).calls || []).filter((c) => c.state === 'no_answer' && c.number) : [];
	return [calls.length ? h('p', {}, calls.map((c) => [both(c, 'title'), ' ', tel(c.number), ' '])) : null, h('div', { class: 'actions' },
		button(t('確認しました', 'I have it'), () => answer(n, '', ctx), { kind: 'primary', busy, 'aria-label': t(`確認しました：${noticeTitle(n)}`, `I have it: ${noticeTitle(n)}`) }),
		n.kind === 'call_again' ? h('a', { class: 'button button-plain', href: `#/tasks/${n.incident}/${encodeURIComponent(n.item)}?do=call`, 'aria-label': t(`かけた電話を記録する：${noticeTitle(n)}`, `Record the call: ${noticeTitle(n)}`) }, t('かけた電話を記録する', 'Record the call'))
			: item ? h('a', { class: 'button button-plain', href: formOf(n), 'aria-label': t(`入力する：${itemTitle(item)}`, `Fill in: ${itemTitle(item)}`) }, t('入力する', 'Fill in')) : null,
		item && item.optional ? h('a', { class: 'button button-plain', href: formOf(n) + '?do=waive', 'aria-label': t(`不要とする：${itemTitle(item)}`, `Not needed: ${itemTitle(item)}`) }, t('不要とする', 'Not needed')) : null,
		item && n.kind !== 'call_again' ? h('span', { class: 'hint' }, t('入力すると、確認も済みます。', 'Filling it in acknowledges it too.')) : null), outcome(key)];
}

function facts(n) {
	const late = n.due && n.due < now();
	return h('ul', { class: 'notice-facts' },
		h('li', {}, t('届いた時刻 ', 'Since '), when(n.at), n.repeats ? t(`・再通知 ${n.repeats} 回`, `, repeated ${n.repeats} times`) : ''),
		n.from ? h('li', {}, t('知らせた人 ', 'From '), both(n, 'from')) : null,
		n.role_title ? h('li', {}, t('あなたの立場 ', 'You as '), h('b', {}, both(n, 'role_title')), capacity(n)) : null,
		n.due ? h('li', { class: late ? 'late' : null }, icon('wait'), ' ', t('期限 ', 'Answer by '), when(n.due), t('（過ぎると代理や上位の人に知らせます）', ' (then deputies and those above are told)')) : null,
		n.overdue ? h('li', { class: 'late' }, t('受け取った後、対応が期限までに済んでいません。', 'Acknowledged, but not done in time.')) : null);
}

const AS = { deputy: ['代理として', 'as deputy'], delegate: ['委任を受けて', 'as delegate'], above: ['上位者として', 'as the one above'], with: ['あわせて', 'for information'] };

function capacity(n) {
	const r = own(n);
	return r && AS[r.as] ? t(`（${AS[r.as][0]}）`, ` (${AS[r.as][1]})`) : '';
}

const KINDS = { tell: ['知らせ', 'Notice'], your_turn: ['対応のお願い', 'Your turn'], call_again: ['かけ直し', 'Call again'], reminder: ['期限のお知らせ', 'Reminder'], cancelled: ['取消し', 'Cancelled'] };

function fold(summary, ...inside) {
	return h('details', {}, h('summary', {}, summary), inside);
}

// brief: what it tells of the alarm stands on another card already. whom: [{r, numbers}], those whose answer is missing.
export function noticeCard(n, { answerable = true, level = 'h3', brief = false, whom = [] } = {}) {
	const kind = n.answer ? ['招集', 'Convening'] : KINDS[n.kind] || KINDS.tell;
	return h('article', { class: 'card notice' + (n.drill ? ' is-drill' : '') + (answerable ? ' waits' : ''), key: 'notice-' + n.id, 'data-notice': [n.id, ...(n.also || [])].join(' '), 'aria-labelledby': 'notice-' + n.id },
		h(level, { id: 'notice-' + n.id }, drillMark(n), ' ', noticeTitle(n)),
		h('p', { class: 'labels' }, badge(n.kind === 'cancelled' ? 'info' : answerable ? 'warn' : 'info', t(...kind), answerable ? 'bell' : undefined),
			n.escalation && n.escalation !== 'none' ? badge('bad', t('応答がないため広げて連絡中', 'escalated')) : null, ' ',
			h('span', { class: 'small-id' }, t(`事案${n.incident}・通知${n.id}`, `incident ${n.incident}, notice ${n.id}`), ' ', (n.clause || []).join(' '))),
		n.drill_note ? h('p', { class: 'drill-note' }, both(n, 'drill_note')) : null,
		facts(n),
		whom.length ? h('p', { class: 'whom' }, t('まだ確認していない人：', 'Not answered by: '), whom.map(({ r, numbers }) => [h('strong', {}, r.name || r.id), ' ', numbers.map((x) => [tel(x), ' '])])) : null,
		(n.values || []).length ? (brief ? fold(t('通報の内容', 'What the alarm said'), shownValues(n.values)) : shownValues(n.values)) : null,
		n.words ? fold(t('計画の文', 'Words of the plan'), h('blockquote', { lang: 'ja' }, n.words)) : null,
		n.ended_by ? h('p', { class: 'ended' }, both(n, 'ended_by')) : null,
		answerable ? actions(n) : null);
}
