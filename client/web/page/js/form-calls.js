// The calls of a form (who is telephoned, who answered, what was said, when to try again) and the measures that go on after the incident.
import { h } from './dom.js';
import { t, both, lang } from './i18n.js';
import { clock, local, now } from './time.js';
import { rows } from './store.js';
import { badge, icon, tel } from './ui.js';
import { blank } from './form-model.js';
import { dayInput, idOf, labelled, must, textArea, textInput, timeInput } from './form-fields.js';
import { personLabel, persons } from './behalf.js';

const HOWS = [['reached', '話せた', 'Reached'], ['no_answer', '出なかった', 'No answer'], ['not_called', 'かけない', 'Not called']];
const HOURS = { business: ['執務時間', 'business hours'], night: ['夜間', 'night'], weekend: ['週末', 'weekend'], holiday: ['祝日', 'holiday'],
	closure: ['閉庁期間', 'office closed'] };

// A ctx that reads and writes the parts of one object in a draft: 'call.x' as {how, number, ...}.
function within(ctx, name, key) {
	const object = () => ctx.get(name) || {};
	return { ...ctx, key: ctx.key + '-' + key, get: (part) => object()[part], set: (part, value) => ctx.set(name, { ...object(), [part]: value }) };
}

// The same for one object of a list.
function withinList(ctx, name, index) {
	const list = () => ctx.get(name) || [];
	return { ...ctx, key: `${ctx.key}-${name}-${index}`, get: (part) => (list()[index] || {})[part],
		set: (part, value) => ctx.set(name, list().map((x, i) => (i === index ? { ...x, [part]: value } : x))) };
}

function stateOf(target) {
	switch (target.state) {
	case 'called': return badge('good', t(`済 ${clock(target.at)} ${target.answered_by || ''}`, `called ${clock(target.at)} ${target.answered_by || ''}`));
	case 'no_answer': return badge('warn', target.again_at ? t(`出なかった → ${clock(target.again_at)} にかけ直す`, `no answer, again at ${clock(target.again_at)}`)
		: t('出なかった', 'no answer'));
	case 'not_called': return badge('info', t('かけない（理由あり）', 'not called (reason given)'));
	default: return badge('wait', t('まだ', 'not yet'));
	}
}

// The moment at which the outcome was chosen is when the call was made, unless said otherwise.
function choose(c, how) {
	if (!c.get('at'))
		c.set('at', local(now()));
	c.set('how', how);
}

function howInput(c, label) {
	const value = c.get('how');
	return h('fieldset', { class: 'choice row', key: 'how' }, h('legend', {}, t('結果', 'Outcome'), h('span', { class: 'sr' }, ' ', label)),
		HOWS.map(([id, ja, en]) => h('span', { class: 'pick', key: id },
			h('input', { type: 'radio', id: idOf(c, 'how', id), name: idOf(c, 'how', ''), value: id, checked: value === id, on: { change: () => choose(c, id) } }),
			h('label', { for: idOf(c, 'how', id) }, t(ja, en)))),
		value ? h('button', { type: 'button', class: 'button button-plain small', on: { click: () => c.set('how', '') } }, t('消す', 'Clear')) : null);
}

function details(c, offered, error) {
	switch (c.get('how')) {
	case 'reached':
		return [textInput(c, 'answered_by', { id: idOf(c, 'call', 'answered_by'), label: t('出た人', 'Who answered'), required: true,
			error: blank(c.get('answered_by')) ? error : '' }),
		textArea(c, 'said', { id: idOf(c, 'call', 'said'), label: t('話した内容', 'What was said'), required: false }), number(c, offered), at(c)];
	case 'no_answer':
		return [timeInput(c, 'again', { id: idOf(c, 'call', 'again'), label: t('かけ直す時刻（知らせます）', 'Call again at (you will be told)'), required: false }),
			number(c, offered), at(c)];
	case 'not_called':
		return textInput(c, 'reason', { id: idOf(c, 'call', 'reason'), label: t('かけない理由', 'Why nobody was called'), required: true });
	default:
		return null;
	}
}

function number(c, offered) {
	return textInput(c, 'number', { id: idOf(c, 'call', 'number'), label: t('かけた番号', 'Number called'), required: true },
		{ type: 'tel', value: c.get('number') === undefined ? offered || '' : c.get('number') });
}

function at(c) {
	return timeInput(c, 'at', { id: idOf(c, 'call', 'at'), label: t('かけた時刻', 'Called at'), required: true });
}

function callButton(label, log) {
	return log ? h('button', { type: 'button', class: 'button button-plain small', on: { click: log } }, t('この電話だけ先に記録', 'Record this call now'),
		h('span', { class: 'sr' }, ' ', label)) : null;
}

function target(ctx, call, log) {
	const c = within(ctx, 'call.' + call.body, 'call-' + call.body);
	const error = ctx.error('call', call.body);
	const label = both(call, 'title') || call.body;
	return h('div', { class: 'call' + (error && !c.get('how') ? ' wrong' : ''), key: call.body, id: idOf(ctx, 'call', call.body), tabindex: '-1' },
		h('p', { class: 'whom' }, h('strong', {}, label), ' ', stateOf(call), ' ',
			call.number ? tel(call.number) : h('span', { class: 'hint' }, t('番号の登録がありません', 'no number known'))),
		(call.aliases || []).length ? h('p', { class: 'hint' }, t('別名: ', 'also: '), call.aliases.join(t('、', ', '))) : null,
		error && !c.get('how') ? h('p', { class: 'error' }, icon('bad'), h('span', {}, error)) : null,
		howInput(c, label), details(c, call.number, error),
		c.get('how') && c.get('how') !== 'not_called' ? callButton(label, log && (() => log(call.body, ctx.get('call.' + call.body), call.number, () => ctx.set('call.' + call.body, {})))) : null);
}

function extra(ctx, item, log) {
	const list = ctx.get('more') || [];
	const known = rows('VIEW_CONTACTS', 0, 'contact').filter((x) => x.kind !== 'role');
	// What is in the draft now, not what was drawn: whoever typed a moment ago keeps it.
	const present = () => ctx.get('more') || [];
	const drop = (i) => ctx.set('more', present().filter((_, k) => k !== i));
	return [list.map((m, i) => {
		const c = withinList(ctx, 'more', i);
		const row = known.find((x) => x.now && (x.id === m.body || x.title === m.body));
		const listId = idOf(c, 'body', 'list');
		return h('div', { class: 'call', key: 'more-' + i },
			textInput(c, 'body', { id: idOf(c, 'call', 'body'), label: t('連絡先の名前', 'Body'), required: true,
				after: h('datalist', { id: listId }, [...new Set(known.map((x) => x.title))].map((x) => h('option', { key: x, value: x }))) }, { list: listId }),
			howInput(c, m.body || ''), details(c, row ? row.number : '', ''),
			m.how && m.how !== 'not_called' ? callButton(m.body, log && (() => log(m.body, m, row && row.number, () => drop(i)))) : null,
			h('button', { type: 'button', class: 'button button-plain small', on: { click: () => drop(i) } }, t('この連絡先を外す', 'Remove')));
	}),
	h('button', { type: 'button', class: 'button button-plain small', key: 'add', on: { click: () => ctx.set('more', [...present(), { body: '' }]) } }, t('＋ ほかの連絡先を加える', '+ Another body'))];
}

// log(body, typed, offered, done): records one call by itself, before the item is entered.
export function callInputs(ctx, item, log) {
	if (!(item.calls || []).length && !item.calls_extend)
		return null;
	const need = (item.calls || []).length === 1 && !item.calls_optional && !item.calls_extend ? '' : item.calls_optional ? t('必要に応じて', 'as needed') : item.calls_all ? t('すべてに電話します', 'all are to be called') : t('どれか一つに電話します', 'one at least');
	const hour = HOURS[item.calls_hour];
	const error = ctx.error('call', '');
	return h('fieldset', { class: 'calls', key: 'calls', id: idOf(ctx, 'call', ''), tabindex: '-1' },
		h('legend', {}, t('電話連絡', 'Telephone calls'), need ? t(`（${need}）`, ` (${need})`) : null),
		hour ? h('p', { class: 'hint' }, t(`番号はいま（${hour[0]}${item.calls_holiday ? '・' + item.calls_holiday : ''}）のものです。`,
			`Numbers are those for now (${hour[1]}${item.calls_holiday ? ', ' + item.calls_holiday : ''}).`)) : null,
		item.drill ? h('p', { class: 'drill-call' }, t('【訓練】電話では、訓練であることを初めに伝えてください。', '[DRILL] On the telephone say first that this is a drill.')) : null,
		error ? h('p', { class: 'error' }, icon('bad'), h('span', {}, error)) : null,
		(item.calls || []).map((c) => target(ctx, c, log)),
		item.calls_extend ? extra(ctx, item, log) : null);
}

// ---- what goes on after the incident ----

function ownerOptions() {
	const roles = new Map();
	for (const p of persons())
		(p.roles || []).forEach((r, i) => roles.set(r, (lang() === 'en' && (p.role_titles_en || [])[i]) || (p.role_titles || [])[i] || r));
	return [h('option', { key: '', value: '' }, t('選んでください', 'Choose')),
		h('optgroup', { key: 'persons', label: t('職員', 'Persons') }, persons().map((p) => h('option', { key: p.id, value: p.id }, personLabel(p)))),
		h('optgroup', { key: 'roles', label: t('役割（就いている人が担当）', 'Roles') }, [...roles].map(([id, title]) => h('option', { key: id, value: id }, title)))];
}

export function ownerInput(c, name, error) {
	return labelled({ id: idOf(c, 'owner', name), label: t('担当', 'Owner'), required: true, error: blank(c.get(name)) ? error : '' }, 'select',
		{ value: c.get(name) || '', on: { change: (e) => c.set(name, e.target.value) } }, ownerOptions());
}

function follow(ctx, f, i, kinds, error) {
	const c = withinList(ctx, 'follow', i);
	const kind = kinds.find((k) => k.id === f.kind);
	const drop = () => ctx.set('follow', (ctx.get('follow') || []).filter((_, k) => k !== i));
	return h('div', { class: 'follow', key: 'follow-' + i },
		h('p', { class: 'whom' }, h('strong', {}, kind ? both(kind, 'title') : f.kind)),
		textArea(c, 'text', { id: idOf(c, 'follow', 'text'), label: t('対策の内容', 'What is to be done'), required: true, error: blank(f.text) ? error : '' }),
		ownerInput(c, 'owner', error),
		dayInput(c, 'due', { id: idOf(c, 'follow', 'due'), label: t('期限', 'Due'), required: true, error: blank(f.due) ? error : '' }),
		h('button', { type: 'button', class: 'button button-plain small', on: { click: drop } }, t('この対策を外す', 'Remove')));
}

export function followInputs(ctx, item, known) {
	const kinds = item.follow_ups || [];
	if (!kinds.length)
		return null;
	const list = ctx.get('follow') || [];
	const error = ctx.error('follow', '');
	const add = (kind) => () => ctx.set('follow', [...(ctx.get('follow') || []), { kind: kind.id, text: '', owner: '', due: '' }]);
	return h('fieldset', { class: 'follows', key: 'follow', id: idOf(ctx, 'follow', ''), tabindex: '-1' },
		h('legend', {}, t('今後の対策（終結の後も続くもの）', 'What goes on after the incident'), ' ', must(true)),
		error && !list.length && blank(ctx.get('none')) ? h('p', { class: 'error' }, icon('bad'), h('span', {}, error)) : null,
		known.length ? h('p', { class: 'hint' }, t('記録済み（訂正しても残ります）: ', 'On record already (they stay): '), known.map((f) => f.text).join(t('、', ', '))) : null,
		list.map((f, i) => follow(ctx, f, i, kinds, error)),
		kinds.map((k) => h('div', { class: 'add', key: 'add-' + k.id },
			h('button', { type: 'button', class: 'button button-plain small', on: { click: add(k) } }, t(`＋ ${both(k, 'title')}を加える`, `+ ${both(k, 'title')}`)),
			(k.contents || []).length ? h('span', { class: 'hint' }, ' ', k.contents.join(t('、', ', '))) : null)),
		list.length ? null : textInput(ctx, 'none', { id: idOf(ctx, 'follow', 'none'), label: t('対策が要らないときは、その理由', 'If none is needed: why'), required: false }));
}
