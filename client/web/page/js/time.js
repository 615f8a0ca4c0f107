// time: the server's clock in Japan time, whatever this machine's clock and time zone say. Times are milliseconds since 1970.

import { t, lang } from './i18n.js';

const JAPAN = 9 * 3600000, DAY = 86400000;
let ahead = 0; // how far the server's clock is ahead of this machine's

export const now = () => Date.now() + ahead;
// How far the server's clock is ahead of this machine's, as the hub learned from it.
export function setAhead(ms) {
	ahead = ms || 0;
}

const two = (n) => String(n).padStart(2, '0');
const parts = (ms) => {
	const d = new Date(Number(ms) + JAPAN);
	return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate(), hour: d.getUTCHours(), minute: d.getUTCMinutes(), second: d.getUTCSeconds() };
};

// "2026-11-23", the day in Japan
export function date(ms) {
	const p = parts(ms);
	return `${p.year}-${two(p.month)}-${two(p.day)}`;
}

// "09:05"; on another day than today "11-22 09:05"; in another year "2025-11-22 09:05". 0: empty.
export function clock(ms) {
	if (!ms) return '';
	const p = parts(ms), today = parts(now());
	const time = `${two(p.hour)}:${two(p.minute)}`;
	if (p.year !== today.year) return `${date(ms)} ${time}`;
	return p.month === today.month && p.day === today.day ? time : `${two(p.month)}-${two(p.day)} ${time}`;
}

// "09:05:07", with the day as clock() has it
export const seconds = (ms) => (ms ? `${clock(ms)}:${two(parts(ms).second)}` : '');

// "2026-11-23T09:05", as a field of type time and <input type=datetime-local> have it
export function local(ms) {
	const p = parts(ms);
	return `${date(ms)}T${two(p.hour)}:${two(p.minute)}`;
}
// Back: milliseconds of "2026-11-23T09:05" in Japan; 0 if it is none.
export function fromLocal(text) {
	const m = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)/.exec(text || '');
	return m ? Date.UTC(+m[1], +m[2] - 1, +m[3], +m[4], +m[5]) - JAPAN : 0;
}

// A span in words: "12分", "1時間5分", "3日"; "12 min", "1 h 5 min", "3 d". Below a minute: seconds.
export function span(ms) {
	const s = Math.max(0, Math.floor(ms / 1000)), m = Math.floor(s / 60), hours = Math.floor(m / 60), d = Math.floor(hours / 24);
	if (m < 1) return t(`${s}秒`, `${s} s`);
	if (hours < 1) return t(`${m}分`, `${m} min`);
	if (d < 1) return m % 60 ? t(`${hours}時間${m % 60}分`, `${hours} h ${m % 60} min`) : t(`${hours}時間`, `${hours} h`);
	return t(`${d}日`, `${d} d`);
}

// How long ago it was: "12分". Screens are redrawn every 10 s, so seconds are rounded to those.
export function elapsed(ms) {
	const past = now() - ms;
	return past >= 0 && past < 60000 ? span(Math.floor(past / 10000) * 10000) : span(Math.abs(past));
}

// "09:05（12分前）", "09:05 (12 min ago)"; what is still to come: "09:20（あと3分）", "09:20 (in 3 min)"
export function when(ms) {
	if (!ms) return '';
	return ms > now() ? t(`${clock(ms)}（あと${elapsed(ms)}）`, `${clock(ms)} (in ${elapsed(ms)})`) : t(`${clock(ms)}（${elapsed(ms)}前）`, `${clock(ms)} (${elapsed(ms)} ago)`);
}

const ERAS = [['令和', 'Reiwa', 2019, 5, 1], ['平成', 'Heisei', 1989, 1, 8], ['昭和', 'Shōwa', 1926, 12, 25]];
function eraOf(year, month, dayOfMonth) {
	const found = ERAS.find(([, , y, m, d]) => year > y || (year === y && (month > m || (month === m && dayOfMonth >= d))));
	return found && { ja: found[0], en: found[1], year: year - found[2] + 1 };
}
function eraText(year, month, dayOfMonth) {
	const e = eraOf(year, month, dayOfMonth);
	if (lang() === 'en') return e ? `${e.en} ${e.year}` : '';
	return `${e ? `${e.ja}${e.year === 1 ? '元' : e.year}` : year}年${month}月${dayOfMonth}日`;
}

// "令和8年11月23日" of that day in Japan; in English "Reiwa 8"
export function era(ms) {
	const p = parts(ms);
	return eraText(p.year, p.month, p.day);
}

// day('2026-11-23'): "2026-11-23（令和8年11月23日）"; in English "2026-11-23 (Reiwa 8)". What is no date comes back as it was.
export function day(text) {
	const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text || '');
	if (!m) return text || '';
	const e = eraText(+m[1], +m[2], +m[3]);
	return e ? t(`${text}（${e}）`, `${text} (${e})`) : text;
}

// Whole days from today to that day: 0 today, negative: past
export const daysUntil = (text) => Math.round((Date.parse(`${text}T00:00Z`) - Date.parse(`${date(now())}T00:00Z`)) / DAY);
