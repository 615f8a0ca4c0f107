// stream: the one connection of this browser to the console: server-sent events in, what all tabs watch, receipts out. Runs in the SharedWorker
// (worker.js), or in the tab itself where there is none. Knows nothing of the page.
//
// A port is anything with post(message). From tabs: {type:'hello'} 'watch' {view, incident} 'unwatch' 'session' {session} (it changed by an
// answer) 'displayed' {notice} 'probed' {test} 'awake' 'gone'. To tabs: 'state' {state}, 'reset', 'view' {update}, 'notice' {notice},
// 'probe' {probe}, 'bye' {bye}, 'pong' {leader}.

import { Views, viewKey } from './merge.js';

const SILENT_MS = 25000; // docs/web.md: a beat comes every 10 s
const GRACE_MS = 3000;   // a stream that broke has so long to come back before the page says so
const OPEN_MS = 6000;    // a stream that is not answered in this time is asked for anew
const KEEP_MS = 60000;   // a view nobody looks at is watched so much longer
const MOST = 12;         // views; a browser has 16
const LATER = ['NO_SERVER', 'NOT_CONFIRMED', 'CSRF', 'NOT_SIGNED_IN'];
const NAMES = { VIEW_INBOX: 'inbox', VIEW_BOARD: 'board', VIEW_INCIDENT: 'incident', VIEW_CONTACTS: 'contacts', VIEW_PLAN: 'plan', VIEW_TESTS: 'tests', VIEW_DRILLS: 'drills', VIEW_FOLLOW_UPS: 'follow_ups' };

export class Hub {
	// env: what the surroundings offer; tests give others
	constructor(env = {}) {
		this.fetch = env.fetch || ((...a) => fetch(...a));
		this.EventSource = env.EventSource || globalThis.EventSource;
		this.now = env.now || (() => Date.now());
		this.random = env.random || Math.random;
		this.ports = new Map(); // port -> {wants: Set, heard, visible}
		this.views = new Views();
		this.watched = new Map(); // viewKey -> {view, incident, since: last wanted, asked, named: by the stream's address}
		this.notices = new Map(); // id -> newest Notice
		this.receipts = new Map(); // id -> stage that was told
		this.outgoing = new Map();
		this.probe = null;
		this.source = null;
		this.last = '';
		this.tries = 0;
		this.brokenAt = 0; // since when the stream does not come back
		this.idle = false; // nobody is here
		this.looked = 0;
		this.heard = this.now();
		this.state = { session: null, link: { up: true }, lost: 0, ahead: 0, bye: null };
	}

	// Who is here is asked first: for nobody there is no stream.
	start() {
		this.idle = true;
		this.look();
		this.timer = setInterval(() => this.tick(), 1000);
	}
	stop() {
		clearInterval(this.timer);
		clearTimeout(this.retry);
		this.source?.close();
		this.source = null;
	}

	// ---- tabs ----

	add(port) {
		this.ports.set(port, { wants: new Set(), heard: this.now(), visible: false });
		port.post({ type: 'state', state: this.state });
		for (const notice of this.notices.values()) port.post({ type: 'notice', notice, known: true });
		if (this.probe) port.post({ type: 'probe', probe: this.probe });
	}

	receive(port, message) {
		if (!this.ports.has(port)) this.add(port);
		const tab = this.ports.get(port);
		tab.heard = this.now();
		switch (message.type) {
		case 'ping':
			tab.visible = message.visible;
			if (message.visible && !this.ports.get(this.leading)?.visible) this.leading = port;
			return port.post({ type: 'pong', leader: this.leader() === port });
		case 'watch':
			return this.watch(port, message.view, message.incident || 0);
		case 'unwatch':
			return tab.wants.delete(viewKey(message.view, message.incident));
		case 'session':
			return this.signed(message.session);
		case 'displayed':
			return this.receipt(message.notice, 'STAGE_DISPLAYED');
		case 'probed':
			return this.post('/api/probe', { test: message.test, stage: 'STAGE_DISPLAYED' });
		case 'awake': // it is being looked at
			tab.visible = true;
			this.leading = port;
			return this.awake();
		case 'gone':
			return this.drop(port);
		}
	}

	drop(port) {
		this.ports.delete(port);
		if (this.leading === port) this.leading = null;
	}

	all(message) {
		for (const port of this.ports.keys()) port.post(message);
	}

	// Of several tabs one makes the sounds: the one last looked at.
	leader() {
		if (!this.leading || !this.ports.has(this.leading)) this.leading = this.ports.keys().next().value;
		return this.leading;
	}

	watch(port, view, incident) {
		const key = viewKey(view, incident);
		this.ports.get(port).wants.add(key);
		for (const update of this.views.replay(view, incident)) port.post({ type: 'view', update });
		if (!this.watched.has(key)) {
			this.watched.set(key, { view, incident, since: this.now(), asked: false });
			if (this.watched.size > MOST) this.prune();
			if (this.state.session && this.source) this.ask(this.watched.get(key));
		}
	}

	// Asks for a view on a stream that is open already.
	async ask(entry) {
		entry.asked = true;
		entry.named = false;
		const answer = await this.post('/api/watch', { view: entry.view, incident: entry.incident });
		if (answer === null || LATER.includes(answer.code)) entry.asked = false; // once there is a server, or by the next stream
		else if (answer.code) this.all({ type: 'refused', view: entry.view, incident: entry.incident, refusal: answer });
	}

	askAll() {
		if (this.source && this.state.session && this.state.link.up) for (const entry of this.watched.values()) if (!entry.asked) this.ask(entry);
	}

	// Tabs that are gone, and views that nobody has looked at for a while; more of these where there is little room.
	prune() {
		const wanted = new Set(), now = this.now();
		for (const [port, tab] of this.ports) {
			if (now - tab.heard > 180000) this.drop(port);
			else for (const key of tab.wants) wanted.add(key);
		}
		let over = this.watched.size - MOST;
		for (const [key, entry] of [...this.watched].sort(([, a], [, b]) => a.since - b.since)) {
			if (wanted.has(key)) entry.since = now;
			else if (now - entry.since > KEEP_MS || over-- > 0) this.leave(key, entry);
		}
	}

	leave(key, entry) {
		this.watched.delete(key);
		this.views.forget(entry.view, entry.incident);
		this.post('/api/unwatch', { view: entry.view, incident: entry.incident });
	}

	// ---- the stream ----

	open() {
		clearTimeout(this.retry);
		this.source?.close();
		const names = [...this.watched.values()].map((e) => NAMES[e.view] + (e.incident ? `:${e.incident}` : ''));
		for (const entry of this.watched.values()) entry.asked = entry.named = true;
		const query = [names.length && `watch=${names.join(',')}`, this.last && `last=${this.last}`].filter(Boolean).join('&');
		const source = (this.source = new this.EventSource('/api/stream' + (query && `?${query}`)));
		this.opened = this.now();
		this.answered = false;
		source.addEventListener('open', () => source === this.source && (this.answered = true));
		const on = (type, fn) =>
			source.addEventListener(type, (event) => {
				if (source !== this.source) return;
				this.listen(event.lastEventId);
				fn(JSON.parse(event.data));
			});
		on('session', (session) => this.session(session));
		on('view', (update) => this.update(update));
		on('notice', (notice) => this.notice(notice));
		on('probe', (probe) => this.probed(probe));
		on('link', (link) => {
			this.change({ link });
			this.askAll();
		});
		on('bye', (bye) => this.bye(bye));
		on('beat', (beat) => this.all({ type: 'beat', ahead: this.clock(beat.now) }));
		// EventSource would come back by itself with the views it was opened with; those of now are asked for instead.
		source.addEventListener('error', () => source === this.source && this.broken());
	}

	listen(id) {
		this.heard = this.now();
		this.answered = true;
		if (id) this.last = id;
		this.tries = 0;
		this.brokenAt = 0;
		if (this.state.lost) this.change({ lost: 0 });
	}

	broken() {
		const refused = this.source.readyState === 2; // it was answered, but not with a stream
		this.source.close();
		this.source = null;
		this.brokenAt ||= this.now();
		const delay = Math.min(5000, 300 * 2 ** this.tries++) * (0.5 + this.random() / 2);
		clearTimeout(this.retry);
		this.retry = setTimeout(() => this.open(), delay);
		if (refused || this.tries > 1) this.look();
	}

	// No stream: is there a console at all, and who are we? For nobody there is no stream; then this is asked now and then, as another tab may sign in.
	async look() {
		this.looked = this.now();
		try {
			const answer = await this.fetch('/api/session', { cache: 'no-store' });
			if (!answer.ok) return;
			const session = await answer.json();
			const nobody = !session.person && !session.terminal && !session.unknown;
			if (nobody) {
				clearTimeout(this.retry);
				this.source?.close();
				this.source = null;
				this.listen('');
			}
			const came = this.idle && !nobody;
			this.idle = nobody;
			this.session(session);
			if (came) this.open();
		} catch {
			this.brokenAt ||= this.now(); // the console is gone: tick() says so
		}
	}

	// The stream is silent, or the machine slept: at once again.
	awake() {
		if (this.idle) this.look();
		else if (!this.source || this.now() - this.heard > SILENT_MS) this.open();
	}

	tick() {
		const now = this.now();
		const silent = now - this.heard > SILENT_MS;
		if (this.idle) {
			if (now - this.looked > (this.brokenAt ? 3000 : 10000)) this.look();
		} else if (this.source && (this.answered ? silent && now - this.opened > SILENT_MS : now - this.opened > OPEN_MS)) {
			this.broken();
		}
		if (!this.state.lost && ((silent && !this.idle) || (this.brokenAt && now - this.brokenAt > GRACE_MS))) this.change({ lost: this.heard });
		if (++this.ticks % 10 === 0) this.prune();
		this.askAll();
		this.flush();
	}
	ticks = 0;

	change(fields) {
		Object.assign(this.state, fields);
		this.all({ type: 'state', state: this.state });
	}

	// ---- what comes ----

	clock(now) {
		return (this.state.ahead = now > 0 ? now - this.now() : this.state.ahead);
	}

	session(session) {
		this.clock(session.now);
		const old = this.state.session;
		// Whose the cookies are cannot be asked now: whoever was here is here still.
		if (session.unknown && old) session = { ...old, ...session };
		if (old && (old.person !== session.person || old.terminal !== session.terminal)) this.forget();
		this.change({ session, link: session.link === 'down' ? { ...this.state.link, up: false } : this.state.link.up ? this.state.link : { up: true }, bye: session.person || session.terminal ? null : this.state.bye });
		this.askAll();
	}

	// A tab signed in or out: the cookies are others now, so the stream begins anew.
	signed(session) {
		this.session(session);
		this.tries = 0;
		this.idle = false;
		this.open();
	}

	forget() {
		this.views.clear();
		this.notices.clear();
		this.receipts = new Map();
		this.outgoing.clear(); // what was on its way is the other's
		this.probe = null;
		this.last = '';
		this.all({ type: 'reset' });
	}

	bye(bye) {
		this.source?.close();
		this.source = null;
		this.forget();
		this.change({ bye });
		clearTimeout(this.retry);
		this.idle = true;
		this.look();
	}

	update(update) {
		this.views.apply(update);
		// An incident without a row: it is refused. The answer to a request says why.
		const entry = this.watched.get(viewKey(update.view, update.incident));
		if (update.view === 'VIEW_INCIDENT' && update.snapshot && update.complete && !update.rows?.length && entry?.named) this.ask(entry);
		const key = viewKey(update.view, update.incident);
		for (const [port, tab] of this.ports) if (tab.wants.has(key)) port.post({ type: 'view', update });
	}

	notice(notice) {
		const held = this.notices.get(notice.id);
		if (held && (held.revision || 0) >= (notice.revision || 0)) return;
		if (notice.ended) this.receipts.delete(notice.id);
		else this.receipt(notice.id, 'STAGE_DELIVERED');
		this.notices.set(notice.id, notice);
		if (this.notices.size > 2000) this.notices.delete(this.notices.keys().next().value);
		this.all({ type: 'notice', notice });
	}

	probed(probe) {
		this.probe = probe;
		this.post('/api/probe', { test: probe.test, stage: 'STAGE_DELIVERED' });
		this.all({ type: 'probe', probe });
	}

	// ---- what goes ----

	receipt(id, stage) {
		const told = this.receipts.get(id);
		if (told === stage || told === 'STAGE_DISPLAYED') return;
		this.receipts.set(id, stage);
		this.outgoing.set(id, stage);
		if (!this.soon) this.soon = setTimeout(() => this.flush(), 200);
	}

	async flush() {
		clearTimeout(this.soon);
		this.soon = null;
		if (!this.outgoing.size || !this.source || !this.state.session || !this.state.link.up) return;
		const receipts = [...this.outgoing].slice(0, 200).map(([notice, stage]) => ({ notice, stage }));
		for (const { notice } of receipts) this.outgoing.delete(notice);
		const whose = this.receipts;
		const answer = await this.post('/api/receipts', { receipts });
		if (whose === this.receipts && (answer === null || answer.code)) for (const { notice, stage } of receipts) if (!this.outgoing.has(notice)) this.outgoing.set(notice, stage);
	}

	// The answer's JSON ({} where it has none); a refusal has `code`; null: no answer.
	async post(path, body) {
		const session = this.state.session;
		if (!session) return null;
		try {
			const answer = await this.fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Renraku-CSRF': session.csrf }, body: JSON.stringify(body) });
			if (answer.status === 204) return {};
			const json = await answer.json();
			return answer.ok ? json : { code: 'FAILED', ...json };
		} catch {
			return null;
		}
	}
}
