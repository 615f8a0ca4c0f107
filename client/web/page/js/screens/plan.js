// The plan: the procedure that is loaded, drawn as a flow; with an incident ('#/plan/N') the place where it stands now. Beneath the drawing it is a nested
// list; '?view=list' shows it whole, with the words of the plan, for reading and for paper.
import { h } from '../dom.js';
import { arrowsOf, flowOf, returnsOf, way } from '../flow.js';
import { detailsOf, tellText } from '../plan-item.js';
import { t, both, lang } from '../i18n.js';
import { rows, complete, refused } from '../store.js';
import { badge, button, dialog, drillMark, empty, icon, link, loading, note, redraw, stateBadge } from '../ui.js';

const NARROW = 640;
let paths = [], measured = '';

const idOf = (name) => 'flow-' + name.replace(/[^A-Za-z0-9_-]/g, (c) => '_' + c.charCodeAt(0));
const whenOf = (item) => (item.plan ? both(item.plan, 'when') : '');

const sources = (incident) => (incident ? rows('VIEW_INCIDENT', incident, 'item') : rows('VIEW_PLAN', 0, 'item'));

// What a row says is computed once for each state of the rows.
let kept = { items: null, lang: '', flow: null, arrows: null };
function flowNow(items) {
	if (kept.items !== items || kept.lang !== lang()) {
		const flow = flowOf(items, whenOf);
		kept = { items, lang: lang(), flow, arrows: arrowsOf(flow) };
	}
	return kept;
}

// ---- an item ----

const MARKS = [['optional', 'info', '任意', 'optional'], ['lifts', 'good', '措置を解く', 'lifts measures'], ['closes', 'info', '終結', 'closes'], ['entry', 'warn', '始まり', 'begins']];
const orders = (item) => [...(item.form || []), ...(item.agenda || [])].some((f) => (f.options || []).some((o) => o.orders));

function marks(item) {
	return [MARKS.filter(([field]) => item[field]).map(([field, tone, ja, en]) => badge(tone, t(ja, en), field === 'entry' ? 'alarm' : undefined)), orders(item) ? badge('bad', t('停止等を命じうる', 'may order a stop'), 'warn') : null,
		(item.agenda || []).length ? badge('info', t(`議題 ${item.agenda.length}`, `agenda of ${item.agenda.length}`)) : null, (item.calls || []).length ? badge('info', t('電話', 'calls'), 'phone') : null].flat().filter(Boolean);
}

const here = (item) => item.state === 'ready' || item.state === 'told';
const titleOf = (items, id) => both(items.find((i) => i.id === id), 'title') || id;

// What these are called: a step of which all are meant by its own name.
function together(items, ids) {
	const wanted = new Set(ids), steps = new Map();
	for (const item of items) steps.set(item.procedure + '/' + item.step, [...(steps.get(item.procedure + '/' + item.step) || []), item]);
	const whole = [...steps.values()].filter((step) => step.length > 1 && step.every((item) => wanted.has(item.id)));
	const inside = new Set(whole.flat().map((item) => item.id));
	return [...whole.map((step) => t(`${both(step[0], 'step_title')}（すべて）`, `${both(step[0], 'step_title')} (all)`)), ...ids.filter((id) => !inside.has(id)).map((id) => titleOf(items, id))];
}

const details = (item, items) => detailsOf(item, (id) => titleOf(items, id), (ids) => together(items, ids));

function open(item, items, incident) {
	const close = t('閉じる', 'Close');
	const now = () => sources(incident).find((i) => i.id === item.id) || item;
	dialog({ title: both(item, 'title') || item.id, body: () => details(now(), items), actions: [{ label: close, kind: 'plain', value: true }] });
}

function card(item, rest, items, incident, level) {
	const returns = returnsOf(item), found = marks(item);
	return h('article', { id: idOf('item:' + item.id), class: `flow-item${item.state ? ' is-' + item.state : ''}${here(item) ? ' is-here' : ''}`, 'aria-current': here(item) ? 'step' : null },
		here(item) ? h('p', { class: 'flow-here' }, icon('next'), t('いまここ', 'Here now')) : null,
		h(level, { class: 'flow-title' }, h('button', { type: 'button', class: 'flow-open', 'aria-haspopup': 'dialog', on: { click: () => open(item, items, incident) } }, both(item, 'title') || item.id)),
		item.state ? h('p', {}, stateBadge(item.state)) : null,
		h('p', { class: 'flow-by' }, icon('person'), h('span', {}, h('span', { class: 'sr' }, t('担当：', 'by: ')), both(item, 'by_title'))),
		rest ? h('p', { class: 'flow-when' }, t('条件：', 'if '), rest) : null,
		(item.plan?.tells || []).length ? h('p', { class: 'flow-tells' }, icon('bell'), h('span', {}, h('span', { class: 'sr' }, t('知らせる先：', 'tells: ')), item.plan.tells.map(tellText).join(t('、', '; ')))) : null,
		returns.length ? h('p', { class: 'flow-back' }, h('span', { 'aria-hidden': 'true' }, '↩ '), t('差し戻すと：', 'sends back to: '), returns.map((id) => titleOf(items, id)).join(t('、', ', '))) : null,
		found.length ? h('p', { class: 'flow-marks' }, found) : null,
		(item.clause || []).length ? h('p', { class: 'flow-clause' }, item.clause.join(' ')) : null);
}

// ---- boxes ----

const settled = (item) => ['done', 'waived', 'kept'].includes(item.state);
function progress(items) {
	const counted = items.filter((item) => item.state && !['not_applicable', 'standing', 'undetermined'].includes(item.state));
	return counted.length ? h('span', { class: 'flow-progress' }, t(`${counted.filter(settled).length} / ${counted.length} 済`, `${counted.filter(settled).length} of ${counted.length} done`)) : null;
}

function step(one, items, incident, level = 'h3') {
	const below = level === 'h3' ? 'h4' : 'h3';
	return h('section', { class: 'flow-step' + (one.items.some(here) ? ' has-here' : ''), key: one.key, id: idOf('step:' + one.key), 'aria-label': both(one.head, 'step_title') || one.step },
		h(level, {}, both(one.head, 'step_title') || both(one.head, 'procedure_title') || t('項目', 'Items'), ' ', progress(one.items), one.aftercare ? [' ', badge('info', t('復旧の後', 'afterwards'))] : null),
		one.when ? h('p', { class: 'flow-when' }, t('条件：', 'if '), one.when) : null,
		h('ol', { class: 'flow-rows' }, one.rows.map((row, i) => h('li', { key: i }, row.length > 1 ? h('ul', { class: 'flow-row' }, row.map((item) => h('li', { key: item.id }, card(item, one.rest.get(item.id), items, incident, below))))
			: card(row[0], one.rest.get(row[0].id), items, incident, below)))));
}

function lane(one, items, incident) {
	const out = one.items.every((item) => item.state === 'not_applicable');
	const body = [one.when ? h('p', { class: 'flow-when' }, t('条件：', 'if '), one.when) : null, one.steps.map((s) => step(s, items, incident))];
	const name = both(one.head, 'procedure_title') || one.id;
	return h('section', { class: 'flow-lane', key: one.id, id: idOf('lane:' + one.id), 'aria-label': name }, h('h2', {}, name, ' ', progress(one.items)),
		out ? h('details', { key: 'out', on: { toggle: redraw } }, h('summary', {}, t('いまの状況では該当しません（開いて見る）', 'Not in the present situation (open to see)')), body) : h('div', { key: 'in' }, body));
}

// ---- arrows: measured after the boxes stand, drawn behind them ----

const APART = 5, LINES = 5; // lines that share a strip

function boxesOf(root) {
	const frame = root.getBoundingClientRect();
	const folded = (element) => element.closest('details:not([open])') || element.querySelector(':scope > details:not([open])'); // has a size all the same
	const box = (element) => {
		const r = element && !folded(element) && element.getBoundingClientRect();
		return r?.width ? { left: r.left - frame.left, right: r.right - frame.left, top: r.top - frame.top, bottom: r.bottom - frame.top, element } : null;
	};
	return { frame, box, items: [...root.querySelectorAll('.flow-item')].map(box).filter(Boolean) };
}

function measure(arrows) {
	const root = document.getElementById('flow');
	if (!root) return;
	const { frame, box, items } = boxesOf(root);
	const next = frame.width < NARROW ? [] : arrows.flatMap((arrow, i) => {
		const from = box(document.getElementById(idOf(arrow.from))), to = box(document.getElementById(idOf(arrow.to)));
		if (!from || !to || from.element.contains(to.element)) return [];
		const around = box(from.element.closest('.flow-lane, .flow-band')) || from, apart = (i % LINES) * APART;
		const others = items.filter((b) => !from.element.contains(b.element) && b.element !== to.element);
		return [{ key: `${arrow.kind} ${arrow.from} ${arrow.to}`, kind: arrow.kind, d: way(arrow, from, to, { left: around.left + 8 + apart, right: around.right - 10 - apart }, others) }];
	});
	const mark = JSON.stringify([next, frame.width, frame.height]);
	if (mark === measured) return;
	measured = mark;
	paths = next;
	paths.width = frame.width;
	paths.height = frame.height;
	redraw();
}

const head = (kind) => h('marker', { key: kind, id: 'head-' + kind, class: 'head head-' + kind, viewBox: '0 0 10 10', refX: 8, refY: 5, markerWidth: 7, markerHeight: 7, orient: 'auto' }, h('path', { d: 'M0 0L10 5L0 10Z' }));

const drawing = () => h('svg', { class: 'flow-arrows', 'aria-hidden': 'true', width: paths.width || 0, height: paths.height || 0 },
	h('defs', {}, ['after', 'main', 'up', 'back'].map(head)), paths.map((p) => h('path', { key: p.key, class: 'arrow arrow-' + p.kind, d: p.d, 'marker-end': `url(#head-${p.kind})` })));

addEventListener('resize', () => redraw());

function drawn(items, incident) {
	const { flow, arrows } = flowNow(items);
	requestAnimationFrame(() => measure(arrows));
	return h('div', { class: 'flow', id: 'flow', key: 'flow' }, drawing(),
		flow.start.length ? h('div', { class: 'flow-band', id: idOf('start'), key: 'start' }, flow.start.map((s) => step(s, items, incident, 'h2'))) : null,
		flow.lanes.length ? h('div', { class: 'flow-lanes', key: 'lanes' }, flow.lanes.map((l) => lane(l, items, incident))) : null,
		flow.end.length ? h('div', { class: 'flow-band', id: idOf('end'), key: 'end' }, flow.end.map((s) => step(s, items, incident, 'h2'))) : null,
		flow.anytime.length ? h('section', { class: 'flow-anytime', key: 'anytime', 'aria-label': t('いつでもできること', 'At any time') }, h('h2', {}, t('いつでもできること', 'At any time')),
			h('ul', { class: 'flow-row' }, flow.anytime.map((item) => h('li', { key: item.id }, card(item, whenOf(item), items, incident, 'h3'))))) : null);
}

// ---- as a list, with everything ----

function listed(items) {
	const { flow } = flowNow(items);
	const item = (level) => (i) => h('li', { key: i.id }, h(level, {}, both(i, 'title') || i.id, ' ', i.state ? stateBadge(i.state) : null), details(i, items));
	const one = (level, below) => (s) => h('section', { key: s.key }, h(level, {}, both(s.head, 'step_title')), h('ol', { class: 'plan-list' }, s.rows.flat().map(item(below))));
	const alone = (s) => h('div', { class: 'section', key: s.key }, one('h2', 'h3')(s));
	return [flow.start.map(alone), flow.lanes.map((l) => h('section', { class: 'section', key: 'lane:' + l.id }, h('h2', {}, both(l.head, 'procedure_title')), l.steps.map(one('h3', 'h4')))), flow.end.map(alone),
		flow.anytime.length ? h('section', { class: 'section', key: 'anytime' }, h('h2', {}, t('いつでもできること', 'At any time')), h('ol', { class: 'plan-list' }, flow.anytime.map(item('h3')))) : null];
}

// ---- the page ----

function edition(incident) {
	const town = rows('VIEW_PLAN', 0, 'town')[0] || rows('VIEW_BOARD', 0, 'town')[0] || {}, row = incident ? rows('VIEW_INCIDENT', incident, 'incident')[0] : null;
	const sha = row?.plan_sha256 || town.plan_sha256 || '', name = row ? both(row, 'plan_title') : both(town, 'plan_title'), number = row?.plan_edition || town.edition;
	return [h('p', {}, h('strong', {}, name), ' ', number), sha ? h('details', { key: 'sha' }, h('summary', {}, t('計画の版（照合用の値）', 'Edition (to compare)')), h('p', { class: 'mono' }, 'SHA-256 ', sha)) : null,
		row && town.plan_sha256 && row.plan_sha256 !== town.plan_sha256 ? note('info', t('この事案は、いま読み込まれている計画より前の版で進んでいます。', 'This incident is handled by an earlier edition than the one loaded now.')) : null];
}

function places(incident) {
	const open = rows('VIEW_BOARD', 0, 'incident').filter((row) => row.state === 'open');
	if (!open.length && !incident) return null;
	return h('nav', { class: 'actions', 'aria-label': t('事案に重ねる', 'Show an incident') }, incident ? link('#/plan', t('計画だけを見る', 'The plan alone')) : null,
		open.filter((row) => row.id !== incident).map((row) => link(`#/plan/${row.id}`, drillMark(row), t(`事案${row.id}のいまの位置`, `where incident ${row.id} stands`))), incident ? link(`#/incident/${incident}`, t('事案の画面へ', 'To the incident')) : null);
}

const legend = (incident) => h('p', { class: 'flow-legend' }, h('span', { class: 'key key-after' }, t('順序', 'order')), h('span', { class: 'key key-back' }, t('差し戻し', 'sent back')), h('span', { class: 'key key-up' }, t('下の手順を待つ', 'waits for a later step')),
	incident ? h('span', { class: 'key key-here' }, t('いまここ', 'here now')) : null, h('span', { class: 'soft' }, t('横に並ぶ項目は同時に進められます。項目を押すと原文と様式が開きます。', 'Items side by side may go on at once. Press one for the words and the form.')));

function tools(params, list) {
	const base = `#/plan${params.incident ? `/${params.incident}` : ''}`;
	return h('p', { class: 'actions' }, list ? link(base, t('図で見る', 'As a drawing')) : link(`${base}?view=list`, t('原文つきの一覧で見る', 'As a list with all words')), button(t('印刷する', 'Print'), () => print()),
		link(`/api/print/sheets?${params.incident ? `incident=${params.incident}&` : ''}format=pdf&lang=${lang()}`, t('様式を紙に印刷（PDF）', 'Forms on paper (PDF)')));
}

export default {
	title: (params) => (params.incident ? t(`計画（事案${params.incident}）`, `Plan (incident ${params.incident})`) : t('計画', 'Plan')),
	wants: (params) => [['VIEW_PLAN', 0], ['VIEW_BOARD', 0], ...(params.incident ? [['VIEW_INCIDENT', params.incident]] : [])],
	render(params, query) {
		const incident = params.incident, row = incident ? rows('VIEW_INCIDENT', incident, 'incident')[0] : null;
		const heading = h('h1', {}, row ? drillMark(row) : null, incident ? t(`計画と事案${incident}の位置`, `The plan and where incident ${incident} stands`) : t('計画', 'The plan'));
		const why = incident && refused('VIEW_INCIDENT', incident);
		if (why) return [heading, note('bad', both(why, 'text')), link('#/plan', t('計画だけを見る', 'The plan alone'))];
		if (!complete(incident ? 'VIEW_INCIDENT' : 'VIEW_PLAN', incident)) return [heading, loading()];
		const items = sources(incident), list = query?.view === 'list';
		return [heading, edition(incident), places(incident), tools(params, list), items.length ? (list ? listed(items) : [legend(incident), drawn(items, incident)]) : empty(t('見られる項目がありません。', 'No items that you may see.'))];
	},
};
