import test from 'node:test';
import assert from 'node:assert/strict';
import { guard } from '../../../client/web/page/js/twice.js';

const thing = (textContent) => ({ textContent, closest() { return this; } });
const click = (target, timeStamp, { x = 100, y = 100, detail = 2 } = {}) => ({ target, timeStamp, clientX: x, clientY: y, detail });

test('the second click of a double click does not press what came under the pointer', () => {
	const alarm = thing('通報する'), kind = thing('不正行為の通報');
	let twice = guard();
	assert.equal(twice(click(alarm, 1000)), false);
	assert.equal(twice(click(kind, 1200, { x: 103 })), true, 'another thing at the same place at once');
	assert.equal(twice(click(kind, 1400)), false, 'meant: it had been pressed in vain');
	twice = guard();
	twice(click(alarm, 1000));
	assert.equal(twice(click(kind, 1501)), false, 'later');
	twice = guard();
	twice(click(alarm, 1000));
	assert.equal(twice(click(kind, 1100, { x: 180 })), false, 'elsewhere');
	twice = guard();
	twice(click(alarm, 1000));
	assert.equal(twice(click(kind, 1100, { detail: 1 })), false, 'no double click');
	twice = guard();
	twice(click(alarm, 1000));
	assert.equal(twice(click(kind, 1100, { detail: 0 })), false, 'by keys');
	twice = guard();
	twice(click(alarm, 1000));
	twice({ type: 'input', target: thing('') });
	assert.equal(twice(click(kind, 1100)), false, 'something was written between');
});

test('one thing may be pressed quickly again, but not when it has become another', () => {
	const more = thing('次へ');
	const twice = guard();
	twice(click(more, 1000));
	assert.equal(twice(click(more, 1150)), false);
	more.textContent = '送る';
	assert.equal(twice(click(more, 1300)), true);
	assert.equal(twice({ ...click(more, 1400), target: null }), false);
});
