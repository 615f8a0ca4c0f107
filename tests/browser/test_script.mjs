// Markup in every text that somebody can type, or that the town's files hold, is shown as text on every screen and runs nowhere.
import fs from 'node:fs';
import path from 'node:path';
import { drill, worstDay } from './populate.mjs';
import { check, run, say } from './run.mjs';
import { everyday, ofDrill, ofIncident, signedOut, visit } from './screens.mjs';
import { build, source } from './town.mjs';

let count = 0;
// Each kind of way in; the mark x7 is in every one, and would stand in the document's elements if one became markup.
const ways = [
	(what) => `<img src="x7" onerror="x7(1)">${what}`,
	(what) => `"><script>x7(2)</script>${what}`,
	(what) => `<svg/onload=x7(3)>${what}`,
	(what) => `javascript:x7(4)//${what}`,
	(what) => `</textarea><iframe srcdoc="x7">${what}`,
	(what) => `' onfocus=x7(5) autofocus x7='${what}`,
	(what) => `{{x7}}\${x7}<a href="javascript:x7(6)">${what}</a>`,
];
const word = (what) => ways[count++ % ways.length](what);

// The town's own files too: names of people, places, sections, bodies.
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
function site() {
	let text = fs.readFileSync(path.join(source, 'server/plans/taga-demo-site.yaml'), 'utf8');
	const tag = (name) => `<b id=x7>${name}</b><script>x7(0)</script>`;
	text = text.replace(/\b(name|name_en|place|label): ([^,}\]]+)/g, (_, key, value) => `${key}: ${quoted(tag(value.trim()))}`);
	text = text.replace(/\btitle: ([^,}\n]+)/g, (_, value) => `title: ${quoted(tag(value.trim()))}`);
	const file = path.join(build, 'tests/browser/site-with-markup.yaml');
	fs.writeFileSync(file, text);
	return file;
}

// Elements that only markup of ours could have made; a handler that ran would have thrown (x7 is not defined), which the console tells.
const made = () => [...document.querySelectorAll('*')].filter((element) =>
	[...element.attributes].some(({ name, value }) => /^on/i.test(name) || (name === 'id' && value === 'x7') || name === 'srcdoc' || ((name === 'src' || name === 'href') && /^\s*javascript:|x7/i.test(value))) ||
	(element.localName === 'script' && !element.src)).map((element) => element.outerHTML.slice(0, 200));

await run('browser_script', async ({ town, house }) => {
	const found = [], shown = new Set();
	const look = async (seat, screen) => {
		try {
			await visit(seat, { ...screen, ja: /./ });
		} catch (error) {
			found.push(`${seat.name} ${screen.route}: ${error.message.split('\n')[0]}`);
			return;
		}
		for (const element of await seat.page.evaluate(made)) found.push(`${seat.name} ${screen.route}: ${element}`);
		for (const way of (await seat.text()).match(/<img src="x7"|<script>x7|<svg\/onload|javascript:x7|<iframe srcdoc|onfocus=x7|<b id=x7>/g) || []) shown.add(way);
	};
	const [office] = await house.sit('p_nishida');
	const numbers = { drill: await drill(town, word) };
	for (const screen of ofDrill(numbers)) await look(office, screen);
	Object.assign(numbers, await worstDay(town, word));
	const [chief, operator, officer] = await house.sit('p_ito', 'p_tanaka', 'p_suzuki');
	for (const screen of everyday) await look(office, screen);
	for (const seat of [chief, operator, officer]) for (const screen of [...ofIncident(numbers), ...everyday.filter(({ who }) => !who)]) await look(seat, screen);
	for (const screen of signedOut) await look(await house.seat('anybody'), screen);
	check('nothing that was typed became part of a page', found.length === 0, ...found);
	check(`it was shown as it was typed: ${[...shown].join('  ')}`, shown.size >= 6);
	say('printed records too');
	for (const where of [`report?incident=${numbers.fault}&format=html&lang=ja`, 'contacts?format=html&lang=ja']) {
		const response = await chief.page.goto(`${town.address}/api/print/${where}`);
		check(`${where.split('?')[0]} is printed`, response.status() === 200, String(response.status()));
		const parts = await chief.page.evaluate(made);
		check('and runs nothing', parts.length === 0, ...parts);
	}
}, { site: site() });
