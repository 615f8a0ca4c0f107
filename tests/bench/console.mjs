// How long from a command to other people's screens: comments on an incident, seen by light browsers (the event has arrived) and by real pages (the
// words stand in the document). Prints milliseconds; judges no time, only that everybody saw everything once.
//   node console.mjs [--light N] [--pages N] [--rounds N]
// Two figures of each: from the click (the request leaves) and from the commit (its answer, which waits for the disk, is here).
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../browser/seats.mjs';
import { Light } from '../browser/light.mjs';
import { Town, until } from '../browser/town.mjs';

const option = (name, otherwise) => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : Number(process.argv[at + 1]); };
const light = option('light', 20), pages = option('pages', 2), rounds = option('rounds', 20);
const people = ['p_tanaka', 'p_suzuki', 'p_sato', 'p_ito', 'p_vice', 'p_nishida', 'p_kato', 'p_mori'];

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
function figures(name, values) {
	const sorted = values.filter((x) => x !== undefined).sort((a, b) => a - b);
	const [p50, p90, p99, max] = [quantile(sorted, 0.5), quantile(sorted, 0.9), quantile(sorted, 0.99), sorted[sorted.length - 1]];
	console.log(`${name.padEnd(34)} n ${String(sorted.length).padStart(6)}   p50 ${p50.toFixed(0).padStart(5)}   p90 ${p90.toFixed(0).padStart(5)}   p99 ${p99.toFixed(0).padStart(5)}   max ${max.toFixed(0).padStart(5)} ms`);
}

const town = await Town.start();
// All of them come from one address here.
const before = town.pid('web');
fs.appendFileSync(path.join(town.folder, 'web/web.yaml'), 'max_connections_of_address: 2000\n');
town.kill('web');
await town.restarted('web', before);
let house, status = 0;
try {
	const raised = await town.json('t1', 'alarm', 'fault', '--kind', 'hardware', '--text', '起動しない');
	const incident = raised.incident || 1;
	const words = /bench-(\d+)-/g;
	const seen = []; // for each light browser: round -> when
	const many = [];
	for (let i = 0; i < light; i++) {
		const one = new Light(town);
		await one.signIn(people[i % people.length]);
		const when = new Map();
		seen.push(when);
		await one.stream(`incident:${incident}`, (event, data) => {
			if (event !== 'view') return;
			const now = Date.now();
			for (const [, n] of data.matchAll(words)) if (!when.has(n)) when.set(n, now);
		});
		many.push(one);
	}
	house = await House.open(town);
	const seats = await house.sit(...people.slice(0, pages));
	for (const seat of seats) {
		await seat.go(`#/incident/${incident}`);
		await seat.page.evaluate(() => {
			window.benchSeen = {};
			const look = () => { for (const [, n] of document.body.textContent.matchAll(/bench-(\d+)-/g)) window.benchSeen[n] ??= Date.now(); };
			new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
		});
	}
	console.log(`${light} light browsers and ${pages} pages, ${rounds} comments`);
	const sent = [], answered = [];
	const actor = many[0] || new Light(town);
	if (!many.length) await actor.signIn(people[0]);
	for (let n = 0; n < rounds; n++) {
		sent[n] = Date.now();
		const result = await actor.command('comment', { incident, text: `bench-${n}-${'。'.repeat(20)}` });
		answered[n] = Date.now();
		if (result.outcome !== 'ACCEPTED') throw new Error(JSON.stringify(result));
		// The next one after everybody has this one: each is seen by itself, and after quiet.
		await until(`everybody has comment ${n}`, async () => seen.every((when) => when.has(String(n))) &&
			(await Promise.all(seats.map((seat) => seat.page.evaluate((x) => window.benchSeen[x] !== undefined, n)))).every(Boolean), 30);
	}
	const shown = await Promise.all(seats.map((seat) => seat.page.evaluate(() => window.benchSeen)));
	const of = (start, ends) => ends.flatMap((end) => start.map((began, n) => Math.max(0, end(String(n)) - began)));
	figures('answer (commit) after the click', sent.map((began, n) => answered[n] - began));
	if (light) {
		figures('event at a browser, from the click', of(sent, seen.map((when) => (n) => when.get(n))));
		figures('event at a browser, from the commit', of(answered, seen.map((when) => (n) => when.get(n))));
	}
	if (pages) {
		figures('on a screen, from the click', of(sent, shown.map((when) => (n) => when[n])));
		figures('on a screen, from the commit', of(answered, shown.map((when) => (n) => when[n])));
	}
	for (const one of many) one.close();
} catch (error) {
	status = 1;
	console.log(error.stack);
	if (house) console.log(await house.evidence('bench_console'));
}
await house?.close();
await town.stop().catch((error) => { status = 1; console.log(String(error)); });
process.exit(status);
