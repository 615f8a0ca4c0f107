// What was done last on a list, where the thing itself leaves the list with it: said above, and the focus goes there.
import { h } from './dom.js';
import { t } from './i18n.js';
import { clock, now } from './time.js';
import { icon } from './ui.js';

export const LAST = 'tasks-last';
let last = null;

// to: address of what comes next, if there is one.
export function setLast(text, to) {
	last = { text, at: now(), to };
}

export function clearLast() {
	last = null;
}

export function lastLine() {
	return h('div', { id: LAST, tabindex: '-1', class: 'last-done', key: 'last' },
		last ? [h('p', { class: 'accepted' }, icon('good'), ' ', clock(last.at), ' ', last.text), last.to ? h('a', { class: 'button button-primary', href: last.to }, t('続けて入力する', 'Go on there')) : null] : null);
}

addEventListener('hashchange', () => (last = null));
