// Alarm, acknowledgement, report, decision with the keyboard alone, by the people whose part it is. Prints how many keys each took.
import { linkTo } from './acts.mjs';
import { Keys } from './keys.mjs';
import { check, run, say } from './run.mjs';

async function signIn(house, town, person) {
	const seat = await house.seat(person);
	await seat.go('');
	const keys = new Keys(seat);
	await seat.page.getByRole('heading', { level: 1, name: 'サインイン' }).waitFor();
	await keys.fill(/^職員ID/, person);
	await keys.fill(/^パスワード/, town.password, { role: 'password' });
	await keys.press('Enter');
	await seat.page.getByRole('heading', { level: 1, name: '私のタスク' }).waitFor();
	return keys;
}
// From 'my tasks': the notice's button.
async function acknowledge(keys, title) {
	await keys.seat.go('#/tasks');
	await keys.seat.page.getByRole('button', { name: new RegExp(`^確認しました.*${title}`) }).first().waitFor();
	await keys.enter(new RegExp(`^確認しました.*${title}`));
	await keys.seat.page.getByText('確認しました: ').first().waitFor();
	say(`${keys.seat.name} acknowledges ${title}`);
}
async function act(keys, title, ...steps) {
	await keys.seat.go('#/tasks');
	await keys.seat.page.getByRole('link', { name: linkTo(title) }).first().waitFor();
	await keys.enter(linkTo(title));
	await keys.seat.page.getByRole('form', { name: title, exact: true }).waitFor();
	for (const step of steps) await step(keys);
	await keys.enter('記録する');
	await keys.seat.page.getByRole('heading', { name: `記録しました：${title}` }).waitFor();
	check(`${keys.seat.name}: ${title}; the focus is at the answer`, (await keys.at()).name.includes('記録しました'), await keys.at());
}
const text = (label, words) => (keys) => keys.fill(label, words);
const pick = (legend, option) => (keys) => keys.pick(legend, option);

await run('browser_keyboard', async ({ town, house }) => {
	const clerk = await signIn(house, town, 'p_hirata');
	check('signed in', true);

	// From the first page; the focus goes where one writes next.
	let before = clerk.presses;
	const began = Date.now();
	await clerk.enter(/通報する/);
	await clerk.seat.page.getByRole('heading', { level: 1, name: '通報する' }).waitFor();
	await clerk.enter('障害の通報');
	await clerk.fill(/^状況/, '起動しない');
	if (await clerk.seat.page.getByRole('textbox', { name: /^場所/ }).or(clerk.seat.page.getByRole('combobox', { name: /^場所/ })).first().isVisible()) await clerk.fill(/^場所/, '1階窓口');
	await clerk.press('Enter');
	await clerk.seat.page.getByRole('heading', { name: /通報は記録されました/ }).waitFor();
	say(`alarm: ${clerk.presses - before} keys, ${Date.now() - began} ms (without thinking)`);

	const [operator, officer, manager, chief] = [await signIn(house, town, 'p_tanaka'), await signIn(house, town, 'p_suzuki'), await signIn(house, town, 'p_sato'), await signIn(house, town, 'p_ito')];
	await acknowledge(operator, '障害の通報');
	before = operator.presses;
	await act(operator, '障害の特定と原因の究明', pick('障害の種類', 'ハードウェア'), text('箇所', '1階窓口'), text('原因', '電源装置の故障'));
	await act(operator, 'セキュリティ責任者への報告', text('障害の状況', '起動しない'), text('原因', '電源装置の故障'), text('支障の程度', '窓口1か所'));
	say(`report: ${operator.presses - before} keys`);
	await acknowledge(officer, 'セキュリティ責任者への報告');
	await act(officer, 'セキュリティ統括責任者への報告', text('所見', '確認中'));
	await acknowledge(manager, 'セキュリティ統括責任者への報告');
	await acknowledge(chief, 'セキュリティ統括責任者への報告');
	before = chief.presses;
	await act(chief, 'データ保護等の指示', text('指示', 'バックアップを確認'), pick('停止・切り離し', '命じない'));
	await act(chief, '重大な障害かの判断', pick('判断', '重大でない'), text('根拠', '代替の端末がある'));
	say(`decision: ${chief.presses - before} keys`);

	// No trap: Tab alone goes around and comes back, on a full screen.
	await chief.seat.go('#/board');
	await chief.seat.page.getByRole('article').first().waitFor();
	const first = await chief.to(/本文へ/, { most: 400 });
	await chief.press('Tab');
	await chief.to(/本文へ/, { most: 400 });
	check(`Tab goes around the board and comes back to '${first.name}'`, true);
});
