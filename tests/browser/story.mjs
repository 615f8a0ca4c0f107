// What the two stories share: who sits where, what the others see of each act, and the verdict at the end.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { acknowledgeFor, atTerminal, enrol } from './acts.mjs';
import { check, say } from './run.mjs';
import { source, until } from './town.mjs';

export const names = { p_tanaka: '田中 健一', p_suzuki: '鈴木 恵子', p_sato: '佐藤 隆', p_ito: '伊藤 正人', p_mayor: '久保 久仁子', p_vice: '林 信夫', p_ono: '小野 由美' };

// Five people at their desks, the board on a sixth screen, three machines that are terminals.
export async function cast(town, house) {
	const terminals = [];
	for (const id of ['t1', 't2', 't3']) {
		const seat = await house.seat(id);
		await enrol(seat, id);
		terminals.push(seat);
	}
	const [operator, officer, manager, chief, vice, board] = await house.sit('p_tanaka', 'p_suzuki', 'p_sato', 'p_ito', 'p_vice', 'p_nishida');
	await board.go('#/board');
	const accepted = [];
	for (const seat of house.seats) {
		// A page that was loaded again would have lost this.
		await seat.page.evaluate(() => { window.neverReloaded = true; });
		listen(seat, accepted);
	}
	return { operator, officer, manager, chief, vice, board, terminals, accepted };
}

// The ids of commands that were answered 'accepted', as the tours keep them.
function listen(seat, accepted) {
	seat.page.on('response', async (response) => {
		if (!response.url().endsWith('/api/command') || response.status() !== 200) return;
		const result = await response.json().catch(() => ({}));
		if (result.outcome === 'ACCEPTED' && !accepted.includes(result.id)) accepted.push(result.id);
	});
}
export async function latecomer(house, person, accepted) {
	const [seat] = await house.sit(person);
	await seat.page.evaluate(() => { window.neverReloaded = true; });
	listen(seat, accepted);
	return seat;
}

// Somebody else's screen, open on the incident all the time, comes to show the item in that state; words: what more is to be read there.
export async function seen(watcher, title, state, words = '') {
	await until(`${watcher.name} sees '${title}' as ${state}`, () => watcher.page.evaluate(([t, s, w]) =>
		[...document.querySelectorAll('main li.b-item')].some((item) => item.textContent.includes(t) && item.textContent.includes(s) && item.textContent.includes(w)), [title, state, words]));
}
// The board's matrix: what stands where the notice and the person meet.
export async function cellShows(board, notice, name, word) {
	await until(`the board shows ${word} of ${name} for '${notice}'`, () => board.page.evaluate(([n, p, w]) => [...document.querySelectorAll('main table')].some((table) => {
		const heads = [...table.querySelectorAll('thead th')].map((th) => th.textContent);
		const column = heads.findIndex((head) => head.includes(p));
		return column > 0 && [...table.querySelectorAll('tbody tr')].some((row) => row.children[0].textContent.includes(n) && row.children[column]?.textContent.includes(w));
	}), [notice, name, word]));
}

export const mayorTold = (manager, title) => acknowledgeFor(manager, names.p_mayor, title);
export async function allTerminals(terminals, title) {
	for (const terminal of terminals) await atTerminal(terminal, title);
}

export async function verdict(town, house, accepted, tour) {
	for (const seat of house.seats) check(`${seat.name} never loaded a page again`, await seat.page.evaluate(() => window.neverReloaded === true));
	fs.writeFileSync(path.join(town.folder, 'accepted.txt'), accepted.map((id) => `${id}\n`).join(''));
	const { code, out } = await new Promise((resolve) => {
		execFile(path.join(source, 'tests/browser/verdict'), [town.folder, tour], { env: { ...process.env, RENRAKU_BIN: process.env.RENRAKU_BIN || path.join(source, 'build/bin') }, timeout: 120000, maxBuffer: 16 << 20 },
			(error, stdout, stderr) => resolve({ code: error ? error.code ?? 1 : 0, out: stdout + stderr }));
	});
	say(out.trim().replaceAll('\n', '\n          '));
	check(`the verdict of the tour '${tour}'`, code === 0);
}
