// The hub that tabs share: what it watches, what it says of a silent console, who may see what after a sign-in
import test from 'node:test';
import assert from 'node:assert/strict';
import { Hub } from '../../../client/web/page/js/stream.js';

class Source {
	static all = [];
	constructor(url) {
		this.url = url;
		this.on = {};
		Source.all.push(this);
	}
	addEventListener(type, fn) {
		this.on[type] = fn;
	}
	say(type, data, id = '') {
		this.on[type]({ data: JSON.stringify(data), lastEventId: id });
	}
	close() {
		this.closed = true;
	}
}

function begin() {
	const world = { time: 1e6, posts: [], session: { csrf: 'c', person: 'p_a' } };
	Source.all = [];
	const hub = new Hub({
		EventSource: Source, now: () => world.time, random: () => 0,
		async fetch(path, options) {
			if (path === '/api/session') {
				if (world.dead) throw new Error('dead');
				return { ok: true, json: async () => world.session };
			}
			if (world.answer) return { status: 503, ok: false, json: async () => world.answer };
			world.posts.push([path, JSON.parse(options.body)]);
			return { status: 204, ok: true };
		},
	});
	const port = { got: [], post: (m) => port.got.push(structuredClone(m)) };
	hub.add(port);
	hub.open();
	return { hub, port, world, source: () => Source.all.at(-1), posts: (path) => world.posts.filter(([p]) => p === path).map(([, b]) => b), stop: () => hub.stop() };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
const view = (fields) => ({ view: 'VIEW_INBOX', incident: 0, snapshot: true, complete: true, ...fields });

test('a tab that comes later gets the rows at once, and only those it watches', () => {
	const { hub, source, stop } = begin();
	const first = [...hub.ports.keys()][0], second = { got: [], post: (m) => second.got.push(m) };
	source().say('session', { csrf: 'c', person: 'p_a', now: 5 }, 'e-1');
	hub.receive(first, { type: 'watch', view: 'VIEW_INBOX' });
	source().say('view', view({ rows: [{ key: 'a', item: { id: 'A' } }] }), 'e-2');
	hub.receive(second, { type: 'watch', view: 'VIEW_INBOX' });
	assert.deepEqual(second.got.filter((m) => m.type === 'view').map((m) => m.update.rows.length), [1]);
	source().say('view', { view: 'VIEW_BOARD', snapshot: true, complete: true }, 'e-3');
	assert.equal(second.got.filter((m) => m.type === 'view').length, 1);
	stop();
});

test('a stream that broke comes back with what is watched now and the last id', async () => {
	const { hub, port, source, world, posts, stop } = begin();
	assert.equal(source().url, '/api/stream');
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	hub.receive(port, { type: 'watch', view: 'VIEW_INCIDENT', incident: 3 });
	await settle();
	assert.deepEqual(posts('/api/watch'), [{ view: 'VIEW_INCIDENT', incident: 3 }]);
	source().say('view', { view: 'VIEW_INCIDENT', incident: 3, snapshot: true, complete: true, rows: [{ key: 'x', item: {} }] }, 'e-9');
	source().on.error({});
	assert.equal(source().closed, true);
	hub.open();
	assert.equal(source().url, '/api/stream?watch=incident:3&last=e-9');
	assert.equal(hub.state.lost, 0);
	world.time += 3500;
	stop();
});

test('a dead console is said after 3 s, a silent one after 25 s, and taken back by itself', () => {
	const { hub, source, world, port, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	world.time += 9000;
	const heard = world.time - 9000;
	world.dead = true;
	source().on.error({});
	hub.tick();
	assert.equal(hub.state.lost, 0, 'it may come back at once');
	world.time += 3100;
	hub.tick();
	assert.equal(hub.state.lost, heard);
	assert.equal(port.got.at(-1).state.lost, heard);
	hub.open();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-2');
	assert.equal(hub.state.lost, 0);
	const silent = source();
	world.time += 26000;
	hub.tick();
	assert.ok(hub.state.lost);
	assert.equal(silent.closed, true, 'a silent stream is opened anew');
	stop();
});

test('another person: rows, notices and the last id are forgotten', () => {
	const { hub, source, port, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	hub.receive(port, { type: 'watch', view: 'VIEW_INBOX' });
	source().say('view', view({ rows: [{ key: 'a', item: { id: 'A' } }] }), 'e-2');
	source().say('notice', { id: 4, revision: 4, title: 'n' }, 'e-3');
	hub.receive(port, { type: 'session', session: { csrf: 'd', person: 'p_b' } });
	assert.equal(hub.notices.size, 0);
	assert.equal(hub.views.snapshot('VIEW_INBOX', 0), null);
	assert.equal(source().url, '/api/stream?watch=inbox');
	assert.ok(port.got.some((m) => m.type === 'reset'));
	stop();
});

test('receipts that wait are not sent as another', async () => {
	const { hub, source, port, world, posts, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	source().say('notice', { id: 4, revision: 4 }, 'e-2');
	hub.receive(port, { type: 'displayed', notice: 4 });
	hub.receive(port, { type: 'session', session: { csrf: 'd', person: 'p_b' } });
	await hub.flush();
	assert.deepEqual(posts('/api/receipts'), []);
	// Nor those that were refused meanwhile.
	source().say('notice', { id: 5, revision: 5 }, 'f-1');
	world.answer = { code: 'NO_SERVER' };
	const sent = hub.flush();
	hub.receive(port, { type: 'session', session: { csrf: 'e', person: 'p_c' } });
	await sent;
	world.answer = null;
	await hub.flush();
	assert.deepEqual(posts('/api/receipts'), []);
	stop();
});

test('while the server cannot say whose the cookies are, nothing is forgotten', () => {
	const { hub, source, port, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	hub.receive(port, { type: 'watch', view: 'VIEW_INBOX' });
	source().say('view', view({ rows: [{ key: 'a', item: { id: 'A' } }] }), 'e-2');
	source().say('session', { csrf: 'c', unknown: true, link: 'down' }, 'f-0');
	assert.equal(hub.state.session.person, 'p_a');
	assert.equal(hub.state.link.up, false);
	assert.ok(hub.views.snapshot('VIEW_INBOX', 0));
	stop();
});

test('a notice is told as delivered once, as displayed once more; an older revision is dropped', async () => {
	const { hub, source, port, posts, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	source().say('notice', { id: 4, revision: 6 }, 'e-2');
	source().say('notice', { id: 4, revision: 5, ended: true }, 'e-3');
	await hub.flush();
	hub.receive(port, { type: 'displayed', notice: 4 });
	hub.receive(port, { type: 'displayed', notice: 4 });
	await hub.flush();
	assert.deepEqual(posts('/api/receipts'), [{ receipts: [{ notice: 4, stage: 'STAGE_DELIVERED' }] }, { receipts: [{ notice: 4, stage: 'STAGE_DISPLAYED' }] }]);
	assert.equal(hub.notices.get(4).ended, undefined);
	clearTimeout(hub.soon);
	stop();
});

test('nobody is here: no stream, and no alarm about it', async () => {
	const { hub, source, world, stop } = begin();
	world.session = { csrf: 'n' };
	source().on.error({});
	source().on.error?.({});
	await hub.look();
	assert.equal(hub.idle, true);
	assert.equal(hub.source, null);
	world.time += 60000;
	hub.tick();
	await settle();
	assert.equal(hub.state.lost, 0);
	world.session = { csrf: 'c', person: 'p_a' };
	await hub.look();
	assert.equal(hub.idle, false);
	assert.ok(hub.source, 'somebody signed in elsewhere');
	stop();
});

test('a sign-in that ended is said, and nothing of it is kept', async () => {
	const { hub, source, world, port, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	world.session = { csrf: 'n' };
	source().say('bye', { code: 'SIGNED_OUT', text: '終わりました' });
	await settle();
	await settle();
	assert.equal(hub.state.session.person, undefined);
	assert.equal(hub.state.bye.code, 'SIGNED_OUT');
	assert.equal(port.got.filter((m) => m.type === 'state').at(-1).state.bye.code, 'SIGNED_OUT');
	assert.equal(hub.idle, true);
	stop();
});

test('a view asked for while there is no server is asked for again when there is one', async () => {
	const { hub, source, world, port, posts, stop } = begin();
	source().say('session', { csrf: 'c', unknown: true, link: 'down' }, 'e-0');
	source().say('link', { up: false }, 'e-0');
	world.answer = { code: 'NO_SERVER' };
	hub.receive(port, { type: 'watch', view: 'VIEW_INBOX' });
	await settle();
	await settle();
	world.answer = null;
	source().say('session', { csrf: 'c', terminal: 't1', link: 'up' }, 'e-1');
	source().say('link', { up: true }, 'e-2');
	await settle();
	assert.deepEqual(posts('/api/watch'), [{ view: 'VIEW_INBOX', incident: 0 }]);
	stop();
});

test('views that no tab shows give way when there are many', async () => {
	const { hub, source, world, port, posts, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	hub.receive(port, { type: 'watch', view: 'VIEW_INBOX' });
	for (let n = 1; n <= 14; n++) {
		world.time += 1000;
		hub.receive(port, { type: 'watch', view: 'VIEW_INCIDENT', incident: n });
		hub.receive(port, { type: 'unwatch', view: 'VIEW_INCIDENT', incident: n });
	}
	await settle();
	assert.equal(hub.watched.size, 12);
	assert.deepEqual(posts('/api/unwatch').map((b) => b.incident), [1, 2, 3]);
	assert.ok(hub.watched.has('VIEW_INBOX/0'), 'what is shown stays');
	assert.ok(hub.watched.has('VIEW_INCIDENT/14'));
	stop();
});

test('a stream that is never answered is asked for anew', () => {
	const { hub, source, world, stop } = begin();
	source().say('session', { csrf: 'c', person: 'p_a' }, 'e-1');
	source().on.error({});
	hub.open();
	const asked = source();
	world.time += 7000;
	hub.tick();
	assert.equal(asked.closed, true);
	assert.ok(hub.retry, 'soon again');
	hub.open();
	assert.notEqual(source(), asked);
	stop();
});
