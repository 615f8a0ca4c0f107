// memo: what was drawn of a row is drawn again only when something it depends on has changed; the same vnode costs dom.patch nothing.
import { lang } from './i18n.js';
import { now, date } from './time.js';

const drawn = new WeakMap(); // row -> Map of name -> {stamp, vnode}

// For `stamp` of what shows elapsed times, and of what shows clocks.
export const moving = () => Math.floor(now() / 10000);
export const daily = () => date(now());

// name: which drawing of the row. stamp: everything besides the row itself and the language that decides how it looks.
export function memo(row, name, stamp, make) {
	const key = `${lang()}|${stamp}`;
	let of = drawn.get(row);
	if (!of) drawn.set(row, (of = new Map()));
	const held = of.get(name);
	if (held?.key === key) return held.vnode;
	const vnode = make();
	of.set(name, { key, vnode });
	return vnode;
}
