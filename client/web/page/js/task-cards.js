// Cards of the task list: an item to be done, what was entered in one's name, a follow-up that is one's own.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock, day, now, when } from './time.js';
import { badge, drillMark, icon, submit as submitOf } from './ui.js';
import { draft } from './draft.js';
import { asks } from './form-model.js';
import { actForm, outcome, stateOf, submit } from './act-form.js';
import { formKey, itemTitle } from './form.js';
import { LAST, setLast } from './last.js';
import { marks } from './next.js';

const CHANNELS = { telephone: ['電話', 'telephone'], in_person: ['対面', 'in person'], paper: ['書面', 'paper'] };

function markOf(row) {
	return drillMark({ drill: Boolean(row.drill) });
}

function begun(incident, item) {
	return Object.keys(draft(formKey(incident, item)).values).length > 0;
}

// Nothing to fill in: done at one click, from the list.
function doIt(item) {
	const key = formKey(item.incident, item);
	const go = (e) => {
		e.preventDefault();
		submit(key, 'enter', { incident: item.incident, item: item.id }, { accepted: () => setLast(t(`記録しました: ${itemTitle(item)}`, `Recorded: ${itemTitle(item)}`), ''), where: (r) => (r.outcome === 'ACCEPTED' ? LAST : null) });
	};
	return h('form', { novalidate: true, on: { submit: go } }, submitOf(t('実施したと記録する', 'Record it as done'), { busy: stateOf(key).busy }), outcome(key));
}

export function itemCard(item) {
	const to = `#/tasks/${item.incident}/${encodeURIComponent(item.id)}`;
	const late = item.due && item.due < now();
	return h('article', { class: 'card task' + (item.drill ? ' is-drill' : ''), key: item.key, 'aria-labelledby': 'item-' + item.key },
		h('h3', { id: 'item-' + item.key }, markOf(item), ' ', h('a', { href: to }, itemTitle(item))),
		h('p', { class: 'labels' }, late ? badge('bad', t('期限を過ぎています', 'overdue')) : null, item.optional ? badge('info', t('任意', 'optional')) : null,
			begun(item.incident, item) ? badge('wait', t('下書きあり', 'draft kept')) : null, item.closes ? badge('warn', t('事案を終結します', 'closes the incident')) : null, ' ',
			item.due ? [icon('wait'), ' ', t('期限 ', 'due '), when(item.due), ' '] : null, both(item, 'by_title'), ' ',
			h('span', { class: 'small-id' }, t(`事案${item.incident} `, `incident ${item.incident} `), marks(item))),
		item.words ? h('p', { class: 'words', lang: 'ja' }, item.words) : null,
		asks(item) ? h('div', { class: 'actions' }, h('a', { class: 'button button-primary', href: to, 'aria-label': t(`入力する：${itemTitle(item)}`, `Fill in: ${itemTitle(item)}`) }, t('入力する', 'Fill in')),
			item.optional ? h('a', { class: 'button button-plain', href: to + '?do=waive', 'aria-label': t(`不要とする：${itemTitle(item)}`, `Not needed: ${itemTitle(item)}`) }, t('不要とする', 'Not needed')) : null) : doIt(item));
}

// ---- what was entered in one's name ----

export function confirmCard(c) {
	const key = 'confirm/' + c.record;
	const send = (denied) => (e) => {
		e.preventDefault();
		submit(key, 'confirm', { record: c.record, ...(denied && { denied, comment: draft(key).values.comment || '' }) }, {
			accepted: () => setLast(denied ? t('「言っていない」と記録しました。やり直しになります。', 'Denied; it is to be done again.') : t('確かめました。', 'Confirmed.'), ''), where: (r) => (r.outcome === 'ACCEPTED' ? LAST : null) });
	};
	const denied = draft(key).values.deny;
	const what = both(c, 'what') || c.item;
	return h('article', { class: 'card confirm' + (c.drill ? ' is-drill' : ''), key: c.key, 'aria-labelledby': key },
		h('h3', { id: key }, drillMark(c), ' ', what),
		h('p', {}, t(`${clock(c.said_at)} に${(CHANNELS[c.channel] || [''])[0]}${c.number ? `（${c.number}）` : ''}で聞いたとして、${c.entered_by} さんが入力しました。`,
			`Entered by ${c.entered_by}, as said at ${clock(c.said_at)} by ${(CHANNELS[c.channel] || ['', ''])[1]}${c.number ? ` (${c.number})` : ''}.`), ' ', h('span', { class: 'small-id' }, t(`事案${c.incident} 記録${c.record}`, `incident ${c.incident}, record ${c.record}`))),
		h('div', { class: 'actions' }, h('button', { type: 'button', class: 'button button-primary', 'aria-label': t(`そのとおりです：${what}`, `That is right: ${what}`), on: { click: send(false) } }, t('そのとおりです', 'That is right')),
			h('button', { type: 'button', class: 'button button-plain', 'aria-expanded': denied ? 'true' : 'false', on: { click: () => draft(key).set('deny', denied ? null : true) } }, t('言っていません', 'I did not say so'))),
		denied ? h('form', { class: 'act', novalidate: true, on: { submit: send(true) } },
			h('p', { class: 'hint' }, t('記録すると、この項目はやり直しになります。', 'The item will be done again.')),
			h('div', { class: 'field' }, h('label', { for: key + '-c' }, t('正しくは（添える言葉）', 'What is right')), h('textarea', { id: key + '-c', rows: '2', value: draft(key).values.comment || '', on: { input: (e) => draft(key).set('comment', e.target.value) } })),
			submitOf(t('言っていないと記録する', 'Record the denial'), { kind: 'danger', busy: stateOf(key).busy })) : null,
		outcome(key));
}

// ---- follow-ups ----

const WHEN = { overdue: ['bad', '期限を過ぎています', 'overdue'], due: ['warn', '今日まで', 'due today'], soon: ['warn', '期限が近い', 'due soon'] };

function followActs(f) {
	const base = { act: 'follow_up' };
	const of = { incident: f.incident, follow_up: f.id };
	return [{ ...base, key: `follow/${f.incident}/${f.id}/done`, title: t('終わったと記録する', 'Record it as done'), fields: [{ id: 'text', label: t('どう終わりましたか', 'How it ended') }],
		body: (get) => ({ ...of, state: 'done', text: get('text') || '' }), button: t('終わったと記録する', 'Record as done'), ok: t('完了として記録しました。', 'Recorded as done.') },
	{ ...base, key: `follow/${f.incident}/${f.id}/change`, title: t('担当・期限を変える', 'Change owner or date'), preset: { owner: f.owner, due: f.due },
		fields: [{ id: 'owner', label: t('担当', 'Owner'), type: 'owner' }, { id: 'due', label: t('期限', 'Due'), type: 'day' }, { id: 'text', label: t('変える理由', 'Why') }],
		body: (get) => ({ ...of, text: get('text') || '', change: { owner: get('owner') || '', due: get('due') || '' } }), button: t('変える', 'Change'), ok: t('変えました。', 'Changed.') }];
}

export function followCard(f) {
	const w = WHEN[f.when];
	return h('article', { class: 'card follow-card' + (f.drill ? ' is-drill' : ''), key: f.key, 'aria-labelledby': 'follow-' + f.key },
		h('h3', { id: 'follow-' + f.key }, drillMark(f), ' ', f.text),
		h('p', { class: 'labels' }, w ? badge(w[0], t(w[1], w[2])) : null, ' ', t('期限 ', 'due '), day(f.due), ' ', both(f, 'kind_title'), ' ', f.owner_name || f.owner, ' ', h('span', { class: 'small-id' }, t(`事案${f.incident}・対策${f.id}`, `incident ${f.incident}, follow-up ${f.id}`))),
		f.remark ? h('p', {}, f.remark) : null,
		followActs(f).map((a) => h('details', { key: a.key }, h('summary', {}, a.title), actForm({ ...a, label: a.title }))));
}
