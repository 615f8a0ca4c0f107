// queue: commands on their way. Each is written down before it is sent and struck out when it has its one final Result, so that neither a reload
// nor a dead server loses or doubles it (docs/protocol.md, 'Exactly once'). Knows nothing of the page; tests give other surroundings.
//
// env: fetch(path, body) -> {status, json}, throws when there is no answer · store: localStorage or alike · session() · now() · uuid() ·
// wait(ms) -> Promise · signIn() -> Promise<bool>: asks for the password again · refresh(): reads the session anew · changed()

const PREFIX = 'renraku.command.';
const RETRY = ['NO_SERVER', 'NOT_CONFIRMED', 'BUSY', 'TOO_MANY', 'CANNOT_RECORD', 'LOW_SPACE'];

export class Queue {
	constructor(env) {
		this.env = env;
		this.entries = new Map(); // id -> entry, oldest first
	}

	// Puts a command down and sends it. Returns its entry: {id, act, body, command, tries, result, state, done: Promise<final Result>}
	// state: sending | waiting (asked again soon) | signin | other (belongs to somebody else) | final
	add(act, body, behalf, key) {
		const { env } = this;
		for (const entry of this.entries.values()) if (key && entry.key === key && entry.state !== 'final') return entry;
		const command = { id: env.uuid(), made_at: Math.round(env.now()), ...(behalf && { behalf }), [act]: body };
		const s = env.session();
		const entry = this.take({ act, key: key || '', command, person: s.person || '', terminal: s.terminal || '', name: s.person_name || '', again: false });
		try {
			env.store.setItem(PREFIX + command.id, JSON.stringify({ act, key: entry.key, command, person: entry.person, terminal: entry.terminal, name: entry.name }));
			entry.kept = true;
		} catch {
			entry.kept = false; // storage is full: it lives as long as this page
		}
		this.run(entry);
		return entry;
	}

	take(kept) {
		const entry = { ...kept, id: kept.command.id, body: kept.command[kept.act], tries: 0, state: 'sending', result: null };
		entry.done = new Promise((resolve) => (entry.resolve = resolve));
		this.entries.set(entry.id, entry);
		return entry;
	}

	// What was left over by a page that is gone.
	resume() {
		for (const name of keys(this.env.store)) {
			const id = name.slice(PREFIX.length);
			if (!name.startsWith(PREFIX) || this.entries.has(id)) continue;
			let kept = null;
			try {
				kept = JSON.parse(this.env.store.getItem(name));
			} catch {
				// half written; nothing was sent of it
			}
			if (!kept?.command?.id || !kept.act) this.env.store.removeItem(name);
			else this.run(this.take({ ...kept, kept: true, again: true }));
		}
	}

	// May it be sent as whoever is here now? What a terminal does by itself is the terminal's, whoever is signed in.
	belongs(entry) {
		const s = this.env.session();
		if ((s.person || '') === entry.person && (entry.person || (s.terminal || '') === entry.terminal)) return true;
		return !!entry.terminal && s.terminal === entry.terminal && (entry.act === 'alarm' || !entry.person);
	}

	async run(entry) {
		while (entry.state !== 'final') {
			if (!this.belongs(entry)) {
				this.state(entry, 'other');
				await this.env.wait(2000, entry);
				continue;
			}
			this.state(entry, 'sending');
			entry.tries++;
			const result = await this.once(entry);
			if (final(result)) return this.finish(entry, result);
			entry.result = result;
			if (result.code === 'SIGN_IN_AGAIN' || result.code === 'NOT_SIGNED_IN') {
				this.state(entry, 'signin');
				if (!(await this.env.signIn(entry))) return this.finish(entry, { ...result, outcome: 'REFUSED' });
				continue;
			}
			this.state(entry, 'waiting');
			entry.next = this.env.now() + pause(entry.tries, result);
			await this.env.wait(pause(entry.tries, result), entry);
		}
	}

	// One attempt: a Result, or what stands for one.
	async once(entry) {
		let answer;
		try {
			answer = await this.env.fetch('/api/command', entry.command);
		} catch {
			return { outcome: 'NOT_CONFIRMED', code: 'NO_CONSOLE' };
		}
		const { status, json } = answer;
		if (status === 200 && json.outcome) return json;
		if (status === 403 && (json.code === 'CSRF' || json.code === 'ORIGIN') && entry.tries < 4) {
			await this.env.refresh();
			return { outcome: 'NOT_CONFIRMED', code: json.code, retry_after_ms: 50 };
		}
		const again = status >= 500 || status === 429 || status === 401;
		return { ...json, outcome: again ? 'NOT_CONFIRMED' : 'REFUSED' };
	}

	finish(entry, result) {
		entry.result = { id: entry.id, ...result };
		this.env.store.removeItem(PREFIX + entry.id);
		this.state(entry, 'final');
		entry.resolve(entry.result);
	}

	state(entry, state) {
		entry.state = state;
		this.env.changed(entry);
	}

	// Another page got its final answer.
	struck(id, result) {
		const entry = this.entries.get(id);
		if (entry && entry.state !== 'final') this.finish(entry, result);
	}

	// No more to be sent: it may be on record all the same.
	abandon(entry) {
		if (entry.state !== 'final') this.finish(entry, { ...entry.result, outcome: entry.result?.outcome || 'NOT_CONFIRMED' });
	}

	forget(id) {
		this.entries.delete(id);
		this.env.changed(null);
	}
	pending() {
		return [...this.entries.values()].filter((entry) => entry.state !== 'final');
	}
}

function keys(store) {
	const list = [];
	for (let i = 0; i < (store?.length || 0); i++) list.push(store.key(i));
	return list;
}

const final = (result) => result.code !== 'SIGN_IN_AGAIN' && (result.outcome === 'ACCEPTED' || (result.outcome === 'REFUSED' && !RETRY.includes(result.code)));

// 1, 1, 2, 3, 5, 5 … s; as long as the server said
const pause = (tries, result) => Math.max(result.retry_after_ms || 0, [0, 1000, 1000, 2000, 3000][tries] || 5000);
