// The plan as a flow: where items stand, what is said at which box, which arrows there are, and how they go.
import test from 'node:test';
import assert from 'node:assert/strict';
import { arrowsOf, factor, flowOf, parts, returnsOf, way } from '../../../client/web/page/js/flow.js';

const item = (id, procedure, step, after = [], more = {}) => ({ id, procedure, step, title: id, ...more, plan: { after, ...(more.plan || {}) } });
const ids = (rows) => rows.map((row) => row.map((i) => i.id));

const PLAN = [
	item('alarm', 'all', 'in', [], { entry: true }),
	item('sort', 'all', 'in', ['alarm']),
	item('look', 'one', 's1', ['alarm', 'sort'], { plan: { when: '区分が「一」' } }),
	item('ask', 'one', 's1', ['alarm', 'sort'], { plan: { when: '区分が「一」、かつ重い' } }),
	item('tell', 'one', 's1', ['look'], { plan: { when: '区分が「一」' } }),
	item('mend', 'one', 's2', ['look', 'ask', 'tell'], { plan: { when: '区分が「一」、かつ（甲、または乙）' } }),
	item('try', 'one', 's2', ['look', 'mend'], { plan: { when: '区分が「一」、かつ（甲、または乙）' }, form: [{ options: [{ id: 'yes' }, { id: 'no', reopens: ['mend'] }] }] }),
	item('early', 'one', 's1', ['try'], { plan: { when: '区分が「一」' } }),
	item('close', 'all', 'end', [], { closes: true }),
	item('again', 'all', 'in', [], { plan: { standing: true } }),
];

test('conditions that must all hold', () => {
	assert.deepEqual(parts('甲、かつ（乙、かつ丙）、かつ丁', '、かつ'), ['甲', '（乙、かつ丙）', '丁']);
	assert.deepEqual(parts('', '、かつ'), []);
	assert.deepEqual(factor(['甲、かつ乙', '甲']), { common: '甲', rest: ['乙', ''], parts: 1 });
	assert.deepEqual(factor(['甲', '乙']), { common: '', rest: ['甲', '乙'], parts: 0 });
	assert.equal(factor(['（甲、または乙）']).common, '甲、または乙');
	assert.equal(factor(['（甲、かつ乙）、または（丙、かつ丁）']).common, '（甲、かつ乙）、または（丙、かつ丁）');
	assert.deepEqual(factor(['a is b and c is d', 'a is b and e is f']).rest, ['c is d', 'e is f']);
	assert.deepEqual(factor([]), { common: '', rest: [], parts: 0 });
});

test('where items stand', () => {
	const flow = flowOf(PLAN);
	assert.deepEqual(flow.start.map((s) => s.step), ['in']);
	assert.deepEqual(flow.end.map((s) => s.step), ['end']);
	assert.deepEqual(flow.anytime.map((i) => i.id), ['again']);
	assert.deepEqual(flow.lanes.map((l) => [l.id, l.steps.map((s) => s.step)]), [['one', ['s1', 's2']]]);
	assert.deepEqual(ids(flow.lanes[0].steps[0].rows), [['look', 'ask', 'early'], ['tell']]);
	assert.deepEqual(ids(flow.lanes[0].steps[1].rows), [['mend'], ['try']]);
});

test('what is common is said once', () => {
	const lane = flowOf(PLAN).lanes[0];
	assert.equal(lane.when, '区分が「一」');
	assert.equal(lane.steps[0].when, '');
	assert.equal(lane.steps[0].rest.get('ask'), '重い');
	assert.equal(lane.steps[1].when, '甲、または乙');
	assert.equal(lane.steps[1].rest.get('mend'), '');
});

test('arrows: the nearest only, whole steps as one, what waits for later, returns', () => {
	const arrows = arrowsOf(flowOf(PLAN)).map((a) => `${a.kind} ${a.from} ${a.to}`);
	assert.ok(arrows.includes('after item:alarm item:sort'));
	assert.ok(arrows.includes('main start lane:one') && arrows.includes('main lane:one end'));
	assert.ok(!arrows.some((a) => a.endsWith('item:look')), 'what begins a lane has the lane\'s arrow');
	assert.ok(arrows.includes('after item:mend item:try') && !arrows.includes('after item:look item:try'));
	assert.ok(arrows.includes('up item:try item:early'));
	assert.ok(arrows.includes('back item:try item:mend'));
	assert.deepEqual(returnsOf(PLAN[6]), ['mend']);
	const step = [item('a', 'p', 'x'), item('b', 'p', 'x'), item('c', 'p', 'y', ['a', 'b'])];
	assert.deepEqual(arrowsOf(flowOf(step)), [{ from: 'step:p/x', to: 'item:c', kind: 'after' }]);
});

test('a plan that goes in a circle ends all the same', () => {
	const circle = [item('a', 'p', 's', ['b']), item('b', 'p', 's', ['a']), item('c', 'p', 's', ['c', 'gone'])];
	assert.equal(flowOf(circle).lanes[0].steps[0].rows.flat().length, 3);
	assert.ok(Array.isArray(arrowsOf(flowOf(circle))));
	assert.deepEqual(arrowsOf(flowOf([])), []);
});

test('the way of an arrow', () => {
	const box = (left, top) => ({ left, top, right: left + 100, bottom: top + 40 });
	const strips = { left: -30, right: 400 };
	assert.match(way({ kind: 'after' }, box(0, 0), box(0, 100), strips, []), /^M50 40L50 97$/);
	assert.match(way({ kind: 'after' }, box(0, 0), box(200, 100), strips, []), /^M50 40C/);
	assert.match(way({ kind: 'after' }, box(0, 0), box(0, 200), strips, [box(0, 100)]), /^M0 26.*-30 /, 'around what stands between');
	assert.match(way({ kind: 'back' }, box(0, 200), box(0, 0), strips, []), /^M100 226.*400 /);
});
