// The chart of a drill: what is drawn is what the score card says, whatever it says.
import test from 'node:test';
import assert from 'node:assert/strict';
import { chart, curve, reach, ticks } from '../../../client/web/page/js/chart.js';

const all = (node) => [node, ...(node.children || []).flatMap(all)];
const words = (node) => all(node).map((n) => n.text || '').join(' ');

test('the axis goes in steps that people use and ends at or behind what was reached', () => {
	for (const most of [1, 900, 1000, 59000, 61000, 300000, 3600000, 86400000, 5 * 604800000]) {
		const marks = ticks(most);
		assert.ok(marks.length >= 2 && marks.length <= 8, `${most}: ${marks.length} marks`);
		assert.equal(marks[0], 0);
		assert.ok(marks.at(-1) >= most && marks.at(-2) < most, `${most}: ${marks}`);
	}
});

test('a limit far beyond the answers does not press them together; nothing yet: the limit', () => {
	const c = curve({ wanted: 4, answered: 4, quarters: [1000, 2000, 3000, 4000] }, { id: 'now', name: 'x' });
	assert.equal(reach([c], 12000), 12000);
	assert.equal(reach([c], 3600000), 4000);
	assert.equal(reach([curve({ wanted: 4 }, { id: 'now', name: 'x' })], 300000), 300000);
	assert.ok(reach([curve({}, { id: 'now', name: 'x' })], 0) > 0);
});

test('points are the quarters that were reached, the share is what stands', () => {
	const c = curve({ wanted: 5, answered: 3, quarters: [1000, 2000] }, { id: 'now', name: 'x' });
	assert.deepEqual(c.points, [{ ms: 1000, share: 25 }, { ms: 2000, share: 50 }]);
	assert.equal(c.share, 60);
	assert.equal(curve({}, { id: 'now', name: 'x' }).share, 0);
});

test('drawing and table say the same', () => {
	const curves = [curve({ wanted: 4, answered: 2, quarters: [60000, 120000] }, { id: 'now', name: 'この訓練' }), curve({ wanted: 4, answered: 4, quarters: [60000, 90000, 120000, 600000] }, { id: 'previous', name: '前回' })];
	const figure = chart({ name: 'x', curves, limit: 300000 });
	const nodes = all(figure);
	assert.equal(nodes.filter((n) => n.tag === 'circle' && n.props.r === 6).length, 2 + 1, 'points and the legend');
	assert.equal(nodes.filter((n) => n.tag === 'polyline' && n.props.class === 'open').length, 1, 'only what is not complete stays open');
	assert.ok(nodes.some((n) => n.tag === 'table'));
	assert.match(words(figure), /2 \/ 4/);
	assert.match(words(figure), /10分/);
	assert.ok(nodes.filter((n) => n.tag === 'polyline').every((n) => !/NaN|undefined|Infinity/.test(n.props.points)));
});
