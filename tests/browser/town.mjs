// A sample town for a test: server/quickstart in a folder of its own, with renrakud, the terminals' agents and renraku-web.
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const source = process.env.RENRAKU_SOURCE || path.resolve(import.meta.dirname || path.dirname(new URL(import.meta.url).pathname), '../..');
export const build = process.env.RENRAKU_BUILD || path.join(source, 'build');
export const bin = process.env.RENRAKU_BIN || path.join(build, 'bin');

const settle = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Asks until the answer is true, and gives it; the thing itself is awaited, looked at twenty times a second. `what` says what did not come.
export async function until(what, ask, seconds = 20) {
	const end = Date.now() + seconds * 1000;
	let last;
	for (;;) {
		try {
			const answer = await ask();
			if (answer) return answer;
			last = undefined;
		} catch (error) {
			last = error;
		}
		if (Date.now() > end) throw new Error(`after ${seconds} s still not: ${what}${last ? ` (${last.message})` : ''}`);
		await settle(50);
	}
}

const text = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');

export class Town {
	// options: site, plan (files in place of the sample's), lang.
	static async start(options = {}) {
		const town = new Town();
		town.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'renraku-browser.'));
		town.output = '';
		const env = { ...process.env, RENRAKU_BIN: bin };
		if (options.site) env.RENRAKU_SITE = options.site;
		if (options.plan) env.RENRAKU_PLAN = options.plan;
		town.process = spawn(path.join(source, 'server/quickstart'), ['--dir', path.join(town.dir, 'town'), '--lang', options.lang || 'ja'],
			{ env, stdio: ['ignore', 'pipe', 'pipe'] });
		for (const stream of [town.process.stdout, town.process.stderr]) stream.on('data', (data) => { town.output += data; });
		town.ended = once(town.process, 'exit');
		const stands = () => /Ctrl-C で全部止まります|Ctrl-C stops everything/.test(town.output);
		await until('the town stands', () => stands() || town.process.exitCode !== null, 120);
		if (!stands()) {
			fs.rmSync(town.dir, { recursive: true, force: true });
			throw new Error(`quickstart ended:\n${town.output}`);
		}
		town.folder = path.join(town.dir, 'town');
		town.address = text(path.join(town.folder, 'web/address')).trim();
		town.password = text(path.join(town.folder, 'passwords')).trim();
		if (!town.address) throw new Error(`the console was not started:\n${town.output}`);
		return town;
	}

	pid(program) { return Number(text(path.join(this.folder, program, 'pid'))); }
	log(program) { return text(path.join(this.folder, program, 'log.txt')); }

	// kill -9; `program` is server or web. It is started again at once unless it is held.
	kill(program) {
		const pid = this.pid(program);
		process.kill(pid, 'SIGKILL');
		return pid;
	}
	hold(program) { fs.writeFileSync(path.join(this.folder, program, 'hold'), ''); }
	release(program) { fs.rmSync(path.join(this.folder, program, 'hold'), { force: true }); }
	async restarted(program, before) {
		const lines = () => text(path.join(this.folder, program, 'out.txt')).split('\n').filter((line) => line.includes('listening on')).length;
		await until(`${program} runs again`, () => this.pid(program) !== before && lines() > (this.starts?.[program] ?? 1));
		this.starts = { ...this.starts, [program]: lines() };
	}

	// The command line as a person at a device of their own, or at a terminal: {code, out}.
	renraku(who, ...args) {
		const file = [path.join(this.folder, 'persons', who), path.join(this.folder, who)].find((folder) => fs.existsSync(folder));
		return new Promise((resolve) => {
			const child = execFile(path.join(bin, 'renraku'), ['--config', path.join(file, 'client.yaml'), ...args],
				{ maxBuffer: 64 << 20, timeout: 60000 }, (error, stdout, stderr) => resolve({ code: error ? error.code ?? 1 : 0, out: stdout, err: stderr }));
			child.stdin.end();
		});
	}
	// What it prints as JSON.
	async json(who, ...args) {
		const { code, out, err } = await this.renraku(who, ...args, '--json');
		if (code) throw new Error(`renraku ${args.join(' ')}: exit ${code}\n${err}${out}`);
		return JSON.parse(out);
	}
	// The rows of an incident, or of the board, as that person sees them.
	async rows(who, incident) {
		return (await this.json(who, 'status', ...(incident ? [String(incident)] : []))).rows;
	}

	// Ends everything; what a sanitizer or an assertion had to say makes the test fail.
	async stop() {
		if (!this.process) return;
		this.process.kill('SIGTERM');
		await this.ended;
		this.process = undefined;
		const said = ['server', 'web'].map((program) => this.log(program)).join('\n');
		const bad = said.split('\n').filter((line) => /Sanitizer|runtime error|[Aa]ssertion/.test(line));
		if (bad.length) throw new Error(`a server had something to say:\n${bad.join('\n')}\n${said.slice(-4000)}`);
		fs.rmSync(this.dir, { recursive: true, force: true });
	}
}
