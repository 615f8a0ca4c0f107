// The pictures of the manuals: a town in telling states, every screen at 1280x800, at 320 px, and the wall at 1920x1080, as WebP that Chromium itself makes.
//   node tests/browser/screenshots.mjs [FOLDER] [--full]      (after ctest -R browser_install; FOLDER: docs/images, --full: whole pages, to be looked at)
// Names stay: SCREEN-1280.webp, SCREEN-320.webp, SCREEN-wall.webp.
import fs from 'node:fs';
import path from 'node:path';
import { acknowledge, enrol, raise } from './acts.mjs';
import { day, hour, today } from './populate.mjs';
import { check, run } from './run.mjs';
import { source, until } from './town.mjs';

const full = process.argv.includes('--full');
const folder = process.argv.slice(2).find((word) => !word.startsWith('--')) || path.join(source, 'docs/images');
const QUALITY = 60, TALLEST = 20000;
const viewports = { 1280: { width: 1280, height: 800 }, 320: { width: 320, height: 640 }, wall: { width: 1920, height: 1080 } };

async function shot(seat, name, ...sizes) {
	const { page } = seat;
	for (const size of sizes.length ? sizes : ['1280', '320']) {
		await page.setViewportSize(viewports[size]);
		await page.waitForFunction(() => !/読み込んでいます/.test(document.body.innerText));
		await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); return document.fonts.ready; });
		// Drawn: two frames of the browser later.
		await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
		const cdp = await seat.context.newCDPSession(page);
		const { width, height } = viewports[size];
		const tall = full && size !== 'wall' ? Math.min(TALLEST, await page.evaluate(() => document.documentElement.scrollHeight)) : height;
		const wide = full ? Math.max(width, await page.evaluate(() => document.documentElement.scrollWidth)) : width;
		const { data } = await cdp.send('Page.captureScreenshot', { format: full ? 'png' : 'webp', quality: QUALITY, captureBeyondViewport: full, clip: { x: 0, y: 0, width: wide, height: tall, scale: 1 } });
		await cdp.detach();
		fs.writeFileSync(path.join(folder, `${name}-${size}.${full ? 'png' : 'webp'}`), Buffer.from(data, 'base64'));
		check(`${name}-${size} fits its width${size === 'wall' ? ' and height' : ''}`, await page.evaluate((fixed) => document.documentElement.scrollWidth <= innerWidth && (!fixed || document.documentElement.scrollHeight <= innerHeight), size === 'wall'));
	}
	await page.setViewportSize(viewports[1280]);
}
async function screen(seat, route, words, name, ...sizes) {
	await seat.go(route);
	await seat.page.getByRole('heading', { level: 1 }).first().waitFor();
	await seat.sees(words);
	await shot(seat, name, ...sizes);
}

process.env.LANGUAGE = 'ja'; // of the browser's own calendar
fs.mkdirSync(folder, { recursive: true });
await run('screenshots', async ({ town, house }) => {
	const does = async (who, ...args) => {
		const { code, out, err } = await town.renraku(who, ...args);
		if (code) throw new Error(`${who} ${args.join(' ')}: exit ${code}\n${out}${err}`);
	};

	// A quiet town.
	const visitor = await house.seat('visitor', { size: viewports[1280] });
	await visitor.go('');
	await visitor.sees('サインイン');
	await shot(visitor, 'sign-in');
	const [office, operator, officer, manager, chief] = await house.sit('p_nishida', 'p_tanaka', 'p_suzuki', 'p_sato', 'p_ito');
	const t1 = await house.seat('t1'), t2 = await house.seat('t2');
	await enrol(t1, 't1');
	await enrol(t2, 't2');
	await t1.sees('おかしいと思ったら');
	await shot(t1, 'terminal');
	await screen(office, '#/board', 'すべて平常', 'board-quiet', '1280');
	await screen(office, '#/wall', 'すべて平常', 'wall-quiet', 'wall');
	await screen(office, '#/contacts', '077-563-3750', 'contacts');
	await screen(office, '#/enrol', '登録されているブラウザー', 'enrol');
	await screen(office, '#/account', 'パスワード', 'account');
	await does('p_sato', 'delegate', 'p_nishida', '--role', 'system_manager', '--kind', 'delegate', '--until', `${day(1)} 17:00`, '--reason', '会議のため');
	await does('p_hirata', 'absent', '--until', `${day(1)} 17:00`, '--reason', '出張');
	await screen(office, '#/people', '平田 和也', 'people');

	// Drills: two that ended, one that runs.
	for (const round of [1, 2]) {
		await does('p_nishida', 'drill', 'start', 'fault', '--kind', 'hardware', '--place', '支所 統合端末', '--text', `第${round}回：端末が起動しない`);
		await does('p_tanaka', 'ack', `${round}/A.fault`);
		await does('p_tanaka', 'act', String(round), 'F1.1b', 'kind=hardware', '--check', '警告ランプの確認', 'place=支所 統合端末', 'cause=電源装置の故障');
		await does('p_nishida', 'drill', 'end', String(round), '--reason', '訓練の終了');
	}
	await does('p_nishida', 'drill', 'start', 'fault', '--kind', 'hardware', '--place', '1階窓口 統合端末1', '--text', '訓練の想定：端末が起動しない');
	await screen(office, '#/drills', '50％の応答', 'drills');
	await screen(office, '#/drills/2', '訓練', 'drill-score');
	await screen(office, '#/board', '訓練', 'board-drill', '1280');
	await screen(office, '#/wall', '訓練', 'drill', 'wall');
	await screen(t2, '#/', '訓練', 'terminal-drill');
	await does('p_nishida', 'drill', 'end', '3', '--reason', '訓練の終了');
	await t2.sees('今はありません');

	// A fault in its middle: the mayor and a member of the council have not answered, a stop is in force, one terminal is silent.
	const fault = await alarm(t1);
	const at = (item) => `${fault}/${item}`, act = (who, item, ...args) => does(who, 'act', String(fault), item, ...args);
	await screen(operator, '#/tasks', '障害の通報', 'tasks');
	await acknowledge(operator, '障害の通報');
	await screen(operator, `#/tasks/${fault}/F1.1b`, '箇所', 'form');
	await act('p_tanaka', 'F1.1b', 'kind=hardware', '--check', '警告ランプの確認', '--check', '形状異常の確認', 'place=1階窓口 統合端末1', 'cause=電源装置の故障');
	await does('p_tanaka', 'waive', String(fault), 'F1.1c', '--reason', '原因が判明したため');
	await act('p_tanaka', 'F1.2a', '--call', 'contractor', '--answered', '山本', '--said', '15時に来庁して部品を交換する');
	await act('p_tanaka', 'F1.2b', 'situation=統合端末1が起動しない', 'cause=電源装置の故障', 'extent=窓口1か所が使えない');
	await does('p_suzuki', 'ack', at('F1.2b'));
	await act('p_suzuki', 'F1.3', 'remark=他の端末への影響を確認中');
	await does('p_sato', 'ack', at('F1.3'));
	await does('p_ito', 'ack', at('F1.3'));
	await refusal(chief, fault);
	await act('p_ito', 'F2.1', 'instruction=統合端末1を切り離し、バックアップを確認すること', 'stop=stop', 'scope=equipment');
	await does('p_sato', 'ack', at('F2.1'));
	await does('p_suzuki', 'ack', at('F2.1'));
	await does('t1', 'ack', at('F2.1'));
	await screen(t2, '#/', '措置が命じられました', 'terminal-notice');
	await act('p_ito', 'F2.2a', 'serious=serious', 'ground=長時間の停止が見込まれる');
	await act('p_ito', 'F2.2b', 'text=統合端末の障害により窓口業務が停止しています');
	await screen(manager, '#/tasks/telephone', '久保 久仁子', 'telephone');
	await manager.page.getByRole('button', { name: /^久保 久仁子 さんから確認を聞いた/ }).first().click();
	await manager.page.getByRole('form', { name: '久保 久仁子 さんの確認を入力' }).waitFor();
	await shot(manager, 'telephone-answer');
	await does('p_ito', 'council', 'convene', String(fault), 'F3.1', `at=${today()} ${hour()}`, 'place=第1会議室');
	await screen(officer, '#/tasks', '出席する', 'convened');
	await does('p_suzuki', 'ack', at('F3.1'), '--answer', 'present');
	await does('p_vice', 'ack', at('F3.1'), '--answer', 'deputy', '--comment', '加藤が出席');
	await does('p_ito', 'ack', at('F3.1'), '--answer', 'present');
	for (const [route, words, name] of [['#/board', '電源装置|統合端末1', 'board'], [`#/incident/${fault}`, 'データ保護等の指示', 'incident'], [`#/incident/${fault}/timeline`, '警告ランプの確認', 'timeline'],
		[`#/plan/${fault}`, 'データ保護等の指示', 'plan'], [`#/council/${fault}`, '第1会議室', 'council']]) await screen(name === 'council' ? chief : office, route, new RegExp(words), name);
	await screen(office, '#/wall', '統合端末1', 'board', 'wall');
	await does('p_suzuki', 'act', String(fault), 'F3.2', 'situation=統合端末1が起動しない', 'cause=電源装置の故障', 'extent=窓口1か所が使えない');
	await does('p_ito', 'act', String(fault), 'F3.2r', 'approval=approved', 'minutes=全員一致で承認');
	await screen(chief, `#/tasks/${fault}/F3.3a`, '機器等への対応', 'agenda');
	await does('p_ito', 'follow-up', 'add', String(fault), '予備の電源装置を置く', '--owner', 'p_tanaka', '--due', day(90));
	await screen(operator, '#/follow-ups', '予備の電源装置', 'follow-ups');

	// Nothing answers any more.
	house.tolerate(/status of 50[0-9]/, /ERR_/);
	town.hold('server');
	town.kill('server');
	await office.go('#/board');
	await office.sees('更新されていません');
	await shot(office, 'lost');
	await t1.go('#/');
	await t1.go('#/alarm');
	await t1.page.getByRole('button', { name: '障害の通報' }).click();
	await t1.page.getByLabel(/^状況/).fill('画面が固まった');
	await t1.page.getByRole('button', { name: '通報を送る' }).click();
	await t1.sees('通報はまだ確認できていません');
	await shot(t1, 'alarm-unconfirmed');
	const before = town.pid('server');
	town.release('server');
	await town.restarted('server', before);
	await t1.sees(/通報は記録されました|に加えられました/);
	await until('the office is connected', async () => !(await office.text()).includes('更新されていません'));
	await does('p_nishida', 'test');
	await screen(office, '#/tests', 'いまのテスト', 'tests');
});

// The alarm as a clerk raises it, photographed on the way.
async function alarm(t1) {
	await t1.go('#/alarm');
	await t1.page.getByRole('button', { name: '障害の通報' }).click();
	await t1.page.getByLabel(/^状況/).fill('統合端末1が起動しない');
	await shot(t1, 'alarm-write');
	await t1.go('#/');
	const number = await raise(t1, '障害', '統合端末1が起動しない');
	await t1.sees('田中 健一');
	await shot(t1, 'alarm-answer');
	return number;
}

// What is refused, explained in its place.
async function refusal(seat, fault) {
	await seat.go(`#/tasks/${fault}/F2.1`);
	const form = seat.page.getByRole('form', { name: 'データ保護等の指示', exact: true });
	await form.getByRole('button', { name: /記録する$/ }).last().click();
	await form.getByRole('alert').filter({ hasText: '受け付けられませんでした' }).waitFor();
	await shot(seat, 'refused');
}
