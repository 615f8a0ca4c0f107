// Drills: beginning one, how it is answered while it runs, and the score cards of those before; '#/drills/N' is one of them.
import { changeForm, openChange } from '../change.js';
import { chart, curve } from '../chart.js';
import { h } from '../dom.js';
import { fieldInput, idOf, textInput } from '../form-fields.js';
import { blank, enterOf } from '../form-model.js';
import { t, both, lang } from '../i18n.js';
import { rows, complete, refused, session } from '../store.js';
import { clock, seconds, span, when } from '../time.js';
import { badge, button, drillMark, empty, link, loading, note, section, table } from '../ui.js';

const score = (id, view, incident) => rows(view, incident, 'score').find((s) => s.incident === id && s.kind === 'drill');
const running = () => rows('VIEW_DRILLS', 0, 'incident').filter((row) => row.state === 'open');

// ---- beginning one ----

const START = 'drill/start';
const forms = () => rows('VIEW_BOARD', 0, 'alarm_form');
const chosen = (ctx) => forms().find((f) => f.entry === ctx.get('entry'));

const radio = (ctx, name, value, fallback, label, hint) => h('p', { class: 'pick', key: value },
	h('input', { type: 'radio', name: idOf(ctx, name, ''), id: idOf(ctx, name, value), checked: (ctx.get(name) ?? fallback) === value, on: { change: () => ctx.set(name, value) } }),
	h('label', { for: idOf(ctx, name, value) }, label, hint ? h('span', { class: 'soft' }, t('：', ': '), hint) : null));

// A place left out is that of the terminal where one stands.
const needed = (f) => !f.optional && !f.unknown && !(f.type === 'place' && session().terminal);

// What must be said is asked; what may be left out is folded away.
function details(ctx, form) {
	const must = (form.form || []).filter(needed), may = (form.form || []).filter((f) => !needed(f));
	return [must.map((f) => fieldInput(ctx, f)), may.length ? h('details', { key: 'more:' + form.entry }, h('summary', {}, t('想定をくわしく書く（なくてもよい）', 'Say more of the scenario (optional)')), may.map((f) => fieldInput(ctx, f))) : null];
}

function startFields(ctx) {
	const form = chosen(ctx);
	return [h('fieldset', { class: 'choice' + (ctx.error('f', 'entry') ? ' wrong' : ''), key: 'entry' }, h('legend', {}, t('何の訓練ですか', 'Which alarm')), ctx.error('f', 'entry') ? h('p', { class: 'error' }, ctx.error('f', 'entry')) : null,
		forms().map((f) => radio(ctx, 'entry', f.entry, '', both(f, 'title')))),
	h('fieldset', { class: 'choice', key: 'told' }, h('legend', {}, t('予告', 'Announcement')),
		radio(ctx, 'told', 'announced', 'announced', t('予告あり', 'Announced'), t('知らせに「訓練です」という説明が付きます', 'notices explain that it is a drill')),
		radio(ctx, 'told', 'unannounced', 'announced', t('予告なし', 'Unannounced'), t('説明は付きません。【訓練】の印は必ず付きます', 'no explanation; the mark DRILL is always shown'))),
	form ? h('div', { key: 'form:' + form.entry }, details(ctx, form)) : null];
}

function startReview(ctx) {
	const form = chosen(ctx);
	return [note('drill', h('p', {}, h('strong', {}, t(`「${both(form, 'title')}」の訓練を、${ctx.get('told') === 'unannounced' ? '予告なし' : '予告あり'}で始めます。`, `An ${ctx.get('told') === 'unannounced' ? 'unannounced' : 'announced'} drill of '${both(form, 'title')}' begins.`))),
		h('p', {}, t('担当者と端末に【訓練】の知らせが届き、音が鳴ります。電話をかける項目は、訓練と伝えてからかけてください。実際の通報があれば、訓練はすぐに打ち切られます。',
			'People and terminals get notices marked DRILL, with sound. Where the procedure has telephone calls, say first that it is a drill. A real alarm ends the drill at once.')))];
}

const startForm = () => changeForm(START, {
	title: t('訓練を始める', 'Begin a drill'),
	level: 'h2',
	about: h('p', {}, t('訓練は本物と同じ手順で進み、だれが何分で応答したかが採点表に残ります。本物の対応が続いている間は始められません。', 'A drill follows the real procedure; who answered within how many minutes stands in its score card. None begins while something real is being dealt with.')),
	fields: startFields,
	check(ctx) {
		const errors = {};
		const form = chosen(ctx);
		if (!form) errors.entry = t('何の訓練かを選んでください。', 'Choose which alarm.');
		for (const f of form?.form || []) if (needed(f) && blank(ctx.get('v.' + f.id))) errors['v.' + f.id] = t('ここを入れてください。', 'This is needed.');
		return errors;
	},
	review: startReview,
	label: t('訓練を始める', 'Begin the drill'),
	kind: 'danger',
	accepted: t('訓練を始めました。', 'The drill has begun.'),
	names: (id) => both(forms().flatMap((f) => f.form || []).find((f) => f.id === id), 'title') || id,
	command: (ctx) => ({ act: 'alarm', body: { entry: ctx.get('entry'), drill: true, ...(ctx.get('told') === 'unannounced' ? { unannounced: true } : {}), values: enterOf(0, chosen(ctx), ctx.get).values || [] } }),
});

// ---- ending one ----

const endKey = (id) => `drill/end/${id}`;
const endButton = (row) => button(t('訓練を終わらせる', 'End the drill'), (e) => openChange(endKey(row.id), null, e), { kind: 'danger' });
const endForm = (row, level) => changeForm(endKey(row.id), {
	title: t(`訓練（事案${row.id}）を終わらせる`, `End the drill (incident ${row.id})`),
	level,
	about: h('p', {}, t('残っている知らせはすべて取り消され、採点表はここまでで残ります。', 'Notices that are still open are withdrawn; the score card stays as it stands.')),
	fields: (ctx) => textInput(ctx, 'reason', { id: idOf(ctx, 'f', 'reason'), label: t('理由', 'Reason'), required: true, error: ctx.error('f', 'reason') }, { maxlength: 1000 }),
	check: (ctx) => (blank(ctx.get('reason')) ? { reason: t('理由を入れてください。', 'Give a reason.') } : {}),
	label: t('終わらせる', 'End it'),
	kind: 'danger',
	command: (ctx) => ({ act: 'give_up', body: { incident: row.id, reason: ctx.get('reason').trim() } }),
});

// ---- score cards ----

const KEPT = { kept: ['good', '期限内に全員が応答', 'all answered in time'], missed: ['bad', '期限を過ぎた応答がある', 'some were late'], open: ['wait', '未応答がある', 'some have not answered'], none: ['info', '期限なし', 'no limit'] };
const keptBadge = (s) => {
	const [tone, ja, en] = KEPT[s.kept] || KEPT.none;
	return badge(tone, t(ja, en));
};

function stateOf(row) {
	if (row.state === 'open') return badge('warn', t(`実施中（${when(row.opened_at)}から）`, `running since ${when(row.opened_at)}`));
	if (row.interrupted) return badge('bad', t('実際の通報で中止', 'ended by a real alarm'), 'alarm');
	return row.state === 'given_up' ? badge('info', t('途中で終了', 'given up')) : badge('good', t('最後まで実施', 'done to the end'));
}

// How much of the answers is there, to be read from across the room.
const share = (s, label) => h('div', { class: 'share' }, h('meter', { min: 0, max: Math.max(1, s.wanted || 0), value: s.answered || 0, 'aria-label': label }),
	h('span', { class: 'share-count' }, `${s.answered || 0} / ${s.wanted || 0}`), s.late ? [' ', badge('bad', t(`遅れ ${s.late}`, `${s.late} late`))] : null);

const CHANNELS = [['screen', '画面', 'screen'], ['telephone', '電話', 'telephone'], ['in_person', '対面', 'in person'], ['paper', '書面', 'paper']];
const channels = (s) => CHANNELS.filter(([id]) => s[id]).map(([id, ja, en]) => `${t(ja, en)} ${s[id]}`).join(t('・', ', '));

function compared(s) {
	const before = s.previous, last = s.quarters?.at(-1), same = before?.quarters?.[(s.quarters || []).length - 1];
	if (!last || same === undefined) return null;
	const gain = same - last;
	const percent = s.quarters.length * 25;
	if (Math.abs(gain) < 1000) return t(`${percent}％の応答まで、前回と同じ`, `${percent} %: as in the drill before`);
	return gain > 0 ? t(`${percent}％の応答まで、前回より${span(gain)}早い`, `${percent} %: ${span(gain)} faster than before`) : t(`${percent}％の応答まで、前回より${span(-gain)}遅い`, `${percent} %: ${span(-gain)} slower than before`);
}

function figures(s) {
	const lines = [[t('50％の応答', '50 % answered'), s.quarters?.[1] === undefined ? t('まだ', 'not yet') : span(s.quarters[1])], [t('全員の応答', 'all answered'), s.quarters?.[3] === undefined ? t('まだ', 'not yet') : span(s.quarters[3])],
		[t('期限', 'limit'), s.limit ? span(s.limit) : t('なし', 'none')], [t('応答の方法', 'answered by'), channels(s) || t('なし', 'none')], [t('全体の時間', 'took'), s.took ? span(s.took) : null]];
	return h('dl', { class: 'figures' }, lines.filter(([, value]) => value).map(([name, value]) => h('div', { key: name }, h('dt', {}, name), h('dd', {}, value))));
}

function curves(s, running) {
	const list = [curve(s, { id: 'now', name: t(`この訓練（事案${s.incident}）`, `this drill (incident ${s.incident})`), open: running })];
	const same = s.best?.incident === s.previous?.incident;
	if (s.previous) list.push(curve(s.previous, { id: 'previous', name: t(`前回（事案${s.previous.incident}${same ? '、最もよかった回' : ''}）`, `the one before (incident ${s.previous.incident}${same ? ', the best' : ''})`) }));
	if (s.best && !same) list.push(curve(s.best, { id: 'best', name: t(`最もよかった回（事案${s.best.incident}）`, `the best (incident ${s.best.incident})`) }));
	return list;
}

const heading = (row) => [drillMark({ drill: true }), ' ', both(row, 'title') || t('訓練', 'Drill'), ' ', h('span', { class: 'soft' }, clock(row.opened_at))];
const marks = (row) => h('p', {}, stateOf(row), ' ', row.unannounced ? badge('info', t('予告なし', 'unannounced')) : badge('info', t('予告あり', 'announced')));

function card(row) {
	const s = score(row.id, 'VIEW_DRILLS', 0);
	return h('li', { key: row.key, class: 'contact drill-card' },
		h('h3', {}, h('a', { href: `#/drills/${row.id}` }, heading(row))), marks(row),
		s ? [share(s, t('応答した割合', 'share answered')), h('p', {}, keptBadge(s)), figures(s), compared(s) ? h('p', { class: 'soft' }, compared(s)) : null] : null);
}

function live(row) {
	const s = score(row.id, 'VIEW_DRILLS', 0);
	return h('section', { class: 'section live-drill', key: row.key, 'aria-label': t('実施中の訓練', 'Drill that runs') },
		h('h2', {}, heading(row)), marks(row), s ? [share(s, t('応答した割合', 'share answered')), figures(s)] : null,
		h('p', { class: 'actions' }, link(`#/drills/${row.id}`, t('くわしく見る', 'See more')), link(`#/incident/${row.id}`, t('事案の画面', 'The incident')), session().person || session().terminal ? endButton(row) : null), endForm(row));
}

function all() {
	const heading = h('h1', {}, t('訓練', 'Drills'));
	if (!complete('VIEW_DRILLS', 0)) return [heading, loading()];
	const list = rows('VIEW_DRILLS', 0, 'incident').filter((row) => row.state !== 'open');
	return [heading, h('p', { class: 'actions' }, button(t('訓練を始める', 'Begin a drill'), (e) => openChange(START, null, e), { kind: 'primary' })), startForm(), running().map(live),
		section(t('これまでの訓練', 'Drills so far'), list.length ? h('ul', { class: 'cards wide' }, list.map(card)) : empty(t('終わった訓練はまだありません。', 'No drill has ended yet.')))];
}

// ---- one drill ----

function parts(incident, kind, title) {
	const list = rows('VIEW_INCIDENT', incident, 'score').filter((s) => s.kind === kind);
	if (!list.length) return null;
	const quarter = (s, i) => (s.quarters?.[i] === undefined ? '—' : span(s.quarters[i]));
	return h('details', { class: 'section', key: kind, open: kind === 'step' }, h('summary', {}, h('h2', {}, title)), table([t('名前', 'Name'), t('応答', 'Answered'), '50%', '100%', t('期限', 'Limit'), t('結果', 'Result')],
		list.map((s) => ({ key: s.key, cells: [both(s, 'title') || s.id, share(s, both(s, 'title')), quarter(s, 1), quarter(s, 3), s.limit ? span(s.limit) : '—', keptBadge(s)] })), { caption: title, hideCaption: true }));
}

// One line for each notice: whose turn it is, then those who were told because nobody answered. A long notice goes on in further rows.
function waiting(incident) {
	const notices = new Map();
	for (const row of rows('VIEW_INCIDENT', incident, 'notice')) {
		if (!notices.has(row.id)) notices.set(row.id, { people: [] });
		const notice = notices.get(row.id);
		if (!row.part) Object.assign(notice, row);
		notice.people.push(...(row.recipients || []).filter((r) => !r.acknowledged && !r.excused));
	}
	const open = [...notices.values()].filter((n) => n.wants_ack && n.state === 'open' && n.people.length);
	if (!open.length) return null;
	const namesOf = (list) => list.map((r) => r.name || r.place || r.id).join(t('、', ', '));
	return section(t('まだ応答していない人', 'Who has not answered'), h('ul', { class: 'lines' }, open.map((n) => {
		const above = n.people.filter((r) => r.as === 'above'), own = n.people.filter((r) => r.as !== 'above');
		return h('li', { key: n.id }, h('strong', {}, namesOf(own.length ? own : above)), t('：', ': '), both(n, 'title'), ' ', h('span', { class: 'soft' }, t(`${when(n.at)}に通知`, `told ${when(n.at)}`)),
			own.length && above.length ? h('span', { class: 'soft small' }, t(`　上位者にも通知：${namesOf(above)}`, ` Also told, above: ${namesOf(above)}`)) : null);
	})));
}

function one(id) {
	const row = rows('VIEW_INCIDENT', id, 'incident')[0] || rows('VIEW_DRILLS', 0, 'incident').find((i) => i.id === id);
	const back = h('p', {}, link('#/drills', t('← 訓練の一覧', '← All drills')));
	if (!row) return [h('h1', {}, t(`訓練（事案${id}）`, `Drill (incident ${id})`)), back, refused('VIEW_INCIDENT', id) ? note('bad', both(refused('VIEW_INCIDENT', id), 'text')) : complete('VIEW_INCIDENT', id) ? empty(t('この事案はありません。', 'No such incident.')) : loading()];
	if (!row.drill) return [h('h1', {}, t(`事案${id}`, `Incident ${id}`)), back, note('warn', t('これは訓練ではありません。', 'This is no drill.'), ' ', link(`#/incident/${id}`, t('事案の画面へ', 'To the incident')))];
	const s = score(id, 'VIEW_INCIDENT', id) || score(id, 'VIEW_DRILLS', 0);
	return [h('h1', {}, heading(row)), back, marks(row), row.given_up ? h('p', {}, t('終わらせた理由：', 'Why it was ended: '), both(row, 'given_up')) : null,
		h('p', { class: 'soft' }, t(`${seconds(row.opened_at)} 開始`, `Began ${seconds(row.opened_at)}`), row.closed_at ? t(`、${seconds(row.closed_at)} 終了`, `, ended ${seconds(row.closed_at)}`) : null),
		s ? [share(s, t('応答した割合', 'share answered')), h('p', {}, keptBadge(s), ' ', compared(s)), figures(s), chart({ name: t('応答した割合の移り変わり', 'Share of answers over time'), curves: curves(s, row.state === 'open'), limit: s.limit })] : null,
		h('p', { class: 'actions' }, link(`#/incident/${id}`, t('事案の画面', 'The incident')), link(`#/plan/${id}`, t('手順の図', 'The plan')), link(`/api/print/report?incident=${id}&format=pdf&lang=${lang()}`, t('記録を印刷（PDF）', 'Print the record (PDF)')), row.state === 'open' ? endButton(row) : null), endForm(row, 'h2'),
		waiting(id), parts(id, 'step', t('手順ごと', 'By step')), parts(id, 'item', t('項目ごと', 'By item'))];
}

export default {
	title: (params) => (params.incident ? t(`訓練（事案${params.incident}）`, `Drill (incident ${params.incident})`) : t('訓練', 'Drills')),
	wants: (params) => [['VIEW_DRILLS', 0], ['VIEW_BOARD', 0], ...(params.incident ? [['VIEW_INCIDENT', params.incident]] : [])],
	render: (params) => (params.incident ? one(params.incident) : all()),
};
