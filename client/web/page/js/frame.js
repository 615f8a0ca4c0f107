// frame: what stands around every screen: town, who is signed in, the alarm button, navigation; that the page has lost its server; commands on
// their way; notices that wait.

import { h } from './dom.js';
import { t, both, lang, setLang } from './i18n.js';
import { session, link, bye, rows, setSession, probe } from './store.js';
import { clock, when, now } from './time.js';
import { outbox, forget, abandon, actName, send, ask, get } from './send.js';
import { waiting, unanswered, noticeTitle, announce } from './alerts.js';
import * as sound from './sound.js';
import { button, badge, drillMark, icon, note, telList, resultBox, failure, redraw } from './ui.js';
import { telephoneLines } from './offline.js';
import { forgetDrafts } from './draft.js';

export const town = () => rows('VIEW_INBOX', 0, 'town')[0] || rows('VIEW_BOARD', 0, 'town')[0] || {};

// ---- header ----

const PAGES = [
	['tasks', '私のタスク', 'My tasks', true], ['board', '状況', 'Board'], ['contacts', '連絡先', 'Contacts'], ['people', '職員・不在', 'People'], ['follow-ups', '事後対応', 'Follow-ups'],
	['drills', '訓練', 'Drills'], ['tests', '接続テスト', 'Connection test'], ['plan', '計画', 'Plan'],
];

let menuOpen = false;
addEventListener('hashchange', () => (menuOpen = false));

export function header(name) {
	const s = session();
	if (!s.person && !s.terminal) return h('header', { class: 'top', key: 'top' }, h('div', { class: 'top-line' }, brand(), languageButton()));
	return h('header', { class: menuOpen ? 'top top-open' : 'top', key: 'top' },
		h('div', { class: 'top-line' }, brand(), who(s), menuButton(), h('div', { class: 'top-tools', id: 'tools' }, door(s), soundButton(), languageButton()), name === 'terminal' ? null : alarmButton(name)),
		navigation(name, s));
}

const brand = () => h('a', { class: 'brand', href: '#/' }, h('span', { class: 'brand-name' }, t('連絡', 'Renraku')), h('span', { class: 'brand-town' }, both(town(), 'title')));

const alarmButton = (name) => h('a', { class: 'button button-alarm', href: '#/alarm', 'aria-current': name === 'alarm' ? 'page' : null, on: { click: () => document.dispatchEvent(new Event('raise-alarm')) } }, icon('alarm'), t('通報する', 'Raise an alarm'));

const who = (s) => (s.person ? h('a', { class: 'who', href: '#/account', 'aria-label': t(`${s.person_name}（アカウント）`, `${s.person_name} (account)`) }, icon('person'), h('span', null, s.person_name || s.person))
	: h('span', { class: 'who' }, badge('info', t('端末', 'Terminal')), h('span', null, place(s.terminal))));
const door = (s) => (s.person ? button(t('サインアウト', 'Sign out'), signOut, { busy: leaving }) : h('a', { class: 'button button-plain', href: '#/sign-in' }, t('サインイン', 'Sign in')));
const place = (id) => rows('VIEW_BOARD', 0, 'terminal').find((x) => x.id === id)?.place || id;

let leaving = false;
export async function signOut() {
	const whose = session().person;
	leaving = true;
	redraw();
	try {
		await ask('/api/sign-out', { everywhere: false });
		forgetDrafts(whose);
		setSession(await get('/api/session'));
		location.hash = '#/';
	} catch (error) {
		announce(both(failure(error), 'text'), true);
	} finally {
		leaving = false;
		redraw();
	}
}

const languageButton = () =>
	h('button', { type: 'button', class: 'button button-plain', lang: lang() === 'en' ? 'ja' : 'en', on: { click: () => setLang(lang() === 'en' ? 'ja' : 'en') } }, lang() === 'en' ? '日本語' : 'English');

function soundButton() {
	const on = sound.wanted(), ready = sound.ready();
	const text = !on ? t('音なし', 'Sound off') : ready ? t('音あり', 'Sound on') : t('音を許可', 'Allow sound');
	const press = () => (on && !ready ? sound.allow(true) : sound.want(!on));
	return h('button', { type: 'button', class: 'button button-plain', 'aria-pressed': on && ready ? 'true' : 'false', on: { click: press } }, icon(on && ready ? 'bell' : 'mute'), text);
}

function navigation(name, s) {
	const count = waiting().length;
	const pages = PAGES.filter(([, , , personal]) => !personal || s.person).map(([page, ja, en]) =>
		h('li', { key: page }, h('a', { href: `#/${page}`, 'aria-current': page === name ? 'page' : null }, t(ja, en), page === 'tasks' && count ? h('span', { class: 'count', 'aria-label': t(`確認待ち${count}件`, `${count} waiting`) }, String(count)) : null)));
	if (s.terminal) pages.unshift(h('li', { key: 'home' }, h('a', { href: s.person ? '#/terminal' : '#/', 'aria-current': name === 'terminal' ? 'page' : null }, t('この端末', 'This terminal'), count && !s.person ? h('span', { class: 'count' }, String(count)) : null)));
	return h('nav', { class: 'pages', 'aria-label': t('画面', 'Pages') }, h('ul', { id: 'pages' }, pages));
}

const menuButton = () =>
	h('button', { type: 'button', class: 'button button-plain menu', 'aria-expanded': menuOpen ? 'true' : 'false', 'aria-controls': 'pages tools', on: { click: () => { menuOpen = !menuOpen; redraw(); } } }, icon('menu'), t('メニュー', 'Menu'));

export const footer = () => {
	const x = town();
	return h('footer', { class: 'foot', key: 'foot' }, h('p', null, both(x, 'plan_title'), x.edition ? t(`（${x.edition}）`, ` (${x.edition})`) : null), h('p', null, t(`サーバーの時刻 ${clock(now())}`, `Server time ${clock(now())}`)));
};

// ---- banners ----

export function banners(name, wall) {
	const s = session();
	return h('div', { class: 'banners', key: 'banners' },
		lostBanner(), byeBanner(name), warning(s), cannotRecord(), sendingBanner(name), probeLine(),
		!wall && name !== 'tasks' && name !== 'terminal' && name !== 'sign-in' && name !== 'alarm' ? noticeStrip() : null);
}

let saidLost = false;
function lostBanner() {
	const l = link();
	if (l.up) {
		if (saidLost) announce(t('接続が戻りました。画面は最新です。', 'Connected again. The page is up to date.'));
		saidLost = false;
		lostAt = 0;
		return null;
	}
	lostAt ||= l.lost ? l.lost + (now() - Date.now()) : now();
	const head = t(`この画面は ${clock(lostAt)} から更新されていません`, `This page has not been updated since ${clock(lostAt)}`);
	if (!saidLost) announce(head, true);
	saidLost = true;
	const lines = telephoneLines();
	return h('section', { class: 'lost', key: 'lost', 'aria-label': head },
		h('h2', null, icon('warn'), head),
		h('p', null, l.lost ? t('サーバーに接続できません。自動的に再接続します。', 'The console cannot be reached. Reconnecting by itself.') : both(l, 'text') || t('連絡サーバーが応答していません。自動的に再接続します。', 'The server does not answer. Reconnecting by itself.'),
			' ', t('入力したものは残っています。通報や確認は、つながり次第送信されます。急ぐときは電話で連絡してください。', 'What you typed is kept. Alarms and acknowledgements are sent once connected. If it is urgent, telephone.')),
		lines.length ? telList(lines) : null);
}
let lostAt = 0;

function byeBanner(name) {
	const b = bye();
	return b && name === 'sign-in' ? h('div', { key: 'bye' }, note('warn', h('p', { role: 'status' }, both(b, 'text') || t('サインアウトされました。', 'You were signed out.')))) : null;
}

const warning = (s) => (s.warning ? h('div', { key: 'warning' }, note('warn', h('p', null, both(s, 'warning')))) : null);

function cannotRecord() {
	if (!town().cannot_record) return null;
	return h('section', { class: 'lost', key: 'disk', 'aria-label': t('記録できません', 'Cannot record') },
		h('h2', null, icon('warn'), t('サーバーは今、記録ができません', 'The server cannot record now')),
		h('p', null, t('表示は最後の状態です。操作は受け付けられません。電話で連絡してください。', 'What is shown is the last state. Nothing can be entered. Telephone.')), telList(telephoneLines()));
}

// Commands without their final answer yet, and late answers that nobody has seen. The alarm screen tells of its own.
function sendingBanner(name) {
	const list = outbox().filter((e) => !e.watched && !(name === 'alarm' && e.key === 'alarm') && (e.state !== 'final' || !e.seen));
	return list.length ? h('section', { class: 'sending', key: 'sending', 'aria-label': t('送信中のもの', 'On the way') }, list.map(sendingLine)) : null;
}

function sendingLine(entry) {
	const what = t(`${actName(entry.act)}（${clock(entry.command.made_at)}）`, `${actName(entry.act)} (${clock(entry.command.made_at)})`);
	if (entry.state === 'final') {
		return h('div', { key: entry.id, class: 'sending-line' }, resultBox(entry.result, { accepted: t(`${what}は記録されました。`, `${what}: recorded.`) }),
			button(t('閉じる', 'Close'), () => forget(entry.id)));
	}
	const other = entry.state === 'other';
	return h('div', { key: entry.id, class: 'sending-line' }, note('wait',
		h('p', null, h('strong', null, other ? t(`${what}：${entry.name || entry.person || entry.terminal} としてサインインすると送信されます`, `${what}: sent once ${entry.name || entry.person || entry.terminal} is signed in`) : t(`${what}：送信を続けています（${entry.tries}回目）`, `${what}: still sending (attempt ${entry.tries})`)),
			' ', entry.again ? t('前の画面で送信し終わらなかったものです。', 'Left over from an earlier page.') : null)),
		other ? button(t('送信をやめる', 'Do not send'), () => abandon(entry.id)) : null);
}

function probeLine() {
	if (!probe || now() - (probe.at || 0) > 120000) return null;
	return h('p', { class: 'probe', key: 'probe', role: 'status' }, badge('good', t('接続テスト', 'Connection test')), t(`この画面に届きました（${clock(probe.at)}）。操作は不要です。`, `It reached this page (${clock(probe.at)}). Nothing to do.`));
}

// ---- notices that wait, on every screen that does not show them itself: at the lower edge, so that nothing moves under the pointer ----

const SETTLE_MS = 700;
const acting = new Map(); // notice -> 'busy' or a Result that is no acceptance

function noticeStrip() {
	const list = waiting(), above = unanswered().length;
	if (!list.length && !above) return null;
	const loud = sound.wanted() && sound.ready() && list.some((n) => !sound.isMuted(n));
	const [first] = [...list].sort((a, b) => !!a.drill - !!b.drill);
	return h('section', { class: 'strip', key: 'strip', 'aria-label': t('確認を待っている連絡', 'Notices that wait for you') }, first ? stripLine(first) : null,
		h('div', { class: 'actions' }, list.length > 1 ? h('a', { href: session().person ? '#/tasks' : '#/' }, t(`ほか${list.length - 1}件`, `${list.length - 1} more`)) : null,
			above ? h('a', { href: '#/tasks' }, t(`応答なし${above}件（上位者として）`, `${above} without an answer (you stand above)`)) : null,
			loud ? button(t('音を止める', 'Mute'), () => list.forEach(sound.mute)) : null));
}

// Nobody shall acknowledge what slid under the pointer that very moment.
const shownSince = new Map();
function justCame(n) {
	if (!shownSince.has(n.id)) {
		shownSince.set(n.id, Date.now());
		setTimeout(redraw, SETTLE_MS + 50);
	}
	return Date.now() - shownSince.get(n.id) < SETTLE_MS;
}

const stripLine = (n) =>
	h('div', { key: n.id, class: n.drill ? 'strip-line is-drill' : 'strip-line', 'data-notice': [n.id, ...(n.also || [])].join(' ') }, h('p', null, drillMark(n), h('strong', null, both(n, 'title').replace(/^【訓練】/, '')), ' ', h('span', { class: 'soft gist' }, gist(n)), h('span', { class: 'soft' }, when(n.at))),
		h('div', { class: 'actions' }, workLink(n), acknowledgeButton(n, { disabled: justCame(n) })), resultOf(n));

// What somebody wrote, briefly: it tells two alarms of one kind apart.
function gist(n) {
	const text = (n.values || []).map((v) => (v.unknown ? '' : v.value && !v.shown_en ? v.shown || v.value : '')).find((x) => x) || '';
	return text ? t(`「${[...text].slice(0, 40).join('')}」 `, `“${[...text].slice(0, 40).join('')}” `) : '';
}

// Where what it asks for is done.
const workLink = (n) => (session().person && n.item && (n.kind === 'your_turn' || n.kind === 'call_again') ? h('a', { class: 'button button-plain', href: `#/tasks/${n.incident}/${encodeURIComponent(n.item)}` }, t('対応する', 'Act')) : null);

export const resultOf = (n) => (acting.get(n.id) && acting.get(n.id) !== 'busy' ? resultBox(acting.get(n.id)) : null);

export function acknowledgeButton(n, props) {
	if (n.answer) return h('a', { class: 'button button-primary', href: '#/tasks' }, t('出欠を答える', 'Answer'));
	return button(t('確認しました', 'Acknowledge'), () => acknowledge(n), { kind: 'primary', busy: acting.get(n.id) === 'busy', 'aria-label': `${t('確認しました：', 'Acknowledge: ')}${noticeTitle(n)}`, ...props });
}

async function acknowledge(n) {
	acting.set(n.id, 'busy');
	redraw();
	const result = await send('acknowledge', { notice: n.id }, { key: `acknowledge/${n.id}` });
	if (result.outcome === 'ACCEPTED') {
		acting.delete(n.id);
		announce(t('確認を記録しました', 'Acknowledged'));
	} else {
		acting.set(n.id, result);
		result.later?.then(() => acting.delete(n.id)).finally(redraw);
	}
	redraw();
}

export const muteButton = (n) => (sound.wanted() && sound.ready() && !sound.isMuted(n) ? button(t('音を止める', 'Mute'), () => sound.mute(n), { 'aria-label': `${t('音を止める：', 'Mute: ')}${noticeTitle(n)}` }) : null);
