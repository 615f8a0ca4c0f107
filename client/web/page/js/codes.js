// codes: the protocol's enumerations in words, for rows (names) and for the log (numbers). An unknown code is shown as it is: a later
// server may know more than this page.
import { t } from './i18n.js';

const table = (words) => (code) => {
	const found = words[code];
	return found ? t(found[0], found[1]) : code ?? '';
};

export const incidentState = table({
	open: ['進行中', 'open'], closed: ['終結', 'closed'], given_up: ['訓練中止', 'given up'], joined: ['統合済み', 'joined'],
});
export const itemState = table({
	undetermined: ['未定', 'undetermined'], not_applicable: ['該当なし', 'not applicable'], waiting: ['順番待ち', 'waiting'],
	ready: ['対応待ち', 'to be done'], told: ['確認待ち', 'being acknowledged'], done: ['完了', 'done'], waived: ['不要', 'not needed'],
	held: ['保留', 'held'], kept: ['記録のみ', 'kept'], standing: ['随時', 'any time'],
});
export const capacity = table({
	none: ['', ''], self: ['本人', 'holder'], deputy: ['代理', 'deputy'], delegate: ['委任', 'delegate'], terminal: ['端末', 'terminal'],
});
export const channel = table({ screen: ['画面', 'screen'], telephone: ['電話', 'telephone'], in_person: ['対面', 'in person'], paper: ['書面', 'paper'] });
export const answer = table({ present: ['出席', 'present'], absent: ['欠席', 'absent'], deputy: ['代理出席', 'deputy comes'] });
export const recipientAs = table({
	holder: ['', ''], deputy: ['代理', 'deputy'], above: ['上位者', 'above'], with: ['あわせて', 'with'], member: ['構成員', 'member'],
	terminal: ['端末', 'terminal'], delegate: ['委任', 'delegate'],
});
export const escalation = table({
	none: ['', ''], repeated: ['再通知', 'told again'], deputies: ['代理へ通知', 'deputies told'],
	above: ['上位者へ通知', 'those above told'], telephone: ['電話が必要', 'telephone'],
});
export const why = table({
	absent: ['不在', 'absent'], silent: ['応答なし', 'no answer'], no_login: ['電話のみ', 'telephone only'], overdue: ['期限超過', 'overdue'],
	readdressed: ['担当の変更', 'holder changed'],
});
const causes = table({
	acted: ['対応したため', 'acted'], self: ['自分の入力による', 'by own entry'], relayed: ['前の役割で受領済み', 'already acknowledged in the role before'],
	not_ready: ['今は対応が要らなくなった', 'nothing to do now'], not_applicable: ['条件が変わり対象外になった', 'does not apply any more'],
	called: ['電話はかけ直された', 'the call was made'], lifted: ['措置が解除された', 'the measure is lifted'], closed: ['事案が終結した', 'the incident closed'],
	given_up: ['訓練が終わった', 'the drill is over'], real_alarm: ['実際の通報があった', 'a real alarm came'],
	interrupted: ['訓練が中止になった', 'the drill is off'], amended: ['内容が訂正された', 'amended'],
	reminded: ['新しい督促に代わった', 'a newer reminder takes its place'], reopened: ['やり直しになった', 'reopened'],
	term: ['期間の終わり', 'its term ended'], barred: ['関与の制限', 'kept out'],
	soon: ['期限が近い', 'due soon'], due: ['期限の日', 'due today'],
});
// Why something ended or grew, as the log says it; words that people wrote stay as they are.
export const cause = (code) => {
	const found = causes(code);
	return found === code ? why(code) : found;
};
export const measureState = table({ in_force: ['継続中', 'in force'], lifted: ['解除済み', 'lifted'], handed_over: ['引継ぎ済み', 'handed over'] });
export const stage = table({
	STAGE_NONE: ['未着', 'not sent'], STAGE_SENT: ['送信', 'sent'], STAGE_DELIVERED: ['配達', 'delivered'], STAGE_DISPLAYED: ['表示', 'displayed'],
});
export const stageNumber = (name) => ({ STAGE_SENT: 1, STAGE_DELIVERED: 2, STAGE_DISPLAYED: 3 })[name] || 0;

// The log has numbers (server/record/record.h).
const numbered = (names) => (n) => names[n || 0] ?? String(n);
export const ofRecord = {
	capacity: numbered(['none', 'self', 'deputy', 'delegate', 'terminal']),
	channel: numbered(['screen', 'telephone', 'in_person', 'paper']),
	as: numbered(['holder', 'deputy', 'above', 'with', 'member', 'terminal', 'delegate']),
	stage: numbered(['STAGE_NONE', 'STAGE_SENT', 'STAGE_DELIVERED', 'STAGE_DISPLAYED']),
	notice: numbered(['tell', 'your_turn', 'reminder', 'call_again']),
	escalation: numbered(['none', 'repeated', 'deputies', 'above', 'telephone']),
};

const kinds = {
	0: ['none', 'なし', 'none'], 1: ['started', 'サーバー起動', 'server started'], 2: ['clock', '時計のずれ', 'clock'],
	3: ['plan_loaded', '計画の登録', 'plan loaded'], 4: ['site_loaded', '庁内情報の登録', 'site loaded'],
	5: ['password_set', 'パスワードの設定', 'password set'], 6: ['presence', '在席の変化', 'presence'], 7: ['absence', '不在の登録', 'absence'],
	8: ['delegated', '代理・委任の登録', 'delegated'], 9: ['delegation_ended', '代理・委任の終了', 'delegation ended'],
	10: ['opened', '通報', 'alarm'], 11: ['alarm_joined', '通報の追加', 'alarm joined'], 12: ['split', '通報の切り離し', 'split'],
	13: ['joined', '事案の統合', 'joined'], 14: ['entered', '入力', 'entered'], 15: ['waived', '不要の判断', 'not needed'],
	16: ['reopened', '差し戻し', 'reopened'], 17: ['done', '完了', 'done'], 20: ['notified', '通知', 'notified'],
	21: ['broadcast', '一斉通知', 'broadcast'], 22: ['receipt', '到達', 'receipt'], 23: ['acknowledged', '受領確認', 'acknowledged'],
	24: ['excused', '端末の除外', 'excused'], 25: ['repeated', '再通知', 'repeated'], 26: ['escalated', '通知先の拡大', 'escalated'],
	27: ['withdrawn', '通知の終了', 'notice ended'], 30: ['confirmed', '本人の追認', 'confirmed'], 31: ['denied', '本人の否認', 'denied'],
	32: ['call', '電話連絡', 'call'], 33: ['comment', 'コメント', 'comment'], 34: ['handed_over', '措置の引継ぎ', 'handed over'],
	35: ['follow_up', '継続事項', 'follow-up'], 36: ['follow_up_changed', '継続事項の変更', 'follow-up changed'], 37: ['closed', '事案の終結', 'closed'],
	38: ['given_up', '訓練の中止', 'given up'], 39: ['reminded', '継続事項の督促', 'reminded'], 40: ['barred', '関与の制限', 'kept out'],
	41: ['read', '閲覧', 'read'], 42: ['test', '接続テスト', 'connection test'], 43: ['test_answered', '接続テストの応答', 'test answered'],
	44: ['test_ended', '接続テストの終了', 'test ended'],
};
export const kindTitle = (n) => {
	const found = kinds[n || 0];
	return found ? t(found[1], found[2]) : t('新しい版の記録', 'record of a later version');
};

// Kinds as people look for them. Receipts are many and stand apart.
export const groups = {
	alarm: { title: () => t('通報・統合', 'alarms'), kinds: [10, 11, 12, 13] },
	act: { title: () => t('入力・判断・完了', 'entries, decisions'), kinds: [14, 15, 16, 17, 34, 37, 38] },
	notice: { title: () => t('通知・再通知', 'notices'), kinds: [20, 21, 25, 26, 27, 39] },
	ack: { title: () => t('受領確認・追認', 'acknowledgements'), kinds: [23, 24, 30, 31] },
	call: { title: () => t('電話', 'calls'), kinds: [32] },
	comment: { title: () => t('コメント', 'comments'), kinds: [33] },
	follow_up: { title: () => t('継続事項', 'follow-ups'), kinds: [35, 36] },
	people: { title: () => t('関与の制限・閲覧・不在', 'people, reading'), kinds: [7, 8, 9, 40, 41] },
	receipt: { title: () => t('到達（送信・配達・表示）', 'receipts'), kinds: [22] },
	system: { title: () => t('システム・接続テスト', 'system, tests'), kinds: [0, 1, 2, 3, 4, 5, 6, 42, 43, 44] },
};
const groupOfKind = Object.fromEntries(Object.entries(groups).flatMap(([name, g]) => g.kinds.map((k) => [k, name])));
export const groupOf = (kind) => groupOfKind[kind || 0] || 'system';
