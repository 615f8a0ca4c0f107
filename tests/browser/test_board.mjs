// The board as an office uses it: who is to be called, one click for what came of it, seen by everybody; the wall; the record of an incident, checked
// in the browser and not to be tampered with unnoticed; need to know.
import { check, run, say } from './run.mjs';
import { until } from './town.mjs';

async function ok(town, who, ...args) {
	const { code, out, err } = await town.renraku(who, ...args);
	if (code) throw new Error(`${who} ${args.join(' ')}: exit ${code}\n${out}${err}`);
	return out;
}
const calls = (seat) => seat.page.getByRole('heading', { name: /^いますぐ電話/ });
const button = (seat, name) => seat.page.getByRole('button', { name, exact: true });

async function telephone(town, office, other) {
	await ok(town, 't1', 'alarm', 'fault', '--kind', 'hardware', '--text', '<b>起動しない</b>');
	await calls(office).waitFor();
	await other.sees('いますぐ電話');
	check('the number is a link that dials', await office.page.getByRole('link', { name: '0749-00-0001' }).first().getAttribute('href') === 'tel:0749000001');
	await button(office, '田中 健一：出なかった').click();
	await other.sees(/応答なし（\d\d:\d\d にかけ直す）/);
	check('a call nobody answered stands beside the name, on the others’ boards too', true);
	const began = Date.now(), group = (seat) => seat.page.getByRole('region', { name: '事案1　障害の通報', exact: true });
	await group(office).getByRole('button', { name: '森 彩：受領を確認した' }).click();
	await group(other).waitFor({ state: 'detached' });
	check('one click enters an acknowledgement by telephone', true);
	say(`on the other's board after ${Date.now() - began} ms`);
	const log = await ok(town, 'p_nishida', 'log');
	const line = log.split('\n').find((l) => l.includes('受領確認') && l.includes('森 彩'));
	check('on record: whose word, by telephone, which number, who entered it', /電話 0749-00-0008/.test(line) && /入力 佐藤 隆/.test(line), line);
	await button(office, '森 彩：3件とも受領を確認した').click();
	await calls(other).waitFor({ state: 'detached' });
	check('what was told in the same call is one click too', true);
	await until('the matrix says so', async () => /確認済み\s*\d\d:\d\d・代理・電話・本人未確認/.test((await other.page.getByRole('table', { name: /通知と応答/ }).innerText()).replace(/\n/g, ' ')));
}

async function wall(town, seat) {
	await ok(town, 't3', 'alarm', 'fault', '--kind', 'power', '--place', '支所', '--text', '停電');
	await seat.go('#/wall');
	await seat.page.getByText('進行中').first().waitFor();
	for (const [width, height] of [[1280, 800], [1920, 1080], [3840, 2160]]) {
		await seat.page.setViewportSize({ width, height });
		const fits = await seat.page.evaluate(() => [document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]);
		check(`the wall needs no scrolling at ${width} x ${height}`, fits[0] <= 0 && fits[1] <= 0, fits);
		const size = await seat.page.evaluate(() => Math.min(...[...document.querySelectorAll('.wall-box p, .now-wall p, .unanswered span')].map((e) => parseFloat(getComputedStyle(e).fontSize))) / innerWidth);
		check('its words are at least a 75th of its width: legible from three metres at 55 inches', size >= 1 / 80 || width < 1600, size);
	}
	await seat.page.setViewportSize({ width: 1280, height: 800 });
}

async function timeline(town, office, administrator) {
	await administrator.go('#/incident/1/timeline');
	await administrator.sees('この端末ではじめて検査しました');
	await administrator.page.getByLabel('種類').selectOption('call');
	await administrator.sees('田中 健一 0749-00-0001 に電話：応答なし');
	check('the filter stands in the address', await administrator.page.evaluate(() => location.hash) === '#/incident/1/timeline?kind=call');
	await until('the filter leaves nothing else', async () => !(await administrator.text()).includes('を通報しました'));
	await administrator.page.reload();
	await administrator.sees(/から変更されていません（記録 \d+ まで）/);
	check('after a reload the filter is kept and the log is unchanged since', await administrator.page.getByLabel('種類').inputValue() === 'call');
	await administrator.page.getByLabel('種類').selectOption('all');
	await ok(town, 'p_sato', 'comment', '1', '<script>alert(1)</script>');
	await administrator.sees('佐藤 隆のコメント：<script>alert(1)</script>');
	check('a new record comes by itself, as text', true);
	await administrator.page.getByRole('button', { name: '全記録のつながりを検査する' }).click();
	await administrator.sees(/全 \d+ 件がつながっています/);
	check('an administrator’s browser checks the whole chain', true);
	await administrator.page.evaluate(() => {
		const kept = JSON.parse(localStorage.getItem('renraku-log-head:incident:1'));
		localStorage.setItem('renraku-log-head:incident:1', JSON.stringify({ ...kept, hash: kept.hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) }));
	});
	await administrator.page.reload();
	await administrator.sees('記録が書き換えられた疑いがあります');
	check('a log that is not the one seen before raises an alarm', true);
	await administrator.page.evaluate(() => {
		const kept = JSON.parse(localStorage.getItem('renraku-log-head:incident:1'));
		localStorage.setItem('renraku-log-head:incident:1', JSON.stringify({ ...kept, index: kept.index, head: 99999 }));
	});
	await administrator.page.reload();
	await administrator.sees('記録が以前より短くなっています');
	check('so does one that was cut off', true);
	await office.go('#/incident/1/timeline');
	await office.sees('この端末ではじめて検査しました');
	check('who is no administrator checks the incident’s records', await office.page.getByRole('button', { name: '全記録のつながりを検査する' }).count() === 0);
}

async function needToKnow(town, stranger) {
	const out = await ok(town, 't2', 'alarm', 'misuse', '--text', '不審な操作'), incident = /事案\s*(\d+)/.exec(out)?.[1];
	check('misuse has an incident of its own', Number(incident) > 1, out);
	await stranger.go(`#/incident/${incident}`);
	await stranger.sees('この事案を見ることは許されていません');
	await stranger.go(`#/incident/${incident}/timeline`);
	await stranger.sees('この事案を見ることは許されていません');
	await stranger.go('#/board');
	await stranger.sees('状況ボード');
	check('who may not see an incident is told so in words, and finds nothing of it on the board', !(await stranger.text()).includes('不審な操作'));
}

await run('browser_board', async ({ town, house }) => {
	const [office, administrator, stranger] = await house.sit('p_sato', 'p_nishida', 'p_hirata');
	for (const seat of [office, administrator]) await seat.go('#/board');
	await office.sees('すべて平常');
	check('nothing open: calm', true);
	stranger.tolerate(/403/);
	await telephone(town, office, administrator);
	await wall(town, administrator);
	await timeline(town, office, administrator);
	await needToKnow(town, stranger);
});
