// axe-core finds nothing to object to, on any screen: in an empty town, in one with a drill, on its worst day; Japanese at a desk, English at 320 px,
// and each the other way where much is shown; the wall; dialogs. And no page is wider than 320 px.
import { axeSource, sizes } from './seats.mjs';
import { drill, worstDay } from './populate.mjs';
import { check, run, say } from './run.mjs';
import { everyday, ofDrill, ofIncident, signedOut, visit } from './screens.mjs';

const axe = axeSource();
const found = [];
let looked = 0;

async function look(seat, where) {
	const { page } = seat;
	if (!await page.evaluate(() => Boolean(window.axe))) await page.evaluate(axe);
	const violations = await page.evaluate(async () => {
		const result = await window.axe.run(document, { preload: false, resultTypes: ['violations'],
			runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
		return result.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}\n      ${node.html.slice(0, 200)}\n      ${node.any.concat(node.all, node.none).map((x) => x.message).join('; ').slice(0, 300)}`), count: nodes.length }));
	});
	looked += 1;
	for (const { id, help, nodes, count } of violations) found.push(`${where}: ${id} (${help}), ${count} nodes\n    ${nodes.join('\n    ')}`);
	const { viewport, wide } = await page.evaluate(() => ({ viewport: document.documentElement.clientWidth, wide: document.documentElement.scrollWidth }));
	if (wide > viewport) found.push(`${where}: the page is ${wide} px wide in ${viewport} px`);
}

async function lookAt(seat, lang, size, screens, state) {
	await seat.page.setViewportSize(sizes[size]);
	if (seat.lang !== lang) await inLanguage(seat, lang);
	for (const screen of screens) {
		const where = `${state} ${screen.route} ${lang} ${size}`;
		try {
			await visit(seat, screen, lang);
			await look(seat, where);
		} catch (error) {
			found.push(`${where}: ${error.message.split('\n')[0]}`);
		}
	}
	say(`${state} ${lang} ${size}: ${screens.length} screens`);
}

// Chosen on this browser once, as its button does.
async function inLanguage(seat, lang) {
	await seat.page.evaluate((l) => localStorage.setItem('renraku.lang', l), lang);
	await seat.page.reload();
	seat.lang = lang;
}

await run('browser_axe', async ({ town, house }) => {
	const anybody = await house.seat('anybody');
	await anybody.go('');
	for (const [lang, size] of [['ja', 'desk'], ['en', 'phone']]) await lookAt(anybody, lang, size, signedOut, 'signed out');
	await anybody.context.close();
	house.seats.pop();

	const [office] = await house.sit('p_nishida');
	await lookAt(office, 'ja', 'desk', everyday, 'empty');
	await lookAt(office, 'en', 'phone', everyday, 'empty');

	const numbers = { drill: await drill(town) };
	await lookAt(office, 'en', 'desk', ofDrill(numbers), 'drill');
	await lookAt(office, 'ja', 'phone', ofDrill(numbers), 'drill');

	Object.assign(numbers, await worstDay(town));
	const [chief] = await house.sit('p_ito');
	const rich = [...ofIncident(numbers), ...everyday.filter(({ who }) => !who)];
	await lookAt(chief, 'ja', 'desk', rich, 'worst day');
	await lookAt(chief, 'en', 'phone', rich, 'worst day');
	await lookAt(chief, 'en', 'wall', [{ route: '#/wall', ja: /./, en: /./ }], 'worst day');
	await lookAt(chief, 'ja', 'wall', [{ route: '#/wall', ja: /./, en: /./ }], 'worst day');
	check(`axe-core and the width: ${looked} looks, nothing found`, found.length === 0, ...found);
});
