// site-acts: what an administrator changes in the town's register: who holds a role, a person, a password. Shown as before → after, confirmed, with a
// reason; the server writes a new edition and keeps the old ones.
import { personOptions } from './behalf.js';
import { h } from './dom.js';
import { changeForm, changes, openChange } from './change.js';
import { idOf, labelled, textInput } from './form-fields.js';
import { blank } from './form-model.js';
import { t, both } from './i18n.js';
import { maySum, mayInput, mayText } from './people-acts.js';
import { nameOf } from './persons.js';
import { ask } from './send.js';
import { button } from './ui.js';

const trim = (text) => String(text ?? '').trim();
const bits = (may) => [1, 2, 4].filter((bit) => !may || may & bit);

const reason = (ctx) => textInput(ctx, 'reason', { id: idOf(ctx, 'f', 'reason'), label: t('変更の理由', 'Reason for the change'), required: true, hint: t('記録に残ります。', 'It goes on record.'), error: ctx.error('f', 'reason') }, { maxlength: 1000 });
const needsReason = (ctx, errors) => blank(ctx.get('reason')) && (errors.reason = t('理由を入れてください。', 'Give a reason.'));

// ---- holders and deputies, in their order ----

const holdersKey = (role, post) => `holders/${role.id}/${post.section || ''}/${post.organisation || ''}`;
const postTitle = (role, post) => [both(role, 'title'), post.section, post.organisation].filter(Boolean).join(' ');
const newest = (post) => ({ persons: post.persons || [], deputies: (post.deputies || []).map((person, i) => ({ person, may: bits(post.deputies_may?.[i]) })) });

export const holdersButton = (role, post) => button([t('担当者を変更', 'Change holders'), h('span', { class: 'sr' }, `（${postTitle(role, post)}）`)], (e) => openChange(holdersKey(role, post), newest(post), e));

function moved(list, from, to) {
	const out = [...list];
	out.splice(to, 0, ...out.splice(from, 1));
	return out;
}

// A list of persons whose order counts; each row has its own buttons, so that no dragging is needed.
function ordered(ctx, name, { legend, hint, of = (x) => x, make = (x) => x, extra, error }) {
	const list = ctx.get(name) || [];
	const set = (next) => ctx.set(name, next);
	const row = (entry, i) => h('li', { key: of(entry) },
		h('span', { class: 'place' }, `${i + 1}. ${nameOf(of(entry))}`), ' ',
		button([h('span', { 'aria-hidden': 'true' }, '↑'), h('span', { class: 'sr' }, t(`${nameOf(of(entry))}を一つ上へ`, `${nameOf(of(entry))} up`))], () => set(moved(list, i, i - 1)), { disabled: i === 0, class: 'small' }),
		button([h('span', { 'aria-hidden': 'true' }, '↓'), h('span', { class: 'sr' }, t(`${nameOf(of(entry))}を一つ下へ`, `${nameOf(of(entry))} down`))], () => set(moved(list, i, i + 1)), { disabled: i === list.length - 1, class: 'small' }),
		button([t('外す', 'Remove'), h('span', { class: 'sr' }, nameOf(of(entry)))], () => set(list.filter((_, k) => k !== i)), { class: 'small' }), extra?.(entry, i));
	const add = (e) => {
		const id = e.target.value;
		e.target.value = '';
		if (id && !list.some((entry) => of(entry) === id)) set([...list, make(id)]);
	};
	const id = idOf(ctx, 'add', name);
	return h('fieldset', { class: 'choice' + (error ? ' wrong' : ''), key: name }, h('legend', {}, legend), hint ? h('p', { class: 'hint' }, hint) : null, error ? h('p', { class: 'error' }, error) : null,
		list.length ? h('ol', { class: 'ordered' }, list.map(row)) : h('p', { class: 'soft' }, t('だれもいません。', 'Nobody.')),
		h('label', { for: id }, t('加える', 'Add')), h('select', { id, value: '', on: { change: add } }, h('option', { value: '' }, t('選んでください', 'Choose')), personOptions().filter((o) => !list.some((entry) => of(entry) === o.key))));
}

const deputyMay = (ctx) => (entry, i) => mayInput({ ...ctx, get: () => entry.may, set: (_, may) => ctx.set('deputies', ctx.get('deputies').map((d, k) => (k === i ? { ...d, may } : d))), key: `${ctx.key}-${entry.person}` }, 'may', t(`${nameOf(entry.person)}に任せること`, `${nameOf(entry.person)} may`));

const personsText = (list) => (list || []).map(nameOf).join(t('、', ', '));
const deputiesText = (list) => (list || []).map((d) => `${nameOf(d.person)}${maySum(d.may) === 7 ? '' : t(`（${mayText(maySum(d.may))}）`, ` (${mayText(maySum(d.may))})`)}`).join(' → ');

function holdersCommand(ctx, role, post) {
	const body = { role: role.id, persons: ctx.get('persons') || [], reason: trim(ctx.get('reason')) };
	if (!role.group) body.deputies = (ctx.get('deputies') || []).map((d) => ({ person: d.person, may: maySum(d.may) === 7 ? 0 : maySum(d.may) }));
	if (post.section) body.section = post.section;
	if (post.organisation) body.organisation = post.organisation;
	return { act: 'edit_holders', body };
}

export function holdersForm(role, post) {
	const before = newest(post);
	return changeForm(holdersKey(role, post), {
		title: role.group ? t(`委員を変更する：${postTitle(role, post)}`, `Change the members: ${postTitle(role, post)}`) : t(`担当者と職務代理者を変更する：${postTitle(role, post)}`, `Change holders and deputies: ${postTitle(role, post)}`),
		about: h('p', {}, t('変更は町の登録の新しい版として記録され、すぐに有効になります。', 'The change goes on record as a new edition of the register and holds at once.')),
		fields: (ctx) => [ordered(ctx, 'persons', { legend: role.group ? t('委員', 'Members') : t('担当者', 'Holders'), error: ctx.error('f', 'persons') }),
			role.group ? null : ordered(ctx, 'deputies', { legend: t('職務代理者（上から順に代わる）', 'Deputies (in this order)'), of: (d) => d.person, make: (person) => ({ person, may: [1, 2, 4] }), extra: deputyMay(ctx) }), reason(ctx)],
		check(ctx) {
			const errors = {};
			if (!(ctx.get('persons') || []).length) errors.persons = t('少なくとも一人を選んでください。', 'Choose at least one.');
			needsReason(ctx, errors);
			return errors;
		},
		review: (ctx) => [changes([[role.group ? t('委員', 'Members') : t('担当者', 'Holders'), personsText(before.persons), personsText(ctx.get('persons'))],
			[t('職務代理者', 'Deputies'), deputiesText(before.deputies), role.group ? deputiesText(before.deputies) : deputiesText(ctx.get('deputies'))]]), h('p', {}, t('理由：', 'Reason: '), ctx.get('reason'))],
		label: t('この内容に変更する', 'Change it'),
		kind: 'danger',
		command: (ctx) => holdersCommand(ctx, role, post),
	});
}

// ---- a person ----

const personKey = (person) => `person/${person ? person.id : ''}`;
const numbersOf = (person) => (person?.all_numbers || []).map((n) => ({ number: n.number || '', label: n.label || '', private: !!n.private_number }));
const stands = (person) => ({ name: person?.name || '', name_en: person?.name_en || '', login: person ? !!person.login : true, administrator: !!person?.administrator, numbers: numbersOf(person) });

export const personButton = (person) => button(person ? [t('編集', 'Edit'), h('span', { class: 'sr' }, `（${person.name}）`)] : t('職員を加える', 'Add a person'), (e) => openChange(personKey(person), stands(person), e));

const tick = (ctx, name, label, hint) => h('p', { class: 'pick', key: name }, h('input', { type: 'checkbox', id: idOf(ctx, 'f', name), checked: !!ctx.get(name), on: { change: (e) => ctx.set(name, e.target.checked) } }),
	h('label', { for: idOf(ctx, 'f', name) }, label, hint ? h('span', { class: 'soft' }, ` ${hint}`) : null));

function numbers(ctx) {
	const list = ctx.get('numbers') || [];
	const change = (i, what) => ctx.set('numbers', list.map((n, k) => (k === i ? { ...n, ...what } : n)));
	const line = (n, i) => h('li', { key: i, class: 'number-edit' },
		labelled({ id: idOf(ctx, 'number', String(i)), label: t(`番号 ${i + 1}`, `Number ${i + 1}`), mark: false, error: ctx.error('f', `number${i}`) }, 'input', { type: 'tel', value: n.number, maxlength: 100, on: { input: (e) => change(i, { number: e.target.value }) } }),
		labelled({ id: idOf(ctx, 'label', String(i)), label: t('呼び名（職場・携帯など）', 'Label (office, mobile …)'), mark: false }, 'input', { value: n.label, maxlength: 100, on: { input: (e) => change(i, { label: e.target.value }) } }),
		h('p', { class: 'pick' }, h('input', { type: 'checkbox', id: idOf(ctx, 'private', String(i)), checked: n.private, on: { change: (e) => change(i, { private: e.target.checked }) } }),
			h('label', { for: idOf(ctx, 'private', String(i)) }, t('個人の番号（見える人を限る）', 'private (few may see it)'))),
		button([t('消す', 'Remove'), h('span', { class: 'sr' }, n.number)], () => ctx.set('numbers', list.filter((_, k) => k !== i)), { class: 'small' }));
	return h('fieldset', { class: 'choice', key: 'numbers' }, h('legend', {}, t('電話番号（かける順）', 'Numbers, in the order to call')), h('ol', { class: 'ordered' }, list.map(line)),
		button(t('番号を加える', 'Add a number'), () => ctx.set('numbers', [...list, { number: '', label: '', private: false }]), { class: 'small' }));
}

const yesNo = (yes) => (yes ? t('はい', 'yes') : t('いいえ', 'no'));
const numbersText = (list) => (list || []).filter((n) => !blank(n.number)).map((n) => `${trim(n.number)}${blank(n.label) ? '' : ` ${trim(n.label)}`}${n.private ? t('（個人）', ' (private)') : ''}`).join(t('、', ', '));

function personCheck(ctx, person) {
	const errors = {};
	if (!person && !/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(trim(ctx.get('id')))) errors.id = t('英字で始まる英数字で入れてください（例：p_yamada）。', 'Letters and digits, beginning with a letter, such as p_yamada.');
	if (!person && !errors.id && nameOf(trim(ctx.get('id'))) !== trim(ctx.get('id'))) errors.id = t('この ID はもう使われています。', 'This id is in use.');
	if (blank(ctx.get('name'))) errors.name = t('氏名を入れてください。', 'Give the name.');
	(ctx.get('numbers') || []).forEach((n, i) => blank(n.number) && (errors[`number${i}`] = t('番号を入れるか、この行を消してください。', 'Give the number or remove the line.')));
	needsReason(ctx, errors);
	return errors;
}

function personReview(ctx, before) {
	return [changes([[t('氏名', 'Name'), before.name, trim(ctx.get('name'))], [t('氏名（英語）', 'Name in English'), before.name_en, trim(ctx.get('name_en'))], [t('サインインできる', 'May sign in'), yesNo(before.login), yesNo(ctx.get('login'))],
		[t('管理者', 'Administrator'), yesNo(before.administrator), yesNo(ctx.get('administrator'))], [t('電話番号', 'Numbers'), numbersText(before.numbers), numbersText(ctx.get('numbers'))]]), h('p', {}, t('理由：', 'Reason: '), ctx.get('reason'))];
}

function personCommand(ctx, person) {
	const body = { person: person ? person.id : trim(ctx.get('id')), name: trim(ctx.get('name')), login: !!ctx.get('login'), administrator: !!ctx.get('administrator'), reason: trim(ctx.get('reason')),
		numbers: (ctx.get('numbers') || []).map((n) => ({ number: trim(n.number), label: trim(n.label), private_number: n.private })) };
	if (!blank(ctx.get('name_en'))) body.name_en = trim(ctx.get('name_en'));
	return { act: 'edit_person', body };
}

export function personForm(person) {
	const before = person ? stands(person) : { name: '', name_en: '', login: false, administrator: false, numbers: [] };
	return changeForm(personKey(person), {
		title: person ? t(`${person.name}さんの登録を変更する`, `Change ${person.name}`) : t('職員を加える', 'Add a person'),
		fields: (ctx) => [person ? null : textInput(ctx, 'id', { id: idOf(ctx, 'f', 'id'), label: t('ID（サインインの名前）', 'Id (the name to sign in with)'), required: true, hint: t('英数字。後から変えられません。例：p_yamada', 'Letters and digits; cannot be changed later, e.g. p_yamada'), error: ctx.error('f', 'id') }, { maxlength: 64, autocapitalize: 'off', spellcheck: 'false' }),
			textInput(ctx, 'name', { id: idOf(ctx, 'f', 'name'), label: t('氏名', 'Name'), required: true, error: ctx.error('f', 'name') }, { maxlength: 100 }),
			textInput(ctx, 'name_en', { id: idOf(ctx, 'f', 'name_en'), label: t('氏名（英語）', 'Name in English'), required: false, hint: person ? t('空欄なら、いまのまま', 'Empty: stays as it is') : null }, { maxlength: 100 }),
			tick(ctx, 'login', t('サインインできる', 'May sign in')), tick(ctx, 'administrator', t('管理者にする', 'Administrator'), t('（登録の変更、端末の登録、他の人の代理設定ができる）', '(changes the register, enrols terminals, enters for others)')), numbers(ctx), reason(ctx)],
		check: (ctx) => personCheck(ctx, person),
		review: (ctx) => personReview(ctx, before),
		label: person ? t('この内容に変更する', 'Change it') : t('加える', 'Add'),
		kind: 'danger',
		command: (ctx) => personCommand(ctx, person),
	});
}

// ---- a password: nowhere kept, only in this form while it is open ----

const passwordKey = (person) => `secret/password/${person.id}`;
export const passwordButton = (person) => button([t('パスワードを設定', 'Set password'), h('span', { class: 'sr' }, `（${person.name}）`)], (e) => openChange(passwordKey(person), {}, e));

export function passwordForm(person) {
	const one = (ctx, name, label, hint) => labelled({ id: idOf(ctx, 'f', name), label, required: true, hint, error: ctx.error('f', name) }, 'input',
		{ type: 'password', autocomplete: 'new-password', value: ctx.get(name) || '', on: { input: (e) => ctx.set(name, e.target.value) } });
	return changeForm(passwordKey(person), {
		title: t(`${person.name}さんのパスワードを設定する`, `Set the password of ${person.name}`),
		about: h('p', {}, t('本人に直接伝え、最初のサインインの後に変えてもらってください。設定したことが記録されます（パスワードは記録されません）。', 'Tell the person directly and ask for a change after the first sign-in. That it was set goes on record; the password does not.')),
		fields: (ctx) => [one(ctx, 'new', t('新しいパスワード', 'New password'), t('8文字以上', 'at least 8 characters')), one(ctx, 'again', t('もう一度', 'Once more'))],
		check(ctx) {
			const errors = {};
			if (blank(ctx.get('new'))) errors.new = t('パスワードを入れてください。', 'Give a password.');
			else if (ctx.get('new') !== ctx.get('again')) errors.again = t('二つが同じではありません。', 'The two differ.');
			return errors;
		},
		label: t('設定する', 'Set'),
		accepted: t('パスワードを設定しました。', 'The password is set.'),
		post: async (ctx) => {
			await ask('/api/password', { person: person.id, new_password: ctx.get('new') });
			return { outcome: 'ACCEPTED' };
		},
	});
}
