// sign-in: person and password. What was asked for in the address is shown afterwards.

import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { session, setSession, link } from '../store.js';
import { ask } from '../send.js';
import { now } from '../time.js';
import { field, submit, note, telList, redraw, badge } from '../ui.js';
import { telephoneLines } from '../offline.js';

let person = '', password = '', visible = false, busy = false, error = null, until = 0, began = 0;

async function signIn(event) {
	event.preventDefault();
	if (busy || until > now()) return;
	// A password manager may have filled them in without saying so.
	person = event.target.elements.person.value.trim();
	password = event.target.elements.password.value;
	if (!person || !password) {
		error = { text: '職員IDとパスワードを入れてください。', text_en: 'Enter person and password.' };
		redraw();
		return event.target.elements[person ? 'password' : 'person'].focus();
	}
	busy = true;
	error = null;
	began = now();
	countUp();
	try {
		const s = await ask('/api/sign-in', { person, password });
		password = '';
		visible = false;
		setSession(s);
		if (/^#\/sign-in/.test(location.hash)) location.hash = '#/';
	} catch (e) {
		error = e;
		until = e.retry_after_ms ? now() + e.retry_after_ms : 0;
		countDown();
	}
	busy = false;
	redraw();
	if (error) setTimeout(() => document.querySelector('#main input[name=password]')?.select(), 50);
}

// After wrong passwords the server takes longer each time; whoever waits sees that it goes on.
function countUp() {
	redraw();
	if (busy) setTimeout(countUp, 1000);
}

function countDown() {
	if (until <= now()) return redraw();
	redraw();
	setTimeout(countDown, 500);
}

export default {
	title: () => t('サインイン', 'Sign in'),
	wants: () => [],
	render() {
		const spent = busy ? Math.floor((now() - began) / 1000) : 0;
		const left = Math.ceil((until - now()) / 1000);
		const s = session();
		const down = !link().up;
		return h('div', { class: 'sign-in' },
			h('h1', null, t('サインイン', 'Sign in')),
			s.terminal ? h('p', null, badge('info', t('端末', 'Terminal')), ' ', s.terminal) : null,
			h('form', { novalidate: true, on: { submit: signIn } },
				field(t('職員ID', 'Person'), h('input', { name: 'person', type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', autofocus: true, value: person, on: { input: (e) => (person = e.target.value) } }), { key: 'sign-in-person', required: true }),
				field(t('パスワード', 'Password'), h('input', { name: 'password', type: visible ? 'text' : 'password', autocomplete: 'current-password', autocapitalize: 'none', spellcheck: 'false', value: password, on: { input: (e) => (password = e.target.value) } }), { key: 'sign-in-password', required: true }),
				h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: visible, on: { change: (e) => { visible = e.target.checked; redraw(); } } }), t('パスワードを表示する', 'Show the password')),
				error ? note('bad', h('p', { role: 'alert' }, both(error, 'text'), left > 0 ? h('span', { 'aria-hidden': 'true' }, t(`（あと${left}秒）`, ` (${left} s)`)) : null)) : null,
				spent > 2 ? note('wait', h('p', null, h('span', { role: 'status' }, t('確認しています。パスワードの間違いが続いたあとは、最長30秒ほどかかります。', 'Checking. After several wrong passwords this takes up to 30 s.')), h('span', { 'aria-hidden': 'true' }, t(`（${spent}秒）`, ` (${spent} s)`)))) : null,
				submit(left > 0 ? t(`あと${left}秒お待ちください`, `Wait ${left} s`) : t('サインイン', 'Sign in'), { busy, class: 'wide' })),
			down ? null : h('p', { class: 'soft' }, t('パスワードがわからないときは、管理者に新しいパスワードの設定を頼んでください。', 'If you do not know your password, ask an administrator to set a new one.')),
			s.terminal ? h('p', null, h('a', { href: '#/' }, t('端末の画面へ戻る（通報にサインインは要りません）', 'Back to the terminal (raising an alarm needs no sign-in)'))) : null,
			telephoneLines().length ? h('section', { class: 'section' }, h('h2', null, t('急ぐときの電話', 'If it is urgent, telephone')), telList(telephoneLines())) : null);
	},
};
