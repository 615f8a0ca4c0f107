// store: what this tab knows: the session, the link, the rows of the views it watches, the notices. Everything comes through the hub
// (stream.js), which the tabs of a browser share. Fields that are absent are proto3 defaults: nothing is filled in here.

import { Views, viewKey } from './merge.js';
import { setAhead, now } from './time.js';
import { Hub } from './stream.js';

const NEWS_MS = 12 * 3600000; // what wants no answer is news so long

const views = new Views();
const events = new Map(); // id -> newest Notice that came by itself
const wanted = new Map(); // viewKey -> [view, incident]
const refusals = new Map(); // viewKey -> refusal
const listeners = new Set();
let state = { session: null, link: { up: true }, lost: 0 };
let hub = null; // {post(message)}
let pong = 0;
let leads = true;
export let probe = null;

// Of /api/session; an empty object until it is known.
export const session = () => state.session || {};
export const known = () => state.session !== null;
// {up, text, text_en, lost, since}: lost: the console itself is not heard since then (ms of this machine's clock)
export const link = () => ({ ...state.link, lost: state.lost, up: state.link.up && !state.lost });
export const bye = () => state.bye;
// This tab makes the sounds of the browser.
export const leader = () => leads;

export const rows = (view, incident, kind) => views.rows(view, incident, kind);
export const complete = (view, incident) => views.complete(view, incident);
export const revision = (view, incident) => views.revision(view, incident);
// Why a watched view cannot be seen: {code, text, text_en}, else undefined.
export const refused = (view, incident) => refusals.get(viewKey(view, incident));

// fn(what): 'state' | 'view' | 'notice' | 'probe'
export function onChange(fn) {
	listeners.add(fn);
	return () => listeners.delete(fn);
}
function changed(what, about) {
	for (const fn of listeners) fn(what, about);
}

export function watch(view, incident) {
	const key = viewKey(view, incident);
	if (wanted.has(key)) return;
	wanted.set(key, [view, incident || 0]);
	hub?.post({ type: 'watch', view, incident: incident || 0 });
}

export function unwatch(view, incident) {
	const key = viewKey(view, incident);
	if (!wanted.delete(key)) return;
	views.forget(view, incident);
	refusals.delete(key);
	hub?.post({ type: 'unwatch', view, incident: incident || 0 });
}

// Open notices for whoever is here, the newest first: those of the inbox's rows and those that came by themselves, as Notice messages.
export function notices() {
	const all = new Map();
	for (const row of views.rows('VIEW_INBOX', 0, 'notice')) {
		if (!row.part && (row.state === 'open' || row.role === 'every_terminal') && !drillIsOver(row)) all.set(row.id, fromRow(row));
	}
	for (const [id, notice] of events) {
		if (!notice.wants_ack && (now() - (notice.at || 0) > NEWS_MS || drillIsOver(notice))) continue;
		if (notice.ended) {
			if (!all.has(id) || (all.get(id).revision || 0) <= (notice.revision || 0)) all.delete(id);
		} else if (all.has(id) || !views.complete('VIEW_INBOX', 0) || !(notice.wants_ack)) {
			all.set(id, { ...all.get(id), ...notice });
		} else if (now() - (notice.at || 0) < 10000) {
			all.set(id, notice); // the inbox's row is on its way
		}
	}
	return [...all.values()].sort((a, b) => b.id - a.id);
}

// What a drill told without asking for an answer is no news once it has ended; that it ended still is.
const drillIsOver = (notice) => notice.drill && notice.kind === 'tell' && views.rows('VIEW_BOARD', 0, 'incident').some((row) => row.id === notice.incident && row.state !== 'open');

// The reader's own line of a notice's row.
function ownLine(row) {
	const { person, terminal } = session();
	return (row.recipients || []).find((r) => (r.as === 'terminal' ? r.id === terminal : r.id === person));
}
// It asks whoever is here for an answer. What one is told because others do not answer does not: those others are to.
export function waits(notice) {
	if (!notice.wants_ack) return false;
	const line = notice.row && ownLine(notice.row);
	return line ? !line.acknowledged && !line.excused && line.as !== 'above' : !notice.row && !notice.escalated;
}
// One stands above somebody who has not answered.
export const standsAbove = (notice) => notice.wants_ack && (notice.row ? ownLine(notice.row)?.as === 'above' : !!notice.escalated) && !(notice.row && ownLine(notice.row)?.acknowledged);

const fromRow = (row) => ({
	id: row.id, incident: row.incident, drill: row.drill, item: row.item, title: row.title, title_en: row.title_en, words: row.words, kind: row.kind, role: row.role,
	role_title: row.role_title, role_title_en: row.role_title_en, wants_ack: row.wants_ack, repeats: row.repeats, at: row.at, due: row.due, values: row.values,
	from: row.from, from_en: row.from_en, answer: row.answer, also: row.also, drill_note: row.drill_note, drill_note_en: row.drill_note_en, row,
});

export const displayed = (notice) => hub?.post({ type: 'displayed', notice });
export const probed = (test) => hub?.post({ type: 'probed', test });
// An answer of the console said who is here now (sign-in, sign-out, enrolment): all tabs follow.
export function setSession(s) {
	const same = session().person === s.person && session().terminal === s.terminal;
	if (!same) {
		views.clear();
		events.clear();
		refusals.clear();
		probe = null;
	}
	state = { ...state, session: s };
	hub?.post({ type: 'session', session: s });
	others?.postMessage({ session: s });
	changed('state');
}

// While the server cannot say whose the cookies are, a page that was just opened takes whoever was here last: an alarm can be written and what was
// typed is there. Nothing is seen or sent by that: the server has the last word as soon as it answers.
const WHO = 'renraku.who';
function remember(s) {
	if (!s) return s;
	try {
		if (s.person || s.terminal) localStorage.setItem(WHO, JSON.stringify({ person: s.person, person_name: s.person_name, terminal: s.terminal }));
		else if (s.unknown) return { ...s, ...JSON.parse(localStorage.getItem(WHO)) };
		else localStorage.removeItem(WHO);
	} catch {
		// storage is forbidden: then nobody is here
	}
	return s;
}

function receive(message) {
	pong = Date.now();
	switch (message.type) {
	case 'state':
		if (message.state.lost && !state.lost) setTimeout(reach);
		if (!message.state.lost) reached = 0;
		state = { ...message.state, session: remember(message.state.session) };
		setAhead(state.ahead);
		return changed('state');
	case 'beat':
		return setAhead(message.ahead);
	case 'pong':
		leads = message.leader;
		return;
	case 'reset':
		views.clear();
		events.clear();
		refusals.clear();
		probe = null;
		for (const [view, incident] of wanted.values()) hub.post({ type: 'watch', view, incident });
		return changed('state');
	case 'view':
		if (message.update.rows?.length) refusals.delete(viewKey(message.update.view, message.update.incident));
		if (wanted.has(viewKey(message.update.view, message.update.incident)) && views.apply(message.update)) changed('view', message.update);
		return;
	case 'refused':
		refusals.set(viewKey(message.view, message.incident), message.refusal);
		return changed('view', message);
	case 'notice':
		events.set(message.notice.id, message.notice);
		return changed('notice', message.notice);
	case 'probe':
		probe = message.probe;
		return changed('probe', probe);
	}
}

// ---- the hub, in a SharedWorker or in this tab ----

let others = null; // tabs without a SharedWorker tell each other who signed in

function ownHub() {
	const own = new Hub();
	const port = { post: (message) => receive(structuredClone(message)) };
	hub = { post: (message) => own.receive(port, structuredClone(message)) };
	own.add(port);
	for (const [view, incident] of wanted.values()) hub.post({ type: 'watch', view, incident });
	own.start();
	if (globalThis.BroadcastChannel) {
		others = new BroadcastChannel('renraku');
		others.addEventListener('message', (event) => hub.post({ type: 'session', session: event.data.session }));
	}
}

// The worker hears nothing: does this tab reach the console? Browsers let a page use a certificate that somebody accepted by hand (a sample
// town's), but a worker only over a connection that a page has opened: with that it finds its way again. If it does not, this tab goes by itself.
let reached = 0, reaching = false;
async function reach() {
	if (!shared || !state.lost || reaching || document.visibilityState !== 'visible') return;
	reaching = true;
	try {
		if ((await fetch('/api/session', { cache: 'no-store', signal: AbortSignal.timeout(5000) })).ok && state.lost && shared) {
			if (++reached <= 3) return hub.post({ type: 'awake' });
			hub.post({ type: 'gone' });
			shared.port.close();
			shared = null;
			ownHub();
		}
	} catch {
		// the console is gone
	} finally {
		reaching = false;
	}
}

let shared = null;
const ANSWER_MS = 5000; // a worker that says nothing so long, at the start, never will

function sharedHub() {
	const worker = shared = new SharedWorker('/js/worker.js', { type: 'module', name: 'renraku-1' });
	let answered = false;
	// Refused, or the one of a page that is just going: this tab does without.
	const without = () => {
		if (answered) return;
		answered = true;
		worker.port.close();
		shared = null;
		ownHub();
	};
	worker.addEventListener('error', without);
	setTimeout(without, ANSWER_MS);
	worker.port.addEventListener('message', (event) => {
		answered = true;
		receive(event.data);
	});
	worker.port.start();
	hub = { post: (message) => worker.port.postMessage(message) };
	for (const [view, incident] of wanted.values()) hub.post({ type: 'watch', view, incident });
}

function connect() {
	if (!globalThis.SharedWorker) return ownHub();
	try {
		sharedHub();
	} catch {
		ownHub();
	}
}

function ping() {
	hub.post({ type: 'ping', visible: document.visibilityState === 'visible' });
	reach();
	// A worker that answers no more (ended by the browser) is replaced.
	if (pong && Date.now() - pong > 20000 && document.visibilityState === 'visible' && !others) {
		pong = Date.now();
		connect();
	}
}

export function startStore() {
	connect();
	setInterval(ping, 4000);
	ping();
	document.addEventListener('visibilitychange', () => {
		pong &&= Date.now();
		ping();
		if (document.visibilityState === 'visible') hub.post({ type: 'awake' });
	});
	addEventListener('online', () => hub.post({ type: 'awake' }));
	addEventListener('pagehide', () => hub.post({ type: 'gone' }));
	addEventListener('pageshow', (event) => {
		if (!event.persisted) return;
		for (const [view, incident] of wanted.values()) hub.post({ type: 'watch', view, incident });
		hub.post({ type: 'awake' });
	});
}
