// time and language: Japan time whatever the machine's zone, eras at their edges
process.env.TZ = 'America/New_York';
import test from 'node:test';
import assert from 'node:assert/strict';
import * as time from '../../../client/web/page/js/time.js';
import { setLang, both, t } from '../../../client/web/page/js/i18n.js';

const at = (text) => Date.parse(text);
function when(text, fn) {
	time.setAhead(at(text) - Date.now());
	fn();
	time.setAhead(0);
}

test('a clock shows Japan time, and the day when it is another', () => {
	when('2026-11-23T00:10:00Z', () => {
		assert.equal(time.clock(at('2026-11-23T00:05:07Z')), '09:05');
		assert.equal(time.seconds(at('2026-11-23T00:05:07Z')), '09:05:07');
		assert.equal(time.clock(at('2026-11-22T14:59:00Z')), '11-22 23:59');
		assert.equal(time.clock(at('2025-11-23T00:05:00Z')), '2025-11-23 09:05');
		assert.equal(time.clock(0), '');
		assert.equal(time.date(at('2026-11-22T15:00:00Z')), '2026-11-23');
	});
});

test('elapsed and coming times in both languages', () => {
	when('2026-11-23T00:10:00Z', () => {
		setLang('ja');
		assert.equal(time.when(at('2026-11-22T23:58:00Z')), '08:58（12分前）');
		assert.equal(time.when(at('2026-11-23T00:13:00.5Z')), '09:13（あと3分）');
		assert.equal(time.elapsed(at('2026-11-22T21:05:00Z')), '3時間5分');
		assert.equal(time.elapsed(at('2026-11-20T00:05:00Z')), '3日');
		setLang('en');
		assert.equal(time.when(at('2026-11-22T23:58:00Z')), '08:58 (12 min ago)');
		assert.equal(time.elapsed(at('2026-11-22T21:10:00Z')), '3 h');
		setLang('ja');
	});
});

test('eras change on their first day, in Japan', () => {
	assert.equal(time.day('2026-11-23'), '2026-11-23（令和8年11月23日）');
	assert.equal(time.day('2019-05-01'), '2019-05-01（令和元年5月1日）');
	assert.equal(time.day('2019-04-30'), '2019-04-30（平成31年4月30日）');
	assert.equal(time.day('1989-01-07'), '1989-01-07（昭和64年1月7日）');
	assert.equal(time.day('soon'), 'soon');
	assert.equal(time.era(at('2019-04-30T15:00:00Z')), '令和元年5月1日');
	setLang('en');
	assert.equal(time.day('2026-11-23'), '2026-11-23 (Reiwa 8)');
	setLang('ja');
});

test('a time that is typed is Japan time', () => {
	assert.equal(time.fromLocal('2026-11-23T09:05'), at('2026-11-23T00:05:00Z'));
	assert.equal(time.local(at('2026-11-23T00:05:00Z')), '2026-11-23T09:05');
	assert.equal(time.fromLocal('09:05'), 0);
});

test('English where there is some, else Japanese', () => {
	const row = { title: '通報', title_en: 'Alarm', place: '窓口', role_titles: ['係長', '主任'], role_titles_en: ['Chief', ''] };
	assert.equal(both(row, 'title'), '通報');
	setLang('en');
	assert.equal(t('はい', 'Yes'), 'Yes');
	assert.equal(both(row, 'title'), 'Alarm');
	assert.equal(both(row, 'place'), '窓口');
	assert.deepEqual(both(row, 'role_titles'), ['Chief', '主任']);
	assert.equal(both(null, 'title'), '');
	setLang('ja');
});
