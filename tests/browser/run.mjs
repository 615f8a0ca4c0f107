// One browser test: a town, a house full of browsers, the story; then the faults that pages had. Exit status 0 when all went well.
import { House } from './seats.mjs';
import { Town } from './town.mjs';

let checks = 0;
const began = Date.now();
export function say(text) { console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s] ${text}`); }
export function check(what, holds, ...found) {
	if (!holds) throw new Error(`${what}${found.length ? `\n${found.map((x) => (typeof x === 'string' ? x : JSON.stringify(x, null, 1))).join('\n')}` : ''}`);
	checks += 1;
	say(`✓ ${what}`);
}

// story({town, house}); options: those of Town.start.
export async function run(test, story, options = {}) {
	let town, house, failed;
	try {
		town = await Town.start(options);
		say(`town ${town.address}`);
		house = await House.open(town);
		await story({ town, house });
		const faults = house.faults();
		check('no error on a console, no request to another place', faults.length === 0, ...faults);
	} catch (error) {
		failed = error;
		console.log(`\nFAILED: ${error.stack || error}`);
		if (house) {
			for (const fault of house.faults()) console.log(`  ${fault}`);
			console.log(`  what was on the screens: ${await house.evidence(test)}`);
		}
		if (town) console.log(`  renraku-web said:\n${town.log('web').split('\n').slice(-20).join('\n')}`);
	}
	await house?.close().catch((error) => { failed ||= error; console.log(String(error)); });
	await town?.stop().catch((error) => { failed ||= error; console.log(String(error)); });
	if (!failed) console.log(`${test}: ${checks} checks`);
	process.exit(failed ? 1 : 0);
}
