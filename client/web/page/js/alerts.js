// alerts: what draws somebody to the page: new notices announced to screen readers, sound and a flashing title while one waits for an answer,
// receipts of what was really on screen, and connection tests.

import { t, both } from './i18n.js';
import { notices, waits, standsAbove, onChange, displayed, probed, leader, known, complete } from './store.js';
import * as store from './store.js';
import { alertFor, chimeOnce } from './sound.js';

const told = new Set(); // id/repeats that were announced
let quiet = true; // the first ones are announced as a number
let flash = false;

export const waiting = () => notices().filter(waits);
export const unanswered = () => notices().filter(standsAbove);
const mark = (notice) => (notice.drill && !/^【訓練】/.test(notice.title) ? t('【訓練】', '[Drill] ') : '');
export const noticeTitle = (notice) => mark(notice) + (both(notice, 'title') || '');

const timers = new Map();
export function announce(text, assertive) {
	const box = document.getElementById(assertive ? 'assertive' : 'polite');
	if (!box) return;
	// Said again, the same words must be heard again.
	box.textContent = '';
	setTimeout(() => (box.textContent = text), 50);
	// Whoever reads through the page later shall not find old news.
	clearTimeout(timers.get(box));
	timers.set(box, setTimeout(() => (box.textContent = ''), 20000));
}

function look() {
	if (!known()) return;
	const open = notices();
	const fresh = open.filter((n) => !told.has(`${n.id}/${n.repeats || 0}`));
	for (const n of fresh) told.add(`${n.id}/${n.repeats || 0}`);
	if (quiet) {
		if (!complete('VIEW_INBOX', 0)) return;
		quiet = false;
		const n = waiting().length;
		if (n) announce(t(`確認を待っている連絡が${n}件あります`, `${n} notices wait for you`), true);
	} else if (fresh.length) {
		const pressing = fresh.filter((n) => waits(n) || standsAbove(n));
		if (leader() && fresh.some(standsAbove) && !fresh.some(waits)) chimeOnce(fresh.every((n) => n.drill));
		const list = pressing.length ? pressing : fresh;
		announce(list.slice(0, 3).map(noticeTitle).join('。'), pressing.length > 0);
	}
	sound();
}

const sound = () => alertFor(leader() ? waiting() : [], document.body.classList.contains('wall'));

// The title of the window while something waits, every other second.
export const flashing = () => (flash && waiting().length ? t(`【要確認 ${waiting().length}件】`, `[${waiting().length} to acknowledge]`) : '');

// ---- what is on screen ----

const onScreen = new Set();
const observed = new WeakSet();
const toldDisplayed = new Set();
let observer = null;

// Elements that show a notice carry data-notice="ID" (several: divided by spaces).
function observe() {
	for (const element of document.querySelectorAll('[data-notice]')) {
		if (observed.has(element)) continue;
		observed.add(element);
		observer.observe(element);
	}
	seen();
}

function seen() {
	if (document.visibilityState !== 'visible') return;
	for (const element of onScreen) {
		if (!element.isConnected) {
			onScreen.delete(element);
			continue;
		}
		for (const id of (element.dataset.notice || '').split(' ')) {
			if (!id || toldDisplayed.has(id)) continue;
			toldDisplayed.add(id);
			displayed(Number(id));
		}
	}
	const probe = store.probe;
	if (probe && toldProbe !== probe.test) {
		toldProbe = probe.test;
		probed(probe.test);
	}
}
let toldProbe = 0;

export function startAlerts() {
	observer = new IntersectionObserver((entries) => {
		// Half of it, or of the window where it is taller than that.
		for (const { target, intersectionRatio, intersectionRect } of entries) {
			if (intersectionRatio >= 0.5 || intersectionRect.height >= innerHeight / 2) onScreen.add(target);
			else onScreen.delete(target);
		}
		seen();
	}, { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5] });
	onChange((what) => {
		if (what === 'state' && !complete('VIEW_INBOX', 0)) {
			told.clear();
			toldDisplayed.clear();
			quiet = true;
		}
		look();
	});
	setInterval(() => {
		observe();
		flash = !flash && waiting().length > 0;
		sound();
		document.dispatchEvent(new Event('title'));
	}, 1000);
	document.addEventListener('visibilitychange', seen);
}
