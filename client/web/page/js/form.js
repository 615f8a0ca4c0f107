// The form of an item: what the plan says, what is asked for, and what became of it. One form serves the task list, the council and the incident.
//
//   renderItemForm(incident, itemRow, {mode})   mode: 'do' (default), 'amend' (what is on record is changed), 'council' (agenda only, no words)
//
// The draft is kept while typing and over a reload. Nothing is decided here: the server refuses what cannot be, and its refusal is put beside
// the field it is about. Watches of the page that uses it: VIEW_INBOX, VIEW_BOARD, VIEW_CONTACTS and VIEW_INCIDENT of the incident.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock, local, now, when } from './time.js';
import { rows, session } from './store.js';
import { badge, drillMark, icon, stateBadge, submit as submitOf } from './ui.js';
import { asks, callOf, enterOf, fromEntry, placeOf } from './form-model.js';
import { agendaInput, fieldInput, focusSoon, idOf } from './form-fields.js';
import { callInputs, followInputs } from './form-calls.js';
import { behalfBox, behalfOf } from './behalf.js';
import { contextOf, forgetDone, forgetResult, onItsWay, outcome, resultId, stateOf, submit } from './act-form.js';
import { whatNext } from './next.js';

export function formKey(incident, item) {
	return `enter/${incident}/${item.id}`;
}

// Changes whenever somebody enters, reopens or waives the item.
function stampOf(item) {
	return `${item.entered_at || 0}/${item.state || ''}`;
}

export function itemTitle(item) {
	return both(item, 'title') || item.words || item.id;
}

// ---- what the plan says ----

function wordsOf(item) {
	if (!item.words && !item.note)
		return null;
	return h('aside', { class: 'plan-words', key: 'words', 'aria-label': t('計画の文', 'Words of the plan') },
		item.words ? [h('h2', {}, t('計画の文', 'Words of the plan')), h('blockquote', { lang: 'ja' }, item.words)] : null,
		item.note ? [h('h2', {}, t('読み方', 'How it is read')), h('p', { lang: 'ja' }, item.note)] : null,
		(item.clause || []).length ? h('p', { class: 'clause' }, t('条項 ', 'Clause '), item.clause.join(t('、', ', '))) : null);
}

export function shownValues(values) {
	return h('dl', { class: 'values' }, (values || []).flatMap((v, i) => [h('dt', { key: 't' + i }, both(v, 'title') || v.field),
		h('dd', { key: 'd' + i }, v.unknown ? t(`不明（${v.unknown}）`, `unknown (${v.unknown})`) : both(v, 'shown') || v.value || '',
			(v.checks || []).length ? h('ul', { class: 'ticks' }, v.checks.map((c) => h('li', { key: c }, '☑ ', c))) : null)]));
}

function facts(item) {
	const lines = [[t('担当', 'By'), both(item, 'by_title')], [t('決定する人', 'Decided by'), both(item, 'decided_by')],
		[t('手順', 'Step'), [both(item, 'procedure_title'), both(item, 'step_title')].filter(Boolean).join(' ')],
		[t('期限', 'Due'), item.due ? when(item.due) : '']];
	return h('p', { class: 'facts' }, lines.filter(([, x]) => x).map(([k, x]) => h('span', { key: k, class: k === t('期限', 'Due') && item.due < now() ? 'late' : null },
		h('b', {}, k), ' ', x)));
}

// ---- what stands in the way ----

function explain(incident, item, missing) {
	const other = rows('VIEW_INCIDENT', incident, 'item').find((i) => i.id === missing);
	if (!other)
		return missing;
	const wait = other.state === 'told' ? t('確認待ち', 'acknowledgements are missing') : both(other, 'by_title');
	return h('a', { href: `#/tasks/${incident}/${encodeURIComponent(other.id)}` }, t(`${itemTitle(other)}（${wait}）`, `${itemTitle(other)} (${wait})`));
}

// A name of Result.missing in words: a place of this form, another item with whom it waits for, or as the server said it.
function missingName(incident, item) {
	return (missing) => {
		const place = placeOf(item, missing);
		const named = { field: item.form, agenda: item.agenda, call: item.calls };
		if (!place)
			return explain(incident, item, missing);
		const row = (named[place.part] || []).find((x) => (x.id || x.body) === place.id);
		if (row)
			return h('a', { href: '#' + idOf({ key: formKey(incident, item) }, place.part, place.id), on: { click: jump } }, both(row, 'title') || place.id);
		return place.part === 'follow' ? t('今後の対策（内容・担当・期限）', 'What goes on after (what, owner, due)') : t('電話連絡', 'Telephone calls');
	};
}

// Links within the page are no routes.
function jump(e) {
	e.preventDefault();
	focusSoon(e.currentTarget.getAttribute('href').slice(1));
}

function errorsOf(item, result) {
	const places = result && result.outcome === 'REFUSED' ? (result.missing || []).map((m) => placeOf(item, m)).filter(Boolean) : [];
	return (part, id) => (places.some((p) => p.part === part && p.id === id) ? t('入力してください。', 'Please fill this in.') : '');
}

// The first place that the refusal names, else the refusal itself.
function focusAfter(key, item) {
	return (result) => {
		const place = result.outcome === 'REFUSED' && (result.missing || []).map((m) => placeOf(item, m)).find(Boolean);
		return place ? idOf({ key }, place.part, place.id) : resultId(key);
	};
}

// ---- while typing ----

function begun(ctx) {
	return Object.keys(ctx.values).some((k) => k !== 'stamp' && k !== 'drop');
}

// Somebody types here: the form stays where it is, whatever becomes of the item.
export function typingIn(incident, item) {
	return begun(contextOf(formKey(incident, item)));
}

function meanwhile(ctx, item) {
	if (!begun(ctx) || ctx.values.stamp === undefined || ctx.values.stamp === stampOf(item))
		return null;
	const who = both(item, 'entered_by');
	return h('div', { class: 'meanwhile', role: 'alert', key: 'meanwhile' },
		h('p', {}, icon('warn'), ' ', who && item.entered_at ? t(`入力の途中で、この項目は変わりました: ${clock(item.entered_at)} に ${who} が入力しました。`,
			`This item changed while you were typing: ${who} entered it at ${clock(item.entered_at)}.`) : t('入力の途中で、この項目の状態が変わりました。', 'This item changed while you were typing.'),
		' ', stateBadge(item.state)),
		(item.values || []).length ? shownValues(item.values) : null,
		h('p', { class: 'hint' }, t('下書きはそのまま残っています。このまま記録すると、いまの記録の訂正になります。', 'Your draft is kept. Recording it amends what is on record now.')));
}

function draftLine(ctx) {
	if (!begun(ctx))
		return null;
	const sure = ctx.values.drop;
	const drop = () => (sure ? ctx.clear() : ctx.set('drop', true));
	return h('p', { class: 'draft', key: 'draft' }, t('下書きを保存しています（まだ記録されていません）。', 'A draft is kept (not recorded yet). '), ' ',
		h('button', { type: 'button', class: 'button button-plain small', on: { click: drop } }, sure ? t('本当に消す', 'Really discard') : t('下書きを消す', 'Discard the draft')),
		sure ? h('button', { type: 'button', class: 'button button-plain small', on: { click: () => ctx.set('drop', null) } }, t('消さない', 'Keep')) : null);
}

// ---- sending ----

// One call of the form, recorded at once; it counts when the item is entered.
function logCall(incident, item, key) {
	return (body, typed, offered, done) => {
		const call = callOf(body, typed, offered);
		submit(`${key}/call/${body}`, 'log_call', { incident, item: item.id, call }, { accepted: done });
	};
}

function bodyTitle(item, body) {
	return both((item.calls || []).find((c) => c.body === body), 'title') || body;
}

function callOutcomes(key, item, ctx) {
	const bodies = [...(item.calls || []).map((c) => c.body), ...(ctx.get('more') || []).map((m) => m.body)];
	return bodies.filter((b) => stateOf(`${key}/call/${b}`).result || stateOf(`${key}/call/${b}`).busy)
		.map((b) => h('div', { key: 'call-' + b }, outcome(`${key}/call/${b}`, t(`電話を記録しました（${bodyTitle(item, b)}）。`, `The call is recorded (${bodyTitle(item, b)}).`))));
}

function press(incident, item, key, ctx) {
	return (e) => {
		e.preventDefault();
		if (stateOf(key).busy || onItsWay(key))
			return;
		const state = stateOf(key);
		submit(key, 'enter', enterOf(incident, item, ctx.get), { behalf: behalfOf(ctx.get), where: focusAfter(key, item),
			accepted: () => {
				state.done = { at: now(), item: item.id };
			} });
	};
}

function doneLabel(item, mode) {
	if (mode === 'amend')
		return t('訂正を記録する', 'Record the amendment');
	if (item.closes)
		return t('終結を記録する', 'Record the close');
	return asks(item) ? t('記録する', 'Record') : t('実施したと記録する', 'Record it as done');
}

function again(key) {
	return () => {
		stateOf(key).done = null;
		forgetResult(key);
	};
}

// Accepted: what happened, who was told, and what is next.
function accepted(incident, item, key) {
	return h('div', { class: 'done-panel', key: 'done' },
		h('h2', { id: resultId(key), tabindex: '-1' }, icon('good'), ' ', t('記録しました', 'Recorded'), t('：', ': '), itemTitle(item)),
		stateOf(key).result.drill ? drillMark({ drill: true }) : null,
		whatNext(incident, item),
		h('p', {}, h('button', { type: 'button', class: 'button button-plain small', on: { click: again(key) } }, t('この項目をもう一度開く（訂正など）', 'Open this item again'))));
}

function inputs(ctx, incident, item, key, mode) {
	return [(item.form || []).map((f) => fieldInput(ctx, f)),
		(item.agenda || []).length ? h('div', { class: 'agenda', key: 'agenda' }, h(mode === 'council' ? 'h4' : 'h2', {}, t('議題', 'Agenda')), item.agenda.map((a, i) => agendaInput(ctx, a, i + 1))) : null,
		callInputs(ctx, item, logCall(incident, item, key)), callOutcomes(key, item, ctx),
		followInputs(ctx, item, rows('VIEW_INCIDENT', incident, 'follow_up').filter((f) => f.item === item.id))];
}

function recordOf(item, mode) {
	// Whose turn it is not can only enter what those say whose turn it is.
	if (item.state === 'ready' && !item.mine && session().person)
		return { ...fromEntry(item, { choices: false }), 'b.on': true, 'b.at': local(now()) };
	if (item.state === 'standing')
		return {};
	return fromEntry(item, { choices: mode === 'amend' });
}

// It was entered from this page just now: renderItemForm says what came of it.
export function justEntered(incident, item) {
	const state = stateOf(formKey(incident, item));
	return Boolean(state.done && state.result && state.result.outcome === 'ACCEPTED');
}

// ItemRows of a standing item in the inbox come without their form: then it is still on its way from VIEW_INCIDENT.
export function renderItemForm(incident, item, { mode = 'do' } = {}) {
	const key = formKey(incident, item);
	const state = stateOf(key);
	if (justEntered(incident, item))
		return accepted(incident, item, key);
	const ctx = contextOf(key, { record: recordOf(item, mode), stamp: stampOf(item), error: errorsOf(item, state.result) });
	const busy = state.busy || Boolean(onItsWay(key));
	const amendable = mode === 'amend' || ['ready', 'standing'].includes(item.state);
	return h('div', { class: 'item-form' + (mode === 'council' ? ' in-council' : ''), key },
		mode === 'council' ? null : facts(item),
		meanwhile(ctx, item),
		mode === 'council' ? null : wordsOf(item),
		h('form', { class: 'entering', novalidate: true, on: { submit: press(incident, item, key, ctx) }, 'aria-label': itemTitle(item) },
			item.state === 'ready' && !item.mine ? h('p', { class: 'hint' }, t(`この項目の担当は${both(item, 'by_title')}です。担当の人から聞いた内容を、代わりに入力できます。`, `This is for ${both(item, 'by_title')}. You may enter what they say.`)) : null,
			item.reason && item.state === 'ready' ? h('p', { class: 'reason' }, badge('warn', t('やり直し', 'To be done again')), ' ', item.reason) : null,
			inputs(ctx, incident, item, key, mode),
			behalfBox(ctx, item),
			draftLine(ctx),
			outcome(key, null, missingName(incident, item)),
			amendable ? null : h('p', { class: 'hint' }, t('いまは順番ではないため、記録しても断られることがあります。', 'It is not its turn now; recording it may be refused.')),
			h('div', { class: 'actions' }, submitOf(doneLabel(item, mode), { busy, kind: item.closes ? 'danger' : 'primary' }))));
}

// Whoever comes back finds the form, not what was said after the last entry.
addEventListener('hashchange', () => forgetDone());
