// terminal: the first page of a browser that is enrolled as a terminal, with nobody signed in: raise an alarm, acknowledge what was broadcast, see what
// became of one's own alarm.

import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { session, rows, complete, notices, waits } from '../store.js';
import { when } from '../time.js';
import { send } from '../send.js';
import { acknowledgeButton, muteButton, resultOf } from '../frame.js';
import { button, drillMark, section, empty, icon, names, telList, badge, dialog, field, resultBox, redraw } from '../ui.js';
import { itemCard } from '../task-cards.js';
import { told, callNow } from './alarm.js';
import { telephoneLines } from '../offline.js';

const results = new Map(); // incident -> Result of a withdrawal

const placeOf = names.place;
const own = () => rows('VIEW_INBOX', 0, 'incident');

async function withdraw(incident) {
	let ground = '', result = null;
	await dialog({
		title: t(`事案${incident.id}の通報を取り下げる`, `Withdraw the alarm of incident ${incident.id}`),
		body: () => [
			h('p', null, t('誤報だったときだけ取り下げてください。取り下げたことも記録に残ります。', 'Only if it was a mistake. That it was withdrawn is on record, too.')),
			field(t('理由', 'Ground'), h('input', { type: 'text', maxlength: '400', value: ground, on: { input: (e) => (ground = e.target.value) } }), { required: true, key: 'withdraw-ground' }),
			resultBox(result),
		],
		actions: [
			{
				label: t('取り下げる', 'Withdraw'), kind: 'danger',
				async run() {
					result = await send('withdraw', { incident: incident.id, ground });
					redraw();
					if (result.outcome === 'REFUSED') return false;
					results.set(incident.id, result);
				},
			},
			{ label: t('やめる', 'Cancel'), value: null },
		],
	});
}

const notice = (n) =>
	h('article', { key: n.id, class: `${waits(n) ? 'big-notice' : 'card'}${n.drill ? ' is-drill' : ''}`, 'data-notice': [n.id, ...(n.also || [])].join(' ') },
		h('h3', null, drillMark(n), both(n, 'title').replace(/^【訓練】/, '')), n.drill_note ? h('p', null, both(n, 'drill_note')) : null,
		n.words ? h('p', null, n.words) : null,
		(n.values || []).length ? h('dl', { class: 'values' }, n.values.map((v) => [h('dt', null, both(v, 'title')), h('dd', null, both(v, 'shown') || v.value || v.unknown)])) : null,
		h('p', { class: 'soft' }, when(n.at), n.from ? ` ${both(n, 'from')}` : null),
		waits(n) ? h('div', { class: 'actions' }, acknowledgeButton(n, { class: 'big' }), muteButton(n)) : null, resultOf(n));

const alarm = (incident) =>
	h('article', { key: incident.id, class: 'card' },
		h('h3', null, drillMark(incident), t(`事案${incident.id} `, `Incident ${incident.id} `), both(incident, 'title')), h('p', { class: 'soft' }, when(incident.opened_at)),
		incident.state === 'open' ? null : h('p', null, badge('good', t('終了', 'closed'))),
		callNow(incident.id), told(incident.id),
		incident.state === 'open' ? h('div', { class: 'actions' }, button(t('通報を取り下げる', 'Withdraw the alarm'), () => withdraw(incident))) : null, resultBox(results.get(incident.id)));

// Items of the plan that the reporter is asked to do, without sign-in.
const asked = () => rows('VIEW_INBOX', 0, 'item').filter((i) => i.mine && i.state !== 'standing');

export default {
	title: () => t('この端末', 'This terminal'),
	wants: () => [['VIEW_INBOX', 0], ['VIEW_BOARD', 0], ['VIEW_CONTACTS', 0], ...own().map((i) => ['VIEW_INCIDENT', i.id])],
	render() {
		const list = notices();
		const news = section(t('知らせ', 'Notices'), list.length ? list.map(notice) : complete('VIEW_INBOX', 0) ? empty(t('今はありません。', 'None now.')) : empty(t('読み込んでいます…', 'Loading…')));
		// Whoever just raised an alarm looks for that; what is to be acknowledged goes before it.
		const urgent = list.some(waits);
		return [
			h('h1', null, placeOf(session().terminal) === session().terminal ? t('この端末', 'This terminal') : placeOf(session().terminal), ' ', h('span', { class: 'soft' }, t(`端末 ${session().terminal}`, `terminal ${session().terminal}`))),
			h('a', { class: 'giant-alarm', href: '#/alarm' }, icon('alarm'), h('span', null, t('通報する', 'Raise an alarm')), h('small', null, t('おかしいと思ったら、まず通報', 'If something is wrong, raise it first'))),
			urgent ? news : null,
			asked().length ? section(t('通報した方にお願いすること', 'Asked of whoever raised the alarm'), asked().map(itemCard)) : null,
			own().length ? section(t('この端末からの通報', 'Alarms from this terminal'), own().map(alarm)) : null,
			urgent ? null : news,
			section(t('連絡先', 'Contacts'), telList(telephoneLines()),
				h('p', null, h('a', { href: '#/contacts' }, t('すべての連絡先', 'All contacts')))),
		];
	},
};
