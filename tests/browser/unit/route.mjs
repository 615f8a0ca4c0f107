import test from 'node:test';
import assert from 'node:assert/strict';
import { parse } from '../../../client/web/page/js/route.js';

test('addresses', () => {
	assert.equal(parse('').screen, '');
	assert.equal(parse('#/').screen, '');
	assert.equal(parse('#/incident/3').params.incident, 3);
	assert.equal(parse('#/incident/3/timeline?kind=call&who=p_a').screen, 'timeline');
	assert.deepEqual(parse('#/incident/3/timeline?kind=call&who=p_a').query, { kind: 'call', who: 'p_a' });
	assert.equal(parse('#/tasks/3/F1.2%2Fa').params.item, 'F1.2/a');
	assert.equal(parse('#/wall').params.wall, true);
	assert.equal(parse('#/../secret').screen, 'unknown');
	assert.equal(parse('#/tasks/%E0%A4%A').screen, 'tasks');
});
