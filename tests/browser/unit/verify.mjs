// verify.js: the log is checked in the browser; every way of tampering with it is found.
import test from 'node:test';
import assert from 'node:assert/strict';
import { hashOf, checker, compare, recall, forget, readLog, bytes, hex, checkEntry } from '../../../client/web/page/js/verify.js';
import { webcrypto } from 'node:crypto';

// Browsers and node 20 have it by themselves; Debian's node 18 does not.
globalThis.crypto ??= webcrypto;

const base64 = (data) => Buffer.from(data).toString('base64');
const text = (s) => new TextEncoder().encode(s);

async function log(texts, from = new Uint8Array(32)) {
	const entries = [];
	let previous = from;
	for (const [i, s] of texts.entries()) {
		const record = text(s), hash = await hashOf(i + 1, previous, record);
		entries.push({ index: i + 1, prev_hash: base64(previous), hash: base64(hash), record: base64(record), fields: { kind: 33, text: s } });
		previous = hash;
	}
	return entries;
}
const store = () => {
	const held = new Map();
	return { getItem: (k) => held.get(k) ?? null, setItem: (k, v) => held.set(k, v), removeItem: (k) => held.delete(k) };
};
async function checked(entries, options, head) {
	const check = checker(options);
	await check.add(entries, head ?? entries[entries.length - 1]?.index);
	return check;
}

test('the hash is that of docs/protocol.md', async () => {
	// printf 'renraku-log-1' + 00..01 + 32 zero bytes + 'a' | sha256sum
	const { createHash } = await import('node:crypto');
	const expected = createHash('sha256').update(Buffer.concat([Buffer.from('renraku-log-1'), Buffer.from('0000000000000001', 'hex'), Buffer.alloc(32), Buffer.from('a')])).digest('hex');
	assert.equal(hex(await hashOf(1, new Uint8Array(32), text('a'))), expected);
});

test('a sound log passes, a whole one and one incident of it', async () => {
	const entries = await log(['a', 'b', 'c', 'd']);
	assert.deepEqual((await checked(entries, { whole: true })).state.faults, []);
	const some = await checked([entries[0], entries[2], entries[3]]);
	assert.deepEqual(some.state.faults, []);
	assert.equal(some.state.checked, 3);
});

test('changed, removed, reordered and relinked records are found', async () => {
	const entries = await log(['a', 'b', 'c', 'd']);
	const changed = structuredClone(entries);
	changed[1].record = base64(text('B'));
	assert.deepEqual((await checked(changed, { whole: true })).state.faults.map((f) => [f.index, f.why]), [[2, 'hash']]);
	assert.ok((await checked([entries[0], entries[2]], { whole: true })).state.faults.some((f) => f.why === 'gap'));
	assert.ok((await checked([entries[1], entries[0]], {})).state.faults.some((f) => f.why === 'order'));
	// Rewritten from the second on, each with a right hash of its own, but the third still as it was
	const rewritten = await log(['a', 'B']);
	assert.ok((await checked([entries[0], rewritten[1], entries[2]], {})).state.faults.some((f) => f.index === 3 && f.why === 'chain'));
	assert.deepEqual(await checkEntry({ index: 1, hash: 'AA==', prev_hash: 'AA==' }), { ok: false, why: 'form' });
});

test('withheld entries carry the chain across', async () => {
	const entries = await log(['a', 'secret', 'c']);
	const withheld = { ...entries[1], record: undefined, fields: undefined, withheld: true };
	const check = await checked([entries[0], withheld, entries[2]], { whole: true });
	assert.deepEqual(check.state.faults, []);
	assert.equal(check.state.withheld, 1);
});

test('what was seen before is unchanged, and since when', async () => {
	const memory = store(), entries = await log(['a', 'b', 'c']);
	assert.deepEqual(compare(memory, 'x', await checked(entries.slice(0, 2)), 1000), { first: true, index: 2 });
	assert.deepEqual(compare(memory, 'x', await checked(entries), 2000), { unchanged: true, since: 1000, index: 3 });
	assert.equal(recall(memory, 'x').index, 3);
	assert.equal(recall(memory, 'x').since, 1000);
});

test('a log rewritten in itself soundly, or cut off, is noticed, and the evidence is kept', async () => {
	const memory = store(), entries = await log(['a', 'b', 'c']);
	compare(memory, 'x', await checked(entries), 1000);
	const rewritten = await log(['a', 'B', 'c', 'd']);
	assert.deepEqual((await checked(rewritten, { whole: true })).state.faults, []);
	const verdict = compare(memory, 'x', await checked(rewritten), 2000);
	assert.equal(verdict.changed, 'different');
	assert.equal(recall(memory, 'x').hash, hex(bytes(entries[2].hash)));
	assert.equal(compare(memory, 'x', await checked(entries.slice(0, 2), {}, 2), 2000).changed, 'shorter');
	assert.equal(compare(memory, 'x', await checked([entries[0], entries[1]], {}, 9), 2000).changed, 'missing');
	forget(memory, 'x');
	assert.equal(compare(memory, 'x', await checked(rewritten), 3000).first, true);
});

test('nothing faulty is remembered as right', async () => {
	const memory = store(), entries = await log(['a', 'b']);
	entries[1].record = base64(text('x'));
	compare(memory, 'x', await checked(entries), 1000);
	assert.equal(recall(memory, 'x'), null);
});

test('pages are read to the end, and long records put together', async () => {
	const entries = await log(['a', 'bbbbbbbbbb', 'c']);
	const asked = [];
	const get = async (path) => {
		asked.push(path);
		const q = new URL(path, 'http://x').searchParams, from = Number(q.get('from')), offset = Number(q.get('offset') || 0);
		const e = entries[from - 1];
		if (from !== 2) return { entries: [structuredClone(e)], head: 3, last: from === 3 };
		const part = Buffer.from(e.record, 'base64').subarray(offset, offset + 4);
		return { entries: [{ ...e, record: part.toString('base64'), offset, total: 10, fields: undefined }], head: 3 };
	};
	const check = checker({ whole: true }), lengths = [];
	const last = await readLog(get, {}, async (page, head) => {
		lengths.push(page.length);
		await check.add(page, head);
	});
	assert.equal(last, 3);
	assert.deepEqual(check.state.faults, []);
	assert.deepEqual(lengths, [1, 1, 1]);
	assert.ok(asked.some((p) => p.includes('offset=8')));
});
