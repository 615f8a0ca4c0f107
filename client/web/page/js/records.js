// records: one record of the log as a sentence. The log has ids and codes; how the plan and the site call them is looked up in rows that the
// page holds (names()). Kinds and their fields: server/record/record.h. Pure: the same record, names and language give the same text.
import { t, both } from './i18n.js';
import { clock, day } from './time.js';
import * as codes from './codes.js';

const NAMES_SHOWN = 6;

/*
 * How ids are called. held: arrays of rows {persons, terminals, roles (plan_role), contacts, items, notices, alarms, targets}; each may be
 * missing. What nothing is known of is called by its id.
 */
export function names(held) {
	const by = (rows, id = 'id') => new Map((rows || []).map((r) => [r[id] || '', r]));
	const persons = by(held.persons), terminals = by(held.terminals), roles = by(held.roles), items = by(held.items);
	const notices = new Map(), bodies = new Map(), titles = new Map(), places = new Map();
	for (const n of held.notices || []) {
		if (!n.part) notices.set(n.id, n);
		if (n.role && n.role_title) titles.set(n.role, n);
		for (const r of n.recipients || []) if (r.as === 'terminal') places.set(r.id, r.name || r.place);
	}
	for (const c of held.contacts || []) if (!bodies.has(c.id)) bodies.set(c.id, c);
	for (const item of held.items || []) for (const target of item.calls || []) bodies.set(target.body, target);
	for (const a of held.alarms || []) if (a.terminal && a.place) places.set(a.terminal, a.place);
	const fixed = { every_terminal: ['全端末', 'every terminal'], anyone: ['発見した職員', 'whoever found it'], reporter: ['通報した者', 'whoever raised the alarm'] };
	return {
		person: (id) => persons.get(bare(id, 'person'))?.name || bare(id, 'person') || '',
		terminal: (id) => terminals.get(bare(id, 'terminal'))?.place || places.get(bare(id, 'terminal')) || bare(id, 'terminal') || '',
		role(id) {
			if (!id) return '';
			if (roles.has(id)) return both(roles.get(id), 'title');
			if (fixed[id]) return t(...fixed[id]);
			return titles.has(id) ? both(titles.get(id), 'role_title') : id;
		},
		body: (id) => (bodies.has(id) ? both(bodies.get(id), 'title') : id || ''),
		item: (id) => items.get(id),
		notice: (id) => notices.get(id),
		itemTitle(id) {
			const row = items.get(id);
			return row ? both(row, 'title') || row.words || id : id || '';
		},
	};
}

function bare(id, kind) {
	return id && id.startsWith(kind + ':') ? id.slice(kind.length + 1) : id;
}

/*
 * The entry of the log in words. {index, at, kind, title, group, tone, drill, withheld, unreadable, sentence, details: [text], who: how it was
 * done, times: [text], persons: [id], item, notice}
 */
export function line(entry, n) {
	const r = entry.fields;
	const out = { index: entry.index, at: 0, kind: 0, title: '', group: 'system', tone: '', drill: false, details: [], times: [], persons: [], who: '', item: '', notice: 0 };
	if (entry.withheld)
		return { ...out, withheld: true, title: t('非公開', 'withheld'), sentence: t('あなたには公開されない記録です（改ざん検査の値だけが届いています）。', 'A record that is not for you (only its check values were sent).') };
	if (!r) return { ...out, unreadable: true, title: t('長い記録', 'long record'), sentence: t('長いため、ここには表示しない記録です。', 'Too long to be shown here.') };
	const kind = r.kind || 0, item = r.item || (r.notice && n.notice(r.notice)?.item) || '';
	return {
		...out, at: r.at || 0, kind, title: kind === 14 && r.flag ? t('訂正', 'amended') : codes.kindTitle(kind), group: codes.groupOf(kind), tone: tones[kind] || '', drill: !!r.drill,
		sentence: (sentences[kind] || plain)(r, n), details: details(r, n, item), who: how(r, n), times: times(r), persons: concerned(r, entry), item, notice: r.notice || 0,
	};
}

const tones = { 10: 'bad', 11: 'bad', 17: 'good', 23: 'good', 30: 'good', 37: 'good', 16: 'warn', 25: 'warn', 26: 'warn', 31: 'bad', 38: 'warn', 34: 'warn', 40: 'warn' };

// ---- who, and how it was done ------------------------------------------------------------------------------------------------------------

function actor(r, n) {
	if (r.person) return n.person(r.person);
	if (r.terminal) return t(`端末「${n.terminal(r.terminal)}」`, `terminal "${n.terminal(r.terminal)}"`);
	return r.entered_by ? n.person(r.entered_by) : t('システム', 'the system');
}

// "住基ネット担当者・代理・電話 0749-00-0001、入力 鈴木 恵子、端末 1階窓口"
function how(r, n) {
	const parts = [];
	const kind = r.kind || 0;
	if (kind === 8 || kind === 20 || kind === 21) return '';
	if (r.role) parts.push(n.role(r.role));
	if (r.capacity) parts.push(codes.capacity(codes.ofRecord.capacity(r.capacity)));
	if (r.capacity && (r.channel || r.person)) parts.push(codes.channel(codes.ofRecord.channel(r.channel)) + (r.number ? ` ${r.number}` : ''));
	let text = parts.filter(Boolean).join(t('・', ', '));
	if (r.entered_by && r.entered_by !== r.person && r.person) text += `${text ? t('、', '; ') : ''}${t('入力 ', 'entered by ')}${n.person(r.entered_by)}`;
	if (r.person && r.terminal && kind !== 24) text += `${text ? t('、', '; ') : ''}${t('端末 ', 'at ')}${n.terminal(r.terminal)}`;
	return text;
}

function concerned(r, entry) {
	const ids = new Set([r.person, r.entered_by, r.other, (r.kind === 8 || r.kind === 32) && r.name].filter(Boolean));
	for (const x of r.recipients || []) if (x.as !== 5 && !String(x.id).startsWith('terminal:')) ids.add(bare(x.id, 'person'));
	for (const f of r.follow_ups || []) if (f.owner) ids.add(f.owner);
	if ((r.kind === 10 || r.kind === 11) && !r.person && r.terminal) ids.add(`terminal:${r.terminal}`);
	return entry ? [...ids] : [];
}

// The original times, where they are not that of the record.
function times(r) {
	const out = [];
	if (r.said_at && Math.abs(r.said_at - r.at) >= 60000)
		out.push(r.channel === 3 ? t(`書かれた時刻 ${clock(r.said_at)}`, `written at ${clock(r.said_at)}`) : t(`言われた時刻 ${clock(r.said_at)}`, `said at ${clock(r.said_at)}`));
	if (r.made_at && Math.abs(r.made_at - r.at) >= 5000) out.push(t(`操作した時刻 ${clock(r.made_at)}`, `acted at ${clock(r.made_at)}`));
	return out;
}

function recipients(r, n) {
	const list = r.recipients || [];
	const broadcast = r.notice && n.notice(r.notice)?.role === 'every_terminal';
	const shown = list.slice(0, NAMES_SHOWN).map((x) => {
		const terminal = x.as === 5 || String(x.id).startsWith('terminal:') || broadcast;
		const name = terminal ? n.terminal(x.id) : n.person(x.id);
		const as = terminal || (r.kind || 0) === 22 ? '' : codes.recipientAs(codes.ofRecord.as(x.as));
		return as ? t(`${name}（${as}）`, `${name} (${as})`) : name;
	});
	const text = shown.join(t('、', ', '));
	return list.length > NAMES_SHOWN ? t(`${text} ほか${list.length - NAMES_SHOWN}`, `${text} and ${list.length - NAMES_SHOWN} more`) : text;
}

const quoted = (text) => t(`「${text}」`, `"${text}"`);
const itemOf = (r, n) => {
	const id = r.item || (r.notice && n.notice(r.notice)?.item);
	return id ? quoted(n.itemTitle(id)) : '';
};
const colon = (text) => (text ? t(`：${text}`, `: ${text}`) : '');
const term = (r) => (r.since ? t(`（${clock(r.since)}～${r.until ? clock(r.until) : '定めなし'}）`, ` (${clock(r.since)} to ${r.until ? clock(r.until) : 'further notice'})`) : '');
const noticeRole = (r, n) => (r.role ? n.role(r.role) : both(n.notice(r.notice), 'role_title')) || t('通知先', 'the recipients');

// ---- a sentence for each kind ------------------------------------------------------------------------------------------------------------

const plain = (r) => [codes.kindTitle(r.kind), r.text].filter(Boolean).join(t('：', ': '));

const sentences = {
	1: (r) => t(`サーバーが起動しました${r.text ? `（${r.text}）` : ''}。`, `The server started${r.text ? ` (${r.text})` : ''}.`),
	2: (r) => t(`サーバーの時計が ${Math.round((r.until || 0) / 1000)} 秒ずれていました。`, `The server's clock was off by ${Math.round((r.until || 0) / 1000)} s.`),
	3: (r, n) => t(`${actor(r, n)}が計画「${r.name || ''}」を登録しました。`, `${actor(r, n)} loaded the plan "${r.name || ''}".`),
	4: (r, n) => t(`${actor(r, n)}が庁内情報「${r.name || ''}」を登録しました。`, `${actor(r, n)} loaded the site "${r.name || ''}".`),
	5: (r, n) => t(`${n.person(r.person)}のパスワードが設定されました。`, `The password of ${n.person(r.person)} was set.`),
	6: (r, n) => t(`${recipients(r, n)}が${r.flag ? '在席' : '不在'}になりました。`, `${recipients(r, n)}: ${r.flag ? 'present' : 'away'}.`),
	7: (r, n) => (r.flag
		? r.text === 'term' ? t(`${n.person(r.other)}の不在の期間が終わりました。`, `The absence of ${n.person(r.other)} ended.`)
			: t(`${n.person(r.other)}が不在から戻りました。`, `${n.person(r.other)} is back.`)
		: t(`${n.person(r.other)}の不在が登録されました${term(r)}${colon(r.text)}`, `${n.person(r.other)} is absent${term(r)}${colon(r.text)}`)),
	8: (r, n) => {
		const ja = r.capacity === 3 ? '委任' : '職務代理', en = r.capacity === 3 ? 'delegate' : 'deputy';
		return t(`${n.person(r.other)}の${r.role ? n.role(r.role) : 'すべての役割'}を、${n.person(r.name)}が${ja}します${term(r)}${colon(r.text)}`,
			`${n.person(r.name)} is ${en} of ${n.person(r.other)} for ${r.role ? n.role(r.role) : 'every role'}${term(r)}${colon(r.text)}`);
	},
	9: (r) => t(`代理・委任（${r.ordinal}番）が終わりました${colon(codes.cause(r.text))}`, `Delegation no. ${r.ordinal} ended${colon(codes.cause(r.text))}`),
	10: (r, n) => (r.flag
		? t(`分けた通報から、事案 ${r.incident} が始まりました。`, `Incident ${r.incident} began from an alarm that was split off.`)
		: t(`${actor(r, n)}が${itemOf(r, n)}を通報しました。`, `${actor(r, n)} raised the alarm ${itemOf(r, n)}.`)),
	11: (r, n) => t(`${actor(r, n)}の通報が、この事案に加わりました。`, `A further alarm, of ${actor(r, n)}, joined this incident.`),
	12: (r, n) => t(`${actor(r, n)}が、通報（記録 ${r.ref}）を事案 ${r.ordinal} へ分けました${colon(r.text)}`, `${actor(r, n)} split off the alarm (record ${r.ref}) as incident ${r.ordinal}${colon(r.text)}`),
	13: (r, n) => t(`${actor(r, n)}が、事案 ${r.incident} を事案 ${r.ordinal} にまとめました${colon(r.text)}`, `${actor(r, n)} joined incident ${r.incident} into ${r.ordinal}${colon(r.text)}`),
	14: (r, n) => (r.flag ? t(`${actor(r, n)}が${itemOf(r, n)}を訂正しました。`, `${actor(r, n)} amended ${itemOf(r, n)}.`) : t(`${actor(r, n)}が${itemOf(r, n)}を入力しました。`, `${actor(r, n)} entered ${itemOf(r, n)}.`)),
	15: (r, n) => t(`${actor(r, n)}が${itemOf(r, n)}を不要と判断しました${colon(r.text)}`, `${actor(r, n)} judged ${itemOf(r, n)} not needed${colon(r.text)}`),
	16: (r, n) => t(`${r.ref ? '本人の否認により、' : `${actor(r, n)}が`}${itemOf(r, n)}を差し戻しました${colon(codes.cause(r.text))}`,
		`${r.ref ? 'By a denial' : actor(r, n)} reopened ${itemOf(r, n)}${colon(codes.cause(r.text))}`),
	17: (r, n) => t(`${itemOf(r, n)}が完了しました（必要な受領確認がすべてそろいました）。`, `${itemOf(r, n)} is done: every acknowledgement it needs is in.`),
	20: (r, n) => told(r, n),
	21: (r, n) => t(`${noticeRole(r, n)}へ${itemOf(r, n)}を一斉に知らせました${r.flag ? '（受領確認を求める）' : ''}。`, `${itemOf(r, n)} was broadcast to ${noticeRole(r, n)}${r.flag ? ' (to be acknowledged)' : ''}.`),
	22: (r, n) => t(`${itemOf(r, n) || `通知 ${r.notice}`}が ${recipients(r, n)} に${{ 1: '送信', 2: '配達', 3: '表示' }[r.stage] || ''}されました。`,
		`${itemOf(r, n) || `Notice ${r.notice}`} was ${codes.stage(codes.ofRecord.stage(r.stage))} at ${recipients(r, n)}.`),
	23: (r, n) => acknowledged(r, n),
	24: (r, n) => t(`${r.entered_by ? n.person(r.entered_by) : actor(r, n)}が、端末「${n.terminal(r.terminal)}」を使用不能として除きました${colon(r.text)}`,
		`${r.entered_by ? n.person(r.entered_by) : actor(r, n)} excused the terminal "${n.terminal(r.terminal)}", out of service${colon(r.text)}`),
	25: (r, n) => t(`${noticeRole(r, n)}へ${itemOf(r, n)}をもう一度知らせました${r.until ? `（次は ${clock(r.until)}）` : ''}。`, `${noticeRole(r, n)} was told again of ${itemOf(r, n)}${r.until ? ` (next ${clock(r.until)})` : ''}.`),
	26: (r, n) => escalated(r, n),
	27: (r, n) => t(`${itemOf(r, n)}の${(r.recipients || []).length ? recipients(r, n) : noticeRole(r, n)}への通知を${r.flag ? '取り消し、そのことを知らせました' : '終えました'}${r.text ? `（${codes.cause(r.text)}）` : ''}。`,
		`The notice of ${itemOf(r, n)} to ${(r.recipients || []).length ? recipients(r, n) : noticeRole(r, n)} ${r.flag ? 'was cancelled, and they were told' : 'ended'}${r.text ? ` (${codes.cause(r.text)})` : ''}.`),
	30: (r, n) => t(`${actor(r, n)}が、自分の名で入力された記録 ${r.ref} を「そのとおり」と認めました${colon(r.text)}`, `${actor(r, n)} confirmed record ${r.ref}, entered in that name${colon(r.text)}`),
	31: (r, n) => t(`${actor(r, n)}が、自分の名で入力された記録 ${r.ref} を「違う」と否認しました${colon(r.text)}`, `${actor(r, n)} denied record ${r.ref}, entered in that name${colon(r.text)}`),
	32: (r, n) => called(r, n, (r.calls || [])[0] || {}),
	33: (r, n) => t(`${actor(r, n)}のコメント${r.item ? `（${n.itemTitle(r.item)}）` : ''}：${r.text || ''}`, `${actor(r, n)} remarks${r.item ? ` (${n.itemTitle(r.item)})` : ''}: ${r.text || ''}`),
	34: (r, n) => {
		const f = (r.follow_ups || [])[0] || {};
		return t(`${actor(r, n)}が、措置 ${r.ordinal} を${n.person(f.owner)}へ引き継ぎました（期限 ${day(f.due)}）${colon(r.text)}`,
			`${actor(r, n)} handed measure ${r.ordinal} over to ${n.person(f.owner)} (due ${day(f.due)})${colon(r.text)}`);
	},
	35: (r) => t(`継続事項 ${r.ordinal} が登録されました。`, `Follow-up ${r.ordinal} was put on file.`),
	36: (r, n) => t(`${actor(r, n)}が継続事項 ${r.ordinal} を${r.answer === 'done' ? '完了としました' : '変更しました'}${colon(r.text)}`,
		`${actor(r, n)} ${r.answer === 'done' ? 'completed' : 'changed'} follow-up ${r.ordinal}${colon(r.text)}`),
	37: (r, n) => t(`${actor(r, n)}が事案を終結しました。`, `${actor(r, n)} closed the incident.`),
	38: (r, n) => (r.ref
		? t(`実際の通報（記録 ${r.ref}）があったため、訓練を中止しました。`, `A real alarm (record ${r.ref}) came: the drill was given up.`)
		: t(`${actor(r, n)}が訓練を中止しました${colon(r.text)}`, `${actor(r, n)} gave the drill up${colon(r.text)}`)),
	39: (r, n) => t(`継続事項 ${r.ordinal} について ${recipients(r, n)} に知らせました（${codes.cause(r.text)}）。`, `${recipients(r, n)} was reminded of follow-up ${r.ordinal} (${codes.cause(r.text)}).`),
	40: (r, n) => t(`${actor(r, n)}が、${n.person(r.other)}を事案の関与${r.flag ? 'に再び加えました' : 'から外しました'}${colon(r.text)}`,
		`${actor(r, n)} ${r.flag ? 'readmitted' : 'kept out'} ${n.person(r.other)}${colon(r.text)}`),
	41: (r, n) => t(`${actor(r, n)}が${{ incident: 'この事案の内容', log: 'この事案の記録', report: '報告書を作るためにこの事案' }[r.text] || 'この事案'}を閲覧しました。`,
		`${actor(r, n)} read ${{ incident: 'this incident', log: 'its log', report: 'it for a report' }[r.text] || 'this incident'}.`),
	42: (r, n) => t(`${r.flag ? '毎日の' : `${actor(r, n)}による`}接続テスト ${r.ordinal} が始まりました（${(r.recipients || []).length} 件）。`, `Connection test ${r.ordinal} began${r.flag ? ' (daily)' : `, by ${actor(r, n)}`}: ${(r.recipients || []).length} asked.`),
	43: (r, n) => t(`接続テスト ${r.ordinal} に ${recipients(r, n)} が応えました。`, `${recipients(r, n)} answered test ${r.ordinal}.`),
	44: (r) => t(`接続テスト ${r.ordinal} が終わりました。`, `Test ${r.ordinal} ended.`),
};

function told(r, n) {
	const to = `${noticeRole(r, n)}${(r.recipients || []).length ? t(`（${recipients(r, n)}）`, ` (${recipients(r, n)})`) : ''}`;
	const kind = codes.ofRecord.notice(r.stage);
	if (kind === 'your_turn') return t(`${to}へ${itemOf(r, n)}の対応を依頼しました。`, `${to} was asked to do ${itemOf(r, n)}.`);
	if (kind === 'call_again') return t(`${to}へ、電話をかけ直す時刻を知らせました${itemOf(r, n) ? `（${n.itemTitle(r.item)}）` : ''}。`, `${to} was told that it is time to call again.`);
	return t(`${to}へ${itemOf(r, n)}を知らせました${r.flag ? '（受領確認を求める）' : ''}。`, `${to} was told of ${itemOf(r, n)}${r.flag ? ' (to be acknowledged)' : ''}.`);
}

function acknowledged(r, n) {
	const who = actor(r, n), what = itemOf(r, n) || t(`通知 ${r.notice}`, `notice ${r.notice}`);
	const onSpot = r.person && r.terminal && n.notice(r.notice)?.role === 'every_terminal';
	const code = r.text && codes.cause(r.text) !== r.text;
	const text = code ? t(`（${codes.cause(r.text)}）`, ` (${codes.cause(r.text)})`) : colon(r.text);
	if (r.answer) return t(`${who}が${what}に「${codes.answer(r.answer)}」と答えました${text}`, `${who} answered ${what}: ${codes.answer(r.answer)}${text}`);
	if (onSpot) return t(`${who}が、端末「${n.terminal(r.terminal)}」を見て${what}の受領を確認しました${text}`, `${who} checked ${what} at the terminal "${n.terminal(r.terminal)}"${text}`);
	return t(`${who}が${what}を受領しました${text}`, `${who} acknowledged ${what}${text}`);
}

function escalated(r, n) {
	const stage = codes.ofRecord.escalation(r.stage), to = (r.recipients || []).length ? recipients(r, n) : '';
	const reason = r.text ? t(`${codes.cause(r.text)}のため、`, `${codes.cause(r.text)}: `) : '';
	if (stage === 'telephone') return t(`${reason}${itemOf(r, n)}は電話で知らせる必要があると表示しました。`, `${reason}${itemOf(r, n)} is to be told by telephone.`);
	const ja = { deputies: '代理', above: '上位者', repeated: '同じ相手' }[stage] || '';
	const en = { deputies: 'the deputies', above: 'those above', repeated: 'the same' }[stage] || 'others';
	return t(`${reason}${itemOf(r, n)}を${ja}${to ? `（${to}）` : ''}へも知らせました。`, `${reason}${en}${to ? ` (${to})` : ''} were told of ${itemOf(r, n)} too.`);
}

export function called(r, n, call) {
	const whom = call.body ? n.body(call.body) : n.person(r.name);
	const number = call.number ? ` ${call.number}` : '';
	if (call.reason && !call.answered_by && !call.no_answer) return t(`${whom}へは電話していません：${call.reason}`, `${whom} was not called: ${call.reason}`);
	const at = call.at && Math.abs(call.at - (r.at || 0)) > 60000 ? t(`${clock(call.at)} に`, `at ${clock(call.at)} `) : '';
	const result = call.no_answer
		? t(`応答なし${call.again_at ? `（${clock(call.again_at)} にかけ直す）` : ''}`, `no answer${call.again_at ? ` (again at ${clock(call.again_at)})` : ''}`)
		: [call.answered_by && t(`応対 ${call.answered_by}`, `answered by ${call.answered_by}`), call.said && quoted(call.said)].filter(Boolean).join(t('、', ', '));
	const offered = call.offered && call.offered !== call.number ? t(`（登録の番号は ${call.offered}）`, ` (on file: ${call.offered})`) : '';
	return t(`${at}${whom}${number}${offered} に電話${result ? `：${result}` : ''}`, `Call ${at}to ${whom}${number}${offered}${result ? `: ${result}` : ''}`);
}

// ---- what was entered --------------------------------------------------------------------------------------------------------------------

function details(r, n, item) {
	const out = [];
	const row = n.item(item);
	for (const v of r.values || []) out.push(value(v, row, n));
	if ((r.kind || 0) !== 32) for (const c of r.calls || []) out.push(called(r, n, c));
	if ((r.kind || 0) !== 34)
		for (const f of r.follow_ups || []) {
			const title = (row?.follow_ups || []).find((k) => k.id === f.kind);
			out.push(t(`継続事項：${f.text || (title && both(title, 'title')) || f.kind || ''}（担当 ${f.owner ? n.person(f.owner) : '－'}、期限 ${f.due ? day(f.due) : '－'}）`,
				`follow-up: ${f.text || (title && both(title, 'title')) || f.kind || ''} (owner ${f.owner ? n.person(f.owner) : '-'}, due ${f.due ? day(f.due) : '-'})`));
		}
	if ((r.kind === 10 || r.kind === 11) && r.text) out.push(t(`発見者：${r.text}`, `found by: ${r.text}`));
	if (r.kind === 10 && r.drill && r.answer) out.push(r.answer === 'unannounced' ? t('予告なしの訓練', 'an unannounced drill') : t('予告された訓練', 'an announced drill'));
	return out;
}

function value(v, row, n) {
	const field = (row?.form || []).find((f) => f.id === v.field);
	const words = !field && v.field.endsWith('.text') ? (row?.agenda || []).find((a) => a.id === v.field.slice(0, -5)) : null;
	const agenda = field || words ? null : (row?.agenda || []).find((a) => a.id === v.field);
	const title = words ? t(`${both(words, 'title')}（内容）`, `${both(words, 'title')} (text)`) : both(field || agenda, 'title') || v.field;
	const option = ((field || agenda)?.options || []).find((o) => o.id === v.value);
	let shown = v.value || '';
	if (!v.value) shown = t(`不明${v.unknown ? `（${v.unknown}）` : ''}`, `unknown${v.unknown ? ` (${v.unknown})` : ''}`);
	else if (option) shown = both(option, 'title');
	else if (v.value === 'deferred' && agenda) shown = t('見送り', 'deferred');
	else if (field?.type === 'place') shown = n.terminal(v.value);
	else if (field?.type === 'time') shown = v.value.replace('T', ' ');
	return `${title}${t('：', ': ')}${shown}${(v.checks || []).map((c) => ` ☑${c}`).join('')}`;
}
