// flow: a plan's items as a flow: what begins it, each procedure's steps with their items in rows (what may go on side by side stands in one row), what ends
// it, and what may be done at any time. Pure: item rows in, places and arrows out. No plan is known here.

// ---- conditions: what is common to all items of a box is said once, at the box ----

const SEPARATORS = ['、かつ', ' and '];

const balanced = (text) => {
	let depth = 0;
	for (const c of text) depth += '（('.includes(c) ? 1 : '）)'.includes(c) ? -1 : 0;
	return depth === 0;
};

// "A、かつ（B、または C）" -> ['A', '（B、または C）']: parts that must all hold; never cut inside brackets.
export function parts(when, separator) {
	const out = [];
	for (const piece of (when || '').split(separator)) {
		if (out.length && !balanced(out.at(-1))) out[out.length - 1] += separator + piece;
		else out.push(piece);
	}
	return out.filter(Boolean);
}

const separatorOf = (texts) => SEPARATORS.find((s) => texts.some((text) => text?.includes(s))) || SEPARATORS[0];

function common(lists) {
	const first = lists[0] || [];
	let n = 0;
	while (n < first.length && lists.every((list) => list[n] === first[n])) n++;
	return n;
}

// texts: the conditions of the items of a box. -> {common: words, rest: [words]}
export function factor(texts) {
	const separator = separatorOf(texts);
	const lists = texts.map((text) => parts(text, separator));
	const n = lists.length ? common(lists) : 0;
	const said = (list) => (list.length === 1 ? unwrapped(list[0]) : list.join(separator));
	return { common: lists.length ? said(lists[0].slice(0, n)) : '', rest: lists.map((list) => said(list.slice(n))), parts: n };
}

// Brackets around the whole say nothing.
const unwrapped = (text) => (/^[（(].*[）)]$/.test(text) && balanced(text.slice(1, -1)) && !/^[^（(]*[）)]/.test(text.slice(1, -1)) ? text.slice(1, -1) : text);

// ---- places ----

const before = (item) => item.plan?.after || [];

// Items of a step by the longest way to them inside the step.
function rowsOf(items) {
	const inside = new Map(items.map((item) => [item.id, item])), rank = new Map();
	const of = (item, trail) => {
		if (rank.has(item.id)) return rank.get(item.id);
		if (trail.has(item.id)) return 0;
		const way = new Set(trail).add(item.id);
		const from = before(item).filter((id) => inside.has(id) && id !== item.id).map((id) => of(inside.get(id), way) + 1);
		const r = Math.max(0, ...from);
		rank.set(item.id, r);
		return r;
	};
	const rows = [];
	for (const item of items) (rows[of(item, new Set())] ||= []).push(item);
	return rows.filter(Boolean);
}

function stepsOf(items) {
	const steps = new Map();
	for (const item of items) {
		const key = `${item.procedure || ''}/${item.step || ''}`;
		if (!steps.has(key)) steps.set(key, { key, procedure: item.procedure || '', step: item.step || '', head: item, items: [] });
		steps.get(key).items.push(item);
	}
	return [...steps.values()];
}

// when: how a row's condition is said (in which language): row -> words
export function flowOf(rows, when = (item) => item.plan?.when || '') {
	const anytime = rows.filter((item) => item.plan?.standing && !item.entry && !item.closes);
	const steps = stepsOf(rows.filter((item) => !anytime.includes(item)));
	const start = steps.filter((step) => step.items.some((item) => item.entry));
	const end = steps.filter((step) => !start.includes(step) && step.items.some((item) => item.closes));
	const lanes = new Map();
	for (const step of steps) {
		if (start.includes(step) || end.includes(step)) continue;
		if (!lanes.has(step.procedure)) lanes.set(step.procedure, { id: step.procedure, head: step.head, steps: [] });
		lanes.get(step.procedure).steps.push(step);
	}
	for (const step of [...start, ...end]) place(step, when, 0);
	for (const lane of lanes.values()) placeLane(lane, when);
	return { start, lanes: [...lanes.values()], end, anytime };
}

// skip: how many parts of each condition stand at the box around already
function place(step, when, skip) {
	const texts = step.items.map(when), separator = separatorOf(texts);
	const left = texts.map((text) => parts(text, separator).slice(skip).join(separator));
	const { common: all, rest } = factor(left);
	step.when = all;
	step.rest = new Map(step.items.map((item, i) => [item.id, rest[i]]));
	step.rows = rowsOf(step.items);
	step.aftercare = step.items.every((item) => item.plan?.aftercare);
}

function placeLane(lane, when) {
	lane.items = lane.steps.flatMap((step) => step.items);
	const all = factor(lane.items.map(when));
	lane.when = all.common;
	for (const step of lane.steps) place(step, when, all.parts);
}

// ---- arrows ----

// ids of all that must come before, however far
function ancestors(rows) {
	const byId = new Map(rows.map((item) => [item.id, item])), known = new Map();
	const of = (id, trail) => {
		if (known.has(id)) return known.get(id);
		const out = new Set();
		if (!byId.has(id) || trail.has(id)) return out;
		const way = new Set(trail).add(id);
		for (const b of before(byId.get(id))) {
			out.add(b);
			for (const a of of(b, way)) out.add(a);
		}
		known.set(id, out);
		return out;
	};
	return (id) => of(id, new Set());
}

function order(flow) {
	const at = new Map();
	for (const step of [...flow.start, ...flow.lanes.flatMap((lane) => lane.steps), ...flow.end]) for (const row of step.rows) for (const item of row) at.set(item.id, at.size);
	return at;
}

// What an item waits for: whole steps as one, and nothing that already stands before something else it waits for.
function sourcesOf(item, own, steps, past) {
	const ids = new Set(before(item));
	const whole = steps.filter((step) => step !== own && step.items.length > 1 && step.items.every((i) => ids.has(i.id)));
	const inside = new Set(whole.flatMap((step) => step.items.map((i) => i.id)));
	const covered = (id) => [...ids].some((other) => other !== id && !(inside.has(id) && inside.has(other)) && past(other).has(id));
	return [...whole.filter((step) => !step.items.every((i) => covered(i.id))).map((step) => ({ step })), ...[...ids].filter((id) => !inside.has(id) && !covered(id)).map((id) => ({ id }))];
}

const returnsOf = (item) => [...new Set([...(item.form || []), ...(item.agenda || [])].flatMap((f) => f.options || []).flatMap((o) => o.reopens || []))];

// -> [{from, to, kind}]: 'item:ID', 'step:KEY', 'lane:ID', 'start', 'end'; kind: after | up (it waits for what stands below) | back (a return) | main
export function arrowsOf(flow) {
	const steps = [...flow.start, ...flow.lanes.flatMap((lane) => lane.steps), ...flow.end];
	const rows = steps.flatMap((step) => step.items), at = order(flow), past = ancestors(rows);
	const begins = new Set(flow.start.flatMap((step) => step.items.map((item) => item.id)));
	const out = [];
	for (const step of steps)
		for (const item of step.items) {
			const first = begins.has(item.id);
			for (const source of sourcesOf(item, step, steps, past)) {
				if (source.step ? !first && flow.start.includes(source.step) : !at.has(source.id) || (!first && begins.has(source.id))) continue;
				const from = source.step ? `step:${source.step.key}` : `item:${source.id}`;
				const up = (source.step ? at.get(source.step.items[0].id) : at.get(source.id)) > at.get(item.id);
				out.push({ from, to: `item:${item.id}`, kind: up ? 'up' : 'after' });
			}
			for (const id of returnsOf(item)) if (at.has(id)) out.push({ from: `item:${item.id}`, to: `item:${id}`, kind: 'back' });
		}
	for (const lane of flow.lanes) {
		if (flow.start.length) out.push({ from: 'start', to: `lane:${lane.id}`, kind: 'main' });
		if (flow.end.length) out.push({ from: `lane:${lane.id}`, to: 'end', kind: 'main' });
	}
	if (!flow.lanes.length && flow.start.length && flow.end.length) out.push({ from: 'start', to: 'end', kind: 'main' });
	return out;
}

export { returnsOf };

// ---- an arrow's way, between two boxes {left, top, right, bottom} ----

const n = (x) => Math.round(x * 10) / 10;
const middle = (box) => (box.left + box.right) / 2;

// Does the line from below one box to above the other run through any of the others?
function blocked(from, to, others) {
	const x1 = middle(from), y1 = from.bottom, x2 = middle(to), y2 = to.top;
	return others.some((box) => {
		const top = Math.max(box.top, y1), bottom = Math.min(box.bottom, y2);
		if (top >= bottom) return false;
		const at = (y) => x1 + ((x2 - x1) * (y - y1)) / (y2 - y1);
		return Math.max(at(top), at(bottom)) > box.left && Math.min(at(top), at(bottom)) < box.right;
	});
}

// Through a free strip at x: out of one side, along, and in again on the same side.
function around(x, side, from, to) {
	const y1 = (from.top + from.bottom) / 2 + 6, y2 = (to.top + to.bottom) / 2 - 6, down = Math.sign(y2 - y1) || 1, r = Math.min(12, Math.abs(y2 - y1) / 2);
	const bend = x + (side === 'right' ? -r : r);
	return `M${n(from[side])} ${n(y1)}L${n(bend)} ${n(y1)}Q${n(x)} ${n(y1)} ${n(x)} ${n(y1 + r * down)}L${n(x)} ${n(y2 - r * down)}Q${n(x)} ${n(y2)} ${n(bend)} ${n(y2)}L${n(to[side] + (side === 'right' ? 3 : -3))} ${n(y2)}`;
}

// strips: {left, right}: x of the free strips beside the boxes; others: boxes that stand between.
export function way(arrow, from, to, strips, others) {
	if (arrow.kind === 'back' || arrow.kind === 'up') return around(Math.max(strips.right, from.right + 12, to.right + 12), 'right', from, to);
	if (arrow.kind === 'after' && blocked(from, to, others)) return around(Math.min(strips.left, from.left - 8, to.left - 8), 'left', from, to);
	if (arrow.kind === 'main') {
		const x = middle(from.right - from.left < to.right - to.left ? from : to);
		return `M${n(x)} ${n(from.bottom)}L${n(x)} ${n(to.top - 3)}`;
	}
	const x1 = middle(from), x2 = middle(to), y1 = from.bottom, y2 = to.top - 3;
	const bend = Math.max(8, Math.min(48, (y2 - y1) / 2));
	return Math.abs(x1 - x2) < 3 ? `M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}` : `M${n(x1)} ${n(y1)}C${n(x1)} ${n(y1 + bend)} ${n(x2)} ${n(y2 - bend)} ${n(x2)} ${n(y2)}`;
}
