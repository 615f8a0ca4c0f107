// telephone: 'telephone now': whom to call, with numbers as links, and one click for how it went. What is acknowledged by telephone is entered
// in the person's name (behalf); nobody is called twice unknowingly: what was logged stands beside the name.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { now, clock, elapsed } from './time.js';
import { rows, session } from './store.js';
import { send } from './send.js';
import * as ui from './ui.js';
import { noticeTitle } from './matrix.js';
import * as codes from './codes.js';

const AGAIN_MS = 5 * 60000;
const redraw = ui.redraw;

// What somebody is about to enter for a call: {open, number, text, result, busy}, by notice and person.
const cards = new Map();
function card(row) {
	const key = `${row.notice}:${row.person || row.terminal}`;
	if (!cards.has(key)) cards.set(key, {});
	return cards.get(key);
}

async function act(row, kind, body, options) {
	const c = card(row);
	if (c.busy) return;
	c.busy = kind;
	c.result = null;
	redraw();
	c.result = await send(kind, body, options);
	c.busy = '';
	if (c.result.outcome === 'ACCEPTED') {
		c.open = '';
		c.text = '';
	}
	redraw();
	const later = c.result.later;
	if (later) {
		c.result = (await later) || c.result;
		redraw();
	}
}

const numberOf = (row) => card(row).number ?? (row.numbers || [])[0] ?? '';

// In whose name it was said counts; where several numbers stand, the one that was tapped.
function acknowledge(row, answer, comment) {
	if (!numberOf(row)) return need(row, 'number', answer);
	act(row, 'acknowledge', { notice: row.notice, ...(answer && { answer }), ...(comment && { comment }) }, {
		behalf: { person: row.person, channel: 'CHANNEL_TELEPHONE', number: numberOf(row), said_at: Math.round(now()) },
		key: `telephone:${row.notice}:${row.person}`,
	});
}

function call(row, how) {
	if (!numberOf(row)) return need(row, 'number', how.no_answer ? 'no_answer' : 'spoken');
	act(row, 'log_call', {
		incident: row.incident, item: row.item, person: row.person,
		call: { number: numberOf(row), at: Math.round(now()), ...how },
	});
}

// Opens the line that asks for what is missing; `then` says what the person was about to enter.
function need(row, what, then) {
	Object.assign(card(row), { open: what, then, result: null });
	redraw();
}

function submitNeeded(row, event) {
	event.preventDefault();
	const c = card(row), text = (new FormData(event.currentTarget).get('text') || '').trim();
	if (!text) return;
	if (c.open === 'number') {
		c.number = text;
		c.open = '';
		if (c.then === 'no_answer') call(row, { no_answer: true, again_at: Math.round(now()) + AGAIN_MS });
		else if (c.then === 'spoken') call(row, { answered_by: row.name });
		else acknowledge(row, c.then);
	} else if (c.open === 'deputy') acknowledge(row, 'deputy', text);
	else if (c.open === 'excuse') act(row, 'excuse', { notice: row.notice, terminal: row.terminal, reason: text });
}

const needed = {
	number: () => [t('かけた電話番号', 'The number you called'), 'tel'],
	deputy: () => [t('代わりに出席する人', 'Who comes instead'), 'text'],
	excuse: () => [t('使えない理由', 'Why it is out of service'), 'text'],
};

function ask(row) {
	const c = card(row);
	if (!c.open) return null;
	const [label, type] = needed[c.open]();
	const id = `now-${row.notice}-${row.person || row.terminal}-text`;
	return h('form', { class: 'now-ask', on: { submit: (e) => submitNeeded(row, e) } },
		h('label', { for: id }, label),
		h('input', { id, name: 'text', type, required: true, autocomplete: 'off', maxlength: '200', mounted: (e) => e.focus() }),
		ui.submit(t('記録する', 'Record')),
		ui.button(t('やめる', 'Cancel'), () => need(row, '')));
}

function notice(row) {
	return rows('VIEW_BOARD', 0, 'notice').concat(rows('VIEW_INCIDENT', row.incident, 'notice')).find((n) => n.id === row.notice && !n.part);
}

// Those above were told so that they see to it; their own word does not acknowledge.
function isAbove(row) {
	const as = (notice(row)?.recipients || []).find((r) => r.id === row.person)?.as;
	return as === 'above' || as === 'with';
}

function doButton(row, label, fn, kind) {
	const c = card(row), who = row.name || row.terminal || row.person;
	return ui.button(label, fn, { kind: kind || 'plain', disabled: Boolean(c.busy), 'aria-label': t(`${who}：${label}`, `${who}: ${label}`) });
}

function actions(row) {
	if (!session().person) return null;
	const n = notice(row);
	if (row.terminal)
		return [
			doButton(row, t('行って確認した', 'Checked on the spot'), () => act(row, 'acknowledge', { notice: row.notice, terminal: row.terminal }), 'primary'),
			doButton(row, t('使用不能…', 'Out of service…'), () => need(row, 'excuse')),
		];
	const noAnswer = doButton(row, t('出なかった', 'No answer'), () => call(row, { no_answer: true, again_at: Math.round(now()) + AGAIN_MS }));
	if (row.person === session().person) return h('a', { class: 'now-own', href: '#/tasks' }, t('あなたです。私のタスクへ', 'This is you: to my tasks'));
	if (isAbove(row)) return [doButton(row, t('話した', 'Spoke'), () => call(row, { answered_by: row.name }), 'primary'), noAnswer];
	if (n?.answer)
		return [
			doButton(row, t('出席', 'Present'), () => acknowledge(row, 'present'), 'primary'),
			doButton(row, t('欠席', 'Absent'), () => acknowledge(row, 'absent')),
			doButton(row, t('代理が出席…', 'Deputy comes…'), () => need(row, 'deputy')),
			noAnswer,
		];
	return [doButton(row, t('受領を確認した', 'Acknowledged'), () => acknowledge(row), 'primary'), noAnswer];
}

// Calls to this person for this item, the newest last.
function calls(row) {
	return rows('VIEW_INCIDENT', row.incident, 'call')
		.filter((c) => c.person && c.person === row.person && (!c.item || c.item === row.item) && (c.call?.at || c.at) >= (row.since || 0))
		.slice(-2)
		.map((c) => h('p', { key: `${c.key}`, class: 'now-log' }, `${clock(c.call?.at || c.at)} `,
			c.call?.no_answer ? t('応答なし', 'no answer') : t(`話した${c.call?.said ? `「${c.call.said}」` : ''}`, `spoke${c.call?.said ? ` "${c.call.said}"` : ''}`),
			c.call?.again_at > now() ? t(`（${clock(c.call.again_at)} にかけ直す）`, ` (again at ${clock(c.call.again_at)})`) : c.call?.no_answer ? t('（もう一度かけてください）', ' (call again now)') : '',
			both(c, 'by') ? t(`　記録 ${both(c, 'by')}`, `  by ${both(c, 'by')}`) : ''));
}

const whyWords = {
	absent: () => t('不在', 'away'), silent: () => t('応答なし', 'no answer'), no_login: () => t('電話でしか連絡できない人', 'reached by telephone only'),
	overdue: () => t('受領後、期限を過ぎた', 'acknowledged, but overdue'),
};

function person(row, i, wall) {
	const c = card(row), why = whyWords[row.why]?.() || codes.why(row.why || '');
	return h('li', { key: row.key, class: 'now-person' },
		h('div', { class: 'now-who' },
			h('span', { class: 'now-order', 'aria-hidden': 'true' }, String(i + 1)),
			h('span', { class: 'now-name' }, row.name || row.terminal || row.person),
			why && h('span', { class: 'now-why' }, why),
			h('span', { class: 'now-role' }, row.terminal ? t(`端末 ${row.terminal}`, `terminal ${row.terminal}`) : both(row, 'role_title'))),
		!row.terminal && h('div', { class: 'now-numbers' },
			(row.numbers || []).length
				? (wall ? row.numbers.slice(0, 1) : row.numbers).map((number) => h('a', { key: number, class: 'now-number', href: `tel:${number.replace(/[^0-9+*#,]/g, '')}`, on: { click: () => { c.number = number; } } }, number))
				: h('span', { class: 'now-none' }, t('番号は庁内名簿を見てください', 'See the office directory for the number'))),
		!wall && h('div', { class: 'now-actions' }, actions(row)),
		!wall && ask(row),
		calls(row),
		!wall && c.result && ui.resultBox(c.result));
}

// Rows of one notice belong together: from the top, until somebody answers.
function byNotice(list) {
	const found = new Map();
	for (const row of list) found.set(row.notice, [...(found.get(row.notice) || []), row]);
	return [...found.values()];
}

function group(list, wall) {
	const first = list[0], n = notice(first);
	const title = `${t(`事案${first.incident}　`, `Incident ${first.incident}: `)}${n ? noticeTitle(n) : first.item || ''}`;
	const above = list.filter(isAbove), entitled = list.filter((row) => !above.includes(row));
	const callable = entitled.length ? entitled : above, shown = wall ? callable.slice(0, 2) : callable, rest = entitled.length ? above : [];
	return h('section', { key: `now-${first.notice}`, class: `now-group${first.drill ? ' is-drill' : ''}`, 'aria-label': title },
		h('h3', { class: 'now-title' }, first.drill && ui.drillMark(first), h('span', null, title)),
		h('p', { class: 'now-since' }, t(`${clock(first.since)} から ${elapsed(first.since)}`, `since ${clock(first.since)}, ${elapsed(first.since)}`),
			first.drill ? h('strong', null, t('　電話では、訓練であることを初めに伝えてください。', '  Say first on the telephone that this is a drill.')) : null),
		h('ol', { class: 'now-list' }, shown.map((row, i) => person(row, i, wall))),
		!wall && rest.length > 0 && h('details', { class: 'now-above' }, h('summary', null, t(`だれも出ないとき：上位者など ${rest.length} 人`, `If nobody answers: ${rest.length} above them`)), h('ol', { class: 'now-list' }, rest.map((row, i) => person(row, shown.length + i, wall)))),
		wall && shown.length < list.length && h('p', { class: 'now-more' }, t(`ほか ${list.length - shown.length} 人`, `and ${list.length - shown.length} more`)));
}

/*
 * The list, real before drills as the rows are ordered; null when nobody is to be called. incident 0: of all. wall: to be read, not used.
 */
export function telephoneNow({ incident = 0, wall = false, level = 'h2' } = {}) {
	const list = (incident ? rows('VIEW_INCIDENT', incident, 'telephone') : rows('VIEW_BOARD', 0, 'telephone')).filter((r) => !incident || r.incident === incident);
	if (!list.length) return null;
	const groups = byNotice(list), most = wall ? 3 : groups.length;
	return h('section', { key: 'telephone-now', class: 'now-now', 'aria-labelledby': `now-head-${incident}` },
		h(level, { id: `now-head-${incident}`, class: 'now-head' }, t('いますぐ電話', 'Telephone now'), h('span', { class: 'now-count' }, t(`${groups.length} 件`, `${groups.length}`))),
		!wall && h('p', { class: 'now-how' }, session().person
			? t('上から順に、つながった人に伝えてください。終わったら結果のボタンを押すと記録されます。', 'From the top, until somebody answers. Then press what came of it: it goes on record.')
			: t('上から順に、つながった人に伝えてください。結果を記録するにはサインインしてください。', 'From the top, until somebody answers. Sign in to record what came of it.')),
		h('div', { class: 'now-groups' }, groups.slice(0, most).map((g) => group(g, wall))),
		groups.length > most && h('p', { class: 'now-more' }, t(`ほか ${groups.length - most} 件`, `and ${groups.length - most} more`)));
}
