// send: commands and requests of this page. What was sent is kept until its final answer (queue.js).

import { Queue } from './queue.js';
import { session, setSession, link, onChange } from './store.js';
import { draft } from './draft.js';
import { now } from './time.js';
import { t } from './i18n.js';

const PATIENCE_MS = 6000; // then the caller hears NOT_CONFIRMED, and it goes on behind
const TIMEOUT_MS = 15000; // the console answers within 10 s
const PASSWORD_MS = 60000;

let askPassword = null; // ui.js: the dialog; (person, why) -> Promise<bool>
export const onSignInAgain = (fn) => (askPassword = fn);

async function request(path, options, timeout = TIMEOUT_MS) {
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), timeout);
	try {
		const answer = await fetch(path, { ...options, signal: abort.signal, cache: 'no-store', credentials: 'same-origin' });
		const text = await answer.text();
		let json = {};
		try {
			json = text ? JSON.parse(text) : {};
		} catch {
			if (answer.ok) throw new Error('no JSON'); // something between us and the console
		}
		return { status: answer.status, json };
	} finally {
		clearTimeout(timer);
	}
}

const post = (path, body, timeout) =>
	request(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Renraku-CSRF': session().csrf || '' }, body: JSON.stringify(body) }, timeout);

const unreachable = () => ({
	status: 0, code: 'NO_CONSOLE', text: 'サーバーに接続できません。しばらくしてからもう一度お試しください。急ぐときは電話で連絡してください。',
	text_en: 'The console cannot be reached. Try again in a moment. If it is urgent, telephone.',
});

// The JSON of the answer; throws {status, code, text, text_en, retry_after_ms?}.
async function answered(attempt) {
	let answer;
	try {
		answer = await attempt();
		if (answer.status === 403 && answer.json.code === 'CSRF') {
			const { person, terminal } = session();
			await refresh();
			// Another signed in meanwhile, in another tab: what was wanted was not that one's wish.
			if (session().person === person && session().terminal === terminal) answer = await attempt();
		}
	} catch {
		throw unreachable();
	}
	if (answer.status >= 200 && answer.status < 300) return answer.json;
	throw { status: answer.status, code: 'FAILED', text: `エラー ${answer.status}`, text_en: `Error ${answer.status}`, ...answer.json };
}

// Where a password is asked for, the server lets one wait who was wrong several times (docs/web.md).
export const ask = (path, body) => answered(() => post(path, body || {}, /sign-in|password/.test(path) ? PASSWORD_MS : TIMEOUT_MS));
export const get = (path) => answered(() => request(path, { method: 'GET' }));

async function refresh() {
	const answer = await request('/api/session', { method: 'GET' });
	if (answer.status === 200) {
		if (answer.json.csrf !== session().csrf) setSession(answer.json);
		session().csrf = answer.json.csrf;
	}
}

// ---- commands ----

let asking = null; // one password dialog for all that wait for it
function signIn(entry) {
	asking ||= Promise.resolve(askPassword ? askPassword(entry.person) : false).finally(() => (asking = null));
	return asking;
}

let wake = new Set();
const wait = (ms) =>
	new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			wake.delete(done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		wake.add(done);
	});

const listeners = new Set();
const channel = globalThis.BroadcastChannel && new BroadcastChannel('renraku-commands');

const queue = new Queue({
	fetch: (path, body) => post(path, body), session, now, wait, signIn, refresh,
	get store() {
		try {
			return localStorage;
		} catch {
			return memory;
		}
	},
	uuid: () => crypto.randomUUID(),
	changed(entry) {
		if (entry?.state === 'final') {
			if (entry.key && entry.result.outcome === 'ACCEPTED') draft(entry.key, entry.person || entry.terminal).clear();
			channel?.postMessage({ id: entry.id, result: entry.result });
		}
		for (const fn of listeners) fn(entry);
		document.dispatchEvent(new Event('redraw'));
	},
});
const memory = { length: 0, setItem() { throw new Error('no storage'); }, getItem: () => null, removeItem() {}, key: () => null };

// Sends one act, e.g. send('acknowledge', {notice: 12}). Resolves to a Result, always: final (ACCEPTED, REFUSED), or NOT_CONFIRMED when there was
// none in a few seconds; then it is sent on, over reloads too, and `result.later` resolves to the final one. behalf: as in the protocol. key:
// that of the draft, cleared once accepted; while one of this key is on its way no second is made.
export async function send(act, body, { behalf, key } = {}) {
	const entry = queue.add(act, body, behalf, key);
	entry.watched = true;
	const first = await Promise.race([entry.done, patience(entry)]);
	if (first) {
		queue.forget(entry.id);
		return first;
	}
	entry.watched = false; // from now on the page's header tells of it
	document.dispatchEvent(new Event('redraw'));
	return notConfirmed(entry);
}

// How it stands with one that is not confirmed.
export const notConfirmed = (entry) => ({
	id: entry.id, outcome: 'NOT_CONFIRMED', code: entry.result?.code || 'NO_CONSOLE',
	text: entry.result?.text || '送信できたか確認できていません。この画面が送信を続けます。急ぐときは電話で連絡してください。',
	text_en: entry.result?.text_en || 'Not confirmed yet. This page keeps sending. If it is urgent, telephone.',
	telephone: entry.result?.telephone || session().telephone || [], telephone_en: entry.result?.telephone_en, later: entry.done,
});

// While the password is asked for, patience does not run.
function patience(entry) {
	return new Promise((resolve) => {
		const look = () => (entry.state === 'signin' ? setTimeout(look, 500) : resolve(null));
		setTimeout(look, PATIENCE_MS);
	});
}

// Entries of the queue, for whoever shows them: those on their way, and late answers nobody has seen.
export const outbox = () => [...queue.entries.values()];
export const forget = (id) => queue.forget(id);
export const abandon = (id) => queue.entries.get(id) && queue.abandon(queue.entries.get(id));
// fn(entry or null) whenever one moves
export const onSend = (fn) => listeners.add(fn);
// Puts one down and returns its entry at once, for a screen that shows each attempt (the alarm).
export const put = (act, body, { behalf, key } = {}) => queue.add(act, body, behalf, key);

const ACTS = {
	alarm: ['通報', 'Alarm'], withdraw: ['通報の取下げ', 'Withdrawal'], acknowledge: ['確認', 'Acknowledgement'], excuse: ['端末の除外', 'Terminal out of service'],
	enter: ['記入', 'Entry'], waive: ['不要とする', 'Not needed'], reopen: ['差戻し', 'Reopening'], log_call: ['電話の記録', 'Call'], hand_over: ['引継ぎ', 'Handing over'],
	comment: ['コメント', 'Comment'], follow_up: ['事後対応', 'Follow-up'], confirm: ['代行入力の確認', 'Confirmation'], split: ['分割', 'Split'], join: ['統合', 'Join'],
	give_up: ['訓練の中止', 'Giving up the drill'], absence: ['不在', 'Absence'], delegate: ['代理・委任', 'Delegation'], end_delegation: ['代理・委任の終了', 'End of delegation'],
	bar: ['関与の制限', 'Keeping out'], test: ['接続テスト', 'Connection test'], edit_holders: ['担当者の変更', 'Change of holders'], edit_person: ['職員の変更', 'Change of a person'],
};
export const actName = (act) => t(...(ACTS[act] || [act, act]));

let resumed = false;
export function startSend() {
	channel?.addEventListener('message', (event) => queue.struck(event.data.id, event.data.result));
	let up = true;
	onChange((what) => {
		if (what !== 'state') return;
		if (!resumed && session().csrf) {
			resumed = true;
			queue.resume();
		}
		// The link came back, or somebody signed in: no waiting now.
		if (link().up && (!up || what === 'state')) for (const done of [...wake]) done();
		up = link().up;
	});
}
