// offline: whom to telephone when nothing answers: what the console said at the beginning, and the contacts this browser saw last.
// Kept on terminals only; a person's own numbers are left out.

import { session, rows, complete } from './store.js';
import { both } from './i18n.js';

const KEY = 'renraku.contacts';
let saved = '';

export function keepContacts() {
	if (!session().terminal || !complete('VIEW_CONTACTS', 0)) return;
	const list = rows('VIEW_CONTACTS', 0, 'contact').filter((c) => c.number).map((c) => ({ title: c.title, title_en: c.title_en, number: c.number, hours: c.hours, now: c.now, kind: c.kind }));
	const text = JSON.stringify({ at: Date.now(), list: list.slice(0, 200) });
	if (text.replace(/^[^,]*,/, '') === saved) return;
	saved = text.replace(/^[^,]*,/, '');
	try {
		localStorage.setItem(KEY, text);
	} catch {
		// full or forbidden: the lines of the console remain
	}
}

// {at, list: [{title, number, hours, now}]}
function lastContacts() {
	if (complete('VIEW_CONTACTS', 0)) return { at: Date.now(), list: rows('VIEW_CONTACTS', 0, 'contact').filter((c) => c.number) };
	try {
		return JSON.parse(localStorage.getItem(KEY)) || { at: 0, list: [] };
	} catch {
		return { at: 0, list: [] };
	}
}

// Lines "name number" to call now: those of the configuration first, then contacts whose hour it is.
export function telephoneLines() {
	const own = session().telephone || [];
	const { list } = lastContacts();
	const inside = list.filter((c) => c.kind === 'role' && c.now);
	return [...new Set([...own, ...(inside.length ? inside : list.filter((c) => c.now)).slice(0, 5).map((c) => `${both(c, 'title')} ${c.number}`)])];
}
