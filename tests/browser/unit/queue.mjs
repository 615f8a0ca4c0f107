// Commands on their way: one final answer each, whatever dies meanwhile
import test from 'node:test';
import assert from 'node:assert/strict';
import { Queue } from '../../../client/web/page/js/queue.js';

class Store {
	map = new Map();
	get length() {
		return this.map.size;
	}
	key(i) {
		return [...this.map.keys()][i];
	}
	getItem(k) {
		return this.map.get(k) ?? null;
	}
	setItem(k, v) {
		if (this.full) throw new Error('full');
		this.map.set(k, v);
	}
	removeItem(k) {
		this.map.delete(k);
	}
}

// answers: one after the other; a function is called, an Error thrown
function surroundings(answers, session = { person: 'p_a' }) {
	const env = {
		store: new Store(), sent: [], waited: [], asked: 0, refreshed: 0, who: session, next: 0,
		session: () => env.who, now: () => 1000, uuid: () => `id-${++env.next}`, changed() {},
		async fetch(path, command) {
			env.sent.push(structuredClone(command));
			const answer = answers.shift();
			if (answer instanceof Error) throw answer;
			return typeof answer === 'function' ? answer(command) : answer;
		},
		async wait(ms) {
			env.waited.push(ms);
			await new Promise((resolve) => setImmediate(resolve));
		},
		async signIn() {
			env.asked++;
			return true;
		},
		async refresh() {
			env.refreshed++;
		},
	};
	return env;
}
const accepted = { status: 200, json: { outcome: 'ACCEPTED', record: 5 } };
const refused = (code) => ({ status: 200, json: { outcome: 'REFUSED', code } });

test('written down before it is sent, struck out when it is answered', async () => {
	let kept = 0;
	const env = surroundings([() => { kept = env.store.length; return accepted; }]);
	const entry = new Queue(env).add('comment', { text: 'x' });
	const result = await entry.done;
	assert.equal(kept, 1);
	assert.equal(env.store.length, 0);
	assert.equal(result.outcome, 'ACCEPTED');
	assert.equal(result.id, 'id-1');
});

test('no answer, no server, not confirmed: the same command again until it is final', async () => {
	const env = surroundings([new Error('gone'), { status: 503, json: { code: 'NO_SERVER' } }, { status: 504, json: { code: 'NOT_CONFIRMED' } },
		{ status: 200, json: { outcome: 'NOT_CONFIRMED', code: 'NOT_CONFIRMED', telephone: ['a 1'] } }, { status: 502, json: {} }, refused('BUSY'), accepted]);
	const result = await new Queue(env).add('comment', { text: 'x' }).done;
	assert.equal(result.outcome, 'ACCEPTED');
	assert.equal(env.sent.length, 7);
	for (const command of env.sent) assert.deepEqual(command, { id: 'id-1', made_at: 1000, comment: { text: 'x' } });
	assert.ok(env.waited.every((ms) => ms >= 1000));
});

test('a refusal is final; so is a body that is wrong', async () => {
	const env = surroundings([refused('NOT_ENTITLED'), { status: 400, json: { code: 'MALFORMED', text: 'だめ' } }]);
	const queue = new Queue(env);
	assert.equal((await queue.add('comment', {}).done).code, 'NOT_ENTITLED');
	assert.equal((await queue.add('comment', {}).done).outcome, 'REFUSED');
	assert.equal(env.store.length, 0);
});

test('a page that was reloaded goes on with the same command', async () => {
	const env = surroundings([() => new Promise(() => {})]);
	new Queue(env).add('enter', { incident: 3 }, { person: 'p_b', channel: 'CHANNEL_TELEPHONE' }, 'draft');
	await new Promise((resolve) => setImmediate(resolve));
	const again = surroundings([accepted]);
	again.store = env.store;
	const queue = new Queue(again);
	queue.resume();
	const [entry] = queue.entries.values();
	assert.equal(entry.again, true);
	assert.equal((await entry.done).outcome, 'ACCEPTED');
	assert.deepEqual(again.sent, env.sent);
	assert.equal(env.store.length, 0);
});

test('what one person sent is not sent as another', async () => {
	const env = surroundings([new Error('gone'), accepted]);
	const entry = new Queue(env).add('acknowledge', { notice: 1 });
	await new Promise((resolve) => setImmediate(resolve));
	env.who = { person: 'p_z' };
	for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
	assert.equal(env.sent.length, 1);
	assert.equal(entry.state, 'other');
	env.who = { person: 'p_a' };
	assert.equal((await entry.done).outcome, 'ACCEPTED');
	assert.equal(env.sent.length, 2);
});

test('an alarm is the terminal\'s, whoever is signed in there', async () => {
	const env = surroundings([new Error('gone'), accepted], { terminal: 't1' });
	const entry = new Queue(env).add('alarm', { entry: 'x' });
	env.who = { terminal: 't1', person: 'p_z' };
	assert.equal((await entry.done).outcome, 'ACCEPTED');
});

test('idle too long: the password is asked for, and the same command goes again', async () => {
	const env = surroundings([refused('SIGN_IN_AGAIN'), accepted]);
	const result = await new Queue(env).add('comment', { text: 'x' }).done;
	assert.equal(env.asked, 1);
	assert.equal(result.outcome, 'ACCEPTED');
	assert.equal(env.sent[0].id, env.sent[1].id);
});

test('whoever does not sign in again is told that it was refused', async () => {
	const env = surroundings([refused('SIGN_IN_AGAIN')]);
	env.signIn = async () => false;
	const result = await new Queue(env).add('comment', { text: 'x' }).done;
	assert.equal(result.outcome, 'REFUSED');
	assert.equal(env.store.length, 0);
});

test('a stale CSRF value is read anew', async () => {
	const env = surroundings([{ status: 403, json: { code: 'CSRF' } }, accepted]);
	assert.equal((await new Queue(env).add('comment', {}).done).outcome, 'ACCEPTED');
	assert.equal(env.refreshed, 1);
});

test('pressing twice is once', async () => {
	const env = surroundings([accepted]);
	const queue = new Queue(env);
	const a = queue.add('enter', { incident: 1 }, undefined, 'k'), b = queue.add('enter', { incident: 1 }, undefined, 'k');
	assert.equal(a, b);
	await a.done;
	assert.equal(env.sent.length, 1);
});

test('without room to write it down it is sent all the same', async () => {
	const env = surroundings([accepted]);
	env.store.full = true;
	const entry = new Queue(env).add('alarm', {});
	assert.equal(entry.kept, false);
	assert.equal((await entry.done).outcome, 'ACCEPTED');
});

test('half-written leftovers are thrown away', () => {
	const env = surroundings([]);
	env.store.setItem('renraku.command.x', '{"act":"ala');
	env.store.setItem('other', '1');
	new Queue(env).resume();
	assert.equal(env.store.length, 1);
});
