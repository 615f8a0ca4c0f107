// My tasks: what I must acknowledge or do now, the most pressing first; the form of one item; what else can be done about an incident; and
// answers that were given by telephone.
//   #/tasks   #/tasks/telephone[?notice=N&person=P]   #/tasks/N[?do=NAME]   #/tasks/N/ITEM[?mode=amend][&do=NAME]
import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { clock, now, when } from '../time.js';
import { complete, refused, rows, session } from '../store.js';
import { badge, drillMark, empty, icon, incidentTitle, loading, names, note, section, stateBadge, telList } from '../ui.js';
import { focusSoon } from '../form-fields.js';
import { itemTitle, justEntered, renderItemForm, shownValues, typingIn } from '../form.js';
import { actList, actsOf, actsOfItem } from '../incident-acts.js';
import { confirmCard, followCard, itemCard } from '../task-cards.js';
import { lastLine } from '../last.js';
import { convenes } from '../council-parts.js';
import { noticeCard } from '../notice-card.js';
import { marks, onlyAbove, own, toldOf, waitsForMe } from '../next.js';
import { missingAnswers, telephoneList } from '../telephone-ack.js';

const SETTLED = ['told', 'done', 'waived', 'held', 'kept'];
const NEWS_MS = 30 * 60000;
const NEWS_SHOWN = 5;
const path = (incident, item) => `#/tasks/${incident}/${encodeURIComponent(item)}`;

// ---- the list ----

function list(title, cards, why) {
	return cards.length ? h('section', { class: 'task-list', key: title, 'aria-label': title }, h('h2', {}, title, ' ', h('span', { class: 'count' }, String(cards.length))), why ? h('p', { class: 'hint' }, why) : null, cards) : null;
}

// By telephone a name is faster found than a notice: it stands above everything that scrolls.
function tools() {
	const n = session().person ? missingAnswers().length : 0;
	return session().person ? h('nav', { class: 'tools', key: 'tools', 'aria-label': t('代わりに入力する', 'Entering for others') },
		h('a', { class: 'button button-plain', href: '#/tasks/telephone' }, icon('phone'), t('電話で聞いた確認を入力する', 'Enter an acknowledgement by telephone'), n ? t(`（未確認 ${n} 件）`, ` (${n} missing)`) : '')) : null;
}

// Alarms that this terminal raised: how far they have come, and whom to call.
function raised() {
	return rows('VIEW_INBOX', 0, 'incident').map((i) => h('article', { class: 'card raised', key: i.key },
		h('h3', {}, incidentTitle(i)), h('p', {}, t('通報 ', 'Raised '), when(i.opened_at), ' ', both(i, 'category_title')),
		telList(rows('VIEW_INBOX', 0, 'telephone').filter((x) => x.incident === i.id).map((x) => `${x.name}${both(x, 'role_title') ? t(`（${both(x, 'role_title')}）`, ` (${both(x, 'role_title')})`) : ''} ${(x.numbers || [])[0] || ''}`)),
		h('p', {}, h('a', { href: `#/tasks/${i.id}` }, t('取り下げ・コメントなど', 'Withdraw, comment ...')))));
}

function standing() {
	const items = rows('VIEW_INBOX', 0, 'item').filter((i) => i.mine && i.state === 'standing');
	if (!items.length)
		return null;
	return h('details', { key: 'standing', class: 'standing' }, h('summary', {}, t(`いつでもできること（${items.length}）`, `Possible at any time (${items.length})`)),
		h('ul', {}, items.map((i) => h('li', { key: i.key }, h('a', { href: path(i.incident, i.id) }, itemTitle(i)), ' ', h('span', { class: 'hint' }, t(`事案${i.incident}`, `incident ${i.incident}`))))));
}

// Those to whom it was addressed and who did not answer yet, as the list of telephone acknowledgements has them.
function silentOf(notice) {
	return (missingAnswers().find((g) => g.notice.id === notice.id) || { people: [] }).people;
}

function overview() {
	const notices = rows('VIEW_INBOX', 0, 'notice').filter((n) => !n.part);
	const waits = notices.filter(waitsForMe);
	// An item whose notice stands above has its form there already.
	const items = rows('VIEW_INBOX', 0, 'item').filter((i) => i.mine && i.state !== 'standing' && !waits.some((n) => n.kind === 'your_turn' && n.incident === i.incident && n.item === i.id));
	const above = notices.filter((n) => n.wants_ack && n.state === 'open' && onlyAbove(n) && !(own(n) || {}).acknowledged);
	const rest = notices.filter((n) => !waits.includes(n) && !above.includes(n));
	const news = rest.filter((n) => now() - (n.ended_at || n.at) < NEWS_MS && !(own(n) || {}).acknowledged).slice(0, NEWS_SHOWN);
	const old = rest.filter((n) => !news.includes(n));
	const confirms = rows('VIEW_INBOX', 0, 'confirm');
	const follows = rows('VIEW_INBOX', 0, 'follow_up');
	const nothing = !waits.length && !items.length && !confirms.length && !above.length;
	return [h('h1', {}, session().person ? t('私のタスク', 'My tasks') : t('この端末への連絡', 'This terminal')),
		tools(), lastLine(),
		nothing ? note('good', h('p', {}, t('いま、あなたを待っているものはありません。', 'Nothing waits for you now.'))) : null,
		list(t('確認してください', 'Acknowledge'), waits.map((n, i) => noticeCard(n, { brief: n.kind === 'your_turn' && waits.slice(0, i).some((m) => m.kind === 'your_turn' && m.incident === n.incident) }))),
		list(t('あなたの名前で入力された内容', 'Entered in your name'), confirms.map(confirmCard)),
		list(t('あなたがすること', 'What you are to do'), items.map(itemCard)),
		list(t('応答のない連絡（あなたは上位者です）', 'Without answer (you stand above)'), above.map((n) => noticeCard(n, { answerable: false, whom: silentOf(n) })),
			[t('答えるのはあて先の人です。電話で確かめて、', 'It is for those addressed. Telephone them, and '), h('a', { href: '#/tasks/telephone' }, t('聞いた確認を入力してください', 'enter what they say')), t('。', '.')]),
		list(t('あなたが担当の今後の対策', 'Follow-ups that are yours'), follows.map(followCard)),
		list(t('この端末からの通報', 'Alarms from this terminal'), raised()),
		standing(),
		list(t('お知らせ', 'News'), news.map((n) => noticeCard(n, { answerable: false })), t('確認は要りません。', 'No answer is wanted.')),
		old.length ? h('details', { key: 'rest', class: 'rest' }, h('summary', {}, t(`これまでのお知らせ（${old.length}）`, `Earlier notices (${old.length})`)), old.map((n) => noticeCard(n, { answerable: false }))) : null];
}

// ---- one item ----

function crumbs(incident, row) {
	return h('nav', { class: 'crumbs', key: 'crumbs', 'aria-label': t('現在の場所', 'Where you are') }, h('a', { href: '#/tasks' }, t('私のタスク', 'My tasks')), ' › ',
		h('a', { href: `#/incident/${incident}` }, row ? incidentTitle(row) : t(`事案${incident}`, `Incident ${incident}`)));
}

function calledOf(item) {
	return (item.called || []).length ? h('ul', { class: 'called' }, item.called.map((c, i) => h('li', { key: i }, icon('phone'), ' ', clock((c.call || {}).at || c.at), ' ', both(c, 'title') || c.person || (c.call || {}).body, ' ', (c.call || {}).number, ' ',
		(c.call || {}).reason ? t(`かけない（${c.call.reason}）`, `not called (${c.call.reason})`) : (c.call || {}).no_answer ? t('出なかった', 'no answer') : [(c.call || {}).answered_by, (c.call || {}).said ? t(`「${c.call.said}」`, `: ${c.call.said}`) : ''],
		h('span', { class: 'hint' }, t(`　記録 ${both(c, 'by')}`, ` (entered by ${both(c, 'by')})`))))) : null;
}

function onRecord(incident, item, fresh) {
	if (!item.entered_by)
		return null;
	return h('section', { class: 'on-record', key: 'record', 'aria-label': t('いまの記録', 'On record') }, h('h2', {}, t('いまの記録', 'On record'), ' ', stateBadge(item.state)),
		h('p', {}, t(`${clock(item.entered_at)} 入力：${both(item, 'entered_by')}`, `${clock(item.entered_at)} by ${both(item, 'entered_by')}`), ' ',
			item.amended ? badge('info', t('訂正あり', 'amended')) : null, item.unconfirmed ? badge('wait', t('本人の確認待ち', 'to be confirmed')) : null,
			item.transcribed_by ? badge('info', t(`転記 ${clock(item.said_at)}`, `copied from paper ${clock(item.said_at)}`)) : null),
		item.reason ? h('p', {}, t('理由：', 'Reason: '), item.reason) : null, shownValues(item.values), calledOf(item), fresh ? null : toldOf(incident, item.id));
}

function waits(incident, item) {
	if (!(item.waits_for || []).length)
		return null;
	return note('wait', h('p', {}, t('先に済ませる項目があります：', 'Other items come first: ')), h('ul', {}, item.waits_for.map((id) => {
		const other = names.itemRow(incident, id) || { id };
		return h('li', { key: id }, h('a', { href: path(incident, id) }, itemTitle(other)), ' ', h('span', { class: 'hint' }, both(other, 'by_title')));
	})));
}

function find(incident, id) {
	return rows('VIEW_INCIDENT', incident, 'item').find((i) => i.id === id) || rows('VIEW_INBOX', 0, 'item').find((i) => i.incident === incident && i.id === id && i.state !== 'standing');
}

function cannotSee(incident) {
	const why = refused('VIEW_INCIDENT', incident);
	return why ? note('bad', h('p', {}, both(why, 'text'))) : complete('VIEW_INCIDENT', incident) ? empty(t('この項目はありません。', 'There is no such item.')) : loading();
}

// What is on record is amended in the same form; while somebody types in it, it stays, also when another was faster.
function amending(incident, item, query) {
	if (query.mode === 'amend' || typingIn(incident, item))
		return [h('h2', { key: 'amend' }, t('訂正', 'Amendment')), renderItemForm(incident, item, { mode: 'amend' })];
	const focus = () => focusSoon(() => document.querySelector('.entering :is(input:not(:disabled), select, textarea)'));
	return h('p', { key: 'amend-link' }, h('a', { class: 'button button-plain', href: path(incident, item.id) + '?mode=amend', on: { click: focus } }, t('訂正する', 'Amend it')));
}

const DEAD = ['not_applicable', 'undetermined', 'waiting'];

function formOf(incident, item, query) {
	// What was just recorded says so, also when the item waits again: it was sent back.
	if (justEntered(incident, item))
		return renderItemForm(incident, item);
	if (item.entry || (DEAD.includes(item.state) && !typingIn(incident, item)))
		return null;
	if (SETTLED.includes(item.state) && item.state !== 'waived')
		return amending(incident, item, query);
	return item.state === 'waived' && !typingIn(incident, item) ? null : renderItemForm(incident, item);
}

function itemLabels(item) {
	return h('p', { class: 'labels', key: 'labels' }, stateBadge(item.state), item.optional ? badge('info', t('任意', 'optional')) : null, item.mine ? badge('warn', t('あなたの番です', 'Your turn'), 'person') : null,
		item.lifts ? badge('info', t('措置を解除します', 'Lifts measures')) : null, item.closes ? badge('warn', t('事案を終結します', 'Closes the incident')) : null, ' ', h('span', { class: 'small-id' }, marks(item)));
}

function callsSoFar(item) {
	return (item.called || []).length ? h('section', { class: 'on-record', key: 'called', 'aria-label': t('電話の記録', 'Calls') }, h('h2', {}, t('電話の記録', 'Calls')), calledOf(item)) : null;
}

// Whoever reports from a terminal sees the item no longer once it is entered: then that it is recorded still stands there.
let before = null;
function gone(incident, id) {
	const mine = before && before.incident === incident && before.id === id && justEntered(incident, before);
	return mine ? [h('h1', {}, itemTitle(before)), renderItemForm(incident, before)] : [h('h1', {}, id), cannotSee(incident)];
}

function oneItem(incident, id, query) {
	const row = names.incidentRow(incident);
	const item = find(incident, id);
	if (!item)
		return [crumbs(incident, row), ...gone(incident, id)];
	before = item;
	const settled = SETTLED.includes(item.state);
	const fresh = justEntered(incident, item);
	const form = formOf(incident, item, query);
	return [crumbs(incident, row),
		h('h1', {}, drillMark({ drill: Boolean(item.drill) }), ' ', itemTitle(item)), itemLabels(item), lastLine(),
		item.drill ? note('drill', h('p', {}, t('これは訓練です。電話では、訓練であることを初めに伝えてください。', 'This is a drill. On the telephone say so first.'))) : null,
		convenes(item) || (item.agenda || []).length ? h('p', { key: 'council' }, h('a', { href: `#/council/${incident}` }, t('会議の画面（出欠・議題・会議録）', 'The council: attendance, agenda, minutes'))) : null,
		waits(incident, item), fresh ? form : null, settled ? onRecord(incident, item, fresh) : callsSoFar(item), fresh ? null : form,
		session().person ? section(t('この項目のその他の操作', 'Other acts on this item'), actList(`act/${incident}/${item.id}`, actsOfItem(incident, item), query.do)) : null];
}

// ---- one incident: everything that can be done ----

function itemsIn(incident, title, keep) {
	const found = rows('VIEW_INCIDENT', incident, 'item').filter(keep);
	return found.length ? section(title, h('ul', { class: 'plain-list' }, found.map((i) => h('li', { key: i.key }, h('a', { href: path(incident, i.id) }, itemTitle(i)), ' ', stateBadge(i.state),
		i.entered_by ? h('span', { class: 'hint' }, ` ${clock(i.entered_at)} ${both(i, 'entered_by')}`) : null)))) : null;
}

function oneIncident(incident, query) {
	const row = names.incidentRow(incident);
	return [crumbs(incident, row), h('h1', {}, row ? incidentTitle(row) : t(`事案${incident}`, `Incident ${incident}`), t('：できること', ': what can be done')),
		lastLine(), complete('VIEW_INCIDENT', incident) ? null : cannotSee(incident),
		itemsIn(incident, t('いまあなたができること', 'Yours now'), (i) => i.mine && i.state !== 'standing'),
		itemsIn(incident, t('いつでもできること', 'At any time'), (i) => i.mine && i.state === 'standing'),
		section(t('その他', 'Other acts'), actList(`act/${incident}`, actsOf(incident, query.who), query.do)),
		itemsIn(incident, t('記録を訂正する・やり直す', 'Amend or reopen'), (i) => SETTLED.includes(i.state) && !i.entry)];
}

function telephone(query) {
	return [h('nav', { class: 'crumbs', key: 'crumbs', 'aria-label': t('現在の場所', 'Where you are') }, h('a', { href: '#/tasks' }, t('私のタスク', 'My tasks'))),
		h('h1', {}, t('電話で聞いた確認を入力する', 'Acknowledgements by telephone')),
		h('p', { class: 'hint' }, t('電話や対面で「受け取った」と聞いたら、その人の「確認を聞いた」を押して記録します。', 'When somebody says "I have it" on the telephone, press "They have it" beside the name and record it.')),
		lastLine(), complete('VIEW_BOARD', 0) ? telephoneList(query) : loading()];
}

const what = (params) => params.path[1] || '';

export default {
	title(params) {
		if (what(params) === 'telephone')
			return t('電話で聞いた確認', 'Acknowledgements by telephone');
		if (!params.incident)
			return t('私のタスク', 'My tasks');
		const item = params.item && find(params.incident, params.item);
		return item ? itemTitle(item) : t(`事案${params.incident}の操作`, `Incident ${params.incident}`);
	},
	wants(params) {
		return [['VIEW_INBOX', 0], ['VIEW_BOARD', 0], ['VIEW_CONTACTS', 0], ...(params.incident ? [['VIEW_INCIDENT', params.incident]] : [])];
	},
	render(params, query) {
		if (what(params) === 'telephone')
			return telephone(query);
		if (params.incident)
			return params.item ? oneItem(params.incident, params.item, query) : oneIncident(params.incident, query);
		return complete('VIEW_INBOX', 0) ? overview() : [h('h1', {}, t('私のタスク', 'My tasks')), loading()];
	},
};

