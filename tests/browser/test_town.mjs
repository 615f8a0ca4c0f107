// The town's own pages: an absence and a stand-in, somebody else's absence by telephone, an administrator's changes of the register, a drill with its score
// card and the place in the plan, a connection test, a follow-up. Each act is seen on another's screen without a reload.
import { check, run } from './run.mjs';

// The form of an act, opened where its button stands, and its answer in the same place.
const form = (seat, title) => seat.page.getByRole('region', { name: title });
async function answered(seat, title, words = '記録しました') {
	const answer = form(seat, title).locator('.change-answer');
	await answer.filter({ hasText: words }).waitFor();
	const text = (await answer.innerText()).replace(/\s+/g, ' ');
	check(`${seat.name}: ${text}; the focus is there`, await answer.evaluate((element) => element === document.activeElement));
	await form(seat, title).getByRole('button', { name: '閉じる' }).click();
}
const card = (seat, name) => seat.page.getByRole('region', { name: '職員', exact: true }).getByRole('listitem').filter({ has: seat.page.getByRole('heading', { level: 3, name }) });
const role = (seat, name) => seat.page.getByRole('region', { name: '役割と担当者' }).getByRole('listitem').filter({ has: seat.page.getByRole('heading', { level: 3, name, exact: true }) });

async function absences(chief, operator) {
	await chief.go('#/people');
	await operator.go('#/people');
	const mine = chief.page.getByRole('region', { name: /^私：/ });
	await mine.getByRole('button', { name: '不在にする' }).click();
	const title = '自分を不在にする';
	await form(chief, title).getByRole('button', { name: '不在にする' }).click();
	await form(chief, title).getByText('理由を入れてください。').waitFor();
	check('a reason is asked for before anything is sent', await form(chief, title).getByLabel(/^理由/).evaluate((element) => element === document.activeElement));
	await form(chief, title).getByLabel(/^理由/).fill('出張');
	await form(chief, title).getByRole('button', { name: '不在にする' }).click();
	await answered(chief, title);
	await card(operator, /伊藤 正人/).getByText('不在', { exact: false }).first().waitFor();
	check('the absence stands on another screen', true);

	await mine.getByRole('button', { name: /^代理・委任/ }).click();
	const entrust = form(chief, '自分の役割を任せる');
	await entrust.getByLabel(/^だれに/).selectOption({ label: await entrust.getByLabel(/^だれに/).locator('option', { hasText: '林 信夫' }).innerText() });
	await entrust.getByLabel(/^いつまで/).fill('2030-03-31T17:00');
	await entrust.getByRole('button', { name: '内容を確認する' }).click();
	await entrust.getByText(/伊藤 正人さんの.*林 信夫さんに任せます/).waitFor();
	await entrust.getByRole('button', { name: '任せる', exact: true }).click();
	await answered(chief, '自分の役割を任せる');
	await operator.sees('伊藤 正人 → 林 信夫');
	await mine.getByRole('button', { name: '戻りました' }).click();
	await form(chief, '不在を終える').getByRole('button', { name: '戻ったと登録する' }).click();
	await answered(chief, '不在を終える');
}

async function byTelephone(operator) {
	await card(operator, /加藤 誠/).getByText('登録・変更').click();
	await card(operator, /加藤 誠/).getByRole('button', { name: /^不在にする/ }).click();
	const title = '加藤 誠さんを不在にする';
	await form(operator, title).getByLabel(/^理由/).fill('子の発熱');
	await form(operator, title).getByRole('button', { name: '不在にする' }).click();
	await answered(operator, title);
	await operator.sees(/加藤 誠.*登録：加藤 誠（電話、入力 田中 健一）/s);
}

async function register(administrator, operator) {
	await administrator.go('#/people');
	await role(administrator, '住基ネット担当者').getByRole('button', { name: /^担当者を変更/ }).click();
	const title = '担当者と職務代理者を変更する：住基ネット担当者';
	const change = form(administrator, title);
	await change.getByLabel('加える').last().selectOption({ label: '平田 和也' });
	await change.getByRole('button', { name: '平田 和也を一つ上へ' }).click();
	await change.getByLabel(/^変更の理由/).fill('夜間の当番');
	await change.getByRole('button', { name: '内容を確認する' }).click();
	await change.getByText('変更後：').first().waitFor();
	const said = await change.innerText();
	check('what changes is said before it does', /森 彩.*→.*平田 和也 → 森 彩/s.test(said), said);
	await change.getByRole('button', { name: 'この内容に変更する' }).click();
	await answered(administrator, title);
	await role(operator, '住基ネット担当者').getByText('平田 和也').waitFor();
	check('the new deputy stands on another screen, before the old one', /平田 和也.*森 彩/s.test(await role(operator, '住基ネット担当者').innerText()));
	check('only administrators are offered it', await operator.page.getByRole('button', { name: /^担当者を変更/ }).count() === 0);

	await administrator.page.getByRole('button', { name: '職員を加える' }).click();
	const person = form(administrator, '職員を加える'), hostile = '山田 <img src=x onerror=alert(1)>';
	await person.getByLabel(/^ID/).fill('p_yamada');
	await person.getByLabel(/^氏名(?!（)/).fill(hostile);
	await person.getByLabel(/^変更の理由/).fill('転入');
	await person.getByRole('button', { name: '内容を確認する' }).click();
	await person.getByRole('button', { name: '加える', exact: true }).click();
	await answered(administrator, '職員を加える');
	await operator.sees(hostile);
	check('a name with marks of a page is shown as text', await operator.page.locator('main img').count() === 0);
	await administrator.page.getByRole('button', { name: '記録を読む' }).click();
	await administrator.page.getByRole('region', { name: '変更の記録' }).getByText('夜間の当番').waitFor();
	check('the change and its reason stand in the log', true);
}

async function drill(chief, operator) {
	await chief.go('#/drills');
	await operator.go('#/drills');
	await chief.page.getByRole('button', { name: '訓練を始める' }).click();
	const title = '訓練を始める', begin = form(chief, title);
	await begin.getByLabel('障害の通報').check();
	await begin.getByLabel(/^場所/).fill('2階 電算室');
	await begin.getByRole('button', { name: '内容を確認する' }).click();
	await begin.getByText('予告ありで始めます').waitFor();
	await begin.getByRole('button', { name: '訓練を始める' }).click();
	await answered(chief, title, '訓練を始めました');
	await operator.page.getByRole('region', { name: '実施中の訓練' }).getByText('0 / 1').waitFor();
	check('the drill runs on another screen, unanswered', true);
	await chief.go('#/drills/1');
	await operator.go('#/tasks');
	await operator.page.getByRole('button', { name: /^確認しました/ }).first().click();
	await chief.page.getByRole('region', { name: '回答がそろうまでの時間' }).getByText(/1 \/ \d/).waitFor();
	await chief.page.locator('.chart circle').first().waitFor({ state: 'attached' });
	check('the score card is live, chart and table', true);
	await chief.go('#/plan/1');
	await chief.page.locator('[aria-current=step]').first().waitFor();
	await chief.page.locator('.flow-arrows path.arrow').nth(20).waitFor({ state: 'attached' });
	check('the plan shows where the drill stands, with its arrows', true);
	await chief.page.locator('[aria-current=step] button').first().focus();
	await chief.page.keyboard.press('Enter');
	await chief.page.getByRole('dialog').getByText('原文').waitFor();
	await chief.page.keyboard.press('Escape');
	await chief.go('#/drills');
	await chief.page.getByRole('button', { name: '訓練を終わらせる' }).click();
	const end = '訓練（事案1）を終わらせる';
	await form(chief, end).getByLabel(/^理由/).fill('時間');
	await form(chief, end).getByRole('button', { name: '終わらせる', exact: true }).click();
	await chief.page.getByRole('region', { name: 'これまでの訓練' }).getByText('途中で終了').waitFor();
	check('the drill is over and in the list', true);
}

async function afterwards(chief, operator) {
	await chief.go('#/tests');
	await operator.go('#/tests');
	await chief.page.getByRole('button', { name: '接続テストを始める' }).click();
	await form(chief, '接続テストを始める').getByRole('button', { name: '始める', exact: true }).click();
	await answered(chief, '接続テストを始める', 'テストを始めました');
	await operator.page.getByRole('region', { name: /のテスト$|新しいテスト$/ }).first().getByText('3 / 3').waitFor();
	check('all terminals answered; seen by another', true);

	await operator.go('#/follow-ups');
	await chief.go('#/follow-ups');
	await operator.page.getByRole('button', { name: '対策を加える' }).click();
	const add = form(operator, '今後の対策を加える');
	await add.getByLabel(/^どの事案の/).selectOption('1');
	await add.getByLabel(/^内容/).fill('予備の端末を用意する');
	await add.getByLabel(/^担当/).selectOption('p_ito');
	await add.getByLabel(/^期限/).fill('2030-12-24');
	await add.getByRole('button', { name: '加える', exact: true }).click();
	await answered(operator, '今後の対策を加える');
	await chief.page.getByRole('heading', { name: /予備の端末を用意する/ }).waitFor();
	await chief.page.getByRole('button', { name: /^終わった/ }).click();
	await chief.page.getByLabel(/^どのように終わりましたか/).fill('用意した');
	await chief.page.getByRole('button', { name: '終わったと記録する' }).click();
	await operator.page.getByText('終わったもの（1）').waitFor();
	check('a follow-up: added by one, done by another', true);
}

async function leaves(seat) {
	const drafts = () => seat.page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('renraku.draft.p_')).length);
	await seat.go('#/people');
	await card(seat, /加藤 誠/).getByText('登録・変更').click();
	await card(seat, /加藤 誠/).getByRole('button', { name: /^不在にする/ }).click();
	await form(seat, '加藤 誠さんを不在にする').getByLabel(/^理由/).fill('書きかけ');
	check('what is typed is kept', (await drafts()) > 0);
	await seat.page.getByRole('button', { name: 'サインアウト' }).first().click();
	await seat.page.getByRole('textbox', { name: /^パスワード/ }).waitFor();
	check('signing out leaves nothing half-written behind', (await drafts()) === 0);
}

await run('browser_town', async ({ house }) => {
	const [chief, operator, administrator] = await house.sit('p_ito', 'p_tanaka', 'p_nishida');
	await absences(chief, operator);
	await byTelephone(operator);
	await register(administrator, operator);
	await drill(chief, operator);
	await afterwards(chief, operator);
	await leaves(operator);
});
