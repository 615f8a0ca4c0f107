// The patching of pages in a real browser: what somebody types, where the caret stands, what is open, is never disturbed by what comes in.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { build, source } from './town.mjs';

const need = createRequire(path.join(build, 'tests/browser/package.json'));
const browser = await need('playwright-core').chromium.launch({ executablePath: process.env.RENRAKU_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
const errors = [];
page.on('pageerror', (error) => errors.push(error));
await page.route('http://page.test/**', (route) => {
	const { pathname } = new URL(route.request().url());
	if (!pathname.startsWith('/js/')) return route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="app"></div>' });
	return route.fulfill({ contentType: 'text/javascript', body: fs.readFileSync(path.join(source, 'client/web/page', pathname), 'utf8') });
});
await page.goto('http://page.test/');
await page.evaluate(async () => {
	const { h, patch } = await import('/js/dom.js');
	Object.assign(window, { h, draw: (...children) => patch(document.getElementById('app'), children), $: (s) => document.querySelector(s) });
});

const tests = {
	'text is text': () => page.evaluate(() => {
		draw(h('p', { title: '<b>"' }, '<script>bad()</script>', 3, null, false, [0, 'x']));
		return [$('#app').textContent, $('#app p').title, document.querySelectorAll('#app *').length];
	}).then((r) => assert.deepEqual(r, ['<script>bad()</script>30x', '<b>"', 1])),

	'keyed rows move, and the one with the focus is not touched': async () => {
		const rows = (...keys) => page.evaluate((keys) => draw(keys.map((key) => h('input', { key, id: key }))), keys);
		await rows('a', 'b', 'c', 'd');
		await page.fill('#c', '入力中');
		await page.evaluate(() => { $('#c').setSelectionRange(1, 2); window.kept = $('#c'); window.blurred = 0; $('#c').addEventListener('blur', () => { window.blurred++; }); });
		for (const order of [['c', 'a', 'b', 'd'], ['d', 'x', 'b', 'c', 'a'], ['c'], ['e', 'f', 'c', 'g'], ['g', 'c', 'f', 'e']]) {
			await rows(...order);
			assert.deepEqual(await page.evaluate(() => [[...document.querySelectorAll('#app input')].map((x) => x.id), document.activeElement === kept, kept.value, kept.selectionStart, kept.selectionEnd, blurred]), [order, true, '入力中', 1, 2, 0]);
		}
	},

	'a focused input keeps what is typed until its own value changes': async () => {
		const value = (v) => page.evaluate((v) => draw(h('input', { id: 'i', value: v })), v);
		await value('1');
		await page.fill('#i', '12');
		await value('1');
		assert.equal(await page.inputValue('#i'), '12');
		await value('');
		assert.equal(await page.inputValue('#i'), '');
		await page.fill('#i', 'left');
		await page.evaluate(() => $('#i').blur());
		await value('');
		assert.equal(await page.inputValue('#i'), '', 'out of focus the screen says what stands there');
	},

	'what somebody opened stays open; a scrolled box stays where it is': () => page.evaluate(() => {
		const screen = (n) => draw(h('p', null, n), h('details', { open: false }, h('summary', null, 's'), h('div', { id: 'box', css: { height: '20px', overflow: 'auto' } }, h('div', { css: { height: '400px' } }, n))));
		screen(1);
		$('details').open = true;
		$('#box').scrollTop = 100;
		screen(2);
		return [$('details').open, $('#box').scrollTop];
	}).then((r) => assert.deepEqual(r, [true, 100])),

	'listeners are the newest, attributes go when they are not named': () => page.evaluate(() => {
		const said = [];
		draw(h('button', { id: 'b', 'aria-busy': 'true', disabled: true, on: { click: () => said.push(1) } }, 'x'));
		draw(h('button', { id: 'b', disabled: false, on: { click: () => said.push(2) } }, 'x'));
		$('#b').click();
		draw(h('button', { id: 'b' }, 'x'));
		$('#b').click();
		return [said, $('#b').hasAttribute('aria-busy'), $('#b').disabled];
	}).then((r) => assert.deepEqual(r, [[2], false, false])),

	'a select follows its value; a check box its state': () => page.evaluate(() => {
		const screen = (value, checked) => draw(h('select', { id: 's', value }, ['', 'a', 'b'].map((v) => h('option', { key: v, value: v }, v))), h('input', { id: 'c', type: 'checkbox', checked }));
		screen('b', true);
		const first = [$('#s').value, $('#c').checked];
		$('#c').click();
		screen('a', true);
		return [first, $('#s').value, $('#c').checked];
	}).then((r) => assert.deepEqual(r, [['b', true], 'a', true])),

	'SVG is SVG; mounted is told once; the same vnode is skipped': () => page.evaluate(() => {
		let mounted = 0;
		const same = h('svg', { viewBox: '0 0 1 1', mounted: () => mounted++ }, h('path', { d: 'M0 0' }));
		draw(same);
		$('path').setAttribute('d', 'M1 1');
		draw(same);
		return [$('path').namespaceURI, mounted, $('path').getAttribute('d')];
	}).then((r) => assert.deepEqual(r, ['http://www.w3.org/2000/svg', 1, 'M1 1'])),
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
	try {
		await test();
		console.log(`ok: ${name}`);
	} catch (error) {
		failed++;
		console.log(`FAILED: ${name}\n${error.stack}`);
	}
}
for (const error of errors) console.log(`uncaught: ${error.message}`);
await browser.close();
process.exit(failed || errors.length ? 1 : 0);
