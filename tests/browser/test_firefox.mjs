// Firefox: the page loads, signs in, shows the board, and an acknowledgement given elsewhere appears without a reload; nothing on its console.
import { Firefox } from './firefox.mjs';
import { Town, until } from './town.mjs';
import { check, say } from './run.mjs';

let town, firefox, status = 0;
try {
	town = await Town.start();
	firefox = await Firefox.start();
	const text = () => firefox.call(() => document.body.innerText);
	const shows = (words) => until(`Firefox shows ${words}`, async () => (await text()).includes(words), 30);
	await firefox.go(town.address);
	await shows('職員ID');
	for (const [name, value] of [['person', 'p_tanaka'], ['password', town.password]]) {
		await firefox.call((n) => { document.querySelector(`#main input[name=${n}]`).focus(); }, name);
		await firefox.type(value);
	}
	await firefox.type('\uE007'); // Enter
	await shows('私のタスク');
	check('it signs in', true);
	await town.json('t1', 'alarm', 'fault', '--kind', 'hardware', '--text', '起動しない');
	await shows('障害の通報');
	check('an alarm appears by itself', true);
	await firefox.call(() => { [...document.querySelectorAll('#main article button')].find((button) => button.textContent.includes('確認しました')).click(); });
	await until('the acknowledgement is on record', async () => (await town.renraku('p_nishida', 'log', '--json')).out.includes('acknowledg'));
	await shows('確認しました:');
	await firefox.call(() => { location.hash = '#/board'; });
	await shows('田中 健一');
	check('and the board is shown', true);
	check('nothing on the console', firefox.errors.length === 0, ...firefox.errors);
	say('Firefox is content');
} catch (error) {
	status = 1;
	console.log(error.stack);
	for (const line of firefox?.errors || []) console.log(`  ${line}`);
	if (firefox) console.log(await firefox.call(() => document.body.innerText).catch(() => ''));
}
await firefox?.stop().catch((error) => { status = 1; console.log(String(error)); });
await town?.stop().catch((error) => { status = 1; console.log(String(error)); });
process.exit(status);
