// board: what is going on and who has not responded, for the office's screen and, as #/wall, for its wall.
import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { now, clock, elapsed, when, date, day, seconds } from '../time.js';
import { rows, complete, link, onChange } from '../store.js';
import * as ui from '../ui.js';
import * as codes from '../codes.js';
import { telephoneNow, telephoneWall } from '../telephone.js';
import { stepChain, stepLine, waitingList, waitingItems } from '../steps.js';
import { matrix, noticeList, unanswered, convened, whole, waits, isBroadcast } from '../matrix.js';
import { terminals, summary, totals } from '../terminals.js';
import { measureList, measureTitle } from '../measures.js';

const WATCHED = 8;   // incidents whose items are shown; more than these at once stand in the list with their counts
const RECENT = 12;   // rows of an incident's matrix here; all stand on its page
const narrow = matchMedia('(max-width: 44rem)');
narrow.addEventListener('change', ui.redraw);

let changedAt = 0;
onChange((what) => {
	if (what === 'view') changedAt = now();
});

const isOpen = (incident) => incident.state === 'open';
const openIncidents = () => rows('VIEW_BOARD', 0, 'incident').filter(isOpen);

export default {
	title: (params) => (params.wall ? t('壁面表示', 'Wall display') : t('状況ボード', 'Incident board')),
	wants: () => [['VIEW_BOARD', 0], ...openIncidents().slice(0, WATCHED).map((i) => ['VIEW_INCIDENT', i.id])],
	render: (params) => (params.wall ? wall() : board()),
};

// ---- shared --------------------------------------------------------------------------------------------------------

const items = (incident) => rows('VIEW_INCIDENT', incident.id, 'item');
const noticesOf = (incident) => {
	const own = rows('VIEW_INCIDENT', incident.id, 'notice');
	return whole(own.length ? own : rows('VIEW_BOARD', 0, 'notice').filter((n) => n.incident === incident.id));
};

function lastTest() {
	const test = rows('VIEW_BOARD', 0, 'test').find((x) => !x.part);
	if (!test) return h('span', null, t('接続テストはまだ行われていません', 'no connection test yet'));
	const asked = (test.terminals || 0) + (test.persons || 0), answered = (test.terminals_answered || 0) + (test.persons_answered || 0);
	const text = t(`${when(test.at)} 端末 ${test.terminals || 0}台中 ${test.terminals_answered || 0}台、職員 ${test.persons || 0}人中 ${test.persons_answered || 0}人が応答${test.ended_at ? '' : '（実施中）'}`,
		`${when(test.at)}: ${test.terminals_answered || 0} of ${test.terminals || 0} terminals, ${test.persons_answered || 0} of ${test.persons || 0} persons answered${test.ended_at ? '' : ' (running)'}`);
	return ui.badge(answered === asked ? 'good' : test.ended_at ? 'warn' : 'wait', text);
}

const present = (p) => p.present && !p.absent;

function presence(p) {
	if (p.absent) return ui.badge('warn', p.absent_until ? t(`不在（${clock(p.absent_until)}まで）`, `absent until ${clock(p.absent_until)}`) : t('不在（登録）', 'absent'));
	return p.present ? ui.badge('good', p.since ? t(`在席 ${clock(p.since)}から`, `present since ${clock(p.since)}`) : t('在席', 'present')) : ui.badge('wait', t('不在', 'away'));
}

function persons(list) {
	const sorted = [...list].sort((a, b) => Number(present(b)) - Number(present(a)));
	return h('ul', { class: 'b-persons' }, sorted.map((p) => h('li', { key: p.key, class: `b-person${present(p) ? '' : ' is-away'}` },
		h('span', { class: 'b-person-name' }, p.name || p.id), presence(p),
		(p.role_titles || []).length ? h('span', { class: 'soft' }, [both(p, 'role_titles')].flat().join(t('・', ', '))) : null,
		(p.numbers || []).slice(0, 1).map((n) => h('span', { key: n }, ui.tel(n))))));
}

// Who holds, of those there: the first few names, for the calm screen.
function onDuty(list) {
	const here = list.filter(present);
	if (!here.length) return t('在席している職員はいません', 'nobody is signed in');
	return here.slice(0, 8).map((p) => p.name || p.id).join(t('、', ', ')) + (here.length > 8 ? t(` ほか${here.length - 8}人`, ` and ${here.length - 8} more`) : '');
}

// ---- the board -----------------------------------------------------------------------------------------------------

function board() {
	if (!complete('VIEW_BOARD', 0)) return [h('h1', null, t('状況ボード', 'Incident board')), ui.loading()];
	const all = rows('VIEW_BOARD', 0, 'incident'), open = all.filter(isOpen), people = rows('VIEW_BOARD', 0, 'person');
	const drills = open.length > 0 && open.every((i) => i.drill);
	return [
		h('div', { class: `board${drills ? ' board-drill' : ''}` },
			h('div', { class: 'board-head' }, h('h1', null, t('状況ボード', 'Incident board')),
				h('p', { class: 'board-now' }, h('strong', null, clock(now())), changedAt ? t(`　最後の変化 ${seconds(changedAt)}`, `  last change ${seconds(changedAt)}`) : ''),
				h('p', { class: 'board-links no-print' }, h('a', { class: 'button button-plain', href: '#/wall' }, t('壁面表示', 'Wall display')), ui.button(t('印刷', 'Print'), () => print()))),
			telephoneNow(),
			open.length === 0 && calm(people),
			open.map((incident) => article(incident)),
			handedOver(open),
			terminals(rows('VIEW_BOARD', 0, 'terminal'), excusedOf(open)),
			people.length > 0 && h('section', { class: 'section', key: 'persons', 'aria-labelledby': 'persons-head' }, h('h2', { id: 'persons-head' }, t('職員の在席', 'Who is present')),
				h('p', { class: 'soft' }, t(`${people.length}人中 ${people.filter(present).length}人が在席`, `${people.filter(present).length} of ${people.length} present`)), persons(people)),
			closed(all)),
	];
}

function calm(people) {
	return h('section', { class: 'calm', key: 'calm', 'aria-label': t('現在の状況', 'State') },
		h('p', { class: 'calm-head' }, ui.icon('good'), t('すべて平常', 'All is calm')),
		h('p', null, t('進行中の事案はありません。', 'No incident is open.')),
		h('dl', { class: 'calm-facts' },
			h('div', null, h('dt', null, t('接続テスト', 'Connection test')), h('dd', null, lastTest())),
			h('div', null, h('dt', null, t('端末', 'Terminals')), h('dd', null, summary(totals(rows('VIEW_BOARD', 0, 'terminal'))) || t('登録がありません', 'none'))),
			h('div', null, h('dt', null, t('在席', 'Present')), h('dd', null, onDuty(people)))));
}

function counts(incident) {
	return h('ul', { class: 'b-counts' },
		h('li', null, t('残り項目 ', 'items left '), h('strong', null, String(incident.items_open || 0))),
		h('li', { class: incident.notices_open ? 'is-open' : null }, t('未応答 ', 'unanswered '), h('strong', null, String(incident.notices_open || 0))),
		h('li', { class: incident.measures_in_force ? 'is-open' : null }, t('継続中の措置 ', 'measures in force '), h('strong', null, String(incident.measures_in_force || 0))));
}

// Those that wait, the oldest first; then what was answered last.
export function forMatrix(notices, most) {
	const open = notices.filter(waits), rest = notices.filter((n) => !waits(n) && n.wants_ack && n.state !== 'withdrawn').sort((a, b) => (b.ended_at || b.at) - (a.ended_at || a.at));
	const all = convened([...open, ...rest]);
	return most === undefined ? all : all.slice(0, Math.max(most, all.filter(waits).length));
}

function article(incident) {
	const list = items(incident), notices = noticesOf(incident), shown = forMatrix(notices, RECENT);
	const measures = rows('VIEW_BOARD', 0, 'measure').filter((m) => m.incident === incident.id), id = `incident-${incident.id}`;
	return h('article', { key: id, class: `b-incident${incident.drill ? ' is-drill' : ''}`, 'aria-labelledby': id },
		h('div', { class: 'b-incident-head' },
			h('h2', { id }, h('a', { href: `#/incident/${incident.id}` }, ui.incidentTitle(incident))),
			both(incident, 'category_title') && ui.badge('info', both(incident, 'category_title')),
			incident.may_close && ui.badge('good', t('終結できます', 'may be closed'))),
		h('p', { class: 'b-incident-facts' }, t(`発生 ${when(incident.opened_at)}　場所 ${incident.place || '－'}　通報者 ${both(incident, 'reporter') || '－'}`,
			`opened ${when(incident.opened_at)}; place ${incident.place || '-'}; reporter ${both(incident, 'reporter') || '-'}`)),
		incident.drill && h('p', { class: 'b-drill-line' }, ui.drillMark(incident), incident.unannounced ? t('予告なしの訓練です。実際の障害ではありません。', 'An unannounced drill. Nothing is really wrong.') : t('予告された訓練です。実際の障害ではありません。', 'An announced drill. Nothing is really wrong.')),
		counts(incident),
		stepChain(list),
		waitingItems(list).length > 0 && [h('h3', { key: 'waiting-head' }, t('対応を待っている項目', 'Waiting to be done')), waitingList(list, { incident: incident.id })],
		shown.length > 0 && [h('h3', { key: 'matrix-head' }, t('だれに届き、だれが応答したか', 'Who was reached, who has responded')), notices.filter(waits).length === 0 && h('p', { key: 'all-in' }, ui.badge('good', t('応答を待っている通知はありません', 'no notice waits for an answer'))),
			narrow.matches ? noticeList(shown) : matrix(`board-${incident.id}`, shown, { caption: t(`事案${incident.id} 通知と応答`, `Incident ${incident.id}: notices and answers`) })],
		measures.length > 0 && [h('h3', { key: 'measure-head' }, t('措置', 'Measures')), measureList(measures, { link: false })],
		h('p', { class: 'b-incident-links' }, h('a', { href: `#/incident/${incident.id}` }, t('事案のすべてを見る', 'Everything of this incident')), h('a', { href: `#/incident/${incident.id}/timeline` }, t('経過の記録', 'Timeline'))));
}

// Terminals out of service, by what was said of them.
function excusedOf(open) {
	const found = new Map();
	for (const incident of open) for (const n of noticesOf(incident)) if (isBroadcast(n)) for (const r of n.recipients || []) if (r.excused) found.set(r.id, r.excused);
	return found;
}

function handedOver(open) {
	const others = rows('VIEW_BOARD', 0, 'measure').filter((m) => !open.some((i) => i.id === m.incident));
	if (!others.length) return null;
	return ui.section(t('終結した事案の、続いている措置', 'Measures that go on after closing'), measureList(others));
}

function closed(all) {
	const over = all.filter((i) => !isOpen(i));
	if (!over.length) return null;
	return h('section', { class: 'section', key: 'closed', 'aria-labelledby': 'closed-head' }, h('h2', { id: 'closed-head' }, t('この1週間に終わった事案', 'Ended within a week')),
		h('ul', { class: 'b-closed' }, over.map((i) => h('li', { key: i.key }, h('a', { href: `#/incident/${i.id}` }, ui.incidentTitle(i)), ' ',
			ui.badge(i.state === 'closed' ? 'good' : 'info', codes.incidentState(i.state)), h('span', { class: 'soft' }, ` ${clock(i.opened_at)} – ${clock(i.closed_at)}`)))));
}

// ---- the wall ------------------------------------------------------------------------------------------------------

// As much as fits a screen of 16 to 9 at the size that is read from three metres.
const WALL_CALLS = 6, WALL_ROWS = 4, WALL_FEW = 2;

function wallHead(open) {
	const town = rows('VIEW_BOARD', 0, 'town')[0], l = link(), lostSince = l.lost || l.since;
	return h('header', { class: 'wall-head' },
		h('h1', null, town ? both(town, 'title') : t('状況ボード', 'Incident board')),
		open.some((i) => !i.drill) ? h('p', { class: 'wall-real' }, ui.icon('alarm'), t('進行中', 'IN PROGRESS')) : open.length ? h('p', { class: 'wall-drill' }, ui.icon('drill'), t('訓練中', 'DRILL')) : null,
		h('p', { class: 'wall-day' }, day(date(now()))), h('p', { class: 'wall-clock' }, clock(now())),
		h('p', { class: `wall-link${l.up ? '' : ' is-down'}` }, ui.icon(l.up ? 'good' : 'bad'),
			l.up ? t(`接続中　最後の変化 ${changedAt ? seconds(changedAt) : '－'}`, `connected; last change ${changedAt ? seconds(changedAt) : '-'}`)
				: t(`${lostSince ? clock(lostSince) : ''} から更新されていません`, `not updated since ${lostSince ? clock(lostSince) : ''}`)));
}

function wallIncident(incident, one) {
	return h('section', { key: `wall-${incident.id}`, class: `wall-incident${incident.drill ? ' is-drill' : ''}`, 'aria-label': both(incident, 'title') },
		h('h2', null, ui.incidentTitle(incident), h('span', { class: 'wall-since' }, t(`${clock(incident.opened_at)} 発生　${elapsed(incident.opened_at)}経過`, `${clock(incident.opened_at)}, ${elapsed(incident.opened_at)} ago`))),
		one ? stepChain(items(incident)) : stepLine(items(incident)));
}

const wallBox = (id, title, count, content) => h('section', { key: id, class: 'wall-box', 'aria-labelledby': id }, h('h2', { id }, title, h('span', { class: 'now-count' }, count)), content);

function wall() {
	if (!complete('VIEW_BOARD', 0)) return [h('h1', null, t('壁面表示', 'Wall display')), ui.loading()];
	const open = openIncidents(), first = open.slice(0, 3), people = rows('VIEW_BOARD', 0, 'person');
	const notices = open.flatMap(noticesOf).filter((n) => waits(n) && !n.telephone), todo = waitingItems(open.flatMap(items));
	const telephone = telephoneWall(WALL_CALLS), most = telephone ? WALL_FEW : WALL_ROWS;
	const measures = rows('VIEW_BOARD', 0, 'measure').filter((m) => m.state === 'in_force');
	const real = open.some((i) => !i.drill);
	return [h('div', { class: `wall-screen${open.length && !real ? ' wall-is-drill' : ''}` },
		wallHead(open),
		open.length === 0 && calm(people),
		first.map((incident) => wallIncident(incident, first.length === 1)),
		open.length > 3 && h('p', { class: 'wall-more', key: 'more-incidents' }, t(`ほか ${open.length - 3} 事案が進行中`, `${open.length - 3} more incidents are open`)),
		open.length > 0 && h('div', { class: `wall-columns${telephone ? ' wall-with-telephone' : ''}`, key: 'columns' }, telephone,
			h('div', { class: 'wall-side', key: 'side' },
				wallBox('wall-notices', t('応答を待っています', 'Waiting for an answer'), t(`${notices.length} 件`, `${notices.length}`), notices.length ? unanswered(notices, most)
					: h('p', null, ui.badge('good', open.some((i) => i.notices_open) ? t('ほかに待っている応答はありません', 'nothing else') : t('全員が応答しました', 'everybody has answered')))),
				wallBox('wall-items', t('対応を待っています', 'Waiting to be done'), t(`${todo.length} 項目`, `${todo.length}`), todo.length ? waitingList(todo, { most, links: false }) : h('p', null, t('いま待っている項目はありません', 'nothing'))))),
		h('footer', { class: 'wall-foot' },
			h('div', null, h('h2', null, t('端末', 'Terminals')), summary(totals(rows('VIEW_BOARD', 0, 'terminal')))),
			measures.length > 0 && h('div', null, h('h2', null, t('継続中の措置', 'Measures in force')), h('p', null, measures.slice(0, 3).map((m) => `${m.drill ? t('【訓練】', '[DRILL] ') : ''}${measureTitle(m)}`).join(t('、', ', ')), measures.length > 3 ? t(` ほか${measures.length - 3}`, ` and ${measures.length - 3} more`) : '')),
			h('div', null, h('h2', null, t('在席', 'Present')), h('p', null, t(`${people.filter(present).length}人　`, `${people.filter(present).length}: `), onDuty(people))),
			h('a', { class: 'wall-back', href: '#/board' }, t('通常の画面', 'Normal view'))))];
}
