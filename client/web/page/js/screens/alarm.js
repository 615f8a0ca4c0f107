// alarm: what happened, one line, send. What is unknown stays unknown. The answer fills the screen.

import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { session, rows, link, onChange } from '../store.js';
import { clock, now } from '../time.js';
import { put, outbox, forget, notConfirmed, onSend } from '../send.js';
import { draft } from '../draft.js';
import { announce } from '../alerts.js';
import { field, button, submit, note, telList, tel, icon, drillMark, stageBadge, badge, empty, redraw, idOf } from '../ui.js';
import { telephoneLines } from '../offline.js';

const KEY = 'alarm';
const FORMS = 'renraku.alarm-forms';
const ANSWER = 'renraku.alarm-answer', PLACE = 'renraku.place';
let announced = '';
let refusal = null; // of the last attempt; the form stands as it was
let lacking = []; // fields that must be given and were not

const own = (entry) => entry?.act === 'alarm' && entry.key === KEY;

onSend((entry) => {
	if (!own(entry) || entry.state !== 'final') return;
	if (entry.result.outcome === 'ACCEPTED') {
		keep(sessionStorage, ANSWER, { id: entry.id, result: entry.result, command: { made_at: entry.command.made_at }, state: 'final', reloaded: true });
	} else {
		refusal = entry.result;
		lacking = refusal.missing || [];
		setTimeout(() => forget(entry.id));
	}
});

function keep(storage, name, value) {
	try {
		if (value === null) storage.removeItem(name);
		else storage.setItem(name, JSON.stringify(value));
	} catch {
		// full or forbidden: then it is not kept
	}
}
function kept(storage, name) {
	try {
		return JSON.parse(storage.getItem(name));
	} catch {
		return null;
	}
}

// ---- the form ----

// Forms are kept, so that an alarm can be written while nothing answers.
function forms() {
	const list = rows('VIEW_BOARD', 0, 'alarm_form');
	if (!list.length) return kept(localStorage, FORMS) || [];
	if (list !== forms.kept) keep(localStorage, FORMS, (forms.kept = list));
	return list;
}

forms();
onChange((what) => what === 'view' && forms());

const words = (form) => form?.findLast?.((f) => !f.type || f.type === 'text');
// Shown at once: what the alarm cannot go without.
const needed = (f) => !f.optional && !f.unknown && !(f.type === 'place' && session().terminal);

function choose(entry) {
	const d = draft(KEY);
	refusal = null;
	lacking = [];
	d.set('entry', entry);
	// Away from a terminal the place was most likely the same as last time; it stands there to be seen and changed.
	for (const f of forms().find((x) => x.entry === entry)?.form || []) {
		if (f.type === 'place' && needed(f) && d.values[`v.${f.id}`] === undefined) d.set(`v.${f.id}`, kept(localStorage, PLACE) || undefined);
	}
	// The redraw was asked for before this: it comes in the same frame, right behind it.
	requestAnimationFrame(() => document.querySelector('#main .alarm-words')?.focus());
}

function values(form, d) {
	const list = [];
	for (const f of form.form || []) {
		const value = d.values[`v.${f.id}`];
		if (value !== undefined && String(value).trim() !== '') list.push({ field: f.id, value: String(value).trim() });
	}
	return list;
}

function sendAlarm(event) {
	event.preventDefault();
	const d = draft(KEY);
	const form = forms().find((f) => f.entry === d.values.entry);
	if (!form || current()) return;
	refusal = null;
	lacking = (form.form || []).filter((f) => needed(f) && !String(d.values[`v.${f.id}`] ?? '').trim()).map((f) => f.id);
	if (lacking.length) {
		announce(t('まだ書かれていないところがあります', 'Something is still missing'), true);
		redraw();
		return requestAnimationFrame(() => document.querySelector('#main [aria-invalid]')?.focus());
	}
	const place = form.form?.find((f) => f.type === 'place');
	if (place && d.values[`v.${place.id}`]) keep(localStorage, PLACE, d.values[`v.${place.id}`]);
	put('alarm', { entry: form.entry, values: values(form, d) }, { key: KEY });
	redraw();
}

// The alarm of this browser that is on its way or was answered just now.
const current = () => outbox().filter(own).at(-1) || kept(sessionStorage, ANSWER);

const missing = (f) => (lacking.includes(f.id) ? t('書いてください。', 'Please fill in.') : null);

function control(f, d) {
	const name = `v.${f.id}`;
	const value = d.values[name] ?? '';
	const set = (e) => d.set(name, e.target.value);
	switch (f.type) {
	case 'choice':
		return h('fieldset', { class: 'choices', key: f.id }, h('legend', null, both(f, 'title')),
			(f.options || []).map((o) => h('label', { class: 'chip', key: o.id }, h('input', { type: 'radio', name, value: o.id, checked: value === o.id, on: { change: set } }), h('span', null, both(o, 'title')))),
			f.unknown || f.optional ? h('label', { class: 'chip', key: '' }, h('input', { type: 'radio', name, value: '', checked: value === '', on: { change: set } }), h('span', null, t('わからない', 'Unknown'))) : null);
	case 'place':
		return field(both(f, 'title'), h('input', { type: 'text', name, value, list: idOf('places'), maxlength: '200', placeholder: session().terminal ? t('この端末の場所', "This terminal's") : null, on: { input: set } }), { key: f.id, required: needed(f), error: missing(f) });
	case 'time':
		return field(both(f, 'title'), h('input', { type: 'datetime-local', name, value, on: { input: set } }), { key: f.id, required: needed(f), error: missing(f) });
	case 'number':
		return field(both(f, 'title'), h('input', { type: 'text', inputmode: 'decimal', name, value, on: { input: set } }), { key: f.id, required: needed(f), error: missing(f) });
	default:
		return field(both(f, 'title'), h('input', { type: 'text', name, value, maxlength: '1000', on: { input: set } }), { key: f.id, required: needed(f), error: missing(f) });
	}
}

// Alarms that are for others to raise: named, so that nobody looks for them in vain.
function others(list) {
	const theirs = list.filter((f) => !f.mine);
	if (!theirs.length) return null;
	return h('p', { class: 'soft', key: 'others' }, theirs.map((f) => t(`「${f.title}」は ${f.by_title} が`, `“${both(f, 'title')}”: ${both(f, 'by_title')}`)).join(t('、', '; ')), t(session().person ? '送ります。' : 'サインインして送ります。', session().person ? '.' : ' after signing in.'));
}

function write() {
	const d = draft(KEY);
	const list = forms();
	const form = list.find((f) => f.entry === d.values.entry);
	const line = words(form?.form);
	const rest = (form?.form || []).filter((f) => f !== line);
	const shown = rest.filter((f) => needed(f) || lacking.includes(f.id));
	const folded = rest.filter((f) => !shown.includes(f));
	return [
		h('h1', null, t('通報する', 'Raise an alarm')),
		list.length ? null : empty(t('読み込んでいます…。急ぐときは電話で連絡してください。', 'Loading… If it is urgent, telephone.')),
		h('form', { class: 'alarm', novalidate: true, on: { submit: sendAlarm } },
			h('fieldset', { class: 'kinds' }, h('legend', null, t('何が起きましたか', 'What happened?')),
				list.filter((f) => f.mine).map((f) => h('button', { key: f.entry, type: 'button', class: 'kind', 'aria-pressed': f.entry === d.values.entry ? 'true' : 'false', on: { click: () => choose(f.entry) } }, both(f, 'title')))),
			others(list),
			form ? [
				h('div', { class: 'field', key: 'line' }, h('label', { for: 'alarm-words' }, line ? both(line, 'title') : t('状況', 'Situation'), line && needed(line) ? h('span', { class: 'must' }, t('必須', 'required')) : h('span', { class: 'may' }, t('わかる範囲で', 'as far as known'))),
					line ? h('input', { id: 'alarm-words', class: 'alarm-words', type: 'text', maxlength: '1000', autocomplete: 'off', value: d.values[`v.${line.id}`] ?? '', 'aria-invalid': missing(line) ? 'true' : null, 'aria-describedby': missing(line) ? 'alarm-words-error' : null, on: { input: (e) => d.set(`v.${line.id}`, e.target.value) } }) : null,
					line && missing(line) ? h('p', { class: 'error', id: 'alarm-words-error' }, icon('bad'), h('span', null, missing(line))) : null),
				shown.map((f) => control(f, d)),
				refusal ? note('bad', h('p', { role: 'alert' }, h('strong', null, t('受け付けられませんでした。', 'Refused. ')), both(refusal, 'text'))) : null,
				submit(t('通報を送る', 'Send the alarm'), { kind: 'danger', class: 'big wide' }),
				folded.length ? h('details', { class: 'more' }, h('summary', null, t('わかれば書き足す（任意）', 'Add what is known (optional)')), folded.map((f) => control(f, d))) : null,
				h('datalist', { id: idOf('places') }, [...new Set(rows('VIEW_BOARD', 0, 'terminal').map((x) => x.place))].map((p) => h('option', { key: p, value: p }))),
			] : null),
		link().up ? null : note('warn', h('p', null, t('今はつながっていませんが、書いて送れば、つながり次第届きます。電話でも連絡してください。', 'There is no connection now. Send it all the same: it goes out once connected. Telephone too.')), telList(telephoneLines())),
	];
}

// ---- the answer ----

// Whom it has reached, live.
export function told(incident) {
	const entry = rows('VIEW_INCIDENT', incident, 'incident')[0]?.entry;
	const list = rows('VIEW_INCIDENT', incident, 'notice').filter((n) => n.state !== 'withdrawn' && n.item === entry && n.kind === 'tell');
	if (!list.length) return null;
	const people = list.filter((n) => n.role !== 'every_terminal');
	const wide = list.filter((n) => n.role === 'every_terminal' && !n.part);
	const called = new Set(toCall(incident).map((r) => r.person));
	return h('div', { class: 'told' }, h('h2', null, t('知らせた相手', 'Who has been told')),
		h('ul', { class: 'told-list' }, people.flatMap((n) => (n.recipients || []).map((r) => h('li', { key: `${n.id}/${r.id}` },
			h('span', null, both(n, 'role_title'), ' ', h('strong', null, r.name || r.place || r.id)), ' ',
			r.acknowledged ? [stageBadge('acknowledged'), ' ', clock(r.acknowledged_at)] : n.state === 'open' ? stageBadge(r.stage) : called.has(r.id) ? null : h('span', { class: 'soft' }, t('電話は要りません', 'no call is needed')),
			' ', r.acknowledged || n.state !== 'open' || !r.number || called.has(r.id) ? null : tel(r.number)))),
		wide.map((n) => h('li', { key: n.id }, t('全端末へ同報', 'All terminals'), ' ', n.wanted ? badge('info', t(`確認 ${n.acknowledged || 0}/${n.wanted}`, `${n.acknowledged || 0}/${n.wanted} acknowledged`)) : badge('info', t('送信', 'sent'))))));
}

const toCall = (incident) => [...new Map([...rows('VIEW_INCIDENT', incident, 'telephone'), ...rows('VIEW_INBOX', 0, 'telephone')].filter((r) => r.incident === incident).map((r) => [r.person, r])).values()];

export function callNow(incident) {
	const list = toCall(incident);
	if (!list.length) return null;
	return h('div', { class: 'call-now' }, h('h2', null, icon('phone'), t('いますぐ電話してください（上から順に）', 'Telephone now, from the top')),
		h('p', null, t(`つながったら「事案${incident}」と状況を伝えます。確認されると、この一覧から消えます。`, `Tell whoever answers “incident ${incident}” and what happened. The list goes once it is acknowledged.`)),
		h('ol', { class: 'tel-list' }, list.map((r) => h('li', { key: r.key }, both(r, 'role_title'), ' ', h('strong', null, r.name), ' ', (r.numbers || []).map((n) => [tel(n), ' '])))));
}

function seen(entry) {
	forget(entry.id);
	keep(sessionStorage, ANSWER, null);
}

// Whoever goes elsewhere, or presses the alarm button again, is done with the answer.
function leave() {
	const entry = current();
	if (entry?.state !== 'final') return;
	seen(entry);
	redraw();
}
addEventListener('hashchange', () => /^#\/alarm/.test(location.hash) || leave());
document.addEventListener('raise-alarm', leave);

function done(entry) {
	seen(entry);
	location.hash = '#/';
}

function recorded(entry) {
	const r = entry.result;
	const title = r.joined ? t(`事案${r.incident}に加えられました`, `Added to incident ${r.incident}`) : t('通報は記録されました', 'The alarm is recorded');
	if (announced !== entry.id) announce(`${title}。${t(`事案${r.incident}`, `Incident ${r.incident}`)}`, true);
	announced = entry.id;
	return h('div', { class: r.drill ? 'answer answer-good is-drill' : 'answer answer-good' },
		h('h1', null, icon('good'), h('span', null, title)),
		h('p', { class: 'answer-number' }, drillMark(r), t(`事案 ${r.incident}`, `Incident ${r.incident}`), ' ', h('span', { class: 'soft' }, clock(entry.command.made_at))),
		entry.again || entry.reloaded ? h('p', null, t('この画面を開き直す前に送ったものです。二重には記録されていません。', 'It was sent before this page was opened again. It is recorded once.')) : null,
		callNow(r.incident), both(r, 'telephone').length ? h('div', { class: 'call-now' }, h('h2', null, icon('phone'), t('いますぐ電話してください', 'Telephone now')), telList(both(r, 'telephone'))) : null,
		told(r.incident),
		h('div', { class: 'actions' }, session().person ? h('a', { class: 'button button-primary', href: `#/incident/${r.incident}`, on: { click: () => seen(entry) } }, t('状況を見る', 'See the incident')) : null, button(t('終わり', 'Done'), () => done(entry), session().person ? {} : { kind: 'primary' })));
}

function sending(entry) {
	const early = entry.tries < 2 && !entry.result && now() - entry.command.made_at < 4000;
	const r = notConfirmed(entry);
	const lines = both(r, 'telephone').length ? both(r, 'telephone') : telephoneLines();
	if (early) return h('div', { class: 'answer answer-wait', role: 'status' }, h('h1', null, h('span', { class: 'spinner', 'aria-hidden': 'true' }), t('送っています…', 'Sending…')));
	if (announced !== `${entry.id}?`) announce(t('通報はまだ記録されたか確認できていません。電話で連絡してください。', 'The alarm is not confirmed. Telephone.'), true);
	announced = `${entry.id}?`;
	const other = entry.state === 'other';
	return h('div', { class: 'answer answer-bad' },
		h('h1', null, icon('warn'), h('span', null, t('通報はまだ確認できていません', 'The alarm is NOT confirmed'))),
		h('p', { class: 'answer-number' }, t('いますぐ電話してください', 'Telephone now')),
		lines.length ? telList(lines) : h('p', null, t('担当者の電話番号は紙の連絡網を見てください。', 'See the paper contact list for numbers.')),
		h('p', null, other ? t(`送った人（${entry.name || entry.person || entry.terminal}）がサインインすると送信されます。`, `It is sent once ${entry.name || entry.person || entry.terminal} is signed in.`)
			: t(`この画面が送信を続けています：${entry.tries}回目（${clock(entry.command.made_at)}の通報）。閉じても、次に開いたときに続けます。`, `This page keeps sending: attempt ${entry.tries} (alarm of ${clock(entry.command.made_at)}). If it is closed, it goes on when opened again.`)),
		entry.kept ? null : h('p', null, t('このブラウザーには控えを残せません。この画面を閉じないでください。', 'This browser cannot keep a copy: do not close this page.')),
		r.text && entry.result?.text ? h('p', { class: 'soft' }, both(r, 'text')) : null);
}

export default {
	title: () => t('通報する', 'Raise an alarm'),
	wants() {
		const entry = current();
		const incident = entry?.result?.incident;
		return [['VIEW_BOARD', 0], ...(incident ? [['VIEW_INCIDENT', incident]] : [])];
	},
	render() {
		const entry = current();
		if (!entry) return write();
		if (entry.state !== 'final') return sending(entry);
		return entry.result.outcome === 'ACCEPTED' ? recorded(entry) : write();
	},
};
