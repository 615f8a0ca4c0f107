// Follow-ups: what goes on after incidents, by the day it is due; each is changed, done or opened again where it stands.
import { changeForm, changes, isOpen, openChange } from '../change.js';
import { h } from '../dom.js';
import { blank } from '../form-model.js';
import { ownerInput } from '../form-calls.js';
import { dayInput, idOf, labelled, textArea } from '../form-fields.js';
import { t, both } from '../i18n.js';
import { find, nameOf, roleTitle } from '../persons.js';
import { rows, complete, session } from '../store.js';
import { day, daysUntil } from '../time.js';
import { badge, button, drillMark, empty, link, loading, section } from '../ui.js';

const trim = (text) => String(text ?? '').trim();
const keyOf = (what, row) => `follow/${what}/${row.incident}/${row.id}`;
const title = (row) => t(`事案${row.incident} の${row.id}番`, `incident ${row.incident}, no. ${row.id}`);

const FIELDS = { text: ['内容', 'what is to be done'], owner: ['担当', 'owner'], due: ['期限', 'due'], state: ['状態', 'state'] };
const names = (id) => (FIELDS[id] ? t(...FIELDS[id]) : id);

// ---- inputs ----

const owner = (ctx) => ownerInput(ctx, 'owner', ctx.error('f', 'owner'));
const ownerName = (id, row) => (id === row.owner ? row.owner_name : find(id) ? nameOf(id) : roleTitle(id));
const dueInput = (ctx) => dayInput(ctx, 'due', { id: idOf(ctx, 'f', 'due'), label: t('期限', 'Due'), required: true, error: ctx.error('f', 'due') });
const why = (ctx, label, error) => textArea(ctx, 'why', { id: idOf(ctx, 'f', 'why'), label, required: true, error });

// ---- done, and open again ----

function stateForm(row, to) {
	const done = to === 'done';
	return changeForm(keyOf(to, row), {
		title: done ? t(`終わったと記録する（${title(row)}）`, `Record as done (${title(row)})`) : t(`もう一度開く（${title(row)}）`, `Open again (${title(row)})`),
		fields: (ctx) => why(ctx, done ? t('どのように終わりましたか', 'How it ended') : t('理由', 'Reason'), ctx.error('f', 'why')),
		check: (ctx) => (blank(ctx.get('why')) ? { why: done ? t('どのように終わったかを書いてください。', 'Say how it ended.') : t('理由を書いてください。', 'Give a reason.') } : {}),
		names,
		label: done ? t('終わったと記録する', 'Record as done') : t('もう一度開く', 'Open again'),
		command: (ctx) => ({ act: 'follow_up', body: { incident: row.incident, follow_up: row.id, state: to, text: trim(ctx.get('why')) } }),
	});
}

// ---- changed ----

function changeOf(ctx, row) {
	const change = {};
	if (trim(ctx.get('owner')) && trim(ctx.get('owner')) !== row.owner) change.owner = trim(ctx.get('owner'));
	if (ctx.get('due') && ctx.get('due') !== row.due) change.due = ctx.get('due');
	if (!row.measure && !blank(ctx.get('text')) && trim(ctx.get('text')) !== row.text) change.text = trim(ctx.get('text'));
	return change;
}

function alterForm(row) {
	return changeForm(keyOf('change', row), {
		title: t(`変更する（${title(row)}）`, `Change (${title(row)})`),
		fields: (ctx) => [row.measure ? null : textArea(ctx, 'text', { id: idOf(ctx, 'f', 'text'), label: t('内容', 'What is to be done'), required: true }), owner(ctx), dueInput(ctx), why(ctx, t('変更の理由', 'Reason for the change'), ctx.error('f', 'why'))],
		check(ctx) {
			const errors = {};
			if (!Object.keys(changeOf(ctx, row)).length) errors.owner = t('内容・担当・期限のどれかを変えてください。', 'Change what, who or when.');
			if (blank(ctx.get('why'))) errors.why = t('理由を書いてください。', 'Give a reason.');
			return errors;
		},
		review(ctx) {
			const c = changeOf(ctx, row);
			return [changes([[t('内容', 'What'), row.text, c.text ?? row.text], [t('担当', 'Owner'), row.owner_name, c.owner ? ownerName(c.owner, row) : row.owner_name], [t('期限', 'Due'), day(row.due), day(c.due ?? row.due)]]), h('p', {}, t('理由：', 'Reason: '), ctx.get('why'))];
		},
		names,
		label: t('変更する', 'Change'),
		command: (ctx) => ({ act: 'follow_up', body: { incident: row.incident, follow_up: row.id, text: trim(ctx.get('why')), change: changeOf(ctx, row) } }),
	});
}

// ---- a new one ----

const incidents = () => {
	const found = new Map(rows('VIEW_BOARD', 0, 'incident').map((row) => [row.id, row]));
	for (const row of rows('VIEW_FOLLOW_UPS', 0, 'follow_up')) if (!found.has(row.incident)) found.set(row.incident, { id: row.incident, drill: row.drill });
	return [...found.values()].sort((a, b) => b.id - a.id);
};
const incidentName = (row) => `${row.drill ? t('【訓練】', '[DRILL] ') : ''}${t(`事案${row.id}`, `Incident ${row.id}`)} ${both(row, 'title')}`;

function newForm() {
	return changeForm('follow/new', {
		title: t('今後の対策を加える', 'Add a follow-up'),
		level: 'h2',
		fields: (ctx) => [labelled({ id: idOf(ctx, 'f', 'incident'), label: t('どの事案の', 'Of which incident'), required: true, error: ctx.error('f', 'incident') }, 'select', { value: String(ctx.get('incident') || ''), on: { change: (e) => ctx.set('incident', e.target.value) } },
			h('option', { value: '' }, t('選んでください', 'Choose')), incidents().map((row) => h('option', { key: row.id, value: row.id }, incidentName(row)))),
		textArea(ctx, 'text', { id: idOf(ctx, 'f', 'text'), label: t('内容', 'What is to be done'), required: true, error: ctx.error('f', 'text') }), owner(ctx), dueInput(ctx)],
		check(ctx) {
			const errors = {};
			if (!ctx.get('incident')) errors.incident = t('事案を選んでください。', 'Choose the incident.');
			if (blank(ctx.get('text'))) errors.text = t('内容を書いてください。', 'Say what is to be done.');
			if (!ctx.get('owner')) errors.owner = t('担当を選んでください。', 'Choose the owner.');
			if (!ctx.get('due')) errors.due = t('期限を入れてください。', 'Give the day.');
			return errors;
		},
		names,
		label: t('加える', 'Add'),
		command: (ctx) => ({ act: 'follow_up', body: { incident: Number(ctx.get('incident')), change: { text: trim(ctx.get('text')), owner: ctx.get('owner'), due: ctx.get('due') } } }),
	});
}

// ---- the list ----

function dueBadge(row) {
	if (row.state !== 'open') return badge('good', t('終了', 'done'));
	const days = row.due ? daysUntil(row.due) : 0;
	if (row.when === 'overdue') return badge('bad', t(`期限を${-days}日過ぎています`, `${-days} d overdue`), 'warn');
	if (row.when === 'due') return badge('warn', t('今日が期限', 'due today'));
	if (row.when === 'soon') return badge('wait', t(`あと${days}日`, `in ${days} d`));
	return days > 0 ? badge('info', t(`あと${days}日`, `in ${days} d`)) : null;
}

function card(row) {
	const open = row.state === 'open', acts = !!session().person;
	return h('li', { key: row.key, class: 'contact' },
		h('h3', {}, drillMark(row), ' ', row.text || both(row, 'kind_title') || title(row), ' ', dueBadge(row)),
		h('p', {}, t('担当：', 'Owner: '), row.owner_name || row.owner, t('　期限：', ' · due: '), day(row.due)),
		h('p', { class: 'soft small' }, [both(row, 'kind_title')].filter(Boolean).join(''), ' ', row.incident ? link(`#/incident/${row.incident}`, title(row)) : null),
		row.remark ? h('p', {}, t('経過：', 'Remark: '), row.remark) : null,
		acts ? h('p', { class: 'actions' }, open ? [button([t('終わった', 'Done'), h('span', { class: 'sr' }, title(row))], (e) => openChange(keyOf('done', row), null, e), { kind: 'primary' }),
			button([t('変更', 'Change'), h('span', { class: 'sr' }, title(row))], (e) => openChange(keyOf('change', row), { text: row.text, owner: row.owner, due: row.due }, e))]
			: button([t('もう一度開く', 'Open again'), h('span', { class: 'sr' }, title(row))], (e) => openChange(keyOf('open', row), null, e))) : null,
		stateForm(row, 'done'), stateForm(row, 'open'), alterForm(row));
}

function group(name, list) {
	return list.length ? section(`${name}（${list.length}）`, h('ul', { class: 'cards wide' }, list.map(card))) : null;
}

export default {
	title: () => t('事後対応', 'Follow-ups'),
	wants: () => [['VIEW_FOLLOW_UPS', 0], ['VIEW_BOARD', 0], ['VIEW_PLAN', 0]],
	render() {
		const heading = h('h1', {}, t('事後対応', 'Follow-ups'));
		if (!complete('VIEW_FOLLOW_UPS', 0)) return [heading, loading()];
		// What is just being answered for stays where it is, with its answer.
		const here = (row) => row.state === 'open' || isOpen(keyOf('done', row));
		const all = rows('VIEW_FOLLOW_UPS', 0, 'follow_up'), open = all.filter(here), done = all.filter((row) => !here(row));
		const late = open.filter((row) => row.when === 'overdue'), soon = open.filter((row) => row.when === 'due' || row.when === 'soon'), later = open.filter((row) => !late.includes(row) && !soon.includes(row));
		return [heading, h('p', { class: 'soft' }, t('事案の後に続ける対策と、引き継いだ措置です。期限が近づくと担当者に知らせが届きます。', 'What goes on after incidents, and measures handed over. Owners are reminded when the day comes near.')),
			session().person && incidents().length ? h('p', { class: 'actions' }, button(t('対策を加える', 'Add a follow-up'), (e) => openChange('follow/new', null, e))) : null, newForm(),
			open.length ? null : empty(t('続いている対策はありません。', 'Nothing is open.')),
			group(t('期限を過ぎたもの', 'Overdue'), late), group(t('期限が近いもの', 'Due soon'), soon), group(t('これから', 'Later'), later),
			done.length ? h('details', { class: 'section', key: 'done' }, h('summary', {}, t(`終わったもの（${done.length}）`, `Done (${done.length})`)), h('ul', { class: 'cards wide' }, done.map(card))) : null];
	},
};
