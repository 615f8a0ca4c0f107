// 'Enter a telephone acknowledgement': who has not answered, with the number to call, and the answer they gave entered for them.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { when } from './time.js';
import { rows, session } from './store.js';
import { badge, button, drillMark, empty, idOf, redraw, stageBadge, submit as submitOf, tel } from './ui.js';
import { contextOf, onItsWay, outcome, stateOf, submit } from './act-form.js';
import { behalfInputs, behalfOf, behalfPreset, numbersOf } from './behalf.js';
import { focusSoon, textInput } from './form-fields.js';
import { LAST, setLast } from './last.js';
import { noticeTitle } from './notice-card.js';

let open = null; // 'NOTICE:PERSON' whose form is open
let filter = '';
let asked = null; // the one that the address named

export const keyOf = (notice, person) => `tel-ack/${notice}/${person}`;

const INFORMED = ['above', 'with', 'terminal']; // told of it, but it is not theirs to answer

function nameless(x) {
	return { id: x.notice, incident: x.incident, item: x.item, drill: x.drill, role_title: x.role_title, role_title_en: x.role_title_en, at: x.since,
		title: t(`通知${x.notice}（事案${x.incident}）`, `Notice ${x.notice} (incident ${x.incident})`) };
}

// Notices without their answer: [{notice, pressing, people: [{r, numbers, pressing}], above: [...]}], those to be telephoned now first.
export function missingAnswers() {
	const telephone = rows('VIEW_BOARD', 0, 'telephone').filter((x) => x.person);
	const found = new Map();
	const group = (id, notice) => found.get(id) || found.set(id, { notice, pressing: telephone.some((x) => x.notice === id), people: [], above: [] }).get(id);
	const numbers = (id, person, shown) => (telephone.find((x) => x.notice === id && x.person === person) || {}).numbers || (shown ? [shown] : numbersOf(person));
	const add = (g, r) => {
		// One's own answer is given where the notice stands; nobody telephones oneself.
		if (r.id === session().person)
			return;
		const known = [...g.people, ...g.above].some((x) => x.r.id === r.id);
		if (!known)
			(INFORMED.includes(r.as) ? g.above : g.people).push({ r, numbers: numbers(g.notice.id, r.id, r.number), pressing: telephone.some((x) => x.notice === g.notice.id && x.person === r.id) });
	};
	for (const n of rows('VIEW_BOARD', 0, 'notice').filter((x) => x.wants_ack && x.state === 'open' && !x.part))
		for (const r of (n.recipients || []).filter((x) => x.as !== 'terminal' && !x.acknowledged && !x.excused))
			add(group(n.id, n), r);
	for (const x of telephone)
		add(group(x.notice, nameless(x)), { id: x.person, name: x.name, number: (x.numbers || [])[0] });
	return [...found.values()].filter((g) => g.people.length).sort((x, y) => y.pressing - x.pressing || (x.notice.due || Infinity) - (y.notice.due || Infinity));
}

const ANSWERS = [['present', '出席', 'Present'], ['absent', '欠席', 'Absent'], ['deputy', '代理が出席', 'A deputy comes']];

function answerInputs(ctx) {
	return [h('fieldset', { class: 'choice row', key: 'answer' }, h('legend', {}, t('出欠', 'Attendance')), ANSWERS.map(([id, ja, en]) =>
		h('span', { class: 'pick', key: id }, h('input', { type: 'radio', id: idOf(ctx.key + id), name: idOf(ctx.key), value: id, checked: ctx.get('answer') === id, on: { change: () => ctx.set('answer', id) } }),
			h('label', { for: idOf(ctx.key + id) }, t(ja, en))))),
	ctx.get('answer') === 'deputy' ? textInput(ctx, 'comment', { id: idOf(ctx.key + 'comment'), label: t('だれが出席しますか', 'Who comes'), required: true }) : null];
}

// The form for one person's answer to one notice. notice: {id, answer, title}; person: {id, name}; numbers: those to offer.
export function ackFor(notice, person, numbers, { accepted } = {}) {
	const key = keyOf(notice.id, person.id);
	const ctx = contextOf(key, { record: behalfPreset(person.id, numbers) });
	const waits = stateOf(key).busy || Boolean(onItsWay(key));
	const go = (e) => {
		e.preventDefault();
		const body = { notice: notice.id };
		if (notice.answer)
			body.answer = ctx.get('answer') || '';
		if (ctx.get('comment'))
			body.comment = ctx.get('comment');
		if (!waits)
			submit(key, 'acknowledge', body, { behalf: behalfOf(ctx.get), where: (r) => (r.outcome === 'ACCEPTED' ? LAST : null), accepted(result) {
				setLast(t(`${person.name} さんの確認を記録しました。本人が次に画面を開いたときに確かめます。`, `The answer of ${person.name} is recorded, to be confirmed at the next sign-in.`), '');
				if (accepted)
					accepted(result);
			} });
	};
	return h('form', { class: 'act tel-ack', key, novalidate: true, 'aria-label': t(`${person.name} さんの確認を入力`, `Acknowledgement of ${person.name}`), on: { submit: go } },
		notice.answer ? answerInputs(ctx) : null,
		behalfInputs(ctx, { fixed: true }),
		h('div', { class: 'actions' }, submitOf(t(`${person.name} さんの確認として記録する`, `Record as the answer of ${person.name}`), { busy: waits })),
		outcome(key));
}

const AS = { deputy: ['代理', 'deputy'], delegate: ['委任', 'delegate'], member: ['構成員', 'member'] };

function line(notice, { r, numbers, pressing }) {
	const id = `${notice.id}:${r.id}`;
	const shown = open === id;
	const toggle = () => {
		open = shown ? null : id;
		redraw();
		if (!shown)
			focusSoon(() => document.querySelector(`[data-ack="${CSS.escape(id)}"] form button[type=submit]`));
	};
	const done = stateOf(keyOf(notice.id, r.id)).result;
	const as = AS[r.as];
	return h('li', { key: id, class: 'missing-answer' + (pressing ? ' now' : ''), 'data-ack': id },
		h('div', { class: 'whom' }, h('strong', {}, r.name || r.id), as ? t(`（${as[0]}）`, ` (${as[1]})`) : null,
			pressing ? badge('bad', t('いま電話してください', 'Telephone now'), 'phone') : stageBadge(r.stage), numbers.map(tel), numbers.length ? null : h('span', { class: 'hint' }, t('番号の登録がありません', 'no number known'))),
		h('div', { class: 'actions' }, button(t('確認を聞いた', 'They have it'), toggle, { kind: pressing ? 'primary' : 'plain', 'aria-expanded': shown ? 'true' : 'false', 'aria-label': t(`${r.name} さんから確認を聞いた：${noticeTitle(notice)}`, `They have it: ${r.name}, ${noticeTitle(notice)}`) }),
			h('a', { class: 'button button-plain', href: `#/tasks/${notice.incident}?do=call&who=${encodeURIComponent(r.id)}`, 'aria-label': t(`通じなかった（電話を記録）：${r.name}`, `No answer (record the call): ${r.name}`) }, t('通じなかった（電話を記録）', 'No answer (record the call)'))),
		shown || (done && done.outcome !== 'ACCEPTED') ? ackFor(notice, r, numbers) : null);
}

function group({ notice, people, above }) {
	const title = noticeTitle(notice);
	return h('section', { key: 'notice-' + notice.id, class: 'missing-group', 'aria-label': title },
		h('h2', {}, drillMark(notice), ' ', title), h('p', { class: 'labels' }, both(notice, 'role_title'), ' ', when(notice.at), notice.due ? [' ', t('期限 ', 'answer by '), when(notice.due)] : null),
		h('ul', { class: 'plain-list' }, people.map((p) => line(notice, p))),
		above.length ? h('p', { class: 'hint' }, t('つながらないときは上位の人へ：', 'If nobody answers, those above: '), above.map(({ r, numbers }) => [r.name || r.id, ' ', tel(numbers[0]), '　'])) : null);
}

function filterBox() {
	const typing = (e) => {
		filter = e.target.value;
		redraw();
	};
	return h('div', { class: 'field', key: 'filter' }, h('label', { for: 'tel-filter' }, t('名前や役割でしぼる', 'Filter by name or role')), h('input', { type: 'search', id: 'tel-filter', value: filter, on: { input: typing } }));
}

export function telephoneList(query) {
	if (query.notice && asked !== `${query.notice}:${query.person}`)
		asked = open = `${query.notice}:${query.person}`;
	const all = missingAnswers();
	const word = filter.trim();
	const fits = (...texts) => !word || texts.some((x) => (x || '').includes(word));
	const found = all.map((g) => ({ ...g, people: g.people.filter(({ r }) => fits(r.name, r.id, g.notice.title, g.notice.title_en, g.notice.role_title, g.notice.role_title_en)) })).filter((g) => g.people.length);
	return [word || all.reduce((n, g) => n + g.people.length, 0) > 5 ? filterBox() : null,
		all.length ? null : empty(t('確認を待っている人はいません。', 'No answer is missing.')),
		all.length && !found.length ? empty(t('しぼり込みに当たる人はいません。', 'Nobody matches.')) : null, found.map(group)];
}
