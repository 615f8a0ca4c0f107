// timeline: the record itself of one incident, each entry as a sentence, checked in this browser.
import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { now, clock, seconds, date } from '../time.js';
import { rows, complete, revision, refused, session } from '../store.js';
import { get } from '../send.js';
import * as ui from '../ui.js';
import * as codes from '../codes.js';
import { line, names } from '../records.js';
import { checker, compare, forget, possible, readLog } from '../verify.js';
import { reports } from './incident.js';

const PAGE = 200; // entries drawn before 'show more'

const number = (params) => params.incident;

// What was read of an incident: entries, the check that has seen them all, and how that compares with what was seen before.
const logs = new Map();
function logOf(id) {
	if (!logs.has(id)) logs.set(id, { entries: [], check: checker(), revision: -1, reading: false, error: null, verdict: null, shown: PAGE });
	return logs.get(id);
}

let chain = { state: '', done: 0, head: 0, verdict: null, faults: [], error: null }; // the whole log, of an administrator

export default {
	title: (params) => t(`事案${number(params)} 経過の記録`, `Incident ${number(params)}: timeline`),
	wants: (params) => [['VIEW_BOARD', 0], ['VIEW_INCIDENT', number(params)], ['VIEW_CONTACTS', 0], ['VIEW_PLAN', 0]],
	render: (params, query) => render(number(params), query),
};

// ---- reading -------------------------------------------------------------------------------------------------------

// When the view has moved on, so has the record.
function follow(id) {
	const log = logOf(id), at = revision('VIEW_INCIDENT', id) || 0;
	if (log.reading || log.revision === at || !complete('VIEW_INCIDENT', id)) return;
	log.reading = true;
	log.revision = at;
	setTimeout(() => read(id, log), 0); // after this drawing
}

async function read(id, log) {
	try {
		const last = log.entries.length ? log.entries[log.entries.length - 1].index : 0;
		await readLog(get, { from: last + 1, incident: id }, async (entries, head) => {
			const fresh = entries.filter((e) => !log.entries.length || e.index > log.entries[log.entries.length - 1].index);
			log.entries.push(...fresh);
			log.lines = null;
			if (possible()) await log.check.add(fresh, head);
			ui.redraw();
		});
		log.error = null;
		if (possible()) log.verdict = compare(memory(), `incident:${id}`, log.check, now());
	} catch (error) {
		log.error = error;
		log.revision = -1;
		if (error?.code === 'NO_CONSOLE' || error?.status >= 500) setTimeout(ui.redraw, 3000);
		else log.revision = revision('VIEW_INCIDENT', id) || 0; // refused: asking again without a change gives the same
	}
	log.reading = false;
	ui.redraw();
}

function memory() {
	try {
		return localStorage;
	} catch {
		return { getItem: () => null, setItem() {}, removeItem() {} };
	}
}

async function checkChain() {
	if (chain.state === 'running') return;
	chain = { state: 'running', done: 0, head: 0, verdict: null, faults: [], error: null };
	ui.redraw();
	try {
		const check = checker({ whole: true });
		await readLog(get, { from: 1 }, async (entries, head) => {
			await check.add(entries, head);
			Object.assign(chain, { done: check.state.last, head });
			ui.redraw();
		});
		chain.faults = check.state.faults;
		if (check.state.last < check.state.head) chain.faults.push({ index: check.state.last + 1, why: 'gap' });
		chain.verdict = compare(memory(), 'chain', check, now());
	} catch (error) {
		chain.error = error;
	}
	chain.state = 'done';
	ui.redraw();
}

// ---- filters, in the address ---------------------------------------------------------------------------------------

function filtersOf(query) {
	const { kind = '', person = '', item = '', text = '', order = '' } = query;
	return { kind, person, item, text, order };
}

function setFilter(id, filters, name, value) {
	const next = new URLSearchParams(Object.entries({ ...filters, [name]: value }).filter(([, v]) => v)).toString();
	history.replaceState(history.state, '', `#/incident/${id}/timeline${next ? `?${next}` : ''}`);
	logOf(id).shown = PAGE;
	dispatchEvent(new HashChangeEvent('hashchange'));
	ui.redraw();
}

// Width and case do not matter to somebody who searches.
const fold = (text) => text.normalize('NFKC').toLowerCase();

function matches(l, f) {
	if (f.kind ? f.kind !== 'all' && l.group !== f.kind : l.group === 'receipt') return false;
	if (f.person && !l.persons.includes(f.person)) return false;
	if (f.item && l.item !== f.item) return false;
	return !f.text || fold([l.sentence, l.who, l.title, ...l.details, String(l.index)].join(' ')).includes(fold(f.text));
}

// Sentences are made once for the same records, names and language.
function linesOf(id, log) {
	const key = [log.entries.length, revision('VIEW_INCIDENT', id), revision('VIEW_BOARD', 0), revision('VIEW_CONTACTS', 0), revision('VIEW_PLAN', 0), document.documentElement.lang].join('/');
	if (log.lines?.key === key) return log.lines.list;
	const of = (kind) => rows('VIEW_INCIDENT', id, kind);
	const n = names({
		persons: rows('VIEW_BOARD', 0, 'person').concat(rows('VIEW_CONTACTS', 0, 'person')), terminals: rows('VIEW_BOARD', 0, 'terminal'), roles: rows('VIEW_PLAN', 0, 'plan_role'),
		contacts: rows('VIEW_CONTACTS', 0, 'contact'), items: of('item'), notices: of('notice'), alarms: of('alarm'),
	});
	log.lines = { key, list: log.entries.map((e) => line(e, n)), names: n };
	return log.lines.list;
}

// ---- drawing -------------------------------------------------------------------------------------------------------

function render(id, query) {
	const why = refused('VIEW_INCIDENT', id), incident = rows('VIEW_INCIDENT', id, 'incident')[0] || rows('VIEW_BOARD', 0, 'incident').find((i) => i.id === id);
	const title = [incident && ui.drillMark(incident), t(`事案${id} 経過の記録`, `Incident ${id}: timeline`)];
	if (why) return [h('h1', null, title), ui.note('bad', h('p', null, both(why, 'text') || why.code))];
	follow(id);
	const log = logOf(id);
	if (!log.entries.length && !log.error) return [h('h1', null, title), ui.loading()];
	const filters = filtersOf(query), all = linesOf(id, log), found = all.filter((l) => matches(l, filters));
	const ordered = filters.order === 'old' ? found : [...found].reverse();
	return [h('div', { class: `timeline-page${incident?.drill ? ' is-drill' : ''}` },
		h('h1', null, title), incident && h('p', { class: 'soft' }, both(incident, 'title'), t(`　${clock(incident.opened_at)} 発生`, `, opened ${clock(incident.opened_at)}`)),
		h('nav', { class: 'incident-nav no-print', 'aria-label': t('この事案', 'This incident') }, h('a', { href: `#/incident/${id}` }, t('事案の画面', 'The incident')), ...reports(id), ui.button(t('すべて表示して印刷', 'Show all and print'), () => printAll(id))),
		log.error && ui.note('bad', h('p', null, both(log.error, 'text') || String(log.error))),
		verification(id, log), form(id, filters, all),
		h('p', { class: 'timeline-count', role: 'status' }, t(`${all.length} 件の記録のうち ${found.length} 件を表示`, `${found.length} of ${all.length} records`),
			!filters.kind && all.some((l) => l.group === 'receipt') ? t(`（到達の記録 ${all.filter((l) => l.group === 'receipt').length} 件は、種類で選ぶと見られます）`, ` (${all.filter((l) => l.group === 'receipt').length} receipts are shown when chosen)`) : ''),
		h('ol', { class: 'timeline' }, ordered.slice(0, log.shown).map((l) => entry(l, id, log))),
		ordered.length > log.shown && ui.button(t(`さらに表示（残り ${ordered.length - log.shown} 件）`, `Show more (${ordered.length - log.shown} left)`), () => { log.shown += PAGE; ui.redraw(); }))];
}

function printAll(id) {
	logOf(id).shown = Infinity;
	ui.redraw();
	requestAnimationFrame(() => requestAnimationFrame(() => print()));
}

const drawn = new WeakMap(); // a line -> its vnode: thousands of them are not made again

function entry(l, id, log) {
	const fault = log.check.state.faults.some((f) => f.index === l.index);
	const key = `${fault}`;
	if (drawn.get(l)?.key === key) return drawn.get(l).vnode;
	const vnode = h('li', { key: String(l.index), class: `record record-${l.group}${l.tone ? ` record-${l.tone}` : ''}${fault ? ' is-false' : ''}` },
		h('div', { class: 'record-when' }, h('span', { class: 'record-time' }, l.at ? seconds(l.at) : ''), h('span', { class: 'record-index' }, t(`記録 ${l.index}`, `no. ${l.index}`))),
		h('div', { class: 'record-what' },
			h('p', { class: 'record-line' }, h('span', { class: 'record-kind' }, l.title), l.drill && ui.drillMark(l), h('span', null, l.sentence)),
			l.details.length > 0 && h('ul', { class: 'record-details' }, l.details.map((d, i) => h('li', { key: String(i) }, d))),
			(l.who || l.times.length > 0) && h('p', { class: 'record-how soft' }, [l.who, ...l.times].filter(Boolean).join(t('　', '; '))),
			fault && h('p', null, ui.badge('bad', t('検査に合格していません', 'does not pass the check')))));
	drawn.set(l, { key, vnode });
	return vnode;
}

function form(id, filters, all) {
	const persons = new Map(), items = new Map(), n = logOf(id).lines.names;
	for (const l of all) {
		for (const p of l.persons) persons.set(p, p.startsWith('terminal:') ? n.terminal(p) : n.person(p));
		if (l.item) items.set(l.item, n.itemTitle(l.item));
	}
	const select = (name, label, options) => ui.field(label, h('select', { name, on: { change: (e) => setFilter(id, filters, name, e.target.value) } }, options.map(([value, text]) => h('option', { key: value, value, selected: filters[name] === value }, text))), { key: `timeline-${name}` });
	return h('form', { class: 'timeline-filters no-print', role: 'search', 'aria-label': t('記録をしぼりこむ', 'Filter'), on: { submit: (e) => e.preventDefault() } },
		select('kind', t('種類', 'Kind'), [['', t('到達を除くすべて', 'all but receipts')], ['all', t('すべて', 'all')], ...Object.entries(codes.groups).filter(([g]) => all.some((l) => l.group === g)).map(([g, x]) => [g, x.title()])]),
		select('person', t('人・端末', 'Person, terminal'), [['', t('すべて', 'all')], ...persons]), select('item', t('項目', 'Item'), [['', t('すべて', 'all')], ...items]),
		ui.field(t('ことば', 'Text'), h('input', { type: 'search', name: 'text', value: filters.text, on: { input: (e) => setFilter(id, filters, 'text', e.target.value) } }), { key: 'timeline-text' }),
		select('order', t('順番', 'Order'), [['', t('新しい順', 'newest first')], ['old', t('古い順', 'oldest first')]]),
		(filters.kind || filters.person || filters.item || filters.text) && ui.button(t('しぼりこみをやめる', 'Clear'), () => { for (const k of ['kind', 'person', 'item', 'text']) filters[k] = ''; setFilter(id, filters, 'text', ''); }));
}

// ---- verification --------------------------------------------------------------------------------------------------

const faultWord = {
	hash: () => t('内容と検査値が合いません', 'its bytes do not give its hash'), chain: () => t('前の記録とつながりません', 'it does not follow the one before'), gap: () => t('記録が抜けています', 'records are missing'),
	order: () => t('順番が正しくありません', 'out of order'), form: () => t('検査値がありません', 'it has no hash'),
};
const faultList = (faults) => h('ul', null, faults.slice(0, 10).map((f, i) => h('li', { key: String(i) }, t(`記録 ${f.index}：`, `Record ${f.index}: `), faultWord[f.why]())), faults.length > 10 && h('li', { key: 'more' }, t(`ほか ${faults.length - 10} 件`, `and ${faults.length - 10} more`)));

function alarmOf(verdict, name) {
	const word = {
		different: t(`以前に見た記録 ${verdict.kept.index} の検査値が変わっています。`, `Record ${verdict.kept.index}, seen before, has another hash.`),
		missing: t(`以前に見た記録 ${verdict.kept.index} がありません。`, `Record ${verdict.kept.index}, seen before, is not there.`),
		shorter: t(`記録が以前より短くなっています（以前は ${verdict.kept.head} まで）。`, `The log is shorter than it was (up to ${verdict.kept.head} before).`),
	}[verdict.changed];
	return h('div', { class: 'note note-bad timeline-alarm', role: 'alert' }, ui.icon('bad'), h('div', null,
		h('p', null, h('strong', null, t('記録が書き換えられた疑いがあります。', 'The log may have been tampered with.')), ' ', word),
		h('p', null, t('サーバーの管理者以外の責任者にも知らせ、この画面を印刷して残してください。バックアップから戻したときや、別の町につないだときにも起こります。', 'Tell somebody besides the server’s administrator and print this page. It also happens after restoring a backup, or when this is another town.')),
		h('p', { class: 'timeline-hash' }, t(`この端末の控え：記録 ${verdict.kept.index}　${verdict.kept.hash}`, `kept here: record ${verdict.kept.index} ${verdict.kept.hash}`)), verdict.now?.hash && h('p', { class: 'timeline-hash' }, t(`いまの値：${verdict.now.hash}`, `now: ${verdict.now.hash}`)),
		h('p', { class: 'no-print' }, ui.button(t('事情がわかったので、控えを取り直す', 'The reason is known: keep the present state'), () => renew(name)))));
}

async function renew(name) {
	const sure = await ui.confirmBox({ title: t('控えを取り直しますか', 'Keep the present state?'), body: t('いまの記録を正しいものとして覚えます。書き換えの証拠になる、この端末の控えは消えます。', 'The log as it is now is remembered as right. What was kept here, which is evidence, is lost.') });
	if (!sure) return;
	forget(memory(), name);
	if (name === 'chain') return checkChain();
	const log = logOf(Number(name.split(':')[1]));
	log.verdict = compare(memory(), name, log.check, now());
	ui.redraw();
}

const dayClock = (ms) => `${date(ms)} ${clock(ms).slice(-5)}`;

function verdictText(verdict, state) {
	if (verdict.first) return t(`この端末ではじめて検査しました。記録 ${verdict.index} までを覚えました。`, `First checked here now; remembered up to record ${verdict.index}.`);
	return t(`${dayClock(verdict.since)} から変更されていません（記録 ${state.last} まで）。`, `Unchanged since ${dayClock(verdict.since)} (up to record ${state.last}).`);
}

function verification(id, log) {
	const s = log.check.state, admin = session().administrator;
	let body;
	if (!possible()) body = ui.note('warn', t('このブラウザでは検査できません（HTTPS で開いてください）。', 'This browser cannot check the log (open the page over HTTPS).'));
	else if (s.faults.length) body = h('div', { class: 'note note-bad', role: 'alert' }, ui.icon('bad'), h('div', null, h('p', null, h('strong', null, t('検査に合格しない記録があります。', 'Some records do not pass the check.'))), faultList(s.faults)));
	else if (log.verdict?.changed) body = alarmOf(log.verdict, `incident:${id}`);
	else if (!log.verdict) body = h('p', { role: 'status' }, t('検査しています…', 'Checking…'));
	else body = h('p', null, ui.badge('good', verdictText(log.verdict, s)), ' ', h('span', { class: 'soft' }, t(`このブラウザで ${s.checked} 件を検査しました${s.withheld ? `（非公開 ${s.withheld} 件は検査値のみ）` : ''}。`, `${s.checked} records checked in this browser${s.withheld ? ` (${s.withheld} withheld: their hashes only)` : ''}.`)));
	return h('section', { class: 'timeline-check', key: 'check', 'aria-labelledby': 'check-head' }, h('h2', { id: 'check-head' }, t('改ざんの検査', 'Verification')), body, admin && possible() && wholeLog());
}

function wholeLog() {
	const running = chain.state === 'running';
	return h('div', { class: 'timeline-chain' },
		ui.button(t('全記録のつながりを検査する', 'Check the whole chain'), checkChain, { busy: running, class: 'no-print' }),
		running && h('p', null, h('progress', { max: String(chain.head || 1), value: String(chain.done), 'aria-label': t('検査の進みぐあい', 'Progress') }), t(` ${chain.done}／${chain.head}`, ` ${chain.done} of ${chain.head}`)),
		chain.error && ui.note('bad', both(chain.error, 'text') || String(chain.error)),
		chain.state === 'done' && !chain.error && (chain.faults.length
			? h('div', { class: 'note note-bad', role: 'alert' }, ui.icon('bad'), h('div', null, h('p', null, h('strong', null, t('記録のつながりに誤りがあります。', 'The chain is broken.'))), faultList(chain.faults)))
			: chain.verdict?.changed ? alarmOf(chain.verdict, 'chain')
				: h('p', { role: 'status' }, ui.badge('good', t(`全 ${chain.done} 件がつながっています。`, `All ${chain.done} records follow on.`)), ' ', verdictText(chain.verdict, { last: chain.done }))));
}
