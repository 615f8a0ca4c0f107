// people-acts: what persons do about their absence and who stands in for them; of themselves, for another person who said so, or as administrators.
import { h } from './dom.js';
import { changeForm, isOpen, openChange } from './change.js';
import { behalfInputs, behalfOf, behalfPreset, personOptions } from './behalf.js';
import { idOf, labelled, textInput, timeInput } from './form-fields.js';
import { blank } from './form-model.js';
import { t, both } from './i18n.js';
import { find, nameOf, roleTitle } from './persons.js';
import { rows, session } from './store.js';
import { clock, fromLocal } from './time.js';
import { button } from './ui.js';

const me = () => session().person;

// ---- on whose word ----

// For somebody else: an administrator's own act, or what the person said, entered for them.
function how(ctx, person) {
	if (person === me()) return null;
	const admin = session().administrator, said = ctx.get('b.on') ?? !admin;
	const radio = (value, label) => h('span', { class: 'pick', key: String(value) },
		h('input', { type: 'radio', name: idOf(ctx, 'how', ''), id: idOf(ctx, 'how', String(value)), checked: said === value, on: { change: () => ctx.set('b.on', value) } }),
		h('label', { for: idOf(ctx, 'how', String(value)) }, label));
	return h('fieldset', { class: 'choice', key: 'how' }, h('legend', {}, t(`${nameOf(person)}さんのことを、だれの判断で入力しますか`, `On whose word do you enter this for ${nameOf(person)}?`)),
		admin ? [radio(true, t('本人から聞いた（電話・対面・書面）', 'The person said so (telephone, in person, on paper)')), radio(false, t('管理者として登録する', 'As an administrator'))]
			: h('p', {}, t('本人から聞いたことを入力します。', 'Enter what the person said.')),
		said ? behalfInputs(ctx, { fixed: true }) : null);
}

const said = (ctx, person) => person !== me() && (ctx.get('b.on') ?? !session().administrator);

// Number and time are there already when it is somebody else's.
function preset(person) {
	if (person === me()) return {};
	const values = behalfPreset(person);
	delete values['b.on'];
	return values;
}

// What identifies the person in the command: the behalf, or the field of the act.
function whose(ctx, person) {
	if (person === me()) return {};
	if (!said(ctx, person)) return { person };
	return { behalf: { ...behalfOf((name) => (name === 'b.on' ? true : name === 'b.person' ? person : ctx.get(name))), person } };
}

function checkSaid(ctx, person, errors) {
	if (!said(ctx, person)) return;
	if (!fromLocal(ctx.get('b.at'))) errors['b.at'] = t('いつ聞いたかを入れてください。', 'Say when it was said.');
	if ((ctx.get('b.channel') || 'CHANNEL_TELEPHONE') === 'CHANNEL_TELEPHONE' && blank(ctx.get('b.number'))) errors['b.number'] = t('電話番号を入れてください。', 'Give the number.');
}

// ---- a term ----

function term(ctx, endRequired) {
	return h('div', { class: 'two', key: 'term' },
		timeInput(ctx, 'since', { id: idOf(ctx, 'f', 'since'), label: t('いつから', 'From'), required: false, hint: t('空欄なら、いますぐ', 'Empty: from now'), error: ctx.error('f', 'since') }),
		timeInput(ctx, 'until', { id: idOf(ctx, 'f', 'until'), label: t('いつまで', 'Until'), required: endRequired,
			hint: endRequired ? null : t('空欄なら、戻ったと登録するまで', 'Empty: until marked as back'), error: ctx.error('f', 'until') }));
}

function checkTerm(ctx, endRequired, errors) {
	const since = fromLocal(ctx.get('since')), until = fromLocal(ctx.get('until'));
	if (endRequired && !until) errors.until = t('終わりの日時を入れてください。', 'Give the end.');
	if (until && since && until <= since) errors.until = t('終わりは始まりより後にしてください。', 'The end must be after the beginning.');
}

const termOf = (ctx) => ({ ...(fromLocal(ctx.get('since')) ? { since: fromLocal(ctx.get('since')) } : {}), ...(fromLocal(ctx.get('until')) ? { until: fromLocal(ctx.get('until')) } : {}) });

const reason = (ctx, required, hint) => textInput(ctx, 'reason', { id: idOf(ctx, 'f', 'reason'), label: t('理由', 'Reason'), required, hint, error: ctx.error('f', 'reason') }, { maxlength: 1000 });

// ---- absence ----

const absenceKey = (person) => `absence/${person}`;
const backKey = (person) => `back/${person}`;

export const absenceButtons = (person) => {
	const marked = rows('VIEW_BOARD', 0, 'absence').some((a) => a.person === person.id);
	const own = person.id === me(), name = h('span', { class: 'sr' }, own ? '' : `（${person.name}）`);
	return [
		button([own ? t('不在にする', 'Mark me absent') : t('不在にする', 'Mark absent'), name], (e) => openChange(absenceKey(person.id), preset(person.id), e)),
		marked ? button([own ? t('戻りました', 'I am back') : t('戻ったと登録', 'Mark as back'), name], (e) => openChange(backKey(person.id), preset(person.id), e), { kind: own ? 'primary' : 'plain' }) : null,
	];
};

function absenceForm(person) {
	const name = nameOf(person);
	return changeForm(absenceKey(person), {
		title: person === me() ? t('自分を不在にする', 'Mark myself absent') : t(`${name}さんを不在にする`, `Mark ${name} absent`),
		about: h('p', {}, t('不在のあいだは、職務代理者や委任を受けた人へすぐに知らせが行きます。届いた知らせは消えません。不在でも、自分で応答すれば数えられます。',
			'While absent, deputies and delegates are told at once. Notices stay, and answering all the same counts.')),
		fields: (ctx) => [how(ctx, person), term(ctx, false), reason(ctx, true, t('見えるのは、個人の番号を見てよい人だけです。', 'Seen only by those who may see private numbers.'))],
		check(ctx) {
			const errors = {};
			checkTerm(ctx, false, errors);
			checkSaid(ctx, person, errors);
			if (blank(ctx.get('reason'))) errors.reason = t('理由を入れてください。', 'Give a reason.');
			return errors;
		},
		label: t('不在にする', 'Mark absent'),
		command(ctx) {
			const { behalf, person: other } = whose(ctx, person);
			return { act: 'absence', body: { ...(other ? { person: other } : {}), ...termOf(ctx), reason: ctx.get('reason').trim() }, behalf };
		},
	});
}

function backForm(person) {
	return changeForm(backKey(person), {
		title: person === me() ? t('不在を終える', 'End my absence') : t(`${nameOf(person)}さんが戻ったと登録する`, `${nameOf(person)} is back`),
		fields: (ctx) => how(ctx, person),
		check(ctx) {
			const errors = {};
			checkSaid(ctx, person, errors);
			return errors;
		},
		label: t('戻ったと登録する', 'Mark as back'),
		command(ctx) {
			const { behalf, person: other } = whose(ctx, person);
			return { act: 'absence', body: { ...(other ? { person: other } : {}), back: true }, behalf };
		},
	});
}

export const absenceForms = (person) => [absenceForm(person.id), backForm(person.id)];

// ---- delegation ----

const delegateKey = (person) => `delegate/${person}`;
export const delegateButton = (person) => button([t('代理・委任', 'Stand-in'), h('span', { class: 'sr' }, `（${person.name}）`)], (e) => openChange(delegateKey(person.id), { kind: 'deputy', may: [1, 2, 4], ...preset(person.id) }, e));

const MAY = [[1, '受領確認', 'acknowledge'], [2, '記入', 'enter'], [4, '決定', 'decide']];
export const mayText = (may) => (!may || may === 7 ? t('すべて', 'everything') : MAY.filter(([bit]) => may & bit).map(([, ja, en]) => t(ja, en)).join(t('・', ', ')));

// Nobody is entrusted with a seat in a group.
const held = (person) => {
	const groups = new Set(rows('VIEW_PLAN', 0, 'plan_role').filter((r) => r.group).map((r) => r.id));
	return [...new Set(find(person)?.roles || [])].filter((id) => !groups.has(id));
};

function toInput(ctx, person) {
	return labelled({ id: idOf(ctx, 'f', 'to'), label: t('だれに', 'To'), required: true, error: ctx.error('f', 'to') }, 'select',
		{ value: ctx.get('to') || '', on: { change: (e) => ctx.set('to', e.target.value) } }, h('option', { value: '' }, t('選んでください', 'Choose')), personOptions([], person));
}

function roleInput(ctx, person) {
	return labelled({ id: idOf(ctx, 'f', 'role'), label: t('どの役割を', 'Which role'), required: false, mark: false }, 'select',
		{ value: ctx.get('role') || '', on: { change: (e) => ctx.set('role', e.target.value) } },
		h('option', { value: '' }, t('務めている役割すべて', 'every role held')), held(person).map((id) => h('option', { key: id, value: id }, roleTitle(id))));
}

const KINDS = [['deputy', '職務代理', 'deputy', '本人が不在・応答しないあいだだけ代わりをする', 'only while the holder is away or does not answer'],
	['delegate', '委任', 'delegate', '本人と並んで、期間中いつでもできる', 'beside the holder, at any time of the term']];

const kindInput = (ctx) => h('fieldset', { class: 'choice', key: 'kind' }, h('legend', {}, t('種類', 'Kind')), KINDS.map(([id, ja, en, jaHint, enHint]) => h('span', { class: 'pick', key: id },
	h('input', { type: 'radio', name: idOf(ctx, 'kind', ''), id: idOf(ctx, 'kind', id), checked: (ctx.get('kind') || 'deputy') === id, on: { change: () => ctx.set('kind', id) } }),
	h('label', { for: idOf(ctx, 'kind', id) }, h('strong', {}, t(ja, en)), t('：', ': '), t(jaHint, enHint)))));

// Which of what the role may do; `name`: where in the draft the list of bits stands.
export function mayInput(ctx, name, legend) {
	const bits = ctx.get(name) || [1, 2, 4];
	const toggle = (bit) => (e) => ctx.set(name, e.target.checked ? [...bits, bit].sort((a, b) => a - b) : bits.filter((b) => b !== bit));
	return h('fieldset', { class: 'choice row', key: name }, h('legend', {}, legend || t('任せること', 'What is entrusted')), MAY.map(([bit, ja, en]) => h('span', { class: 'pick', key: bit },
		h('input', { type: 'checkbox', id: idOf(ctx, name, String(bit)), checked: bits.includes(bit), on: { change: toggle(bit) } }), h('label', { for: idOf(ctx, name, String(bit)) }, t(ja, en)))));
}
export const maySum = (bits) => (bits || [1, 2, 4]).reduce((sum, bit) => sum + bit, 0);

function delegateCommand(ctx, person) {
	const { behalf, person: other } = whose(ctx, person);
	return { act: 'delegate', behalf, body: { ...(other ? { from: other } : {}), to: ctx.get('to'), ...(ctx.get('role') ? { role: ctx.get('role') } : {}), kind: ctx.get('kind') || 'deputy',
		may: maySum(ctx.get('may')), ...termOf(ctx), ...(blank(ctx.get('reason')) ? {} : { reason: ctx.get('reason').trim() }) } };
}

function delegateCheck(ctx, person) {
	const errors = {};
	if (!ctx.get('to')) errors.to = t('だれに任せるかを選んでください。', 'Choose to whom.');
	checkTerm(ctx, true, errors);
	checkSaid(ctx, person, errors);
	if (!maySum(ctx.get('may'))) errors.may = t('一つ以上選んでください。', 'Choose at least one.');
	if (person !== me() && !said(ctx, person) && blank(ctx.get('reason'))) errors.reason = t('管理者が登録するときは理由が要ります。', 'An administrator must give a reason.');
	return errors;
}

function delegateReview(ctx, person) {
	const since = fromLocal(ctx.get('since'));
	return h('p', {}, t(`${nameOf(person)}さんの「${ctx.get('role') ? roleTitle(ctx.get('role')) : '務めている役割すべて'}」を、${since ? clock(since) : 'いま'}から ${clock(fromLocal(ctx.get('until')))} まで、${nameOf(ctx.get('to'))}さんに任せます（${ctx.get('kind') === 'delegate' ? '委任' : '職務代理'}、${mayText(maySum(ctx.get('may')))}）。`,
		`${nameOf(ctx.get('to'))} stands in for ${nameOf(person)} (${ctx.get('role') ? roleTitle(ctx.get('role')) : 'every role held'}) from ${since ? clock(since) : 'now'} until ${clock(fromLocal(ctx.get('until')))} (${ctx.get('kind') === 'delegate' ? 'delegate' : 'deputy'}; ${mayText(maySum(ctx.get('may')))}).`));
}

function delegateFormOf(person) {
	return changeForm(delegateKey(person), {
		title: person === me() ? t('自分の役割を任せる', 'Entrust my role') : t(`${nameOf(person)}さんの役割を任せる`, `Entrust ${nameOf(person)}'s role`),
		fields: (ctx) => [how(ctx, person), toInput(ctx, person), roleInput(ctx, person), kindInput(ctx), mayInput(ctx, 'may'), ctx.error('f', 'may') ? h('p', { class: 'error', key: 'may-error' }, ctx.error('f', 'may')) : null,
			term(ctx, true), reason(ctx, person !== me() && !said(ctx, person))],
		check: (ctx) => delegateCheck(ctx, person),
		review: (ctx) => delegateReview(ctx, person),
		label: t('任せる', 'Entrust'),
		command: (ctx) => delegateCommand(ctx, person),
	});
}

export const delegateForm = (person) => delegateFormOf(person.id);

// ---- a delegation's end ----

const endKey = (row) => `end-delegation/${row.id}`;
export const endButton = (row) => button([t('終わらせる', 'End'), h('span', { class: 'sr' }, `（${row.holder_name} → ${row.name}）`)], (e) => openChange(endKey(row), preset(row.person === me() ? row.person : row.holder), e));

// Also offered to others where the holder or the delegate said so.
export function endForm(row) {
	if (!isOpen(endKey(row))) return null;
	const own = row.person === me() ? row.person : row.holder;
	return changeForm(endKey(row), {
		title: t(`${row.holder_name}さんから${row.name}さんへの${row.kind === 'delegate' ? '委任' : '職務代理'}を終わらせる`, `End: ${row.name} for ${row.holder_name}`),
		fields: (ctx) => [how(ctx, own), reason(ctx, false)],
		check(ctx) {
			const errors = {};
			checkSaid(ctx, own, errors);
			return errors;
		},
		label: t('終わらせる', 'End it'),
		command: (ctx) => ({ act: 'end_delegation', behalf: whose(ctx, own).behalf, body: { delegation: row.id, ...(blank(ctx.get('reason')) ? {} : { reason: ctx.get('reason').trim() }) } }),
	});
}

export const delegationText = (row) => t(`${row.holder_name} → ${row.name}：${both(row, 'role_title') || 'すべての役割'}（${row.kind === 'delegate' ? '委任' : '職務代理'}、${mayText(row.may)}）`,
	`${row.name} for ${row.holder_name}: ${both(row, 'role_title') || 'every role'} (${row.kind === 'delegate' ? 'delegate' : 'deputy'}; ${mayText(row.may)})`);
