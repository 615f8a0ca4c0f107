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
	const same = ofSameCall(row);
	return [doButton(row, t('受領を確認した', 'Acknowledged'), () => acknowledge(row), 'primary'),
		same.length > 1 && same[0].notice === row.notice && doButton(row, t(`${same.length}件とも受領を確認した`, `All ${same.length} acknowledged`), () => same.forEach((r) => acknowledge(r))), noAnswer];
}

// What else is told in the same call: everything plain that waits for this person's word in the same incident.
function ofSameCall(row) {
	return rows('VIEW_BOARD', 0, 'telephone').filter((r) => r.person === row.person && r.incident === row.incident && !isAbove(r) && !notice(r)?.answer);
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

function person(row, i) {
	const c = card(row), why = whyWords[row.why]?.() || codes.why(row.why || '');
	return h('li', { key: row.key, class: 'now-person' },
		h('div', { class: 'now-who' },
			h('span', { class: 'now-order', 'aria-hidden': 'true' }, String(i + 1)),
			h('span', { class: 'now-name' }, row.name || row.terminal || row.person),
			why && h('span', { class: 'now-why' }, why),
			h('span', { class: 'now-role' }, row.terminal ? t(`端末 ${row.terminal}`, `terminal ${row.terminal}`) : both(row, 'role_title'))),
		!row.terminal && h('div', { class: 'now-numbers' },
			(row.numbers || []).length
				? row.numbers.map((number) => h('a', { key: number, class: 'now-number', href: `tel:${number.replace(/[^0-9+*#,]/g, '')}`, on: { click: () => { c.number = number; } } }, number))
				: h('span', { class: 'now-none' }, t('番号は庁内名簿を見てください', 'See the office directory for the number'))),
		h('div', { class: 'now-actions' }, actions(row)),
		ask(row),
		calls(row),
		c.result && ui.resultBox(c.result));
}

// Rows of one notice belong together: from the top, until somebody answers. Of a convening, whose members are told one by one, all do.
function byNotice(list) {
	const found = new Map();
	for (const row of list) {
		const key = notice(row)?.answer ? `${row.incident} ${row.item}` : row.notice;
		found.set(key, [...(found.get(key) || []), row]);
	}
	return [...found.values()];
}

function group(list) {
	const first = list[0], n = notice(first);
	const title = `${t(`事案${first.incident}　`, `Incident ${first.incident}: `)}${n ? noticeTitle(n) : first.item || ''}`;
	const above = list.filter(isAbove), entitled = list.filter((row) => !above.includes(row));
	const shown = entitled.length ? entitled : above, rest = entitled.length ? above : [];
	return h('section', { key: `now-${first.notice}`, class: `now-group${first.drill ? ' is-drill' : ''}`, 'aria-label': title },
		h('h3', { class: 'now-title' }, first.drill && ui.drillMark(first), h('span', null, title)),
		h('p', { class: 'now-since' }, t(`${clock(first.since)} から ${elapsed(first.since)}`, `since ${clock(first.since)}, ${elapsed(first.since)}`),
			first.drill ? h('strong', null, t('　電話では、訓練であることを初めに伝えてください。', '  Say first on the telephone that this is a drill.')) : null),
		h('ol', { class: 'now-list' }, shown.map((row, i) => person(row, i))),
		rest.length > 0 && h('details', { class: 'now-above' }, h('summary', null, t(`だれも出ないとき：上位者など ${rest.length} 人`, `If nobody answers: ${rest.length} above them`)), h('ol', { class: 'now-list' }, rest.map((row, i) => person(row, shown.length + i)))));
}

const rowsOf = (incident) => (incident ? rows('VIEW_INCIDENT', incident, 'telephone').filter((r) => r.incident === incident) : rows('VIEW_BOARD', 0, 'telephone'));

// The list to work with, real before drills as the rows are ordered; null when nobody is to be called. incident 0: of all.
export function telephoneNow({ incident = 0 } = {}) {
	const groups = byNotice(rowsOf(incident));
	if (!groups.length) return null;
	return h('section', { key: 'telephone-now', class: 'now-now', 'aria-labelledby': `now-head-${incident}` },
		h('h2', { id: `now-head-${incident}`, class: 'now-head' }, t('いますぐ電話', 'Telephone now'), h('span', { class: 'now-count' }, t(`${groups.length} 件`, `${groups.length}`))),
		h('p', { class: 'now-how' }, session().person
			? t('上から順に、つながった人に伝えてください。終わったら結果のボタンを押すと記録されます。', 'From the top, until somebody answers. Then press what came of it: it goes on record.')
			: t('上から順に、つながった人に伝えてください。結果を記録するにはサインインしてください。', 'From the top, until somebody answers. Sign in to record what came of it.')),
		h('div', { class: 'now-groups' }, groups.map(group)));
}

// The same to be read from afar: each person once, with the first number and what it is about.
export function telephoneWall(most) {
	const found = new Map();
	for (const list of byNotice(rowsOf(0))) {
		const entitled = list.filter((row) => !isAbove(row));
		for (const row of entitled.length ? entitled : list) {
			const id = row.person || `terminal:${row.terminal}`;
			found.set(id, [...(found.get(id) || []), row]);
		}
	}
	if (!found.size) return null;
	return h('section', { key: 'telephone-now', class: 'now-now', 'aria-labelledby': 'now-head-wall' },
		h('h2', { id: 'now-head-wall', class: 'now-head' }, t('いますぐ電話', 'Telephone now'), h('span', { class: 'now-count' }, t(`${found.size} 人`, `${found.size}`))),
		h('ol', { class: 'now-wall' }, [...found.values()].slice(0, most).map(wallPerson)),
		found.size > most && h('p', { class: 'now-more' }, t(`ほか ${found.size - most} 人`, `and ${found.size - most} more`)));
}

function wallPerson(list) {
	const row = list[0], n = notice(row), number = (row.numbers || [])[0];
	return h('li', { key: row.person || row.terminal, class: row.drill ? 'is-drill' : null },
		h('p', { class: 'now-wall-who' }, h('span', { class: 'now-name' }, row.name || row.terminal || row.person),
			h('span', { class: 'now-number' }, row.terminal ? '' : number || t('番号は名簿', 'see the directory'))),
		h('p', null, row.drill && ui.drillMark(row), list.length > 1 && h('span', { class: 'now-wall-more' }, t(`${list.length}件　`, `${list.length}: `)), t(`事案${row.incident}　`, `Incident ${row.incident}: `), n ? noticeTitle(n) : row.item || ''),
		h('p', { class: 'now-wall-when' }, [whyWords[row.why]?.(), t(`${clock(row.since)} から ${elapsed(row.since)}`, `since ${clock(row.since)}, ${elapsed(row.since)}`), !row.terminal && both(row, 'role_title')].filter(Boolean).join(t('　', '; '))));
}
