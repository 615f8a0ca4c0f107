// verify: the log is checked in the browser itself, with nothing but its bytes (docs/protocol.md, 'The log'):
//   hash(0) = 32 zero bytes; hash(n) = SHA-256("renraku-log-1" || n as 8 bytes big-endian || hash(n-1) || record)
// Knows nothing of screens. What was seen before is kept by `memory` (localStorage in the page, anything alike in tests): as each hash covers
// all records before it, one kept (index, hash) shows that a log was rewritten or cut off behind it.

const PREFIX = new TextEncoder().encode('renraku-log-1');
const KEPT = 'renraku-log-head';

export function bytes(base64) {
	const text = atob(base64 || '');
	const out = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
	return out;
}

export function hex(data) {
	return Array.from(data, (b) => b.toString(16).padStart(2, '0')).join('');
}

function same(a, b) {
	return a.length === b.length && a.every((x, i) => x === b[i]);
}

export async function hashOf(index, previous, record) {
	const input = new Uint8Array(PREFIX.length + 8 + previous.length + record.length);
	input.set(PREFIX, 0);
	new DataView(input.buffer).setBigUint64(PREFIX.length, BigInt(index));
	input.set(previous, PREFIX.length + 8);
	input.set(record, PREFIX.length + 8 + previous.length);
	return new Uint8Array(await crypto.subtle.digest('SHA-256', input));
}

// false where the browser has no WebCrypto (the page did not come over HTTPS).
export const possible = () => Boolean(globalThis.crypto && crypto.subtle);

/* One entry for itself: {ok, why}. why: 'hash' (the bytes do not give the hash), 'form' (no hash at all). Withheld ones have no bytes to check. */
export async function checkEntry(entry) {
	const previous = bytes(entry.prev_hash), hash = bytes(entry.hash);
	if (previous.length !== 32 || hash.length !== 32) return { ok: false, why: 'form' };
	if (entry.withheld) return { ok: true, withheld: true };
	return same(await hashOf(entry.index, previous, bytes(entry.record)), hash) ? { ok: true } : { ok: false, why: 'hash' };
}

/*
 * Entries in their order, after those before: a checker is fed pages and tells at any time how it stands.
 * whole: every index is there (the log of an administrator), so that gaps are faults and the sequence is checked too.
 */
export function checker({ whole = false } = {}) {
	const state = { checked: 0, withheld: 0, faults: [], last: 0, lastHash: null, head: 0 };
	const seen = new Map(); // index -> hash (hex)
	async function entry(e) {
		const result = await checkEntry(e);
		if (!result.ok) state.faults.push({ index: e.index, why: result.why });
		if (result.withheld) state.withheld++;
		else state.checked++;
		if (e.index <= state.last) state.faults.push({ index: e.index, why: 'order' });
		else if (whole && e.index !== state.last + 1) state.faults.push({ index: e.index, why: 'gap' });
		if (e.index === state.last + 1) {
			const expected = state.last === 0 ? '0'.repeat(64) : state.lastHash;
			if (hex(bytes(e.prev_hash)) !== expected) state.faults.push({ index: e.index, why: 'chain' });
		}
		state.last = e.index;
		state.lastHash = hex(bytes(e.hash));
		seen.set(e.index, state.lastHash);
	}
	return {
		state,
		hashAt: (index) => seen.get(index),
		async add(entries, head) {
			for (const e of entries) await entry(e);
			state.head = Math.max(state.head, head || 0);
		},
	};
}

/*
 * What was seen before against what is there now. memory: {getItem, setItem, removeItem}; name: "incident:3", "chain".
 * Gives {first: true, index} | {unchanged: true, since, index} | {changed: 'different'|'missing'|'shorter', kept, now}. On a change nothing is
 * overwritten: what was kept is the evidence.
 */
export function compare(memory, name, check, nowMs) {
	const kept = recall(memory, name), s = check.state;
	if (!kept) {
		if (s.last && !s.faults.length) remember(memory, name, { index: s.last, hash: s.lastHash, head: s.head, since: nowMs });
		return { first: true, index: s.last };
	}
	const now = check.hashAt(kept.index);
	if (s.head && s.head < kept.head) return { changed: 'shorter', kept, now: { head: s.head } };
	if (!now) return { changed: 'missing', kept, now: null };
	if (now !== kept.hash) return { changed: 'different', kept, now: { hash: now } };
	if (!s.faults.length && s.last > kept.index)
		remember(memory, name, { ...kept, index: s.last, hash: s.lastHash, head: Math.max(s.head, kept.head || 0) });
	return { unchanged: true, since: kept.since, index: s.last };
}

export function recall(memory, name) {
	try {
		const kept = JSON.parse(memory.getItem(`${KEPT}:${name}`));
		return kept && kept.index > 0 && typeof kept.hash === 'string' ? kept : null;
	} catch {
		return null; // unreadable is as if nothing had been kept; it is written anew
	}
}

function remember(memory, name, what) {
	try {
		memory.setItem(`${KEPT}:${name}`, JSON.stringify(what));
	} catch {
		/* a full or forbidden storage: the check of today stands, the comparison with tomorrow does not */
	}
}

export function forget(memory, name) {
	memory.removeItem(`${KEPT}:${name}`);
}

/*
 * Pages of the log, from `from` to its end; get(path) gives LogPage as JSON. Entries that come in parts (plans) are put together. on_page
 * may be async and is called with (entries, head). Returns the newest index that was read (or from - 1).
 */
export async function readLog(get, { from = 1, incident = 0, count = 256 }, onPage) {
	let next = from;
	for (;;) {
		const page = await get(`/api/log?from=${next}&count=${count}&incident=${incident}`);
		const entries = page.entries || [];
		for (const e of entries) if (e.total) await restOf(get, e, incident);
		await onPage(entries, page.head || 0);
		if (entries.length) next = entries[entries.length - 1].index + 1;
		if (page.last || !entries.length) return next - 1;
	}
}

async function restOf(get, entry, incident) {
	const parts = [bytes(entry.record)];
	let have = parts[0].length;
	while (have < entry.total) {
		const page = await get(`/api/log?from=${entry.index}&count=1&incident=${incident}&offset=${have}`);
		const part = (page.entries || [])[0];
		if (!part || part.index !== entry.index || !part.record) throw { code: 'CUT', text: `記録 ${entry.index} の続きが読めません。`, text_en: `Record ${entry.index} cannot be read on.` };
		parts.push(bytes(part.record));
		have += parts[parts.length - 1].length;
	}
	const all = new Uint8Array(have);
	let at = 0;
	for (const p of parts) {
		all.set(p, at);
		at += p.length;
	}
	let text = '';
	for (let i = 0; i < all.length; i += 8192) text += String.fromCharCode(...all.subarray(i, i + 8192));
	entry.record = btoa(text);
	entry.fields = entry.fields || null;
}
