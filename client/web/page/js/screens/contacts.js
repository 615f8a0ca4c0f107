// Contacts: whom to telephone now, outside bodies with the number for this hour, everybody of the town office. Works from what is held when the
// server is away.
import { h } from '../dom.js';
import { t, both, lang } from '../i18n.js';
import { persons } from '../behalf.js';
import { matches, presence, rolesText } from '../persons.js';
import { rows, complete, session } from '../store.js';
import { when, day } from '../time.js';
import { badge, drillMark, empty, link, loading, names, note, redraw, section, tel } from '../ui.js';

let search = '';

const HOURS = {
	always: ['終日', 'at all hours'], business: ['執務時間内', 'office hours'], closed: ['執務時間外', 'outside office hours'], night: ['夜間', 'at night'],
	weekend: ['土日', 'weekends'], holiday: ['休日', 'holidays'],
};
const hoursText = (hours) => t(...(HOURS[hours] || [hours || '', hours || '']));

const WHY = {
	no_login: ['システムでは連絡できない人です', 'never signs in'], silent: ['時間内に返事がありません', 'no answer in time'],
	absent: ['応答できる人がサインインしていません', 'nobody who may answer is signed in'],
};

// ---- whom to telephone now ----

// Somebody whom several notices wait for is called once; real incidents stand before drills.
function calls() {
	const list = rows('VIEW_BOARD', 0, 'telephone').length ? rows('VIEW_BOARD', 0, 'telephone') : rows('VIEW_INBOX', 0, 'telephone');
	const found = new Map();
	for (const row of list) {
		const key = `${row.person || row.terminal}:${!!row.drill}`;
		if (!found.has(key)) found.set(key, { ...row, key, roles: new Set(), incidents: new Set() });
		const call = found.get(key);
		if (both(row, 'role_title')) call.roles.add(both(row, 'role_title'));
		if (row.incident) call.incidents.add(row.incident);
		call.since = Math.min(call.since || row.since || 0, row.since || 0) || call.since;
	}
	return [...found.values()].sort((a, b) => !!a.drill - !!b.drill);
}

const callNow = (row) => h('li', { key: row.key, class: 'contact tel-now' },
	h('h3', {}, drillMark(row), ' ', row.name || names.person(row.person)), row.roles.size ? h('p', {}, [...row.roles].join(t('・', ', '))) : null,
	(row.numbers || []).length ? h('p', { class: 'numbers' }, row.numbers.map((n) => tel(n))) : h('p', { class: 'soft' }, t('番号は表示できません。', 'No number that you may see.')),
	h('p', { class: 'soft' }, t(...(WHY[row.why || 'absent'] || WHY.absent)), row.since ? t(`（${when(row.since)}から）`, ` (since ${when(row.since)})`) : null,
		[...row.incidents].map((id) => [' ', link(`#/incident/${id}`, t(`事案${id}を見る`, `Incident ${id}`))])));

function urgent() {
	const list = calls();
	if (!list.length) return null;
	const drill = list.every((row) => row.drill);
	return h('section', { class: drill ? 'section urgent only-drill' : 'section urgent', key: 'urgent', 'aria-labelledby': 'call-now' },
		h('h2', { id: 'call-now' }, drillMark({ drill }), t(`いますぐ電話してください（${list.length}人）`, `Telephone now (${list.length})`)), h('ul', { class: 'cards' }, list.map(callNow)),
		session().person ? h('p', {}, link('#/board', t('電話の結果は「状況」の画面で記録します', 'Record how the calls went on the board'))) : null);
}

// ---- outside bodies ----

function bodies() {
	const found = new Map();
	for (const row of rows('VIEW_CONTACTS', 0, 'contact')) {
		const key = row.id + '\n' + (row.title || '');
		if (!found.has(key)) found.set(key, { ...row, lines: [] });
		found.get(key).lines.push(row);
	}
	return [...found.values()];
}

const from = (row) => [row.verified ? t(`${day(row.verified)} に確認`, `checked ${day(row.verified)}`) : t('確認した日の記録なし', 'no record of a check'),
	row.source === 'plan' ? t('計画書の番号', "the plan's own number") : t('町の登録番号', "the town's number")].join(t('・', ' · '));

const numberLine = (row, now) => h('li', { key: row.key, class: now ? 'now' : null }, h('span', { class: 'hours' }, hoursText(row.hours)), ' ', tel(row.number),
	now ? [' ', badge('good', t('いまの番号', 'the number now'))] : null, h('span', { class: 'soft small' }, from(row)));

function body(row) {
	const now = row.lines.filter((line) => line.now), other = row.lines.filter((line) => !line.now);
	return h('li', { key: row.key, class: 'contact' },
		h('h3', {}, both(row, 'title')), (row.aliases || []).length ? h('p', { class: 'soft small' }, row.aliases.join(t('・', ', '))) : null,
		now.length ? h('ul', { class: 'number-lines' }, now.map((line) => numberLine(line, true))) : h('p', {}, badge('warn', t('いまの時間にかけられる番号がありません', 'no number for this hour'))),
		other.length ? h('details', {}, h('summary', {}, t('ほかの時間の番号', 'Numbers for other hours')), h('ul', { class: 'number-lines' }, other.map((line) => numberLine(line, false)))) : null);
}

function outside() {
	const list = bodies().filter((row) => matches(search, row.title, row.title_en, row.aliases, row.lines.map((l) => l.number)));
	return section(t('関係機関', 'Outside bodies'), list.length ? h('ul', { class: 'cards' }, list.map(body)) : empty(search ? t('当てはまるものはありません。', 'Nothing matches.') : t('登録がありません。', 'None.')));
}

// ---- persons ----

const person = (row) => h('li', { key: row.key, class: 'contact' },
	h('h3', {}, row.name, ' ', presence(row)), h('p', {}, rolesText(row) || h('span', { class: 'soft' }, t('役割なし', 'no role'))),
	(row.numbers || []).length ? h('p', { class: 'numbers' }, row.numbers.map((n) => tel(n))) : h('p', { class: 'soft' }, t('表示できる番号がありません', 'no number that you may see')));

function office() {
	const list = persons().filter((row) => matches(search, row.name, rolesText(row), row.numbers));
	return section(t('職員', 'Persons'), list.length ? h('ul', { class: 'cards' }, list.map(person)) : empty(t('当てはまる人はいません。', 'Nobody matches.')));
}

// ---- the page ----

const print = (format, words) => link(`/api/print/contacts?format=${format}&lang=${lang()}`, words);

const tools = () => h('div', { class: 'tools' },
	h('form', { role: 'search', on: { submit: (e) => e.preventDefault() } },
		h('label', { for: 'contact-search' }, t('名前・役割・番号で探す', 'Search by name, role, number')),
		h('input', { id: 'contact-search', type: 'search', autocomplete: 'off', value: search, on: { input: (e) => ((search = e.target.value), redraw()) } })),
	session().person || session().terminal ? h('p', { class: 'print-links' }, t('紙に印刷：', 'On paper: '), print('pdf', t('緊急時連絡網（PDF）', 'contact network (PDF)')), ' ', print('html', 'HTML')) : null);

export default {
	title: () => t('連絡先', 'Contacts'),
	wants: () => [['VIEW_CONTACTS', 0], ['VIEW_BOARD', 0], ['VIEW_PLAN', 0]],
	render() {
		if (!rows('VIEW_CONTACTS', 0, 'town').length && !complete('VIEW_CONTACTS', 0)) return [h('h1', {}, t('連絡先', 'Contacts')), loading()];
		return [h('h1', {}, t('連絡先', 'Contacts')), tools(), urgent(),
			rows('VIEW_CONTACTS', 0, 'contact').length || persons().length ? null : note('warn', t('連絡先が登録されていません。管理者に知らせてください。', 'No contacts are registered. Tell an administrator.')),
			outside(), office()];
	},
};
