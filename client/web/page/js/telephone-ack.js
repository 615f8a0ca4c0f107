// 'Enter a telephone acknowledgement': who has not answered, with the number to call, and the answer they gave entered for them.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { when } from './time.js';
import { rows } from './store.js';
import { badge, button, drillMark, empty, idOf, stageBadge, submit as submitOf, tel } from './ui.js';
import { contextOf, onItsWay, outcome, stateOf, submit } from './act-form.js';
import { behalfInputs, behalfOf, behalfPreset, numbersOf } from './behalf.js';
import { focusSoon, textInput } from './form-fields.js';
import { LAST, setLast } from './last.js';
import { noticeTitle } from './notice-card.js';

let open = null; // 'NOTICE:PERSON' whose form is open
let filter = '';
let asked = null; // the one that the address named

export const keyOf = (notice, person) => `tel-ack/${notice}/${person}`;

// Persons whose answer is missing, notice by notice; those to be telephoned first stand first.
export function missingAnswers() {
	const telephone = rows('VIEW_BOARD', 0, 'telephone');
	const asked = new Map(telephone.filter((x) => x.person).map((x) => [`${x.notice}:${x.person}`, x]));
	const out = [];
	for (const n of rows('VIEW_BOARD', 0, 'notice')) {
		if (n.part || !n.wants_ack || n.state !== 'open')
			continue;
		for (const r of n.recipients || [])
			if (r.as !== 'terminal' && !r.acknowledged && !r.excused)
				out.push({ notice: n, r, now: asked.get(`${n.id}:${r.id}`) });
	}
	for (const x of telephone)
		if (x.person && !out.some((o) => o.notice.id === x.notice && o.r.id === x.person))
			out.push({ notice: { id: x.notice, incident: x.incident, item: x.item, drill: x.drill, role_title: x.role_title, role_title_en: x.role_title_en, title: names(x), at: x.since }, r: { id: x.person, name: x.name, number: (x.numbers || [])[0] }, now: x });
	return out.sort((a, b) => Boolean(b.now) - Boolean(a.now));
}

function names(x) {
	const row = rows('VIEW_BOARD', 0, 'notice').find((n) => n.id === x.notice && !n.part);
	return row ? row.title : t(`通知${x.notice}（事案${x.incident}）`, `Notice ${x.notice} (incident ${x.incident})`);
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

function line({ notice, r, now }) {
	const id = `${notice.id}:${r.id}`;
	const numbers = (now && now.numbers) || (r.number ? [r.number] : numbersOf(r.id));
	const shown = open === id;
	const toggle = () => {
		open = shown ? null : id;
		document.dispatchEvent(new Event('redraw'));
		if (!shown)
			focusSoon(() => document.querySelector(`[data-ack="${CSS.escape(id)}"] form button[type=submit]`));
	};
	const done = stateOf(keyOf(notice.id, r.id)).result;
	return h('li', { key: id, class: 'missing-answer' + (now ? ' now' : ''), 'data-ack': id },
		h('div', { class: 'whom' }, drillMark(notice), ' ', h('strong', {}, r.name || r.id), both(notice, 'role_title') ? t(`（${both(notice, 'role_title')}）`, ` (${both(notice, 'role_title')})`) : '', ' ',
			now ? badge('bad', t('いま電話してください', 'Telephone now'), 'phone') : stageBadge(r.stage), ' ', numbers.map((n) => [tel(n), ' ']), numbers.length ? null : h('span', { class: 'hint' }, t('番号の登録がありません', 'no number known'))),
		h('div', { class: 'what' }, noticeTitle(notice), ' ', h('span', { class: 'hint' }, when(notice.at))),
		h('div', { class: 'actions' }, button(t('確認を聞いた', 'They have it'), toggle, { kind: now ? 'primary' : 'plain', 'aria-expanded': shown ? 'true' : 'false', 'aria-label': t(`${r.name} さんから確認を聞いた：${noticeTitle(notice)}`, `They have it: ${r.name}, ${noticeTitle(notice)}`) }),
			h('a', { class: 'button button-plain', href: `#/tasks/${notice.incident}?do=call` }, t('通じなかった（電話を記録）', 'No answer (record the call)'))),
		shown || (done && done.outcome !== 'ACCEPTED') ? ackFor(notice, r, numbers) : null);
}

export function telephoneList(query) {
	if (query.notice && asked !== `${query.notice}:${query.person}`)
		asked = open = `${query.notice}:${query.person}`;
	const all = missingAnswers();
	const word = filter.trim();
	const found = all.filter(({ notice, r }) => !word || [r.name, r.id, notice.title, notice.title_en, notice.role_title].some((x) => (x || '').includes(word)));
	return [all.length > 6 ? h('div', { class: 'field', key: 'filter' }, h('label', { for: 'tel-filter' }, t('名前や役割でしぼる', 'Filter by name or role')),
		h('input', { type: 'search', id: 'tel-filter', value: filter, on: { input: (e) => { filter = e.target.value; document.dispatchEvent(new Event('redraw')); } } })) : null,
	all.length ? null : empty(t('確認を待っている人はいません。', 'No answer is missing.')),
	all.length && !found.length ? empty(t('しぼり込みに当たる人はいません。', 'Nobody matches.')) : null,
	h('ul', { class: 'plain-list', key: 'list' }, found.map(line))];
}

