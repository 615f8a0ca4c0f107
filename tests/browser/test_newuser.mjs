// What confused people who saw the console for the first time (docs/usability.md), and shall not again: double clicks, whom still to telephone,
// where one's own alarm is, whose answer is missing.
import { enrol, raise } from './acts.mjs';
import { check, run } from './run.mjs';

await run('browser_newuser', async ({ town, house }) => {
	const seat = await house.seat('t1'), { page } = seat;
	await enrol(seat, 't1');
	await page.setViewportSize({ width: 1280, height: 720 });

	await page.getByRole('link', { name: /^通報する/ }).last().dblclick();
	const kinds = page.getByRole('group', { name: '何が起きましたか' }).getByRole('button');
	await kinds.first().waitFor();
	check('a double click on the alarm chooses no kind of it', await kinds.and(page.locator('[aria-pressed=true]')).count() === 0);

	const number = await raise(seat, '障害の通報', '起動しない');
	const main = page.getByRole('main');
	await main.getByRole('heading', { name: /^いますぐ電話/ }).waitFor();
	check('what to say on the telephone stands with the numbers', (await main.innerText()).includes(`「事案${number}」と状況を伝えます`));

	const [above] = await house.sit('p_suzuki');
	const card = above.page.locator('article.notice').filter({ hasText: '上位者として' });
	await card.getByText('まだ確認していない人').waitFor();
	check('whoever stands above sees whose answer is missing, with the number', await card.getByRole('link', { name: '0749-00-0001' }).count() === 1, await card.innerText());

	const [operator] = await house.sit('p_tanaka');
	await operator.page.getByRole('button', { name: /^確認しました/ }).first().click();
	await main.getByText('電話は要りません').first().waitFor();
	check('once it is acknowledged nobody else is to be telephoned for it', await main.locator('.told').getByRole('link', { name: /^0749-/ }).count() === 0, await main.innerText());

	await operator.go('#/tasks/telephone');
	await operator.page.getByRole('heading', { level: 1, name: '電話で聞いた確認を入力する' }).waitFor();
	await operator.sees(/確認を待っている人はいません|確認を聞いた/);
	check('nobody is asked to telephone oneself', await operator.page.getByRole('main').getByText('田中 健一').count() === 0, await operator.page.getByRole('main').innerText());

	await page.getByRole('button', { name: '終わり' }).click();
	await page.getByRole('heading', { name: 'この端末からの通報' }).waitFor();
	const order = await main.getByRole('heading', { level: 2 }).allInnerTexts();
	check('with nothing to acknowledge, one’s own alarm stands before the notices', order.indexOf('この端末からの通報') < order.indexOf('知らせ'), order);
});
