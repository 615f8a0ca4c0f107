// Rows by the rules of docs/protocol.md, 'Views'
import test from 'node:test';
import assert from 'node:assert/strict';
import { Views } from '../../../client/web/page/js/merge.js';

const board = (fields) => ({ view: 'VIEW_BOARD', ...fields });
const item = (key, order, title) => ({ key, order, item: { id: key, title } });
const ids = (views) => views.rows('VIEW_BOARD', 0, 'item').map((r) => r.id);

test('what came is shown at complete and not before', () => {
	const views = new Views();
	assert.equal(views.apply(board({ snapshot: true, rows: [item('b', '2', 'B')] })), false);
	assert.equal(views.complete('VIEW_BOARD', 0), false);
	assert.deepEqual(ids(views), []);
	assert.equal(views.apply(board({ complete: true, revision: 7, rows: [item('a', '3', 'A'), item('c', '1', 'C')] })), true);
	assert.deepEqual(ids(views), ['c', 'b', 'a']);
	assert.equal(views.revision('VIEW_BOARD', 0), 7);
});

test('rows replace by key, removed ones go, a snapshot forgets all', () => {
	const views = new Views();
	views.apply(board({ snapshot: true, complete: true, rows: [item('a', '1', 'A'), item('b', '2', 'B')] }));
	views.apply(board({ complete: true, rows: [item('b', '0', 'B2')], removed: ['a'] }));
	assert.deepEqual(views.rows('VIEW_BOARD', 0, 'item').map((r) => r.title), ['B2']);
	views.apply(board({ snapshot: true, rows: [item('x', '1', 'X')] }));
	assert.deepEqual(ids(views), ['b'], 'the old rows stand until the new ones are whole');
	views.apply(board({ snapshot: true, complete: true, rows: [item('y', '1', 'Y')] }));
	assert.deepEqual(ids(views), ['y'], 'a snapshot that was begun again');
	views.apply(board({ snapshot: true, complete: true }));
	assert.deepEqual(ids(views), []);
});

test('removed and put again in two parts of one change', () => {
	const views = new Views();
	views.apply(board({ snapshot: true, complete: true, rows: [item('a', '1', 'A')] }));
	views.apply(board({ removed: ['a'] }));
	assert.deepEqual(ids(views), ['a']);
	views.apply(board({ complete: true, rows: [item('a', '1', 'A2')] }));
	assert.deepEqual(views.rows('VIEW_BOARD', 0, 'item').map((r) => r.title), ['A2']);
});

test('changes of what never began are no rows', () => {
	const views = new Views();
	assert.equal(views.apply(board({ complete: true, rows: [item('a', '1', 'A')] })), false);
	assert.deepEqual(ids(views), []);
});

test('a snapshot of one makes another the same; kinds and incidents stand apart', () => {
	const views = new Views(), other = new Views();
	views.apply({ view: 'VIEW_INCIDENT', incident: 3, snapshot: true, complete: true, revision: 9, rows: [item('a', '1', 'A'), { key: 'n', order: '0', notice: { id: 4 } }] });
	assert.equal(views.snapshot('VIEW_INCIDENT', 4), null);
	other.apply(structuredClone(views.snapshot('VIEW_INCIDENT', 3)));
	assert.deepEqual(other.rows('VIEW_INCIDENT', 3, 'item').map((r) => r.key), ['a']);
	assert.deepEqual(other.rows('VIEW_INCIDENT', 3, 'notice'), [{ id: 4, key: 'n' }]);
	assert.equal(other.revision('VIEW_INCIDENT', 3), 9);
	assert.deepEqual(other.rows('VIEW_INCIDENT', 4, 'item'), []);
});

test('whoever comes in the middle of a change in parts misses none of it', () => {
	for (const begun of [true, false]) {
		const views = new Views(), late = new Views();
		if (begun) views.apply(board({ snapshot: true, complete: true, rows: [item('a', '1', 'A')] }));
		views.apply(board({ snapshot: !begun, rows: [item('b', '2', 'B')] }));
		for (const update of structuredClone(views.replay('VIEW_BOARD', 0))) late.apply(update);
		for (const to of [views, late]) to.apply(board({ complete: true, rows: [item('c', '3', 'C')] }));
		assert.deepEqual(ids(late), begun ? ['a', 'b', 'c'] : ['b', 'c']);
		assert.deepEqual(ids(late), ids(views));
	}
});
