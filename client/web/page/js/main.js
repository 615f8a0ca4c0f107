// main: the router, the frame around every screen, and the redraw. A screen says what it wants to watch and renders what is known.

import { h, patch } from './dom.js';
import { t, startLang } from './i18n.js';
import { session, known, link, startStore, watch, unwatch, onChange } from './store.js';
import { startSend } from './send.js';
import { startDrafts } from './draft.js';
import { startSound } from './sound.js';
import { startAlerts, announce, flashing } from './alerts.js';
import { SCREENS, parse } from './route.js';
import { header, banners, footer } from './frame.js';
import { startPassword } from './password.js';
import { note, button, loading } from './ui.js';
import { viewKey } from './merge.js';
import { keepContacts } from './offline.js';
import { guardClicks } from './twice.js';

const loaded = new Map(); // file -> screen, or {error}
const left = new Map(); // viewKey -> when nobody wanted it any more
const held = new Map(); // viewKey -> [view, incident] that this page watches
let route = parse(location.hash);
let arrived = true; // the screen was just changed to: the focus goes to its heading
let first = true;

// ---- which screen ----

// Nobody here: sign in, wherever the address points; it stays, for afterwards.
function shown() {
	const s = session();
	if (!known()) return 'loading';
	if (!s.person && !s.terminal) return s.unknown ? 'waiting' : 'sign-in';
	if (route.screen === '' || (route.screen === 'sign-in' && s.person)) return s.person ? 'tasks' : 'terminal';
	return route.screen === 'wall' ? 'board' : route.screen;
}

const file = (name) => (['loading', 'waiting', 'unknown'].includes(name) ? null : name);

function load(name) {
	loaded.set(name, null);
	return import(`./screens/${name}.js`).then((module) => loaded.set(name, module.default), (error) => {
		console.error(error);
		loaded.set(name, { error });
	}).finally(schedule);
}

function screen(name) {
	if (!loaded.has(name)) load(name);
	return loaded.get(name);
}

// All screens are fetched while the console is there, that of the alarm first: it must open when nothing answers any more.
let ahead = false;
async function loadAhead() {
	if (ahead) return;
	ahead = true;
	for (const name of SCREENS.filter((x) => x !== 'wall' && !loaded.has(x))) {
		if (!link().up) break; // it goes on later
		if (!loaded.has(name)) await load(name);
	}
	ahead = SCREENS.every((name) => name === 'wall' || loaded.has(name));
}

// A module that failed stays failed under its address: the page itself is the only way back. What was typed and sent is kept over it. It goes
// there by itself once the console answers; not again at once, for a screen may fail for another reason.
const RETRY_MS = 2000, RELOAD_MS = 60000, RELOADED = 'renraku.reloaded';
let returning = false;
async function comeBack() {
	if (returning) return;
	returning = true;
	for (let name; loaded.get(name = file(shown()))?.error; await new Promise((resolve) => setTimeout(resolve, RETRY_MS))) {
		try {
			const last = Number(sessionStorage.getItem(RELOADED)) || 0;
			if (Date.now() - last < RELOAD_MS || !(await fetch(`/js/screens/${name}.js`, { cache: 'no-store' })).ok) continue;
			sessionStorage.setItem(RELOADED, String(Date.now()));
			return location.reload();
		} catch {
			// not there yet; or storage is forbidden: the button is left
		}
	}
	returning = false;
}

function body(name, module) {
	if (name === 'unknown') return [h('h1', null, t('ページが見つかりません', 'No such page')), h('p', null, h('a', { href: '#/' }, t('最初の画面へ', 'To the first page')))];
	if (name === 'waiting') return [h('h1', null, t('サーバーの応答を待っています', 'Waiting for the server')), h('p', null, t('つながり次第、この画面は自動的に開きます。', 'This page opens by itself once the server answers.'))];
	if (name === 'loading' || !module) return [h('h1', { class: 'sr' }, t('連絡', 'Renraku')), loading()];
	if (module.error) comeBack();
	if (module.error) return [h('h1', null, t('この画面を読み込めませんでした', 'This page could not be loaded')), button(t('もう一度読み込む', 'Load again'), () => location.reload(), { kind: 'primary' })];
	try {
		return module.render(route.params, route.query);
	} catch (error) {
		console.error(error);
		return [h('h1', null, t('この画面を表示できません', 'This page cannot be shown')), note('bad', h('p', null, t('ほかの画面は使えます。', 'Other pages still work.')), h('p', { class: 'soft' }, String(error)))];
	}
}

// ---- what is watched ----

function watchWanted(name, module) {
	const s = session();
	const wants = s.person || s.terminal ? [['VIEW_INBOX', 0]] : [];
	if (s.terminal) wants.push(['VIEW_CONTACTS', 0]);
	if (module?.wants && (s.person || s.terminal)) {
		try {
			wants.push(...module.wants(route.params));
		} catch (error) {
			console.error(error);
		}
	}
	const keys = new Set();
	for (const [view, incident] of wants) {
		keys.add(viewKey(view, incident));
		held.set(viewKey(view, incident), [view, incident]);
		watch(view, incident);
	}
	for (const [key, entry] of held) {
		if (keys.has(key)) {
			left.delete(key);
		} else if (!left.has(key)) {
			left.set(key, Date.now());
		} else if (Date.now() - left.get(key) > 20000) {
			left.delete(key);
			held.delete(key);
			unwatch(...entry);
		}
	}
}

// ---- drawing ----

let planned = false;
function schedule() {
	if (planned) return;
	planned = true;
	const go = () => {
		planned = false;
		draw();
	};
	if (document.visibilityState === 'visible') requestAnimationFrame(go);
	else setTimeout(go, 250);
}

function draw() {
	const name = shown();
	const module = file(name) && screen(name);
	watchWanted(name, module);
	const wall = route.params.wall && name === 'board';
	document.body.classList.toggle('wall', !!wall);
	patch(document.getElementById('app'), [
		h('a', { class: 'skip', href: '#main', key: 'skip', on: { click: skip } }, t('本文へ', 'Skip to the content')),
		wall ? null : header(name),
		banners(name, wall),
		h('main', { id: 'main', key: 'main', tabindex: '-1' }, h('div', { class: `screen screen-${name}`, key: location.hash.split('?')[0] + name }, body(name, module))),
		wall ? null : footer(),
	]);
	title(module);
	if (module && arrived) arrive();
	if (module && link().up && known() && (session().person || session().terminal)) loadAhead();
}

let titled = null; // the screen whose title the window has
function title(module) {
	titled = module;
	let text = t('連絡', 'Renraku');
	try {
		text = `${module?.title?.(route.params) || text}`;
	} catch (error) {
		console.error(error);
	}
	const wanted = flashing() || (link().up ? text : `${t('【未接続】', '[Not connected] ')}${text}`);
	if (document.title !== wanted) document.title = wanted;
}

function skip(event) {
	event.preventDefault();
	document.getElementById('main').focus();
}

// After a change of screen the focus stands at its heading, so that a screen reader reads on from there.
function arrive() {
	arrived = false;
	if (first) {
		first = false;
		return;
	}
	const heading = document.querySelector('#main h1');
	const wanted = document.querySelector('#main [autofocus]');
	if (wanted) return wanted.focus();
	heading?.setAttribute('tabindex', '-1');
	heading?.focus({ preventScroll: true });
	scrollTo(0, 0);
}

guardClicks(document);
addEventListener('hashchange', () => {
	if (location.hash === '#main') return;
	const before = route;
	route = parse(location.hash);
	arrived = before.screen !== route.screen || before.params.path.join('/') !== route.params.path.join('/');
	schedule();
});
document.addEventListener('redraw', schedule);
document.addEventListener('title', () => title(titled));
setInterval(schedule, 10000);
document.addEventListener('visibilitychange', schedule);

let who = null;
onChange((what) => {
	if (what === 'view') keepContacts();
	const s = session();
	const now = `${s.person || ''}/${s.terminal || ''}`;
	if (known() && who !== now) {
		if (who !== null) {
			arrived = true;
			announce(s.person ? t(`${s.person_name}としてサインインしています`, `Signed in as ${s.person_name}`) : t('サインアウトしました', 'Signed out'));
		}
		who = now;
	}
	schedule();
});

startLang();
startDrafts();
startSound();
startPassword();
startAlerts();
startSend();
startStore();
schedule();
