// Council: who comes and whether the quorum is met, answers given by telephone, the agenda with decisions as they are made, minutes to print.
//   #/council/N
import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { clock, when } from '../time.js';
import { complete, refused, rows, session } from '../store.js';
import { badge, button, drillMark, empty, incidentTitle, loading, names, note, redraw, stageBadge, stateBadge, tel } from '../ui.js';
import { answerWord, convenes, decisionOf, items, members, met, otherValues, sittings, valueWords } from '../council-parts.js';
import { itemTitle, justEntered, renderItemForm, shownValues } from '../form.js';
import { focusSoon } from '../form-fields.js';
import { lastLine } from '../last.js';
import { attendance, noticeCard } from '../notice-card.js';
import { marks, waitsForMe } from '../next.js';
import { ackFor, keyOf } from '../telephone-ack.js';
import { stateOf } from '../act-form.js';
import { minutes } from '../minutes.js';

let answering = null; // 'NOTICE:PERSON' whose answer is being entered
let preview = false;
const deciding = new Set(); // items opened for amending

const path = (incident, item) => `#/tasks/${incident}/${encodeURIComponent(item)}`;
const SETTLED = ['told', 'done', 'held', 'kept'];

function quorum(m) {
	return met(m) ? badge('good', t(`定足数 ${m.quorum || 0}：成立しています`, `quorum ${m.quorum || 0}: met`))
		: badge('wait', t(`定足数 ${m.quorum || 0}：あと ${(m.quorum || 0) - (m.present || 0) - (m.deputies || 0)} 人`, `quorum ${m.quorum || 0}: ${(m.quorum || 0) - (m.present || 0) - (m.deputies || 0)} missing`));
}

const TONES = { present: 'good', deputy: 'good', absent: 'bad' };

function memberLine(incident, { r, notice }) {
	const id = `${notice.id}:${r.id}`;
	const shown = answering === id;
	const toggle = () => {
		answering = shown ? null : id;
		redraw();
		if (!shown)
			focusSoon(() => document.querySelector(`[data-member="${CSS.escape(id)}"] :is(form input, [role=group] button)`));
	};
	const done = stateOf(keyOf(notice.id, r.id)).result;
	return h('li', { key: id, 'data-member': id, class: 'member' },
		h('div', { class: 'whom' }, r.answer ? badge(TONES[r.answer], answerWord(r.answer)) : badge('wait', answerWord('')), ' ', h('strong', {}, r.name || r.id), r.comment ? t(`（${r.comment}）`, ` (${r.comment})`) : '', ' ',
			r.acknowledged_at ? h('span', { class: 'hint' }, clock(r.acknowledged_at), r.entered_by ? t(` 入力 ${r.entered_by}`, ` entered by ${r.entered_by}`) : '', r.unconfirmed ? t('・本人の確認待ち', ', to be confirmed') : '') : [stageBadge(r.stage), ' ', r.number ? tel(r.number) : null]),
		!session().person ? null : h('div', { class: 'actions' }, button(r.answer ? t('返事を変える', 'Change the answer') : t('返事を聞いた', 'Enter the answer'), toggle, { 'aria-expanded': shown ? 'true' : 'false', 'aria-label': r.answer ? t(`返事を変える：${r.name}`, `Change the answer: ${r.name}`) : t(`返事を聞いた：${r.name}`, `Enter the answer: ${r.name}`) })),
		shown && r.id === session().person ? attendance(notice) : shown || (done && done.outcome !== 'ACCEPTED') ? ackFor(notice, r, r.number ? [r.number] : null, { accepted: () => (answering = null) }) : null);
}

function meeting(incident, s) {
	const all = members(incident, s.meeting);
	const m = s.meeting;
	return h('section', { class: 'sitting', key: m.key, 'aria-label': `${both(m, 'role')} ${itemTitle(s.item)}` },
		h('h2', {}, both(m, 'role'), ' ', h('span', { class: 'soft' }, itemTitle(s.item))),
		h('p', { class: 'labels', 'aria-live': 'polite' }, quorum(m), ' ', t(`出席 ${m.present || 0}・代理 ${m.deputies || 0}・欠席 ${m.absent || 0}・未回答 ${m.silent || 0}`, `present ${m.present || 0}, deputies ${m.deputies || 0}, absent ${m.absent || 0}, silent ${m.silent || 0}`)),
		s.item.entered_at ? h('p', { class: 'hint' }, t('招集 ', 'Convened '), when(s.item.entered_at), ' ', both(s.item, 'entered_by'), ' ', h('a', { href: path(incident, s.item.id) }, t('招集の訂正・やり直し', 'Amend or convene anew'))) : null,
		shownValues(s.item.values),
		all.length ? h('ul', { class: 'plain-list members' }, all.map((x) => memberLine(incident, x))) : empty(t('構成員への連絡はまだありません。', 'No member was told yet.')),
		s.decisions.map((i) => decision(incident, i)));
}

// What the choice brought about.
function came(option) {
	return [option.orders ? badge('warn', t('措置が命じられました', 'A measure was ordered')) : null, option.ratifies ? badge('good', t('措置が承認されました', 'Measures were approved')) : null];
}

function agendaLines(item) {
	return h('ol', { class: 'agenda-list', 'aria-live': 'polite' }, (item.agenda || []).map((a) => {
		const d = decisionOf(item, a);
		const option = d && (a.options || []).find((o) => o.id === d.value.value);
		const deferred = d && d.value.value === 'deferred';
		return h('li', { key: a.id }, h('strong', {}, both(a, 'title') || a.id), ' ', d ? badge(deferred ? 'wait' : 'good', valueWords(d.value)) : badge('wait', t('まだ決まっていません', 'open')), ' ',
			option && !deferred ? came(option) : null, d && d.beside ? h('p', {}, d.beside) : null, d ? null : (a.contents || []).length ? h('p', { class: 'hint' }, a.contents.join(t('、', ', '))) : null);
	}));
}

function decision(incident, item) {
	const settled = SETTLED.includes(item.state);
	const amending = deciding.has(item.id);
	const fresh = justEntered(incident, item);
	const turn = () => {
		if (!deciding.delete(item.id))
			deciding.add(item.id);
		redraw();
	};
	if (fresh)
		deciding.delete(item.id);
	return h('section', { class: 'decision', key: item.key, 'aria-label': itemTitle(item) },
		h('h3', {}, itemTitle(item), ' ', stateBadge(item.state)),
		h('p', { class: 'labels' }, both(item, 'decided_by') ? t(`決定：${both(item, 'decided_by')}　`, `Decided by ${both(item, 'decided_by')}. `) : '', t(`記録：${both(item, 'by_title')}`, `Entered by ${both(item, 'by_title')}`), ' ',
			h('a', { href: path(incident, item.id) }, t('項目を開く', 'Open the item')), ' ', h('span', { class: 'small-id' }, marks(item))),
		item.mine && !settled ? null : agendaLines(item),
		otherValues(item).length ? shownValues(otherValues(item)) : null,
		item.entered_by ? h('p', { class: 'hint' }, t(`${clock(item.entered_at)} 入力：${both(item, 'entered_by')}`, `${clock(item.entered_at)} by ${both(item, 'entered_by')}`), item.amended ? t('・訂正あり', ', amended') : '', item.unconfirmed ? t('・本人の確認待ち', ', to be confirmed') : '') : null,
		(item.mine && !settled) || fresh ? renderItemForm(incident, item, { mode: 'council' }) : null,
		settled && !fresh && session().person ? [button(amending ? t('訂正をやめる', 'Close') : t('決定を訂正する', 'Amend the decision'), turn, { 'aria-expanded': amending ? 'true' : 'false' }), amending ? renderItemForm(incident, item, { mode: 'amend' }) : null] : null);
}

function toConvene(incident) {
	const ready = items(incident).filter((i) => convenes(i) && i.state === 'ready');
	return ready.map((i) => note('warn', h('p', {}, t('招集を待っています：', 'To be convened: '), h('a', { href: path(incident, i.id) }, itemTitle(i)), t('（', ' ('), both(i, 'by_title'), t('）', ')'))));
}

function print() {
	preview = true;
	redraw();
	requestAnimationFrame(() => requestAnimationFrame(() => window.print()));
}

function page(incident, row) {
	const { sittings: all, rest } = sittings(incident);
	const mine = rows('VIEW_INBOX', 0, 'notice').filter((n) => n.answer && n.incident === incident && waitsForMe(n));
	return [toConvene(incident),
		lastLine(),
		mine.map((n) => noticeCard(n, { level: 'h2' })),
		all.map((s) => meeting(incident, s)),
		all.length || rest.length ? null : empty(t('この事案では、まだ会議は招集されていません。', 'No council has been convened in this incident.')),
		rest.length ? h('section', { key: 'rest' }, h('h2', {}, t('そのほかの決定', 'Other decisions')), rest.map((i) => decision(incident, i))) : null,
		!all.length && !rest.some((i) => i.entered_by) ? null : h('div', { class: 'actions', key: 'print' }, button(t('会議録を印刷する', 'Print the minutes'), print, { kind: 'primary' }),
			button(preview ? t('会議録の表示を閉じる', 'Hide the minutes') : t('会議録を画面で見る', 'Show the minutes'), () => { preview = !preview; redraw(); }, { 'aria-expanded': preview ? 'true' : 'false' })),
		preview ? h('div', { class: 'minutes-sheet', key: 'minutes' }, minutes(incident, row)) : null];
}

export default {
	title: (params) => t(`会議（事案${params.incident}）`, `Council (incident ${params.incident})`),
	wants: (params) => [['VIEW_INBOX', 0], ['VIEW_BOARD', 0], ['VIEW_CONTACTS', 0], ...(params.incident ? [['VIEW_INCIDENT', params.incident]] : [])],
	render(params) {
		const incident = params.incident;
		const row = names.incidentRow(incident);
		const why = incident ? refused('VIEW_INCIDENT', incident) : null;
		return [h('nav', { class: 'crumbs', key: 'crumbs', 'aria-label': t('現在の場所', 'Where you are') }, h('a', { href: '#/board' }, t('状況', 'Board')), ' › ', h('a', { href: `#/incident/${incident}` }, row ? incidentTitle(row) : t(`事案${incident}`, `Incident ${incident}`))),
			h('h1', {}, drillMark(row), ' ', t('会議', 'Council')),
			why ? note('bad', h('p', {}, both(why, 'text'))) : complete('VIEW_INCIDENT', incident) ? page(incident, row) : loading()];
	},
};
