// merge: rows of views, kept by the rules of docs/protocol.md ('Views'): a snapshot forgets, rows replace by key, `removed` drops, and what came
// is shown at `complete`, not before. Pure; used by the worker and by every tab.

export const viewKey = (view, incident) => `${view}/${incident || 0}`;

class Held {
	constructor() {
		this.rows = new Map(); // key -> row, as it came
		this.pending = null; // ViewUpdates since the last complete one
		this.complete = false;
		this.revision = 0;
		this.lists = new Map(); // kind -> sorted bodies, made when asked for
	}
	apply(update) {
		if (!update.snapshot && !this.pending && !this.complete) return false; // changes of something that never began
		if (update.snapshot || !this.pending) this.pending = [];
		this.pending.push(update);
		if (!update.complete) return false;
		for (const u of this.pending) {
			if (u.snapshot) this.rows.clear();
			for (const key of u.removed || []) this.rows.delete(key);
			for (const row of u.rows || []) this.rows.set(row.key, row);
		}
		this.pending = null;
		this.complete = true;
		this.revision = update.revision || 0;
		this.lists.clear();
		return true;
	}
	list(kind) {
		let list = this.lists.get(kind);
		if (!list) {
			list = [...this.rows.values()].filter((row) => row[kind]).sort(byOrder);
			list = list.map((row) => Object.assign(row[kind], { key: row.key }));
			this.lists.set(kind, list);
		}
		return list;
	}
}

const less = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byOrder = (a, b) => less(a.order || '', b.order || '') || less(a.key, b.key);

export class Views {
	constructor() {
		this.held = new Map();
	}
	// True when what is shown changed.
	apply(update) {
		const key = viewKey(update.view, update.incident);
		if (!this.held.has(key)) this.held.set(key, new Held());
		return this.held.get(key).apply(update);
	}
	rows(view, incident, kind) {
		return this.held.get(viewKey(view, incident))?.list(kind) || [];
	}
	complete(view, incident) {
		return this.held.get(viewKey(view, incident))?.complete || false;
	}
	revision(view, incident) {
		return this.held.get(viewKey(view, incident))?.revision || 0;
	}
	forget(view, incident) {
		this.held.delete(viewKey(view, incident));
	}
	clear() {
		this.held.clear();
	}
	// What makes another Views the same, in the middle of a change in several parts too.
	replay(view, incident) {
		const whole = this.snapshot(view, incident);
		return [...(whole ? [whole] : []), ...(this.held.get(viewKey(view, incident))?.pending || [])];
	}
	// One ViewUpdate that makes another Views the same; null if there is nothing whole yet.
	snapshot(view, incident) {
		const held = this.held.get(viewKey(view, incident));
		if (!held?.complete) return null;
		return { view, incident: incident || 0, revision: held.revision, snapshot: true, complete: true, rows: [...held.rows.values()] };
	}
}
