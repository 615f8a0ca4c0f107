// kill -9 of renraku-web and of renrakud while people type and send: pages say so and come back by themselves; what was typed stays, nothing that
// was sent is lost, nothing is doubled, and everybody sees all of it without a reload.
import { check, run, say } from './run.mjs';
import { until } from './town.mjs';

const ROUNDS = 30; // comments of each
const lost = (seat) => seat.page.getByRole('region', { name: /更新されていません/ });

await run('browser_killed', async ({ town, house }) => {
	// That a killed server cannot be reached is told on the console by the browser itself.
	house.tolerate(/ERR_(CONNECTION|EMPTY|INCOMPLETE|NETWORK|SSL|HTTP)|Failed to load resource: .*(50[34]|ERR_)/);
	await town.json('t1', 'alarm', 'fault', '--kind', 'hardware', '--text', '起動しない');
	await town.renraku('p_tanaka', 'ack', '1/A.fault');
	const seats = await house.sit('p_tanaka', 'p_suzuki', 'p_sato', 'p_ito', 'p_vice');
	house.tolerate(...house.tolerated);
	const [operator, officer, manager, chief] = seats;

	// Typing: half a sentence in a form, and it stays through all that follows.
	await operator.go('#/tasks/1/F1.1b');
	const cause = operator.page.getByLabel(/^原因/).first();
	await cause.waitFor();
	await cause.pressSequentially('電源装置の故障と思われるが、');
	for (const seat of [officer, manager, chief]) await seat.go('#/incident/1');

	// Sending: everybody at once, through the page's own queue.
	const send = (seat) => seat.page.evaluate(async ({ name, rounds }) => {
		const { send } = await import('/js/send.js');
		window.results = [];
		for (let i = 0; i < rounds; i++) window.results.push(await send('comment', { incident: 1, text: `k-${name}-${i}.` }));
	}, { name: seat.name, rounds: ROUNDS });
	const answered = async () => (await Promise.all([officer, manager, chief].map((seat) => seat.page.evaluate(() => (window.results || []).length)))).reduce((a, b) => a + b, 0);
	const sending = Promise.all([officer, manager, chief].map(send));
	let kills = 0;
	for (const at of [5, 20, 35, 50, 65, 80]) {
		await until(`${at} comments are answered`, async () => await answered() >= at, 60);
		const program = kills % 2 ? 'server' : 'web';
		const before = town.kill(program);
		await town.restarted(program, before);
		kills += 1;
		say(`${program} killed and back, ${await answered()} answered`);
	}
	await sending;
	const settled = Date.now();
	for (const seat of [officer, manager, chief]) {
		const results = await seat.page.evaluate(() => window.results);
		check(`${seat.name}: each of ${ROUNDS} is answered 'accepted' in the end`, results.length === ROUNDS && results.every((r) => r.outcome === 'ACCEPTED'), results.filter((r) => r.outcome !== 'ACCEPTED'));
	}
	const { out: log } = await town.renraku('p_nishida', 'log', '--json');
	for (const seat of [officer, manager, chief])
		for (let i = 0; i < ROUNDS; i++) {
			const times = log.split(`k-${seat.name}-${i}.`).length - 1;
			if (times !== 1) throw new Error(`comment k-${seat.name}-${i} is on record ${times} times`);
		}
	check(`after ${kills} kills each of ${3 * ROUNDS} comments is on record exactly once`, true);
	for (const seat of [officer, manager, chief])
		await until(`${seat.name} sees all comments`, async () => { const text = await seat.text(); return [officer, manager, chief].every((other) => text.includes(`k-${other.name}-${ROUNDS - 1}.`)); }, 60);
	check(`everybody sees what everybody wrote, without a reload, after ${((Date.now() - settled) / 1000).toFixed(1)} s`, true);

	// The console dies while a screen is fetched.
	const late = await house.seat('late');
	late.tolerate(...house.tolerated, /ERR_FAILED|dynamically imported module/);
	let cut = true;
	await late.page.route('**/js/screens/drills.js', (route) => (cut ? route.abort() : route.continue()));
	await late.signIn('p_ono');
	await late.go('#/drills');
	await late.sees('この画面を読み込めませんでした');
	cut = false;
	await late.page.getByRole('heading', { level: 1, name: '訓練' }).waitFor();
	check('a screen that could not be fetched comes by itself', true);

	// Longer gone: the pages say so, keep what is typed, and know when it is over.
	for (const program of ['web', 'server']) {
		town.hold(program);
		const before = town.kill(program);
		for (const seat of [operator, officer]) await lost(seat).waitFor({ timeout: 60000 });
		check(`pages say that ${program} is gone`, true);
		await cause.pressSequentially(program === 'web' ? '確認中。' : '部品を手配した。');
		if (program === 'web') {
			// Nobody opened the alarm here before; a screen that could not be loaded comes once it can.
			await chief.go('#/alarm');
			await chief.page.getByRole('button', { name: '障害' }).waitFor();
			check('an alarm can be written on a page that stood open', true);
			await chief.go('#/incident/1');
		}
		// Sent while nobody can take it: it goes when somebody can, even over a reload of the page.
		const late = chief.page.evaluate(async (text) => { const { send } = await import('/js/send.js'); await send('comment', { incident: 1, text }); }, `late-${program}.`).catch(() => {});
		await until('the command is kept', () => chief.page.evaluate((text) => Object.values({ ...localStorage }).some((value) => value.includes(text)), `late-${program}.`));
		town.release(program);
		await town.restarted(program, before);
		if (program === 'server') await chief.page.reload();
		for (const seat of [operator, officer]) await lost(seat).waitFor({ state: 'detached', timeout: 60000 });
		await officer.sees(`late-${program}.`, 40);
		await late;
		check(`they come back by themselves, and what was sent meanwhile arrives (${program})`, true);
	}
	const again = (await town.renraku('p_nishida', 'log', '--json')).out;
	for (const program of ['web', 'server']) check(`sent while ${program} was gone: on record once`, again.split(`late-${program}.`).length === 2);
	const typed = '電源装置の故障と思われるが、確認中。部品を手配した。';
	check('what was typed stands as it was typed', await cause.inputValue() === typed, await cause.inputValue());
	await operator.page.reload();
	await cause.waitFor();
	check('and after a reload too', await cause.inputValue() === typed, await cause.inputValue());
});
