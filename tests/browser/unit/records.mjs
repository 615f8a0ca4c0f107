// records.js: what a record of the log says, in both languages, with names where they are known and ids where not.
import test from 'node:test';
import assert from 'node:assert/strict';
import { line, names } from '../../../client/web/page/js/records.js';
import { setLang } from '../../../client/web/page/js/i18n.js';

const at = Date.UTC(2026, 10, 23, 0, 5);
const n = names({
	persons: [{ id: 'p1', name: '田中 健一' }, { id: 'p2', name: '鈴木 恵子' }], terminals: [{ id: 't1', place: '1階窓口' }], roles: [{ id: 'r1', title: '担当者', title_en: 'operator' }],
	contacts: [{ id: 'b1', title: '滋賀県', title_en: 'the prefecture' }],
	items: [{ id: 'i1', title: '原因の調査', title_en: 'Finding the cause', form: [{ id: 'kind', title: '種類', title_en: 'Kind', type: 'choice', options: [{ id: 'hw', title: '機器', title_en: 'equipment' }] }, { id: 'where', title: '場所', type: 'place' }], agenda: [{ id: 'a1', title: '停止', options: [] }] }],
	notices: [{ id: 7, item: 'i1', role_title: '担当者', role_title_en: 'operator' }, { id: 8, item: 'i1', role: 'every_terminal', role_title: '全端末' }],
});
const say = (fields, lang = 'ja') => {
	setLang(lang);
	const l = line({ index: 5, fields: { at, ...fields } }, n);
	setLang('ja');
	return l;
};

test('each kind of record.h has a sentence in both languages', () => {
	for (const kind of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44]) {
		const bare = { kind, ordinal: 1, incident: 1, ref: 2, notice: 7 }; // those that record_check() wants
		const ja = say(bare), en = say(bare, 'en');
		assert.ok(ja.sentence && ja.title && ja.group, `kind ${kind}`);
		assert.notEqual(ja.sentence, en.sentence, `kind ${kind}`);
		assert.ok(!/undefined|NaN|\[object/.test(ja.sentence + en.sentence + ja.who + en.who), `kind ${kind}: ${ja.sentence} ${en.sentence}`);
		assert.ok(!/[ぁ-ん]/.test(en.sentence), `kind ${kind}: ${en.sentence}`);
	}
});

test('an entry by telephone says who, for whom, when it was said, and what', () => {
	const l = say({ kind: 14, item: 'i1', person: 'p1', entered_by: 'p2', role: 'r1', capacity: 2, channel: 1, number: '0749', said_at: at - 600000, values: [{ field: 'kind', value: 'hw', checks: ['ランプ'] }, { field: 'where', value: 't1' }, { field: 'x', unknown: '停電' }] });
	assert.equal(l.sentence, '田中 健一が「原因の調査」を入力しました。');
	assert.equal(l.who, '担当者・代理・電話 0749、入力 鈴木 恵子');
	assert.deepEqual(l.details, ['種類：機器 ☑ランプ', '場所：1階窓口', 'x：不明（停電）']);
	assert.match(l.times[0], /08:55/);
	assert.deepEqual(l.persons, ['p1', 'p2']);
	const en = say({ kind: 14, item: 'i1', person: 'p1', entered_by: 'p2', role: 'r1', capacity: 2, channel: 1, values: [{ field: 'kind', value: 'hw' }] }, 'en');
	assert.equal(en.sentence, '田中 健一 entered "Finding the cause".');
	assert.deepEqual(en.details, ['Kind: equipment']);
});

test('notices, their escalation and end', () => {
	assert.match(say({ kind: 20, item: 'i1', notice: 7, role: 'r1', stage: 1, recipients: [{ id: 'p1' }, { id: 'p2', as: 1 }] }).sentence, /担当者（田中 健一、鈴木 恵子（代理））へ「原因の調査」の対応を依頼/);
	assert.match(say({ kind: 22, notice: 8, stage: 3, recipients: [{ id: 't1' }] }).sentence, /1階窓口 に表示されました/);
	assert.match(say({ kind: 26, notice: 7, stage: 2, text: 'silent', recipients: [{ id: 'p2', as: 1 }] }).sentence, /応答なしのため、「原因の調査」を代理（鈴木 恵子（代理））へも/);
	assert.match(say({ kind: 27, notice: 7, text: 'acted' }).sentence, /終えました（対応したため）/);
	assert.match(say({ kind: 23, notice: 8, person: 'p1', terminal: 't1' }).sentence, /端末「1階窓口」を見て/);
	assert.match(say({ kind: 23, notice: 7, person: 'p1', answer: 'absent' }).sentence, /「欠席」と答えました/);
});

test('calls: made, unanswered, not made', () => {
	assert.equal(say({ kind: 32, calls: [{ body: 'b1', number: '077', answered_by: '山本', said: '了解' }] }).sentence, '滋賀県 077 に電話：応対 山本、「了解」');
	assert.match(say({ kind: 32, name: 'p2', calls: [{ number: '077', no_answer: true, again_at: at + 600000 }] }).sentence, /鈴木 恵子 077 に電話：応答なし（.*09:15 にかけ直す）/);
	assert.match(say({ kind: 32, calls: [{ body: 'b1', reason: '不要' }] }).sentence, /電話していません：不要/);
});

test('withheld and unreadable entries are said to be that; a later kind keeps its words', () => {
	assert.equal(line({ index: 3, withheld: true }, n).withheld, true);
	assert.equal(line({ index: 3 }, n).unreadable, true);
	assert.match(say({ kind: 99, text: 'neu' }).sentence, /新しい版の記録：neu/);
	assert.equal(say({ kind: 33, person: 'gone', text: 'x' }).sentence, 'goneのコメント：x');
});
