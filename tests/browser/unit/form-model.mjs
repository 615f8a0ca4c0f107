// What is typed into an item's form becomes the Enter of the protocol; what is missing finds its place
import test from 'node:test';
import assert from 'node:assert/strict';
import { asks, callOf, enterOf, followUpsOf, fromEntry, placeOf, reader } from '../../../client/web/page/js/form-model.js';

const item = {
	id: 'i1', form: [{ id: 'kind', type: 'choice', options: [{ id: 'hard', checks: ['lamp', 'shape'] }, { id: 'soft', checks: ['lamp', 'log'] }] }, { id: 'cause', type: 'text', unknown: true }, { id: 'at', type: 'time' }],
	agenda: [{ id: 'stop', options: [{ id: 'yes' }, { id: 'no' }] }, { id: 'inform' }],
	calls: [{ body: 'north', number: '01-2' }, { body: 'south', number: '03-4' }], follow_ups: [{ id: 'later' }],
};
const typed = (values, record) => enterOf(3, item, reader(values, record));

test('values, ticks of the chosen option only, what is not known', () => {
	const enter = typed({ 'v.kind': 'soft', 'c.kind': ['lamp', 'shape', 'log'], 'u.cause': true, 'why.cause': 'looking', 'v.cause': 'a guess', 'v.at': '2026-11-23T09:05' });
	assert.deepEqual(enter, { incident: 3, item: 'i1', values: [{ field: 'kind', value: 'soft', checks: ['lamp', 'log'] }, { field: 'cause', unknown: 'looking' }, { field: 'at', value: '2026-11-23T09:05' }] });
});

test('nothing typed is nothing sent; blanks are nothing', () => {
	assert.deepEqual(typed({ 'v.cause': '  \n', 'u.cause': false, more: [{ body: '' }], follow: [{ kind: 'later', text: '', owner: '', due: '' }] }), { incident: 3, item: 'i1' });
});

test('agenda: an option, words beside it, deferred with its reason', () => {
	const enter = typed({ 'v.stop': 'yes', 't.stop': 'all of it', 'v.inform': 'deferred', 't.inform': 'next week' });
	assert.deepEqual(enter.values, [{ field: 'stop', value: 'yes' }, { field: 'stop.text', value: 'all of it' }, { field: 'inform', value: 'deferred' }, { field: 'inform.text', value: 'next week' }]);
	assert.deepEqual(typed({ 'v.inform': 'tell them', 't.inform': 'left over' }).values, [{ field: 'inform', value: 'tell them' }]);
});

test('calls: reached, nobody there, not called; times are Japan time', () => {
	const at = Date.UTC(2026, 10, 23, 0, 5);
	assert.deepEqual(callOf('north', { how: 'reached', at: '2026-11-23T09:05', answered_by: 'Abe', said: 'comes' }, '01-2'), { body: 'north', number: '01-2', at, answered_by: 'Abe', said: 'comes' });
	assert.deepEqual(callOf('north', { how: 'no_answer', at: '2026-11-23T09:05', again: '2026-11-23T09:35', number: '09-9' }, '01-2'), { body: 'north', number: '09-9', at, no_answer: true, again_at: at + 1800000 });
	assert.deepEqual(callOf('north', { how: 'not_called', reason: 'closed' }), { body: 'north', no_answer: true, reason: 'closed' });
	assert.equal(callOf('north', { number: '01-2' }), null);
	const enter = typed({ 'call.south': { how: 'reached', at: '2026-11-23T09:05', answered_by: 'Doi' }, more: [{ body: 'east', how: 'no_answer', at: '2026-11-23T09:05', number: '05-6' }] });
	assert.deepEqual(enter.calls.map((c) => [c.body, c.number]), [['south', '03-4'], ['east', '05-6']]);
});

test('follow-ups, or none with its reason', () => {
	assert.deepEqual(followUpsOf(item, reader({ none: 'nothing to do' })), [{ kind: 'none', text: 'nothing to do' }]);
	assert.deepEqual(followUpsOf(item, reader({ none: 'nothing', follow: [{ kind: 'later', text: 'spare', owner: 'p', due: '2026-12-01' }] })), [{ kind: 'later', text: 'spare', owner: 'p', due: '2026-12-01' }]);
});

test('what is on record is amended by changing it; what is to be done again is decided again', () => {
	const done = { ...item, values: [{ field: 'kind', value: 'hard', checks: ['lamp'] }, { field: 'cause', unknown: 'looking' }, { field: 'stop', value: 'no' }, { field: 'stop.text', value: 'not yet' }] };
	assert.deepEqual(enterOf(3, done, reader({ 'u.cause': false, 'v.cause': 'a fan' }, fromEntry(done))).values,
		[{ field: 'kind', value: 'hard', checks: ['lamp'] }, { field: 'cause', value: 'a fan' }, { field: 'stop', value: 'no' }, { field: 'stop.text', value: 'not yet' }]);
	const again = fromEntry(done, { choices: false });
	assert.equal(again['v.kind'], undefined);
	assert.equal(again['v.stop'], undefined);
	assert.equal(again['why.cause'], 'looking');
	assert.equal(reader({ 'v.cause': '' }, { 'v.cause': 'old' })('v.cause'), '', 'what was emptied stays empty');
});

test('what a refusal names finds its place', () => {
	assert.deepEqual(placeOf(item, 'cause'), { part: 'field', id: 'cause' });
	assert.deepEqual(placeOf(item, 'inform'), { part: 'agenda', id: 'inform' });
	assert.deepEqual(placeOf(item, 'south.answered_by'), { part: 'call', id: 'south' });
	assert.deepEqual(placeOf(item, 'calls'), { part: 'call', id: '' });
	assert.deepEqual(placeOf(item, 'follow_up.due (YYYY-MM-DD)'), { part: 'follow', id: '' });
	assert.equal(placeOf(item, 'another_item'), null);
});

test('an item that asks for nothing is done at one click', () => {
	assert.equal(asks({ id: 'x' }), false);
	assert.equal(asks({ id: 'x', calls_extend: true }), true);
	assert.equal(asks(item), true);
});
