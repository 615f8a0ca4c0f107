// draft: what somebody types, kept while typing and over a reload, for each person by itself, until the command was accepted
// or the person signs out.
//
//   const d = draft('enter/3/report');  d.values.place;  d.set('place', '2階');  d.clear();

import { session } from './store.js';

const PREFIX = 'renraku.draft.', KEEP_MS = 14 * 86400000;
const held = new Map(); // storage key -> values

const storageKey = (key, whose) => `${PREFIX}${whose ?? (session().person || session().terminal || '')}.${key}`;

function load(name) {
	if (!held.has(name)) {
		let values = {};
		try {
			values = JSON.parse(localStorage.getItem(name))?.values || {};
		} catch {
			// unreadable, or storage is forbidden: begin anew
		}
		held.set(name, values);
	}
	return held.get(name);
}

function save(name) {
	const values = held.get(name);
	try {
		if (Object.keys(values).length) localStorage.setItem(name, JSON.stringify({ at: Date.now(), values }));
		else localStorage.removeItem(name);
	} catch {
		// storage is full or forbidden: it holds until the page is closed
	}
	document.dispatchEvent(new Event('redraw'));
}

// whose: of another than who is here now, as when what was sent before is accepted late
export function draft(key, whose) {
	const name = storageKey(key, whose);
	return {
		get values() {
			return load(name);
		},
		set(field, value) {
			const values = load(name);
			if (value === undefined || value === null) delete values[field];
			else values[field] = value;
			save(name);
		},
		clear() {
			held.set(name, {});
			save(name);
		},
	};
}

// Whoever signs out leaves nothing half-written behind for the next at this machine.
export function forgetDrafts(whose) {
	const prefix = `${PREFIX}${whose}.`;
	for (const name of held.keys()) if (name.startsWith(prefix)) held.delete(name);
	try {
		for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
	} catch {
		// storage is forbidden: nothing was kept
	}
}

// Another tab changed it, or it is too old.
export function startDrafts() {
	addEventListener('storage', (event) => {
		if (!event.key?.startsWith(PREFIX)) return;
		held.delete(event.key);
		document.dispatchEvent(new Event('redraw'));
	});
	try {
		for (const name of Object.keys(localStorage)) {
			if (name.startsWith(PREFIX) && Date.now() - (JSON.parse(localStorage.getItem(name))?.at || 0) > KEEP_MS) localStorage.removeItem(name);
		}
	} catch {
		// nothing to clean up then
	}
}
