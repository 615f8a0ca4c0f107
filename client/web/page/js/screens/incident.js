// incident: everything of one incident that the reader may see: how it stands, each item with who did it, whom it told, measures, follow-ups,
// calls, remarks, and what may be put down by anybody. Forms of items are the tasks' screen.
import { h } from '../dom.js';
import { t, both, lang } from '../i18n.js';
import { clock, when, day, span } from '../time.js';
import { rows, complete, revision, refused, session } from '../store.js';
import * as ui from '../ui.js';
import * as codes from '../codes.js';
import { telephoneNow } from '../telephone.js';
import { stepChain, stepList, waitingList, waitingItems, story, valueList, itemTitle, itemBadge, isIdle } from '../steps.js';
import { matrix, noticeList, whole, recipientList, isBroadcast, tally, nextStep } from '../matrix.js';
import { measureList } from '../measures.js';
import { commentForm, callForm } from '../remarks.js';
import { called } from '../records.js';
import { moving, daily } from '../memo.js';
import { forMatrix } from './board.js';

const narrow = matchMedia('(max-width: 44rem)');
let idle = false;          // items that do not apply are shown too
let told = false;          // notices that wanted no answer, or were withdrawn, are shown too

const number = (params) => params.incident;

export default {
	title: (params) => t(`事案${number(params)}`, `Incident ${number(params)}`),
	wants: (params) => [['VIEW_BOARD', 0], ['VIEW_INCIDENT', number(params)], ['VIEW_CONTACTS', 0]],
	render: (params, query) => render(number(params), query),
};

const of = (id, kind) => rows('VIEW_INCIDENT', id, kind);

function render(id, query) {
	const why = refused('VIEW_INCIDENT', id), incident = of(id, 'incident')[0];
	if (why) return [h('h1', null, t(`事案${id}`, `Incident ${id}`)), ui.note('bad', h('p', null, both(why, 'text') || why.code), h('p', null, h('a', { href: '#/board' }, t('状況ボードへ', 'To the board'))))];
	if (!complete('VIEW_INCIDENT', id)) return [h('h1', null, t(`事案${id}`, `Incident ${id}`)), ui.loading()];
	if (!incident) return [h('h1', null, t(`事案${id}`, `Incident ${id}`)), ui.note('info', t('この事案は表示できません。', 'This incident cannot be shown.'))];
	return [h('div', { class: `incident-page${incident.drill ? ' is-drill' : ''}` },
		heading(incident), summary(incident), telephoneNow({ incident: id }), progress(incident, query), meetings(id), notices(id), confirms(id), measures(id), calls(id), comments(id), followUps(id), alarms(id), bars(id), score(incident), others(incident))];
}

// ---- head ----------------------------------------------------------------------------------------------------------

const tones = { open: 'warn', closed: 'good', given_up: 'info', joined: 'info' };

function heading(incident) {
	return h('div', { class: 'incident-top' },
		h('h1', null, ui.incidentTitle(incident)),
		h('p', { class: 'incident-badges' }, ui.badge(tones[incident.state] || 'info', codes.incidentState(incident.state)), both(incident, 'category_title') && ui.badge('info', both(incident, 'category_title')),
			incident.may_close && ui.badge('good', t('終結できる状態です', 'may be closed now'))),
		h('nav', { class: 'incident-nav no-print', 'aria-label': t('この事案', 'This incident') },
			h('a', { href: `#/incident/${incident.id}/timeline` }, t('経過の記録', 'Timeline')), h('a', { href: `#/council/${incident.id}` }, t('会議', 'Council')),
			h('a', { href: `#/plan/${incident.id}` }, t('手順の図', 'Flow')), incident.drill && h('a', { href: `#/drills/${incident.id}` }, t('採点表', 'Score card')), ...reports(incident.id), ui.button(t('この画面を印刷', 'Print this page'), () => print())));
}

export function reports(id) {
	const at = (format) => `/api/print/report?incident=${id}&format=${format}&lang=${lang()}`;
	return [
		h('a', { key: 'pdf', href: at('pdf'), target: '_blank', rel: 'noopener' }, t('報告書（PDF）', 'Report (PDF)')), h('a', { key: 'html', href: at('html'), target: '_blank', rel: 'noopener' }, t('報告書（画面）', 'Report (HTML)')),
		h('a', { key: 'csv', href: at('csv'), download: `renraku-${id}.csv` }, 'CSV'), h('a', { key: 'json', href: at('json'), download: `renraku-${id}.json` }, 'JSON'),
		h('a', { key: 'sheets', href: `/api/print/sheets?incident=${id}&format=pdf&lang=${lang()}`, target: '_blank', rel: 'noopener' }, t('紙の様式（PDF）', 'Forms on paper (PDF)')),
	];
}

function summary(i) {
	const rowsOf = [
		[t('発生', 'Opened'), when(i.opened_at)], [t('場所', 'Place'), i.place], [t('通報者', 'Reporter'), both(i, 'reporter')],
		i.happened_at && [t('転記', 'Copied from paper'), t(`書かれた時刻 ${when(i.happened_at)}、入力 ${i.transcribed_by || ''}`, `written ${when(i.happened_at)}, entered by ${i.transcribed_by || ''}`)],
		i.closed_at && [t('終わり', 'Ended'), `${when(i.closed_at)} ${both(i, 'closed_by')}`], i.given_up && [t('中止の理由', 'Given up'), both(i, 'given_up')],
		i.joined_into && [t('統合', 'Joined'), h('a', { href: `#/incident/${i.joined_into}` }, t(`事案${i.joined_into} にまとめられました`, `into incident ${i.joined_into}`))],
		i.interrupted && [t('訓練の中断', 'Interrupted'), i.interrupted_by ? h('a', { href: `#/incident/${i.interrupted_by}` }, t(`実際の事案${i.interrupted_by} のため`, `by the real incident ${i.interrupted_by}`)) : t('実際の通報のため', 'by a real alarm')],
		i.drill && [t('訓練', 'Drill'), i.unannounced ? t('予告なし', 'unannounced') : t('予告あり', 'announced')],
		i.state === 'open' && [t('残り', 'Left'), t(`項目 ${i.items_open || 0}、未応答の通知 ${i.notices_open || 0}、継続中の措置 ${i.measures_in_force || 0}`, `${i.items_open || 0} items, ${i.notices_open || 0} notices without answer, ${i.measures_in_force || 0} measures in force`)],
		(i.plan_title || i.plan_edition) && [t('計画', 'Plan'), `${both(i, 'plan_title')} ${i.plan_edition || ''}`],
	].filter(Boolean).filter(([, text]) => text);
	return h('section', { class: 'section incident-summary', key: 'summary', 'aria-label': t('概要', 'Summary') },
		i.drill && h('p', { class: 'b-drill-line' }, ui.drillMark(i), t('訓練です。実際の障害ではありません。', 'A drill. Nothing is really wrong.')),
		h('dl', { class: 'b-values' }, rowsOf.map(([title, text]) => h('div', { key: title }, h('dt', null, title), h('dd', null, text)))),
		(i.values || []).length > 0 && [h('h2', { key: 'said' }, t('通報の内容', 'What was reported')), valueList(i.values)],
		(i.facts || []).length > 0 && [h('h2', { key: 'facts' }, t('判断されたこと', 'What was decided')), valueList(i.facts)]);
}

// ---- items ---------------------------------------------------------------------------------------------------------

function progress(incident, query) {
	const items = of(incident.id, 'item');
	if (!items.length) return null;
	const shown = idle ? items : items.filter((i) => !isIdle(i)), hidden = items.length - items.filter((i) => !isIdle(i)).length;
	const wanted = query.item || '';
	return h('section', { class: 'section', key: 'progress', 'aria-labelledby': 'progress-head' }, h('h2', { id: 'progress-head' }, t('手順の進みぐあい', 'The procedure')),
		stepChain(items),
		waitingItems(items).length > 0 && [h('h3', { key: 'w' }, t('いま待っている項目', 'Waiting now')), waitingList(items, { incident: incident.id })],
		h('h3', null, t('すべての項目', 'All items')),
		stepList(shown, (item) => itemBody(incident, item, item.id === wanted), (item) => stampOf(incident, item, wanted), (s) => s.state === 'now' || s.items.some((i) => i.id === wanted)),
		hidden > 0 && ui.button(idle ? t('対象外の項目を隠す', 'Hide what does not apply') : t(`対象外・未定の項目も表示（${hidden}）`, `Show what does not apply (${hidden})`), () => { idle = !idle; ui.redraw(); }));
}

// Names of the items it waits for come with the incident's other rows.
const stampOf = (incident, item, wanted) => [incident.state, session().person, item.id === wanted, ['done', 'waived', 'kept'].includes(item.state) ? daily() : `${moving()} ${revision('VIEW_INCIDENT', incident.id)}`].join('|');

function itemBody(incident, item, wanted) {
	const more = (item.values || []).length || (item.called || []).length || item.words || item.note;
	const canEnter = incident.state === 'open' && session().person && !item.entry && ['ready', 'told', 'done', 'kept', 'standing', 'waived'].includes(item.state);
	return [
		h('div', { class: 'b-item-head' }, itemBadge(item), h('strong', { class: 'b-item-title' }, itemTitle(item)), h('span', { class: 'b-item-id soft' }, item.id), item.optional && h('span', { class: 'soft' }, t('（任意）', '(optional)'))),
		h('p', { class: 'b-item-story' }, story(item, (id) => ui.names.item(incident.id, id)), item.said_at ? t(`　転記：書かれた時刻 ${clock(item.said_at)}`, `; written at ${clock(item.said_at)}`) : ''),
		item.mine && h('p', { class: 'no-print' }, h('a', { class: 'b-waiting-mine', href: `#/tasks/${incident.id}/${encodeURIComponent(item.id)}` }, t('あなたが対応できます', 'You can do this'))),
		more && h('details', { class: 'b-item-more', ...(wanted && { open: true }) }, h('summary', null, t('内容・電話・計画の文', 'Content, calls, the plan’s words')),
			valueList(item.values), (item.called || []).length > 0 && h('ul', { class: 'b-calls' }, item.called.map((c) => h('li', { key: `${c.record}-${c.title}` }, `${clock(c.call?.at || c.at)} `, callText(c)))),
			item.words && h('blockquote', { class: 'b-words', lang: 'ja' }, item.words), item.note && h('p', { class: 'soft', lang: 'ja' }, item.note), (item.clause || []).length > 0 && h('p', { class: 'soft' }, t(`条項 ${item.clause.join('、')}`, `clause ${item.clause.join(', ')}`)),
			canEnter && !item.mine && h('p', { class: 'no-print' }, h('a', { href: `#/tasks/${incident.id}/${encodeURIComponent(item.id)}` }, t('この項目の操作（記入・訂正・差し戻しなど）', 'Act on this item (enter, amend, reopen …)')))),
	];
}

const callNames = { person: (id) => ui.names.person(id), body: (id) => id || '' };
function callText(c) {
	const names = { ...callNames, body: () => both(c, 'title') || c.call?.body || '', person: () => both(c, 'title') || ui.names.person(c.person) };
	return called({ name: c.person, at: c.call?.at }, names, c.call || {});
}

// ---- who was told --------------------------------------------------------------------------------------------------

function notices(id) {
	const all = whole(of(id, 'notice')), wanted = forMatrix(all);
	const shown = new Set(wanted.flatMap((n) => [n.id, ...(n.recipients || []).map((r) => r.of?.id)])), rest = all.filter((n) => !shown.has(n.id));
	if (!all.length) return null;
	return h('section', { class: 'section', key: 'notices', 'aria-labelledby': 'notices-head' }, h('h2', { id: 'notices-head' }, t('だれに届き、だれが応答したか', 'Who was told, who has responded')),
		narrow.matches ? noticeList(wanted) : matrix(`incident-${id}`, wanted, { caption: t('通知と応答', 'Notices and answers'), most: 40 }),
		rest.length > 0 && ui.button(told ? t('知らせただけの通知を隠す', 'Hide the rest') : t(`知らせただけの通知・取り消した通知も表示（${rest.length}）`, `Show those that wanted no answer or were withdrawn (${rest.length})`), () => { told = !told; ui.redraw(); }),
		told && h('ul', { class: 'b-notice-list' }, rest.map((n) => h('li', { key: n.key, class: 'b-notice-card' }, h('p', null, h('strong', null, both(n, 'title')), h('span', { class: 'soft' }, ` ${clock(n.at)} ${both(n, 'role_title')} ${nextStep(n)}`)), isBroadcast(n) ? tally(n) : recipientList(n)))));
}

function meetings(id) {
	const list = of(id, 'meeting');
	if (!list.length) return null;
	return h('section', { class: 'section', key: 'meetings', 'aria-labelledby': 'meetings-head' }, h('h2', { id: 'meetings-head' }, t('会議の出欠', 'Meetings')), h('ul', { class: 'b-plain' }, list.map((m) => {
		const here = (m.present || 0) + (m.deputies || 0), enough = !m.quorum || here >= m.quorum;
		return h('li', { key: m.key }, ui.badge(enough ? 'good' : 'wait', m.quorum ? (enough ? t('定足数に達した', 'quorum reached') : t(`定足数まであと ${m.quorum - here}`, `${m.quorum - here} short of the quorum`)) : t('定足数の定めなし', 'no quorum')), ' ', both(m, 'role'),
			t(`　出席 ${m.present || 0}・代理 ${m.deputies || 0}・欠席 ${m.absent || 0}・未回答 ${m.silent || 0}（定足数 ${m.quorum || '－'}）`, `: present ${m.present || 0}, deputies ${m.deputies || 0}, absent ${m.absent || 0}, silent ${m.silent || 0} (quorum ${m.quorum || '-'})`), ' ', h('a', { href: `#/council/${id}` }, t('会議の画面', 'Council')));
	})));
}

function confirms(id) {
	const list = of(id, 'confirm');
	if (!list.length) return null;
	return ui.section(t('本人の確認を待っている代行入力', 'Entered for somebody, to be confirmed'), h('ul', { class: 'b-plain' }, list.map((c) => h('li', { key: c.key }, ui.badge('wait', t('本人の確認待ち', 'to be confirmed')),
		t(` ${ui.names.person(c.person)}　${both(c, 'what')}　${codes.channel(c.channel)} ${c.number || ''} ${clock(c.said_at)}　入力 ${c.entered_by || ''}（記録 ${c.record}）`, ` ${ui.names.person(c.person)}: ${both(c, 'what')}, ${codes.channel(c.channel)} ${c.number || ''} ${clock(c.said_at)}, entered by ${c.entered_by || ''} (record ${c.record})`)))));
}

// ---- the rest ------------------------------------------------------------------------------------------------------

function measures(id) {
	const list = of(id, 'measure');
	return list.length ? ui.section(t('講じた措置', 'Measures'), measureList(list, { link: false })) : null;
}

function calls(id) {
	const list = of(id, 'call');
	return h('section', { class: 'section', key: 'calls', 'aria-labelledby': 'calls-head' }, h('h2', { id: 'calls-head' }, t('電話の記録', 'Calls')),
		list.length ? h('ul', { class: 'b-plain' }, list.map((c) => h('li', { key: c.key }, h('strong', null, clock(c.call?.at || c.at)), ' ', callText(c), h('span', { class: 'soft' }, t(`　記録 ${both(c, 'by')}${c.item ? `・${ui.names.item(id, c.item)}` : ''}`, `  by ${both(c, 'by')}${c.item ? `, ${ui.names.item(id, c.item)}` : ''}`))))) : ui.empty(t('まだありません。', 'None yet.')),
		session().person && h('details', { class: 'no-print' }, h('summary', null, t('電話を記録する', 'Log a call')), callForm(id)));
}

function comments(id) {
	const list = of(id, 'comment');
	return h('section', { class: 'section', key: 'comments', 'aria-labelledby': 'comments-head' }, h('h2', { id: 'comments-head' }, t('コメント', 'Comments')),
		list.length ? h('ul', { class: 'b-plain' }, list.map((c) => h('li', { key: c.key }, h('strong', null, clock(c.at)), ` ${both(c, 'by')}${c.item ? `（${ui.names.item(id, c.item)}）` : ''}`, h('p', { class: 'b-comment' }, c.text)))) : ui.empty(t('まだありません。', 'None yet.')),
		h('div', { class: 'no-print' }, commentForm(id)));
}

const dueWord = { soon: ['warn', '期限が近い', 'due soon'], due: ['warn', '今日まで', 'due today'], overdue: ['bad', '期限を過ぎた', 'overdue'] };
function followUps(id) {
	const list = of(id, 'follow_up');
	if (!list.length) return null;
	return ui.section(t('継続事項・今後の対策', 'Follow-ups'), h('ul', { class: 'b-plain' }, list.map((f) => {
		const word = f.state === 'done' ? ['good', '完了', 'done'] : dueWord[f.when] || ['wait', '継続中', 'open'];
		return h('li', { key: f.key }, ui.badge(word[0], t(word[1], word[2])), ' ', both(f, 'kind_title') || '', f.text ? t(`　${f.text}`, `: ${f.text}`) : '', h('span', { class: 'soft' }, t(`　担当 ${f.owner_name || f.owner || '－'}、期限 ${f.due ? day(f.due) : '－'}`, `; owner ${f.owner_name || f.owner || '-'}, due ${f.due ? day(f.due) : '-'}`)), f.remark && h('p', { class: 'b-comment' }, f.remark));
	})), h('p', { class: 'no-print' }, h('a', { href: '#/follow-ups' }, t('継続事項の画面', 'All follow-ups'))));
}

function alarms(id) {
	const list = of(id, 'alarm');
	if (list.length < 2) return null;
	return ui.section(t('この事案にまとめられた通報', 'Alarms of this incident'), h('ul', { class: 'b-plain' }, list.map((a) => h('li', { key: a.key }, h('strong', null, clock(a.made_at || a.at)), ` ${a.place || a.terminal || ''} ${a.reporter || ''}`, h('span', { class: 'soft' }, t(`（記録 ${a.record}）`, ` (record ${a.record})`)), valueList(a.values)))));
}

function bars(id) {
	const list = of(id, 'bar');
	if (!list.length) return null;
	return ui.section(t('関与から外した職員', 'Kept out'), h('ul', { class: 'b-plain' }, list.map((b) => h('li', { key: b.key }, ui.badge(b.over ? 'info' : 'warn', b.over ? t('解除', 'readmitted') : t('関与しない', 'kept out')), ` ${b.name}`, h('span', { class: 'soft' }, t(`　${clock(b.at)} ${both(b, 'by')}：${b.ground || ''}`, `  ${clock(b.at)} ${both(b, 'by')}: ${b.ground || ''}`),
		b.over ? t(`　解除 ${clock(b.ended_at)} ${both(b, 'ended_by')}`, `; readmitted ${clock(b.ended_at)} by ${both(b, 'ended_by')}`) : '')))));
}

const kept = { kept: ['good', '守った', 'kept'], missed: ['bad', '遅れた', 'missed'], open: ['wait', '進行中', 'open'], none: ['info', '時限なし', 'no limit'] };
function score(incident) {
	const list = of(incident.id, 'score');
	if (!list.length) return null;
	const quarter = (s, i) => ((s.quarters || [])[i] === undefined ? '－' : span(s.quarters[i]));
	return ui.section(t('訓練の採点', 'Score'), ui.table([t('手順・項目', 'Step, item'), t('応答', 'Answered'), '25%', '50%', '75%', '100%', t('時限', 'Limit'), t('結果', 'Result')],
		list.map((s) => ({ key: s.key, cells: [s.kind === 'drill' ? t('訓練全体', 'The whole drill') : both(s, 'title') || s.id, `${s.answered || 0}／${s.wanted || 0}`, quarter(s, 0), quarter(s, 1), quarter(s, 2), quarter(s, 3), s.limit ? span(s.limit) : '－', kept[s.kept] ? ui.badge(kept[s.kept][0], t(kept[s.kept][1], kept[s.kept][2])) : ''] })), { caption: t('訓練の採点表', 'Score card'), hideCaption: true }));
}

function others(incident) {
	if (!session().person || incident.state === 'joined') return null;
	return h('section', { class: 'section no-print', key: 'others', 'aria-labelledby': 'others-head' }, h('h2', { id: 'others-head' }, t('その他の操作', 'Other acts')),
		h('p', null, h('a', { href: `#/tasks/${incident.id}` }, t('この事案への操作（取下げ・統合・分割・関与の制限・訓練の中止など）', 'Acts on this incident (withdraw, join, split, keep out, give a drill up …)'))));
}
