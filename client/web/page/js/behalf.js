// 'Entered for somebody else': who said it, by telephone, in person or on paper, with which number and when. What is chosen stands in the
// draft of the form it belongs to, under b.on, b.person, b.channel, b.number, b.at.
import { h } from './dom.js';
import { t, lang } from './i18n.js';
import { fromLocal, local, now } from './time.js';
import { rows, session } from './store.js';
import { blank } from './form-model.js';
import { idOf, labelled, must, textInput, timeInput } from './form-fields.js';

const CHANNELS = [['CHANNEL_TELEPHONE', '電話', 'Telephone'], ['CHANNEL_IN_PERSON', '対面', 'In person'], ['CHANNEL_PAPER', '書面（転記）', 'On paper']];

export function persons() {
	const board = rows('VIEW_BOARD', 0, 'person');
	return board.length ? board : rows('VIEW_CONTACTS', 0, 'person');
}

function personTitles(p) {
	const titles = lang() === 'en' && (p.role_titles_en || []).length ? p.role_titles_en : p.role_titles || [];
	return titles.join(t('・', ', '));
}

export function personLabel(p) {
	const titles = personTitles(p);
	return titles ? t(`${p.name}（${titles}）`, `${p.name} (${titles})`) : p.name || p.id;
}

// Options of a <select> over the persons of the site; those of the given roles first.
export function personOptions(roles = [], except = '') {
	const first = (p) => (p.roles || []).some((r) => roles.includes(r));
	const all = persons().filter((p) => p.id !== except);
	return [...all.filter(first), ...all.filter((p) => !first(p))].map((p) => h('option', { key: p.id, value: p.id }, personLabel(p)));
}

export function numbersOf(person) {
	const row = persons().find((p) => p.id === person);
	return (row && row.numbers) || [];
}

// Preset for a certain person, as 'enter a telephone acknowledgement' opens it.
export function behalfPreset(person, numbers) {
	const number = (numbers && numbers[0]) || numbersOf(person)[0] || '';
	return { 'b.on': true, 'b.person': person, 'b.channel': 'CHANNEL_TELEPHONE', 'b.number': number, 'b.at': local(now()) };
}

// The Behalf of the command; undefined where one enters for oneself.
export function behalfOf(get) {
	if (!get('b.on'))
		return undefined;
	const channel = get('b.channel') || 'CHANNEL_TELEPHONE';
	const behalf = { channel };
	if (!blank(get('b.person')))
		behalf.person = get('b.person');
	if (!blank(get('b.number')) && channel === 'CHANNEL_TELEPHONE')
		behalf.number = get('b.number').trim();
	if (fromLocal(get('b.at')))
		behalf.said_at = fromLocal(get('b.at'));
	return behalf;
}

function setPerson(ctx, person) {
	ctx.set('b.person', person);
	ctx.set('b.number', numbersOf(person)[0] || '');
}

function personInput(ctx, channel, roles) {
	const own = channel === 'CHANNEL_PAPER';
	return labelled({ id: idOf(ctx, 'behalf', 'person'), label: t('だれの言葉ですか', 'Who said it'), required: !own,
		hint: own ? t('自分で書いた紙を転記するときは、選ばなくてかまいません。', 'Leave it open for what you wrote yourself.') : null },
	'select', { value: ctx.get('b.person') || '', on: { change: (e) => setPerson(ctx, e.target.value) } },
	h('option', { value: '' }, t('選んでください', 'Choose')), personOptions(roles, own ? '' : session().person));
}

function numberInput(ctx) {
	const id = idOf(ctx, 'behalf', 'number');
	const numbers = numbersOf(ctx.get('b.person'));
	return textInput(ctx, 'b.number', { id, label: t('電話番号', 'Number'), required: true,
		after: h('datalist', { id: id + '-list' }, numbers.map((n) => h('option', { key: n, value: n }))) }, { type: 'tel', list: id + '-list' });
}

function channelInput(ctx) {
	const value = ctx.get('b.channel') || 'CHANNEL_TELEPHONE';
	return h('fieldset', { class: 'choice row', key: 'channel' }, h('legend', {}, t('どのように聞きましたか', 'How was it said'), ' ', must(true)),
		CHANNELS.map(([id, ja, en]) => h('span', { class: 'pick', key: id },
			h('input', { type: 'radio', id: idOf(ctx, 'channel', id), name: idOf(ctx, 'channel', ''), value: id, checked: value === id,
				on: { change: () => ctx.set('b.channel', id) } }),
			h('label', { for: idOf(ctx, 'channel', id) }, t(ja, en)))));
}

// The inputs; fixed: the person is known and not to be chosen.
export function behalfInputs(ctx, { roles, fixed } = {}) {
	const channel = ctx.get('b.channel') || 'CHANNEL_TELEPHONE';
	const paper = channel === 'CHANNEL_PAPER';
	return [channelInput(ctx), fixed ? null : personInput(ctx, channel, roles), channel === 'CHANNEL_TELEPHONE' ? numberInput(ctx) : null,
		timeInput(ctx, 'b.at', { id: idOf(ctx, 'behalf', 'at'), label: paper ? t('書かれた時刻', 'Time written') : t('聞いた時刻', 'Time it was said'), required: true })];
}

// Folded away until it is wanted.
export function behalfBox(ctx, item) {
	if (!session().person)
		return null;
	const on = Boolean(ctx.get('b.on'));
	const turn = (e) => {
		if (e.target.checked && !ctx.get('b.at'))
			ctx.set('b.at', local(now()));
		ctx.set('b.on', e.target.checked);
	};
	return h('div', { class: 'behalf' + (on ? ' on' : ''), key: 'behalf' },
		h('span', { class: 'pick' },
			h('input', { type: 'checkbox', id: idOf(ctx, 'behalf', 'on'), checked: on, on: { change: turn } }),
			h('label', { for: idOf(ctx, 'behalf', 'on') }, t('ほかの人から電話・対面・書面で聞いた内容を、代わりに入力する', 'Enter for somebody else (telephone, in person, paper)'))),
		on ? h('div', { class: 'inner' }, behalfInputs(ctx, { roles: (item && item.by) || [] }),
			h('p', { class: 'hint' }, t('記録には、だれの言葉を・だれが・いつ入力したかが残り、本人が次に画面を開いたときに確かめます。',
				'On record: whose words, who entered them, when. The person confirms them at the next sign-in.'))) : null);
}

