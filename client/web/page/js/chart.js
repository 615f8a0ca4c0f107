// chart: how a drill was answered over time: the share of answers against the time since being told, this drill beside earlier ones. Drawn as SVG, with the
// same numbers as a table beneath.
//
//   chart({name, curves: [curve(score, {id, name, open})], limit}) -> vnodes
import { h } from './dom.js';
import { t } from './i18n.js';
import { span } from './time.js';
import { table } from './ui.js';

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800].map((s) => s * 1000);
const TICKS = 6;
const NOTHING_YET = 300000;
const HEIGHT = 300, LEFT = 52, RIGHT = 16, TOP = 14, BOTTOM = 48;

// A ScoreRow or ScoreBefore as a line: points {ms, share} of what was reached, and the share at which it stands.
export function curve(score, about) {
	const quarters = score.quarters || [];
	const points = quarters.map((ms, i) => ({ ms, share: (i + 1) * 25 }));
	const wanted = score.wanted || 0, answered = score.answered || 0;
	return { ...about, points, quarters, wanted, answered, share: wanted ? (100 * answered) / wanted : 0 };
}

// The axis: marks from 0 on at a step that people use, the last at or behind `most`.
export function ticks(most) {
	const step = STEPS.find((s) => most <= s * TICKS) || Math.ceil(most / TICKS / STEPS.at(-1)) * STEPS.at(-1);
	const out = [0];
	while (out.at(-1) < most || out.length < 2) out.push(out.at(-1) + step);
	return out;
}

// Where the axis ends: all that was reached, and the limit unless it is far beyond.
export function reach(curves, limit) {
	const reached = curves.flatMap((c) => c.points.map((p) => p.ms));
	if (!reached.length) return limit || NOTHING_YET;
	const most = Math.max(1000, ...reached);
	return limit && limit <= most * 4 ? Math.max(most, limit) : most;
}

function scales(curves, limit, width) {
	const marks = ticks(reach(curves, limit));
	const x = (ms) => LEFT + ((width - LEFT - RIGHT) * ms) / marks.at(-1);
	const y = (share) => TOP + ((HEIGHT - TOP - BOTTOM) * (100 - share)) / 100;
	return { marks, x, y, end: marks.at(-1), width };
}

const text = (x, y, words, props) => h('text', { x, y, ...props }, words);

function axes({ marks, x, y, width }) {
	return h('g', { class: 'axes' },
		[0, 25, 50, 75, 100].map((share) => h('g', { key: 'y' + share },
			h('line', { x1: LEFT, x2: width - RIGHT, y1: y(share), y2: y(share) }),
			text(LEFT - 8, y(share) + 5, share + '%', { 'text-anchor': 'end' }))),
		marks.map((ms, i) => h('g', { key: 'x' + i },
			h('line', { x1: x(ms), x2: x(ms), y1: y(0), y2: y(0) + 6 }),
			text(x(ms), y(0) + 22, ms ? span(ms) : '0', { 'text-anchor': i === marks.length - 1 ? 'end' : 'middle' }))),
		text((LEFT + width - RIGHT) / 2, HEIGHT - 6, t('知らせてからの時間', 'time since being told'), { 'text-anchor': 'middle' }));
}

// Shapes tell the lines apart without colour.
function mark(shape, x, y, key) {
	if (shape === 'square') return h('rect', { key, x: x - 5, y: y - 5, width: 10, height: 10 });
	if (shape === 'diamond') return h('path', { key, d: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z` });
	return h('circle', { key, cx: x, cy: y, r: 6 });
}

const SHAPES = { now: 'circle', previous: 'square', best: 'diamond' };

function line(c, { x, y, end }) {
	const known = [{ ms: 0, share: 0 }, ...c.points];
	const last = known.at(-1);
	const whole = c.points.length === 4;
	return h('g', { key: c.id, class: 'line line-' + c.id },
		h('polyline', { points: known.map((p) => `${x(p.ms)},${y(p.share)}`).join(' ') }),
		whole || !c.wanted ? null : h('polyline', { class: 'open', points: `${x(last.ms)},${y(last.share)} ${x(end)},${y(Math.max(last.share, c.share))}` }),
		c.points.map((p, i) => mark(SHAPES[c.id], x(p.ms), y(p.share), 'p' + i)));
}

function limitLine(limit, { x, y, end }) {
	if (!limit || limit > end) return null;
	const left = x(limit) > x(end) * 0.6;
	return h('g', { class: 'limit' }, h('line', { x1: x(limit), x2: x(limit), y1: y(100), y2: y(0) }),
		text(x(limit) + (left ? -6 : 6), y(4), t(`期限 ${span(limit)}`, `limit ${span(limit)}`), { 'text-anchor': left ? 'end' : 'start' }));
}

const legend = (curves) => h('ul', { class: 'legend' }, curves.map((c) => h('li', { key: c.id },
	h('svg', { class: 'line line-' + c.id, width: 34, height: 16, viewBox: '0 0 34 16', 'aria-hidden': 'true' },
		h('polyline', { points: '0,8 34,8' }), mark(SHAPES[c.id], 17, 8)), ' ', c.name)));

const lineOf = (c) => ({ key: c.id, cells: [c.name, ...[0, 1, 2, 3].map((i) => (c.quarters[i] === undefined ? t('まだ', 'not yet') : span(c.quarters[i]))), `${c.answered} / ${c.wanted}`] });

const tableOf = (curves) => table([t('訓練', 'Drill'), '25%', '50%', '75%', '100%', t('回答', 'Answered')], curves.map(lineOf), { caption: t('回答がそろうまでの時間', 'Time until that share had answered') });

// In pixels of 1/16 rem: on a wall the whole page is larger.
const rem = () => (globalThis.document?.documentElement && parseFloat(getComputedStyle(document.documentElement).fontSize)) || 16;
const widthNow = () => Math.max(260, Math.min(820, ((globalThis.innerWidth || 800) * 16) / rem() - 56));

export function chart({ name, curves, limit }) {
	const s = scales(curves, limit, widthNow());
	return h('figure', { class: 'chart' },
		h('figcaption', {}, name),
		h('svg', { viewBox: `0 0 ${s.width} ${HEIGHT}`, width: `${s.width / 16}rem`, height: `${HEIGHT / 16}rem`, role: 'img', 'aria-label': t(`${name}（同じ数字が下の表にあります）`, `${name} (the same numbers are in the table below)`) },
			axes(s), limitLine(limit, s), [...curves].reverse().map((c) => line(c, s))),
		legend(curves), tableOf(curves));
}
