// People at their browsers: one Chromium, a context of its own (cookies, storage, shared worker) for each of them. Whatever a page or its shared
// worker complains of on the console, and every request to another origin, is held against the test.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { build, until } from './town.mjs';

const need = createRequire(path.join(build, 'tests/browser/package.json'));
const { chromium } = need('playwright-core');
export const axeSource = () => fs.readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

export const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 320, height: 700 }, wall: { width: 3840, height: 2160 } };
// Long enough for a sanitized build on a busy machine; nothing waits that long unless it fails.
const PATIENCE = 20000;

export class Seat {
	constructor(house, name) {
		Object.assign(this, { house, name, faults: [], tolerated: [] });
	}

	watch(page) {
		const { origin } = new URL(this.house.town.address);
		page.on('console', (message) => { if (message.type() === 'error') this.fault(`console: ${message.text()} (${message.location().url})`); });
		page.on('pageerror', (error) => this.fault(`uncaught: ${error.stack || error.message}`));
		page.on('request', (request) => { if (!foreign(request.url(), origin)) return; this.fault(`request to ${request.url()}`); });
		page.on('dialog', (dialog) => { this.fault(`a dialog: ${dialog.type()} ${dialog.message()}`); dialog.dismiss().catch(() => {}); });
		page.setDefaultTimeout(PATIENCE);
	}
	fault(text) { if (!this.tolerated.some((pattern) => pattern.test(text))) this.faults.push(text); }
	// What is expected in this test, for instance that a killed server cannot be reached.
	tolerate(...patterns) { this.tolerated.push(...patterns); }

	async go(hash) {
		const url = `${this.house.town.address}/${hash || ''}`;
		// The same document: the page's own router shows the screen.
		if (this.page.url().startsWith(this.house.town.address)) await this.page.evaluate((to) => { location.hash = to; }, hash || '#/');
		else await this.page.goto(url);
	}
	async signIn(person = this.name) {
		await this.go('');
		const main = this.page.getByRole('main');
		await main.getByLabel(/職員ID|職員の\s*ID|Person ID|ID/).first().fill(person);
		await main.getByLabel(/^パスワード|^Password/).first().fill(this.house.town.password);
		await main.getByRole('button', { name: /^(サインイン|Sign in)/ }).click();
		await this.page.getByRole('button', { name: /サインアウト|Sign out/ }).or(this.page.getByRole('link', { name: /サインアウト|Sign out/ })).first().waitFor();
		this.person = person;
	}
	// Waits for words anywhere on the page.
	async sees(words, seconds = PATIENCE / 1000) {
		await until(`${this.name} sees ${words}`, async () => {
			const shown = await this.page.locator('body').innerText();
			return words instanceof RegExp ? words.test(shown) : shown.includes(words);
		}, seconds);
	}
	async text() { return this.page.locator('body').innerText(); }
}

const foreign = (url, origin) => !url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url);

export class House {
	static async open(town) {
		const house = new House();
		Object.assign(house, { town, seats: [], workers: [] });
		house.browser = await chromium.launch({
			executablePath: process.env.RENRAKU_CHROMIUM || '/usr/bin/chromium',
			// The throwaway certificate is taken everywhere: a context's ignoreHTTPSErrors does not reach its shared workers.
			// As root, in a container, with a small /dev/shm: Chromium's own sandbox is not what is tested here.
			args: ['--ignore-certificate-errors', '--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=user-gesture-required', '--disable-gpu'],
		});
		await house.watchWorkers();
		return house;
	}

	// Shared workers belong to no page. They are attached to through the browser, one message wrapped in another.
	async watchWorkers() {
		const root = await this.browser.newBrowserCDPSession();
		const { origin } = new URL(this.town.address);
		let id = 0;
		root.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
			if (targetInfo.type !== 'shared_worker') return;
			for (const method of ['Runtime.enable', 'Log.enable', 'Network.enable', 'Runtime.runIfWaitingForDebugger'])
				root.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: ++id, method }) }).catch(() => {});
		});
		root.on('Target.receivedMessageFromTarget', ({ message }) => {
			const { method, params } = JSON.parse(message);
			if (method === 'Runtime.exceptionThrown') this.workers.push(`worker: ${params.exceptionDetails.exception?.description || params.exceptionDetails.text}`);
			if (method === 'Runtime.consoleAPICalled' && params.type === 'error') this.workers.push(`worker console: ${params.args.map((arg) => arg.value ?? arg.description).join(' ')}`);
			if (method === 'Log.entryAdded' && params.entry.level === 'error') this.workers.push(`worker: ${params.entry.text} (${params.entry.url})`);
			if (method === 'Network.requestWillBeSent' && foreign(params.request.url, origin)) this.workers.push(`worker: request to ${params.request.url}`);
		});
		await root.send('Target.setDiscoverTargets', { discover: true });
		root.on('Target.targetCreated', ({ targetInfo }) => {
			if (targetInfo.type === 'shared_worker') root.send('Target.attachToTarget', { targetId: targetInfo.targetId, flatten: false }).catch(() => {});
		});
	}

	// Somebody's browser, whose machine has its clock in another zone: pages show Japan time all the same. options: size (of `sizes`), lang.
	async seat(name, options = {}) {
		const seat = new Seat(this, name);
		seat.context = await this.browser.newContext({ ignoreHTTPSErrors: true, viewport: options.size || sizes.desk, locale: options.lang === 'en' ? 'en-GB' : 'ja-JP',
			timezoneId: 'America/New_York', acceptDownloads: true });
		seat.page = await seat.context.newPage();
		seat.watch(seat.page);
		this.seats.push(seat);
		return seat;
	}
	// Several signed-in people at once.
	async sit(...people) {
		const seats = [];
		for (const person of people) {
			const seat = await this.seat(person);
			await seat.signIn(person);
			seats.push(seat);
		}
		return seats;
	}
	// A further tab of the same browser.
	async tab(seat) {
		const further = new Seat(this, `${seat.name}-tab`);
		Object.assign(further, { context: seat.context, page: await seat.context.newPage(), tolerated: seat.tolerated });
		further.watch(further.page);
		this.seats.push(further);
		return further;
	}
	tolerate(...patterns) {
		this.tolerated = [...(this.tolerated || []), ...patterns];
		for (const seat of this.seats) seat.tolerate(...patterns);
	}

	faults() {
		const workers = this.workers.filter((text) => !(this.tolerated || []).some((pattern) => pattern.test(text)));
		return [...this.seats.flatMap((seat) => seat.faults.map((fault) => `${seat.name}: ${fault}`)), ...workers];
	}
	// What everybody had before their eyes, into the build tree.
	async evidence(test) {
		const folder = path.join(build, 'tests/browser/failed');
		fs.mkdirSync(folder, { recursive: true });
		for (const seat of this.seats) {
			const file = path.join(folder, `${test}-${seat.name}`);
			await seat.page.screenshot({ path: `${file}.png`, fullPage: true, timeout: 5000 }).catch(() => {});
			fs.writeFileSync(`${file}.txt`, `${seat.page.url()}\n${await seat.text().catch((error) => String(error))}\n`);
		}
		return folder;
	}
	async close() { await this.browser.close(); }
}
