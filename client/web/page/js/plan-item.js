// plan-item: everything the plan says of one item, in words: for the plan's dialog and its list.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { span, when } from './time.js';
import { link, stateBadge, tel } from './ui.js';

const ACK = { none: ['確認は不要', 'no answer wanted'], any: ['だれか一人の確認', 'one of them acknowledges'], all: ['全員の確認', 'all acknowledge'], quorum: ['定足数の出席', 'a quorum'] };
const ackText = (ack) => (/^\d+$/.test(ack || '') ? t(`${ack}人の確認`, `${ack} acknowledge`) : t(...(ACK[ack] || ACK.none)));

// "システム管理者→統括責任者"
export const tellText = (tell) => both(tell, 'title');
const tellLine = (tell) => t(`${both(tell, 'title')}（${ackText(tell.ack)}）`, `${both(tell, 'title')} (${ackText(tell.ack)})`);

const TYPES = { text: ['文', 'text'], choice: ['選択', 'choice'], time: ['日時', 'time'], number: ['数', 'number'], place: ['場所', 'place'], files: ['ファイル', 'files'] };

function option(o, title) {
	const does = [o.orders ? t('措置が始まる', 'a measure begins') : '', o.ratifies ? t('措置を承認する', 'approves measures') : '', (o.reopens || []).length ? t(`差し戻す：${o.reopens.map(title).join('、')}`, `sends back: ${o.reopens.map(title).join(', ')}`) : ''].filter(Boolean);
	return h('li', { key: o.id }, both(o, 'title'), does.length ? h('span', { class: 'soft' }, t(`（${does.join('、')}）`, ` (${does.join('; ')})`)) : null,
		(o.guide || []).length ? h('ul', { class: 'soft' }, o.guide.map((g) => h('li', { key: g }, g))) : null, (o.checks || []).length ? h('ul', { class: 'soft' }, o.checks.map((c) => h('li', { key: c }, '□ ', c))) : null);
}

function field(f, title) {
	const marks = [t(...(TYPES[f.type] || [f.type || '', f.type || ''])), f.optional ? t('任意', 'optional') : t('必須', 'required'), f.unknown ? t('不明でもよい', 'may be unknown') : '', f.sets_title ? t(`「${f.sets_title}」を決める`, `decides '${both(f, 'sets_title')}'`) : ''].filter(Boolean);
	return h('li', { key: f.id }, h('strong', {}, both(f, 'title') || both(f, 'sets_title') || f.id), h('span', { class: 'soft' }, t(`（${marks.join('・')}）`, ` (${marks.join(', ')})`)), (f.options || []).length ? h('ul', {}, f.options.map((o) => option(o, title))) : null);
}

const agenda = (a, title) => h('li', { key: a.id }, h('strong', {}, both(a, 'title')), (a.contents || []).length ? h('ul', { class: 'soft' }, a.contents.map((c) => h('li', { key: c }, c))) : null, (a.options || []).length ? h('ul', {}, a.options.map((o) => option(o, title))) : null);

function limits(plan) {
	const parts = [plan.limit_title ? both(plan, 'limit_title') : '', plan.acknowledge_ms ? t(`確認まで ${span(plan.acknowledge_ms)}`, `acknowledged within ${span(plan.acknowledge_ms)}`) : '', plan.repeat_ms ? t(`${span(plan.repeat_ms)}ごとにもう一度知らせる`, `told again every ${span(plan.repeat_ms)}`) : '',
		plan.done_ms ? t(`終えるまで ${span(plan.done_ms)}`, `done within ${span(plan.done_ms)}`) : ''].filter(Boolean);
	return parts.join(t('、', ', '));
}

function standing(item) {
	if (!item.state) return [];
	return [[t('いまの状態', 'State now'), [stateBadge(item.state), item.mine ? [' ', link('#/tasks', t('あなたが対応できます', 'You may act on it'))] : null, item.due ? t(`　期限 ${when(item.due)}`, ` due ${when(item.due)}`) : null]],
		[t('記入した人', 'Entered by'), item.entered_by ? [both(item, 'entered_by'), ' ', when(item.entered_at)] : null]];
}

const calls = (list) => list.map((c) => h('li', { key: c.body }, both(c, 'title'), ' ', tel(c.number)));

// title: what an item is called, by its id; together: what a list of ids is called, whole steps by their names
export function detailsOf(item, title, together = (ids) => ids.map(title)) {
	const plan = item.plan || {};
	const procedure = [both(item, 'procedure_title'), both(item, 'step_title')].filter(Boolean).join(' › ');
	const lines = [...standing(item),
		[t('原文', 'Words of the plan'), item.words ? h('blockquote', { class: 'words' }, item.words) : null],
		[t('読み方', 'Reading'), item.note || null],
		[t('手順', 'Step'), procedure || null],
		[t('条件', 'Condition'), both(plan, 'when') || t('いつも', 'always')],
		[t('担当', 'By'), both(item, 'by_title') || null],
		[t('決定する者', 'Decided by'), both(item, 'decided_by') || null],
		[t('先に終える項目', 'Comes after'), (plan.after || []).length ? h('ul', {}, together(plan.after).map((name) => h('li', { key: name }, name))) : null],
		[t('知らせる先', 'Tells'), (plan.tells || []).length ? h('ul', {}, plan.tells.map((tell, i) => h('li', { key: i }, tellLine(tell)))) : null],
		[t('期限', 'Limits'), limits(plan) || null],
		[t('電話する先', 'Calls'), (item.calls || []).length ? h('ul', {}, calls(item.calls)) : null],
		[t('様式', 'Form'), (item.form || []).length ? h('ul', {}, item.form.map((f) => field(f, title))) : null],
		[t('議題', 'Agenda'), (item.agenda || []).length ? h('ol', {}, item.agenda.map((a) => agenda(a, title))) : null],
		[t('これで決まること', 'Decides'), (plan.sets || []).length ? plan.sets.map((s) => `${both(s, 'title')} = ${both(s, 'shown')}`).join(t('、', ', ')) : null],
		[t('今後の対策', 'Follow-ups'), (item.follow_ups || []).length ? item.follow_ups.map((k) => both(k, 'title')).join(t('、', ', ')) : null],
		[t('条項', 'Clause'), (item.clause || []).join(' ') || null]];
	return h('dl', { class: 'values plan-item' }, lines.filter(([, value]) => value).flatMap(([name, value], i) => [h('dt', { key: 't' + i }, name), h('dd', { key: 'd' + i }, value)]));
}
