// A browser without a screen: docs/web.md over HTTPS, for numbers of them. Its certificates are checked against the town's authority.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

export class Light {
	constructor(town) {
		this.town = town;
		this.url = new URL(town.address);
		this.ca = fs.readFileSync(path.join(town.folder, 'ca/ca.pem'));
		this.agent = new https.Agent({ keepAlive: true, maxSockets: 4, ca: this.ca });
		this.cookies = new Map();
	}

	request(method, where, body, headers = {}) {
		return new Promise((resolve, reject) => {
			const request = https.request({ host: this.url.hostname, port: this.url.port, path: where, method, agent: this.agent, headers: {
				...(body === undefined ? {} : { 'Content-Type': 'application/json', Origin: this.url.origin, 'X-Renraku-CSRF': this.csrf || '' }),
				...(this.cookies.size ? { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
				...headers } }, resolve);
			request.on('error', reject);
			request.end(body === undefined ? undefined : JSON.stringify(body));
		});
	}
	// {status, body}: body is what the JSON said.
	async ask(method, where, body) {
		const response = await this.request(method, where, body);
		for (const line of response.headers['set-cookie'] || []) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (value && !/max-age=0/i.test(line)) this.cookies.set(name, value);
			else this.cookies.delete(name);
		}
		let text = '';
		for await (const part of response) text += part;
		return { status: response.statusCode, headers: response.headers, body: text && /json/.test(response.headers['content-type'] || '') ? JSON.parse(text) : text };
	}
	async signIn(person) {
		this.csrf = (await this.ask('GET', '/api/session')).body.csrf;
		const { status, body } = await this.ask('POST', '/api/sign-in', { person, password: this.town.password });
		if (status !== 200) throw new Error(`${person} cannot sign in: ${status} ${JSON.stringify(body)}`);
		this.csrf = body.csrf;
		return body;
	}
	// The Result of a command.
	async command(act, body, more = {}) {
		const { status, body: result } = await this.ask('POST', '/api/command', { id: randomUUID(), made_at: Date.now(), [act]: body, ...more });
		if (status !== 200) throw new Error(`${act}: ${status} ${JSON.stringify(result)}`);
		return result;
	}
	// Server-sent events as they come: on(event, data as text, id). Resolves once the stream has begun; `ended` when it is over.
	async stream(watch, on, last) {
		const response = await this.request('GET', `/api/stream?watch=${encodeURIComponent(watch)}`, undefined, { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) });
		if (response.statusCode !== 200) throw new Error(`stream: ${response.statusCode}`);
		let rest = '';
		response.setEncoding('utf8');
		response.on('data', (part) => {
			rest += part;
			for (let end; (end = rest.indexOf('\n\n')) >= 0; rest = rest.slice(end + 2)) {
				const fields = {};
				for (const line of rest.slice(0, end).split('\n')) {
					const colon = line.indexOf(':');
					if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
				}
				if (fields.data !== undefined) on(fields.event || 'message', fields.data, fields.id);
			}
		});
		this.ended = new Promise((resolve) => { response.on('close', resolve); });
		this.streaming = response;
	}
	close() {
		this.streaming?.destroy();
		this.agent.destroy();
	}
}
