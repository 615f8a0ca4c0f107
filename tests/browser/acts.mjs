// What people do at the console, by the names that they read on it (Japanese). Each act ends when the page says what became of it. Nobody reloads:
// screens are changed by the page's own links and addresses within it.
import { check, say } from './run.mjs';
import { until } from './town.mjs';

const quote = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const begins = (text) => new RegExp(`^\\s*${quote(text)}`);
const any = (text) => new RegExp(quote(text));
// A notice that tells of the item; not the one that asks for it.
const told = (title) => new RegExp(`^(?!.*対応をお願いします)(.*[：】] ?)?\\s*${quote(title)}`);

// ---- what is filled into a form: each returns a function of {form, page} ----

const box = (form, label) => form.getByRole('textbox', { name: begins(label) }).or(form.getByRole('combobox', { name: begins(label) })).first();
const group = (form, legend) => form.getByRole('group', { name: begins(legend) }).first();

export const text = (label, value) => ({ form }) => box(form, label).fill(value);
export const pick = (legend, option, ...checks) => async ({ form }) => {
	const choices = group(form, legend);
	await choices.getByRole('radio', { name: begins(option) }).check();
	for (const name of checks) await choices.getByRole('checkbox', { name: begins(name) }).check();
};
export const unknown = (label, why) => async ({ form }) => {
	await form.getByRole('checkbox', { name: new RegExp(`^まだ分からない\\s*（${quote(label)}）`) }).check();
	await form.getByRole('textbox', { name: begins('分からない理由') }).first().fill(why);
};
export const now = (label) => ({ form }) => form.getByRole('button', { name: new RegExp(`^いまの時刻\\s*を「${quote(label)}」`) }).click();
export const file = (label, name, content) => async ({ form }) => {
	await form.getByLabel(begins(label)).setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
	await form.getByText('sha256:').first().waitFor();
};
// An item of the agenda: words, one of its options, or put off.
const agenda = (form, title) => form.getByRole('group', { name: new RegExp(`^\\d+\\. ${quote(title)}`) });
export const decide = (title, words) => ({ form }) => agenda(form, title).getByRole('textbox', { name: begins('決定した内容') }).fill(words);
export const choose = (title, option) => ({ form }) => agenda(form, title).getByRole('radio', { name: begins(option) }).check();
export const putOff = (title) => ({ form }) => agenda(form, title).getByRole('checkbox', { name: begins('保留') }).check();

export const call = (body, by, said) => async ({ form, page }) => {
	const one = form.locator('.call').filter({ has: page.getByText(body, { exact: true }) });
	await one.getByRole('radio', { name: '話せた' }).check();
	await one.getByRole('textbox', { name: begins('出た人') }).fill(by);
	if (said) await one.getByRole('textbox', { name: begins('話した内容') }).fill(said);
};
// A body that the item does not list.
export const callFurther = (body, by, said) => async ({ form }) => {
	const one = form.locator('.call').nth(await form.locator('.call').count()); // the one that comes, not the last of those that stand
	await form.getByRole('button', { name: 'ほかの連絡先を加える' }).click();
	await one.getByRole('combobox', { name: begins('連絡先の名前') }).fill(body);
	await one.getByRole('radio', { name: '話せた' }).check();
	await one.getByRole('textbox', { name: begins('出た人') }).fill(by);
	if (said) await one.getByRole('textbox', { name: begins('話した内容') }).fill(said);
};
export const followUp = (kind, words, owner, due) => async ({ form }) => {
	const one = form.locator('.follow').nth(await form.locator('.follow').count());
	await form.getByRole('button', { name: `${kind}を加える` }).click();
	await one.getByRole('textbox', { name: begins('対策の内容') }).fill(words);
	await one.getByLabel(begins('担当')).selectOption(owner);
	await one.getByLabel(begins('期限')).fill(due);
};
// Said by somebody else on the telephone.
export const saidBy = (person, number) => async ({ form }) => {
	await form.getByRole('checkbox', { name: any('代わりに入力する') }).check();
	await form.getByLabel(begins('だれの言葉ですか')).selectOption(person);
	await box(form, '電話番号').fill(number);
};

// ---- acts ----

// The way to an item's form, from its card or from the card of the notice that asks for it ('対応をお願いします：TITLE（事案1 …）').
export const linkTo = (title, verb = '(入力する|すぐに入力する[^：]*)') => new RegExp(`^${verb}：(.*：)?${quote(title)}(（事案|$)`);

const done = (seat, what) => { seat.acts = (seat.acts || 0) + 1; say(`${seat.name}: ${what}`); };

async function openForm(seat, title) {
	const { page } = seat;
	await seat.go('#/tasks');
	await page.getByRole('link', { name: linkTo(title) }).first().click();
	const form = page.getByRole('form', { name: title, exact: true });
	await form.waitFor();
	return form;
}
async function fillAndSend(seat, form, fills) {
	for (const fill of fills) await fill({ form, page: seat.page });
	await form.getByRole('button', { name: /記録する$/ }).last().click();
}

// An item is carried out: its card in 'my tasks', its form, and the page says that it is recorded.
export async function act(seat, title, ...fills) {
	const form = await openForm(seat, title);
	await fillAndSend(seat, form, fills);
	await seat.page.getByRole('heading', { name: `記録しました：${title}` }).waitFor();
	done(seat, title);
}
// The same, refused: why stands in place, what was typed stays.
export async function refused(seat, title, ...fills) {
	const form = await openForm(seat, title);
	await fillAndSend(seat, form, fills);
	const alert = form.getByRole('alert').filter({ hasText: '受け付けられませんでした' });
	await alert.waitFor();
	const why = await alert.innerText();
	const discard = form.getByRole('button', { name: '下書きを消す' });
	if (await discard.count()) {
		await discard.click();
		await form.getByRole('button', { name: '本当に消す' }).click();
	}
	check(`${seat.name}: ${title} is refused: ${why.replace(/\s+/g, ' ')}`, true);
}
// It cannot even be begun: no such task is offered.
export async function notOffered(seat, title) {
	await seat.go('#/tasks');
	await seat.page.getByRole('heading', { level: 1, name: '私のタスク' }).waitFor();
	check(`${seat.name}: '${title}' is not offered`, await seat.page.getByRole('link', { name: linkTo(title) }).count() === 0);
}

const cards = (seat, section, title) => seat.page.getByRole('region', { name: section, exact: true }).getByRole('article').filter({ has: seat.page.getByRole('heading', { name: told(title) }) });

// A notice is acknowledged; answer: present, absent, or who comes as deputy.
export async function acknowledge(seat, title, answer) {
	const { page } = seat;
	await seat.go('#/tasks');
	const card = cards(seat, '確認してください', title).first();
	await card.waitFor();
	const id = await card.getAttribute('data-notice');
	if (!answer) {
		await card.getByRole('button', { name: begins('確認しました') }).click();
	} else if (answer === 'present' || answer === 'absent') {
		await card.getByRole('button', { name: answer === 'present' ? '出席する' : '欠席する', exact: true }).click();
	} else {
		await card.getByRole('button', { name: '代理が出席する' }).click();
		await card.getByRole('textbox', { name: begins('だれが出席しますか') }).fill(answer);
		await card.getByRole('button', { name: '代理出席と答える' }).click();
	}
	await page.getByRole('region', { name: '確認してください', exact: true }).locator(`[data-notice="${id}"]`).waitFor({ state: 'detached' });
	await page.getByText('確認しました: ').first().waitFor();
	done(seat, `acknowledges ${title}`);
}
// Somebody who is telephoned says so; it is entered for them.
export async function acknowledgeFor(seat, name, title, answer) {
	const { page } = seat;
	await seat.go('#/tasks/telephone');
	await page.getByRole('button', { name: new RegExp(`^${quote(name)} さんから確認を聞いた：.*${quote(title)}`) }).first().click();
	const form = page.getByRole('form', { name: `${name} さんの確認を入力` });
	if (answer) await form.getByRole('radio', { name: answer, exact: true }).check();
	await form.getByRole('button', { name: `${name} さんの確認として記録する` }).click();
	await page.getByText(`${name} さんの確認を記録しました`).waitFor();
	done(seat, `enters what ${name} says of ${title}`);
}
export async function notNeeded(seat, title, reason) {
	const { page } = seat;
	await seat.go('#/tasks');
	await page.getByRole('link', { name: linkTo(title, '不要とする') }).first().click();
	const form = page.getByRole('form', { name: '不要とする' });
	await form.getByRole('textbox', { name: begins('不要とする理由') }).fill(reason);
	await form.getByRole('button', { name: '不要として記録する' }).click();
	await page.getByText(/不要として記録しました|不要とした/).first().waitFor();
	done(seat, `${title} is not needed`);
}
// What was entered in one's name is confirmed, all of it.
export async function confirmAll(seat) {
	const { page } = seat;
	await seat.go('#/tasks');
	const section = page.getByRole('region', { name: 'あなたの名前で入力された内容', exact: true });
	await section.waitFor();
	for (let left = await section.getByRole('button', { name: begins('そのとおりです') }).count(); left > 0; left--) {
		await section.getByRole('button', { name: begins('そのとおりです') }).first().click();
		await until('it is confirmed', async () => await section.getByRole('button', { name: begins('そのとおりです') }).count() < left);
		done(seat, 'confirms what was entered in their name');
	}
}
// One of the short forms of an incident ('?do=NAME') or of an item: fill is given {form, page}.
export async function other(seat, address, name, fills, button) {
	const { page } = seat;
	await seat.go(address);
	const form = page.getByRole('form', { name, exact: false }).first();
	await form.waitFor();
	for (const fill of fills) await fill({ form, page });
	await form.getByRole('button', { name: button, exact: true }).click();
	return form;
}

// ---- at a terminal, with nobody signed in ----

export async function enrol(seat, terminal) {
	const { page } = seat;
	await seat.signIn('p_nishida');
	await seat.go('#/enrol');
	await page.getByLabel(begins('端末')).selectOption(terminal);
	await page.getByRole('button', { name: '登録する', exact: true }).click();
	await page.getByText('登録しました。').waitFor();
	await page.getByRole('button', { name: 'サインアウト' }).click();
	await page.getByRole('heading', { level: 1, name: any(terminal) }).waitFor();
	await seat.go('#/');
	say(`${seat.name} is a terminal`);
}
// Two clicks and a line.
export async function raise(seat, kind, line, ...fills) {
	const { page } = seat;
	await page.getByRole('link', { name: begins('通報する') }).last().click();
	await page.getByRole('button', { name: begins(kind) }).click();
	const form = page.locator('form.alarm');
	await form.getByLabel(/状況/).fill(line);
	if (fills.length) {
		await page.getByText('わかれば書き足す').click();
		for (const fill of fills) await fill({ form, page });
	}
	await page.getByRole('button', { name: '通報を送る' }).click();
	await page.getByRole('heading', { level: 1, name: /通報は記録されました|に加えられました/ }).waitFor();
	const number = /事案\s*(\d+)/.exec(await page.getByRole('main').innerText())[1];
	done(seat, `raises the alarm: incident ${number}`);
	return Number(number);
}
export async function atTerminal(seat, title) {
	const { page } = seat;
	await seat.go('#/');
	const card = page.getByRole('article').filter({ has: page.getByRole('heading', { name: told(title) }) }).filter({ has: page.getByRole('button', { name: begins('確認しました') }) }).first();
	await card.waitFor();
	const id = await card.getAttribute('data-notice');
	await card.getByRole('button', { name: begins('確認しました') }).click();
	await page.locator(`article[data-notice="${id}"]`).getByRole('button', { name: begins('確認しました') }).waitFor({ state: 'detached' });
	done(seat, `acknowledges ${title}`);
}

// ---- the rarer ones ----

// For somebody who says it on the telephone: the item's form is reached by its address, as from the incident's page.
export async function actFor(seat, incident, item, title, person, number, ...fills) {
	await seat.go(`#/tasks/${incident}/${item}`);
	const form = seat.page.getByRole('form', { name: title, exact: true });
	await form.waitFor();
	await fillAndSend(seat, form, [...fills, saidBy(person, number)]);
	await seat.page.getByRole('heading', { name: `記録しました：${title}` }).waitFor();
	done(seat, `${title}, for ${person}`);
}
// What is on record is completed.
export async function amend(seat, incident, item, title, ...fills) {
	await seat.go(`#/tasks/${incident}/${item}?mode=amend`);
	const form = seat.page.getByRole('form', { name: title, exact: true });
	await form.waitFor();
	for (const fill of fills) await fill({ form, page: seat.page });
	await form.getByRole('button', { name: '訂正を記録する' }).click();
	await seat.page.getByText(/記録しました/).first().waitFor();
	done(seat, `amends ${title}`);
}
export const select = (label, option) => async ({ form }) => {
	const choice = form.getByRole('combobox', { name: begins(label) });
	const wanted = choice.getByRole('option').filter({ hasText: option }).first();
	await wanted.waitFor({ state: 'attached' });
	await choice.selectOption(await wanted.getAttribute('value'));
};
export async function callNobodyThere(seat, incident, name, number) {
	await other(seat, `#/tasks/${incident}?do=call`, 'かけた電話を記録する', [select('だれに', name), pick('結果', '出なかった'), text('かけた番号', number)], '電話を記録する');
	await seat.page.getByText('電話を記録しました。').first().waitFor();
	done(seat, `telephones ${name}; nobody there`);
}
// A terminal that cannot answer: seen on the spot, or out of service.
export async function terminalFor(seat, incident, place, title, broken) {
	const form = await other(seat, `#/tasks/${incident}?do=terminal`, '応答できない端末を扱う', [select('端末と通知', new RegExp(`${quote(place)}：.*${quote(title)}`)),
		...(broken ? [pick('どうしましたか', '使えない'), text('使えない理由', broken)] : [pick('どうしましたか', 'その場で見て確かめた')])], '記録する');
	await seat.page.getByText('記録しました。').first().waitFor();
	done(seat, `${place} ${broken ? 'is out of service' : 'was seen on the spot'}`);
	return form;
}
export async function refusedOther(seat, ...args) {
	const form = await other(seat, ...args);
	const alert = form.getByRole('alert').filter({ hasText: '受け付けられませんでした' });
	await alert.waitFor();
	check(`${seat.name}: ${args[1]} is refused: ${(await alert.innerText()).replace(/\s+/g, ' ')}`, true);
}
// One's own follow-ups, all of them, after the incident.
export async function finishFollowUps(seat, words) {
	const { page } = seat;
	await seat.go('#/tasks');
	const section = page.getByRole('region', { name: 'あなたが担当の今後の対策', exact: true });
	await section.waitFor();
	for (let left = await section.getByRole('article').count(); left > 0; left--) {
		const card = section.getByRole('article').first();
		await card.getByText('終わったと記録する', { exact: true }).first().click();
		const form = card.getByRole('form', { name: '終わったと記録する' });
		await form.getByRole('textbox', { name: begins('どう終わりましたか') }).fill(words);
		await form.getByRole('button', { name: '終わったと記録する' }).click();
		await until('it is finished', async () => await section.getByRole('article').count() < left);
		done(seat, 'finishes a follow-up');
	}
}
