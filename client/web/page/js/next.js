// After an act: who was told, who has answered, and what is to be done now, by oneself or by whom.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock } from './time.js';
import { rows, session } from './store.js';
import { badge, stageBadge, stateBadge } from './ui.js';

const SHOWN = 12;

function recipient(r) {
	if (r.acknowledged)
		return [badge('good', t(`確認済み ${clock(r.acknowledged_at)}`, `acknowledged ${clock(r.acknowledged_at)}`)), ' ', r.name];
	return [stageBadge(r.stage), ' ', r.name, r.present ? null : h('span', { class: 'hint' }, t('（不在）', ' (away)'))];
}

function counts(n) {
	return n.wanted > 1 ? t(`端末 ${n.acknowledged || 0}/${n.wanted} が確認`, `${n.acknowledged || 0} of ${n.wanted} terminals acknowledged`) : '';
}

// Of one item: the notices that went out, with whoever got them.
export function toldOf(incident, item) {
	const notices = rows('VIEW_INCIDENT', incident, 'notice').filter((n) => n.item === item && !n.part && n.kind !== 'your_turn' && n.state !== 'withdrawn');
	if (!notices.length)
		return null;
	return h('ul', { class: 'told' }, notices.slice(0, SHOWN).map((n) => h('li', { key: n.id }, h('b', {}, both(n, 'role_title') || t('端末', 'Terminals')), ' ', counts(n),
		n.wanted > 1 ? null : (n.recipients || []).slice(0, SHOWN).map((r) => h('span', { class: 'recipient', key: r.id }, recipient(r))))));
}

// 'F1.3' and its clauses, each once.
export function marks(row) {
	return [...new Set([row.id, ...(row.clause || [])])].join(' ');
}

function mineNow(incident) {
	return rows('VIEW_INBOX', 0, 'item').filter((i) => i.mine && i.state !== 'standing')
		.sort((a, b) => (b.incident === incident) - (a.incident === incident));
}

function link(i) {
	return h('a', { class: 'go', href: `#/tasks/${i.incident}/${encodeURIComponent(i.id)}` }, both(i, 'title') || i.words || i.id);
}

export function unanswered() {
	return rows('VIEW_INBOX', 0, 'notice').filter((n) => waitsForMe(n));
}

// The reader's own line of a notice; in an inbox a broadcast names the terminal alone.
export function own(notice) {
	const { person, terminal } = session();
	return (notice.recipients || []).find((r) => (r.as === 'terminal' ? r.id === terminal : r.id === person)) || null;
}

export function onlyAbove(notice) {
	const r = own(notice);
	return Boolean(notice.role && r && r.as === 'above');
}

export function waitsForMe(notice) {
	const r = own(notice);
	return Boolean(!notice.part && notice.wants_ack && notice.state === 'open' && r && !r.acknowledged && !r.excused && !onlyAbove(notice));
}

export function whatNext(incident, item) {
	const row = rows('VIEW_INCIDENT', incident, 'item').find((i) => i.id === item.id) || item;
	const told = toldOf(incident, item.id);
	const mine = mineNow(incident);
	const others = rows('VIEW_INCIDENT', incident, 'item').filter((i) => i.state === 'ready' && !i.mine);
	const left = unanswered().length;
	return [h('p', { key: 'state' }, t('いまの状態: ', 'Now: '), stateBadge(row.state)),
		told ? h('div', { key: 'told' }, h('h3', {}, t('知らせた相手', 'Who is told')), told) : null,
		left ? h('p', { key: 'left' }, h('a', { class: 'go', href: '#/tasks' }, t(`確認を待っている通知が ${left} 件あります`, `${left} notices wait for you`))) : null,
		mine.length ? h('div', { key: 'mine' }, h('h3', {}, t('次にあなたがすること', 'What you are to do next')), h('ul', {}, mine.slice(0, SHOWN).map((i) => h('li', { key: i.key }, link(i)))))
			: h('p', { key: 'none' }, t('いま、あなたがする項目はありません。', 'Nothing else waits for you now.')),
		others.length ? h('div', { key: 'others' }, h('h3', {}, t('ほかの人が着手できる項目', 'Ready for others')),
			h('ul', {}, others.slice(0, SHOWN).map((i) => h('li', { key: i.key }, both(i, 'title') || i.id, t('（', ' ('), both(i, 'by_title'), t('）', ')'))))) : null];
}
