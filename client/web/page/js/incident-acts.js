// What can be done about an incident beside its items: remarks, calls, withdrawing, handing over, terminals out of service, splitting, joining,
// giving up a drill, keeping somebody out. Each is a short form; the server decides who may. Offered is what there is an object for.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock, fromLocal, now } from './time.js';
import { rows, session } from './store.js';
import { blank } from './form-model.js';
import { actForm, forgetResult } from './act-form.js';
import { numbersOf, personLabel, persons } from './behalf.js';
import { focusSoon } from './form-fields.js';
import { LAST, setLast } from './last.js';
import { redraw } from './ui.js';

const reason = (label) => ({ id: 'reason', label: label || t('理由', 'Reason') });

function incidentRow(incident) {
	return rows('VIEW_INCIDENT', incident, 'incident')[0] || rows('VIEW_BOARD', 0, 'incident').find((i) => i.id === incident) || { id: incident };
}

function comment(incident, item) {
	return { name: 'comment', title: t('コメントを残す', 'Leave a comment'), act: 'comment', behalf: true,
		fields: [{ id: 'text', label: t('コメント', 'Comment') }], button: t('コメントを記録する', 'Record the comment'), ok: t('コメントを記録しました。', 'The comment is recorded.'),
		body: (get) => ({ incident, ...(item && { item }), text: get('text') || '' }) };
}

// ---- a call to a person or a body ----

function calledOptions() {
	const bodies = new Map(rows('VIEW_CONTACTS', 0, 'contact').filter((c) => c.kind !== 'role').map((c) => [c.id, both(c, 'title') || c.id]));
	return [...persons().map((p) => ({ id: 'p:' + p.id, label: personLabel(p) })), ...[...bodies].map(([id, title]) => ({ id: 'b:' + id, label: t(`連絡先：${title}`, `Body: ${title}`) }))];
}

function numberNow(who) {
	if ((who || '').startsWith('p:'))
		return numbersOf(who.slice(2))[0] || '';
	const row = rows('VIEW_CONTACTS', 0, 'contact').find((c) => c.now && 'b:' + c.id === who);
	return row ? row.number : '';
}

function callFields(get) {
	const reached = get('how') !== 'no_answer';
	return [{ id: 'who', label: t('だれに', 'To whom'), type: 'select', options: calledOptions() },
		{ id: 'number', label: t('かけた番号', 'Number called'), type: 'text', optional: Boolean(numberNow(get('who'))), props: { type: 'tel' },
			hint: numberNow(get('who')) ? t(`空欄なら ${numberNow(get('who'))}`, `Left empty: ${numberNow(get('who'))}`) : null },
		{ id: 'how', label: t('結果', 'Outcome'), type: 'choice', options: [{ id: 'reached', label: t('話せた', 'Reached') }, { id: 'no_answer', label: t('出なかった', 'No answer') }] },
		...(reached ? [{ id: 'answered_by', label: t('出た人', 'Who answered'), type: 'text', optional: (get('who') || '').startsWith('p:') },
			{ id: 'said', label: t('話した内容', 'What was said'), optional: true }]
			: [{ id: 'again', label: t('かけ直す時刻（知らせます）', 'Call again at (you will be told)'), type: 'time', optional: true }]),
		{ id: 'at', label: t('かけた時刻（空欄ならいま）', 'Called at (empty: now)'), type: 'time', optional: true }];
}

function callBody(incident, item) {
	return (get) => {
		const who = get('who') || '';
		const call = { number: blank(get('number')) ? numberNow(who) : get('number'), at: fromLocal(get('at')) || now() };
		if (get('how') === 'no_answer') {
			call.no_answer = true;
			if (fromLocal(get('again')))
				call.again_at = fromLocal(get('again'));
		} else {
			const person = who.startsWith('p:') ? persons().find((p) => 'p:' + p.id === who) : null;
			call.answered_by = blank(get('answered_by')) ? (person && person.name) || '' : get('answered_by');
		}
		if (!blank(get('said')))
			call.said = get('said');
		if (who.startsWith('b:'))
			call.body = who.slice(2);
		return { incident, ...(item && { item }), call, ...(who.startsWith('p:') && { person: who.slice(2) }) };
	};
}

// who: the person that the address names, whom nobody reached.
function call(incident, item, who) {
	return { name: 'call', title: t('かけた電話を記録する', 'Record a call'), act: 'log_call', fields: callFields, preset: who ? { how: 'no_answer', who: 'p:' + who } : { how: 'reached' }, body: callBody(incident, item),
		button: t('電話を記録する', 'Record the call'), ok: t('電話を記録しました。', 'The call is recorded.') };
}

// ---- measures, follow-ups ----

function handOver(incident, m) {
	return { name: 'hand-over-' + m.id, title: t(`続いている措置を引き継ぐ：${both(m, 'title')}`, `Hand over a measure: ${both(m, 'title')}`), act: 'hand_over',
		note: t('終結した後も続ける措置は、担当と期限を決めて引き継ぎます。', 'A measure that goes on after the close is handed over to an owner with a due date.'),
		fields: [{ id: 'owner', label: t('担当', 'Owner'), type: 'owner' }, { id: 'due', label: t('期限', 'Due'), type: 'day' }, { ...reason(), optional: true }],
		body: (get) => ({ incident, measure: m.id, owner: get('owner') || '', due: get('due') || '', ...(!blank(get('reason')) && { reason: get('reason') }) }),
		button: t('引き継ぐ', 'Hand over'), ok: t('引き継ぎました。', 'Handed over.') };
}

function followUp(incident) {
	return { name: 'follow-up', title: t('今後の対策を加える', 'Add a follow-up'), act: 'follow_up',
		fields: [{ id: 'text', label: t('対策の内容', 'What is to be done') }, { id: 'owner', label: t('担当', 'Owner'), type: 'owner' }, { id: 'due', label: t('期限', 'Due'), type: 'day' }],
		body: (get) => ({ incident, state: 'open', change: { text: get('text') || '', owner: get('owner') || '', due: get('due') || '' } }),
		button: t('加える', 'Add'), ok: t('今後の対策に加えました。', 'Added.') };
}

// ---- terminals that cannot acknowledge ----

// Broadcasts that still wait for terminals: [{id: 'NOTICE:TERMINAL', label}]
function silentTerminals(incident) {
	const all = rows('VIEW_INCIDENT', incident, 'notice');
	const title = (id) => both(all.find((n) => n.id === id && !n.part), 'title');
	const open = new Set(all.filter((n) => !n.part && n.wants_ack && n.state === 'open').map((n) => n.id));
	return all.filter((n) => open.has(n.id)).flatMap((n) => (n.recipients || []).filter((r) => r.as === 'terminal' && !r.acknowledged && !r.excused)
		.map((r) => ({ id: `${n.id}:${r.id}`, label: `${r.place || r.name || r.id}：${title(n.id)}` })));
}

function terminal(incident) {
	const checked = (get) => get('how') === 'checked';
	const split = (get) => {
		const [notice, ...id] = (get('which') || '').split(':');
		return { notice: Number(notice) || 0, terminal: id.join(':') };
	};
	return { name: 'terminal', title: t('応答できない端末を扱う（その場で確認・故障中）', 'A terminal that cannot answer (checked on the spot, out of service)'),
		act: (get) => (checked(get) ? 'acknowledge' : 'excuse'),
		fields: (get) => [{ id: 'which', label: t('端末と通知', 'Terminal and notice'), type: 'select', options: silentTerminals(incident) },
			{ id: 'how', label: t('どうしましたか', 'What is it'), type: 'choice', options: [{ id: 'checked', label: t('その場で見て確かめた', 'I checked it on the spot') }, { id: 'broken', label: t('使えない（対象から外す）', 'Out of service') }] },
			...(get('how') === 'broken' ? [reason(t('使えない理由', 'Why it is out of service'))] : [])],
		body: (get) => (checked(get) ? split(get) : { ...split(get), reason: get('reason') || '' }),
		button: t('記録する', 'Record'), ok: t('記録しました。', 'Recorded.') };
}

// ---- the incident itself ----

function withdraw(incident) {
	return { name: 'withdraw', title: t('誤報として取り下げる', 'Withdraw as a mistake'), act: 'withdraw', danger: true, behalf: true,
		fields: [{ id: 'ground', label: t('誤報と判断した理由', 'Why it was a mistake') }], body: (get) => ({ incident, ground: get('ground') || '' }),
		button: t('誤報として取り下げる', 'Withdraw'), ok: t('誤報として取り下げました。通報を受けた人に知らせます。', 'Withdrawn; those who had the alarm are told.') };
}

function alarmLabel(a) {
	const said = (a.values || []).map((v) => (v.unknown ? '' : both(v, 'shown') || v.value)).filter(Boolean).join(t('、', ', '));
	return `${clock(a.made_at || a.at)} ${a.place || a.terminal || ''} ${said}`;
}

function splitOff(incident, alarms) {
	return { name: 'split', title: t('まとめられた通報を別の事案に分ける', 'Split an alarm off'), act: 'split',
		fields: [{ id: 'alarm', label: t('分ける通報', 'Alarm'), type: 'select', options: alarms.map((a) => ({ id: String(a.record), label: alarmLabel(a) })) }, reason(t('なぜ別の事案ですか', 'Why is it another incident'))],
		body: (get) => ({ incident, alarm: Number(get('alarm')) || 0, reason: get('reason') || '' }), button: t('分ける', 'Split off'), ok: t('別の事案に分けました。', 'Split off.') };
}

function join(incident, others) {
	return { name: 'join', title: t('別の事案にまとめる', 'Join into another incident'), act: 'join', danger: true,
		fields: [{ id: 'into', label: t('まとめる先', 'Into'), type: 'select', options: others.map((i) => ({ id: String(i.id), label: t(`事案${i.id} ${both(i, 'title')}`, `Incident ${i.id} ${both(i, 'title')}`) })) }, reason(t('なぜ同じ事案ですか', 'Why are they one'))],
		body: (get) => ({ incident, into: Number(get('into')) || 0, reason: get('reason') || '' }), button: t('まとめる', 'Join'), ok: t('まとめました。', 'Joined.') };
}

function giveUp(incident) {
	return { name: 'give-up', title: t('訓練を中止する', 'Give up the drill'), act: 'give_up', danger: true, fields: [reason(t('訓練を中止する理由', 'Why the drill is given up'))],
		body: (get) => ({ incident, reason: get('reason') || '' }), button: t('訓練を中止する', 'Give up the drill'), ok: t('訓練を中止しました。', 'The drill is given up.') };
}

function bar(incident) {
	const others = persons().filter((p) => p.id !== session().person);
	return { name: 'bar', title: t('関係が疑われる人を外す（関与の制限）', 'Keep a person out'), act: 'bar', danger: true, behalf: true,
		note: t('外された人には、外したことも事案も表示されません。代理・委任を受けた人がすぐ代わります。', 'The person sees neither the incident nor this. Deputies and delegates step in at once.'),
		fields: [{ id: 'person', label: t('外す人', 'Person'), type: 'select', options: others.map((p) => ({ id: p.id, label: personLabel(p) })) }, { id: 'ground', label: t('根拠（記録に残ります）', 'Ground (goes on record)') }],
		body: (get) => ({ incident, person: get('person') || '', ground: get('ground') || '' }), button: t('事案から外す', 'Keep out'), ok: t('事案から外しました。', 'Kept out.') };
}

function readmit(incident, b) {
	return { name: 'readmit-' + b.person, title: t(`関与の制限を解く：${b.name}`, `Let in again: ${b.name}`), act: 'bar', behalf: true, fields: [{ id: 'ground', label: t('根拠', 'Ground') }],
		body: (get) => ({ incident, person: b.person, ground: get('ground') || '', readmit: true }), button: t('戻す', 'Let in again'), ok: t('関与の制限を解きました。', 'Let in again.') };
}

function others(incident) {
	const drill = Boolean(incidentRow(incident).drill);
	return rows('VIEW_BOARD', 0, 'incident').filter((i) => i.state === 'open' && i.id !== incident && Boolean(i.drill) === drill);
}

export function actsOf(incident, who) {
	const row = incidentRow(incident);
	const signedIn = Boolean(session().person);
	if (row.state && row.state !== 'open')
		return signedIn ? [comment(incident), followUp(incident)] : [];
	if (!signedIn)
		return [withdraw(incident)];
	const alarms = rows('VIEW_INCIDENT', incident, 'alarm');
	const into = others(incident);
	return [comment(incident), call(incident, '', who),
		...rows('VIEW_INCIDENT', incident, 'measure').filter((m) => m.state === 'in_force').map((m) => handOver(incident, m)),
		followUp(incident), silentTerminals(incident).length ? terminal(incident) : null,
		...rows('VIEW_INCIDENT', incident, 'bar').filter((b) => !b.over).map((b) => readmit(incident, b)), bar(incident),
		alarms.length > 1 ? splitOff(incident, alarms) : null, into.length ? join(incident, into) : null,
		row.drill ? giveUp(incident) : null, withdraw(incident)].filter(Boolean);
}

// ---- about one item ----

function waive(incident, item) {
	return { name: 'waive', title: t('不要とする', 'Mark as not needed'), act: 'waive', behalf: item, fields: [reason(t('不要とする理由', 'Why it is not needed'))],
		body: (get) => ({ incident, item: item.id, reason: get('reason') || '' }), button: t('不要として記録する', 'Record as not needed'), ok: t('不要として記録しました。', 'Recorded as not needed.') };
}

function reopen(incident, item) {
	return { name: 'reopen', title: t('やり直しに戻す', 'Reopen'), act: 'reopen', behalf: true, danger: true, fields: [reason(t('やり直す理由', 'Why it is to be done again'))],
		note: t('この項目だけがやり直しになります。後の項目は、これが済むまで保留になります。', 'This item alone is to be done again; later ones are held until it is.'),
		body: (get) => ({ incident, item: item.id, reason: get('reason') || '' }), button: t('やり直しに戻す', 'Reopen'), ok: t('やり直しに戻しました。', 'Reopened.') };
}

export function actsOfItem(incident, item) {
	const settled = ['told', 'done', 'waived', 'held', 'kept'].includes(item.state);
	return [item.optional && item.state === 'ready' ? waive(incident, item) : null, settled && !item.entry && !item.closes ? reopen(incident, item) : null,
		comment(incident, item.id), (item.calls || []).length && item.state === 'ready' ? null : call(incident, item.id)].filter(Boolean);
}

// The forms, each folded away and made when it is opened; wanted: the name of the one that the address asks for.
const opened = new Set(); // prefix/name
let asked = '';

// What is done may not be offered any more: it is said above, where the focus goes.
function finished(key, act, result) {
	forgetResult(key);
	setLast(t(`${act.ok}（記録番号 ${result.record}）`, `${act.ok} (record ${result.record})`), result.incident && act.act === 'split' ? `#/tasks/${result.incident}` : '');
}

export function actList(prefix, acts, wanted) {
	if (asked !== `${prefix}?${wanted || ''}`) {
		asked = `${prefix}?${wanted || ''}`;
		opened.clear();
		if (wanted) {
			opened.add(`${prefix}/${wanted}`);
			focusSoon(() => document.querySelector(`#act-${CSS.escape(wanted)} form :is(input, select, textarea)`));
		}
	}
	return h('div', { class: 'acts', key: 'acts' }, acts.map((a) => {
		const key = `${prefix}/${a.name}`;
		const open = opened.has(key);
		const toggle = (e) => {
			if (e.target.open === opened.has(key))
				return;
			opened[e.target.open ? 'add' : 'delete'](key);
			redraw();
		};
		return h('details', { key: a.name, id: 'act-' + a.name, open, on: { toggle } }, h('summary', {}, a.title),
			open ? actForm({ ...a, key, label: a.title, where: (r) => (r.outcome === 'ACCEPTED' ? LAST : null), accepted: (r) => finished(key, a, r) }) : null);
	}));
}
