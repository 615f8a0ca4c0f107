// Firefox by its own protocol (WebDriver BiDi): playwright-core wants a Firefox of its own build, which is not what people have.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from './town.mjs';

const WebSocket = createRequire(path.join(build, 'tests/browser/package.json'))('ws');

export class Firefox {
	static async start() {
		const firefox = new Firefox();
		Object.assign(firefox, { id: 0, waiting: new Map(), errors: [], profile: fs.mkdtempSync(path.join(os.tmpdir(), 'renraku-firefox.')) });
		// Nothing is fetched from elsewhere: no updates, no telemetry, no safe browsing lists, no captive portal.
		fs.writeFileSync(path.join(firefox.profile, 'user.js'), ['app.update.enabled', 'datareporting.policy.dataSubmissionEnabled', 'toolkit.telemetry.enabled',
			'browser.safebrowsing.malware.enabled', 'browser.safebrowsing.phishing.enabled', 'network.captive-portal-service.enabled', 'network.connectivity-service.enabled',
			'extensions.update.enabled', 'browser.shell.checkDefaultBrowser'].map((name) => `user_pref("${name}", false);`).join('\n'));
		firefox.process = spawn(process.env.RENRAKU_FIREFOX || '/usr/bin/firefox-esr', ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', firefox.profile, 'about:blank'],
			{ stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: firefox.profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' } });
		let said = '';
		const address = await new Promise((resolve, reject) => {
			firefox.process.stderr.on('data', (data) => {
				said += data;
				const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said);
				if (found) resolve(found[1]);
			});
			firefox.process.once('error', reject);
			firefox.process.once('exit', () => reject(new Error(`firefox ended:\n${said}`)));
		});
		firefox.socket = new WebSocket(`${address}/session`);
		await once(firefox.socket, 'open');
		firefox.socket.on('message', (data) => firefox.heard(JSON.parse(data)));
		await firefox.ask('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
		await firefox.ask('session.subscribe', { events: ['log.entryAdded'] });
		firefox.context = (await firefox.ask('browsingContext.getTree', {})).contexts[0].context;
		return firefox;
	}

	heard(message) {
		if (message.id) {
			const { resolve, reject } = this.waiting.get(message.id);
			this.waiting.delete(message.id);
			if (message.type === 'error') reject(new Error(`${message.error}: ${message.message}`));
			else resolve(message.result);
		} else if (message.method === 'log.entryAdded' && message.params.level === 'error') {
			this.errors.push(message.params.text);
		}
	}
	ask(method, params) {
		const id = ++this.id;
		return new Promise((resolve, reject) => {
			this.waiting.set(id, { resolve, reject });
			this.socket.send(JSON.stringify({ id, method, params }));
		});
	}
	async go(url) { await this.ask('browsingContext.navigate', { context: this.context, url, wait: 'complete' }); }
	// What the function gives, called in the page; arguments and answer are text.
	async call(fn, ...args) {
		const answer = await this.ask('script.callFunction', { functionDeclaration: String(fn), awaitPromise: true, target: { context: this.context },
			arguments: args.map((value) => ({ type: 'string', value })), userActivation: true });
		if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
		return answer.result.value;
	}
	// Types as a keyboard does, into whatever has the focus.
	async type(text) {
		const actions = [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);
		await this.ask('input.performActions', { context: this.context, actions: [{ type: 'key', id: 'keys', actions }] });
	}
	async stop() {
		this.socket.close();
		this.process.removeAllListeners('exit');
		const ended = once(this.process, 'exit');
		this.process.kill('SIGTERM');
		await ended;
		fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
	}
}
