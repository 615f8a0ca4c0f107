// matrix: notices x people: how far each notice has come with each. Shape and word in every cell; rows of the same notices and people give
// the same table, so that a redraw costs what has changed.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock, elapsed, when, now } from './time.js';
import { rows } from './store.js';
import * as ui from './ui.js';
import { memo, moving, daily } from './memo.js';
import * as codes from './codes.js';

const MANY = 30;

export const isBroadcast = (notice) => notice.role === 'every_terminal' || (notice.recipients || []).some((r) => r.as === 'terminal');
export const waits = (notice) => notice.state === 'open' && notice.wants_ack && !notice.part;

// The first rows of notices, each with the recipients of its further parts: [{...row, recipients}].
export function whole(notices) {
	const parts = new Map();
	for (const n of notices) if (n.part) parts.set(n.id, [...(parts.get(n.id) || []), ...(n.recipients || [])]);
	return notices.filter((n) => !n.part).map((n) => (parts.has(n.id) ? { ...n, recipients: [...(n.recipients || []), ...parts.get(n.id)] } : n));
}

// A convening tells its members one by one: of one item and role they are one row, each recipient with the notice that is theirs.
export function convened(notices) {
	const found = new Map(), out = [];
	for (const n of notices) {
		const id = n.answer ? `${n.incident} ${n.item} ${n.role}` : '', held = id && found.get(id);
		if (!held) {
			const row = id ? { ...n, recipients: (n.recipients || []).map((r) => ({ ...r, of: n })) } : n;
			if (id) found.set(id, row);
			out.push(row);
			continue;
		}
		held.recipients.push(...(n.recipients || []).map((r) => ({ ...r, of: n })));
		held.members = (held.members || 1) + 1;
		held.open = (held.open ?? (held.state === 'open' ? 1 : 0)) + (n.state === 'open' ? 1 : 0);
		if (n.state === 'open') held.state = 'open';
		held.telephone = held.telephone || n.telephone;
	}
	return out;
}

/* One recipient of one notice: {level, tone, word, more}. level 0 none … 3 displayed, 4 acknowledged, 5 excused; tone: good wait warn bad dim. */
export function reached(whole, r) {
	const notice = r.of || whole;
	if (r.excused) return { level: 5, tone: 'dim', word: t('使用不能', 'out of service'), more: r.excused };
	if (r.acknowledged) {
		const by = r.channel && r.channel !== 'screen' ? codes.channel(r.channel) : '';
		const as = r.capacity && r.capacity !== 'self' && r.capacity !== 'terminal' ? codes.capacity(r.capacity) : '';
		return {
			level: 4, tone: r.unconfirmed ? 'warn' : 'good', word: r.answer ? codes.answer(r.answer) : t('確認済み', 'acknowledged'),
			more: [clock(r.acknowledged_at), as, by, r.unconfirmed && t('本人未確認', 'unconfirmed')].filter(Boolean).join(t('・', ', ')),
			detail: [r.entered_by && t(`入力 ${r.entered_by}`, `entered by ${r.entered_by}`), r.number, r.comment && codes.cause(r.comment)].filter(Boolean).join(t('、', ', ')),
		};
	}
	const level = codes.stageNumber(r.stage), word = codes.stage(r.stage || 'STAGE_NONE');
	const over = notice.state !== 'open' || !notice.wants_ack;
	if (over) return { level, tone: 'dim', word: notice.wants_ack && notice.state !== 'open' ? t('終了', 'ended') : word, more: r.stage_at && level ? clock(r.stage_at) : '' };
	const away = !r.present && level < 2;
	return {
		level, tone: notice.telephone ? 'bad' : away || (notice.escalation || 'none') !== 'none' ? 'warn' : 'wait',
		word: away ? t('不在', 'absent') : word, more: level ? clock(r.stage_at) : '',
	};
}

// A meter of four: sent, delivered, displayed, acknowledged; as a drawing beside the word.
const WIDE = 7;
function meter(level) {
	if (level >= 4) return ui.icon(level === 5 ? 'mute' : 'good');
	return h('svg', { class: 'meter', viewBox: '0 0 30 10', width: '30', height: '10', 'aria-hidden': 'true', focusable: 'false' },
		[0, 1, 2, 3].map((i) => h('rect', { class: i < level ? 'meter-on' : 'meter-off', x: String(i * WIDE + 0.75), y: '1.75', width: '5.5', height: '6.5' })));
}

function cell(notice, r) {
	if (!r) return h('td', { class: 'b-cell b-cell-none' }, h('span', { class: 'sr' }, t('対象外', 'not told')));
	const c = reached(notice, r), as = r.acknowledged && r.capacity !== 'self' ? '' : codes.recipientAs(r.as); // the capacity says it then
	return h('td', { class: `b-cell b-cell-${c.tone}`, title: c.detail || null },
		h('span', { class: 'b-cell-state' }, c.tone === 'dim' && notice.wants_ack && c.level < 4 ? null : meter(c.level), h('span', { class: 'b-cell-word' }, c.word)),
		(c.more || as) && h('span', { class: 'b-cell-more' }, [as, c.more].filter(Boolean).join(' ')));
}

// What it is about, where the incident is said already: the item's name, and that it is to be done. Else the whole line of the server.
export function noticeTitle(n) {
	const item = n.item && !isBroadcast(n) && (n.kind === 'tell' || n.kind === 'your_turn') ? ui.names.itemRow(n.incident, n.item) : null;
	const title = item && (both(item, 'title') || item.words);
	if (!title) return both(n, 'title');
	return n.kind === 'your_turn' ? t(`対応の依頼：${title}`, `To do: ${title}`) : n.answer ? t(`出欠の確認：${title}`, `To be attended: ${title}`) : title;
}

// What comes next with a notice that waits.
export function nextStep(notice) {
	if (notice.members) return notice.open ? t(`${notice.members}人中 ${notice.members - notice.open}人が回答${notice.telephone ? '、電話が必要' : ''}`, `${notice.members - notice.open} of ${notice.members} have answered${notice.telephone ? '; telephone' : ''}`) : t('全員が回答', 'all have answered');
	if (notice.state === 'withdrawn') return both(notice, 'ended_by') || t('取消', 'withdrawn');
	if (!notice.wants_ack) return t('応答不要', 'no answer wanted');
	if (notice.state !== 'open') return (!isBroadcast(notice) && both(notice, 'ended_by')) || t('確認済み', 'acknowledged');
	if (notice.telephone) return t('電話が必要', 'telephone');
	const reached = notice.escalation === 'telephone' ? '' : codes.escalation(notice.escalation);
	if (!notice.due) return reached || t('待っています', 'waiting');
	return `${reached ? reached + t('、', ', ') : ''}${t(`次の動き ${when(notice.due)}`, `next ${when(notice.due)}`)}`;
}

// "12／15台が受領" with a bar.
export function tally(notice) {
	const wanted = notice.wanted || 0, done = notice.acknowledged || 0;
	if (!notice.wants_ack) {
		const all = notice.recipients || [], shown = all.filter((r) => codes.stageNumber(r.stage) === 3).length;
		return all.length ? h('span', { class: 'tally' }, t(`${all.length}台中 ${shown}台に表示`, `displayed at ${shown} of ${all.length}`)) : h('span', { class: 'tally' }, t('全端末に通知（応答不要）', 'told to every terminal (no answer wanted)'));
	}
	return h('span', { class: 'tally' },
		h('meter', { class: 'tally-bar', min: '0', max: String(Math.max(wanted, 1)), value: done, 'aria-hidden': 'true' }),
		h('span', { class: done < wanted ? 'tally-open' : 'tally-done' }, ui.icon(done < wanted ? 'wait' : 'good'), t(`${wanted}台中 ${done}台が受領`, `${done} of ${wanted} terminals acknowledged`),
			notice.excused ? t(`（使用不能 ${notice.excused}台）`, ` (out of service: ${notice.excused})`) : ''));
}

// People in the order of the town's list, so that columns stay where they are whatever happens.
function peopleOf(notices) {
	const found = new Map(), place = new Map(rows('VIEW_BOARD', 0, 'person').map((p, i) => [p.id, i]));
	for (const n of notices) {
		if (isBroadcast(n)) continue;
		for (const r of n.recipients || []) found.set(r.id, { id: r.id, name: r.name || r.id, present: r.present });
	}
	const at = (p) => place.get(p.id) ?? Infinity;
	return [...found.values()].sort((a, b) => at(a) - at(b) || (a.id < b.id ? -1 : 1));
}

function head(n) {
	return h('th', { scope: 'row', class: 'matrix-notice' },
		h('span', { class: 'matrix-title' }, n.drill && ui.drillMark(n), noticeTitle(n)),
		h('span', { class: 'matrix-about' }, both(n, 'role_title'), t('　', ' · '), n.state === 'open' ? t(`${clock(n.at)} から ${elapsed(n.at)}`, `since ${clock(n.at)}, ${elapsed(n.at)}`) : clock(n.at)),
		h('span', { class: `matrix-next${n.telephone && n.state === 'open' ? ' is-telephone' : ''}` }, n.telephone && n.state === 'open' ? ui.icon('phone') : null, nextStep(n)));
}

function line(n, people) {
	if (isBroadcast(n)) return h('tr', { key: n.key, class: n.drill ? 'is-drill' : null }, head(n), h('td', { colspan: String(Math.max(people.length, 1)), class: 'b-cell b-cell-broadcast' }, tally(n), silent(n)));
	const of = new Map((n.recipients || []).map((r) => [r.id, r]));
	return h('tr', { key: n.key, class: n.drill ? 'is-drill' : null }, head(n), people.map((p) => ({ ...cell(n, of.get(p.id)), key: p.id })));
}

const open = new Set(); // matrices shown whole

/* name: unique on the page. notices: whole() ones, in order. caption: what the table is. most: rows before 'show all'. */
export function matrix(name, notices, { caption, most = MANY } = {}) {
	if (!notices.length) return null;
	const all = open.has(name) || notices.length <= most;
	const shown = all ? notices : notices.slice(0, most);
	const people = peopleOf(shown), columns = people.map((p) => p.id).join(' ');
	return h('div', { class: 'matrix' },
		h('div', { class: 'matrix-scroll', role: 'region', tabindex: '0', 'aria-label': caption },
			h('table', { class: 'matrix-table', css: { '--people': people.length } }, h('caption', { class: 'sr' }, caption),
				h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('通知', 'Notice')),
					people.map((p) => h('th', { key: p.id, scope: 'col', class: 'matrix-person' }, h('span', { class: 'matrix-name' }, p.name),
						h('span', { class: `matrix-presence${p.present ? '' : ' is-away'}` }, p.present ? t('在席', 'present') : t('不在', 'away')))))),
				h('tbody', null, shown.map((n) => memo(n, name, `${columns}|${noticeTitle(n)}|${n.state === 'open' ? moving() : daily()}`, () => line(n, people)))))),
		legend(),
		!all && ui.button(t(`残り ${notices.length - most} 件も表示`, `Show ${notices.length - most} more`), () => { open.add(name); ui.redraw(); }));
}

// Which terminals have not acknowledged, where the row names them.
function silent(n) {
	if (!n.wants_ack || n.state !== 'open') return null;
	const list = (n.recipients || []).filter((r) => !r.acknowledged && !r.excused);
	if (!list.length) return null;
	const names = list.slice(0, 12).map((r) => r.name || r.id).join(t('、', ', '));
	return h('span', { class: 'b-cell-more' }, t(`未受領：${names}${list.length > 12 ? ` ほか${list.length - 12}台` : ''}`, `not yet: ${names}${list.length > 12 ? ` and ${list.length - 12} more` : ''}`));
}

function legend() {
	const words = [[1, t('送信', 'sent')], [2, t('配達（機器に届いた）', 'delivered to the device')], [3, t('表示（画面に出た）', 'displayed')], [4, t('確認済み', 'acknowledged')]];
	return h('p', { class: 'b-legend' }, words.map(([level, word]) => h('span', { key: String(level), class: 'b-legend-item' }, meter(level), word)));
}

// The same as a list, for narrow screens and for a single notice: who, how far.
export function recipientList(n, most = 60) {
	const list = n.recipients || [];
	return h('ul', { class: 'b-told' }, list.slice(0, most).map((r) => {
		const c = reached(n, r), as = codes.recipientAs(r.as);
		return h('li', { key: r.id, class: `b-told-one b-cell-${c.tone}` }, h('span', { class: 'b-told-name' }, r.name || r.id, as && h('span', { class: 'soft' }, t(`（${as}）`, ` (${as})`))),
			h('span', { class: 'b-cell-state' }, meter(c.level), h('span', { class: 'b-cell-word' }, c.word)), h('span', { class: 'b-cell-more' }, [c.more, c.detail].filter(Boolean).join(t('、', ', '))));
	}), list.length > most && h('li', { key: 'more' }, t(`ほか ${list.length - most}`, `and ${list.length - most} more`)));
}

export function noticeList(notices, most = MANY) {
	return h('ul', { class: 'b-notice-list' }, notices.slice(0, most).map((n) => h('li', { key: n.key, class: `b-notice-card${n.drill ? ' is-drill' : ''}` }, h('div', null, ...head(n).children),
		isBroadcast(n) ? [tally(n), silent(n)] : recipientList(n))));
}

// Notices that wait, in short, for the wall: role, what, who has not answered, since when.
export function unanswered(notices, most = Infinity) {
	const list = notices.filter(waits);
	return h('ul', { class: 'unanswered' }, list.slice(0, most).map((n) => {
		const missing = isBroadcast(n) ? null : (n.recipients || []).filter((r) => !r.acknowledged && r.as !== 'above' && r.as !== 'with');
		return h('li', { key: n.key, class: `unanswered-one${n.telephone ? ' is-bad' : n.due && n.due < now() ? ' is-late' : ''}` },
			h('span', { class: 'unanswered-who' }, n.drill && ui.drillMark(n), missing ? missing.map((r) => r.name || r.id).join(t('、', ', ')) || both(n, 'role_title') : both(n, 'role_title')),
			h('span', { class: 'unanswered-what' }, noticeTitle(n) === both(n, 'title') ? null : t(`事案${n.incident}　`, `Incident ${n.incident}: `), noticeTitle(n)),
			missing ? h('span', { class: 'unanswered-how' }, missing.map((r) => {
				const c = reached(n, r);
				return h('span', { key: r.id, class: `b-cell-state b-cell-${c.tone}` }, meter(c.level), c.word);
			})) : tally(n),
			h('span', { class: 'unanswered-when' }, t(`${clock(n.at)} から ${elapsed(n.at)}`, `since ${clock(n.at)}, ${elapsed(n.at)}`), t('　', '; '), nextStep(n)));
	}), list.length > most && h('li', { key: 'more', class: 'b-waiting-more' }, t(`ほか ${list.length - most} 件`, `and ${list.length - most} more`)));
}
