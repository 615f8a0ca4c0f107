// password: asks for the password again where the server wants it (five minutes after the last act on a terminal), without leaving the screen.

import { h } from './dom.js';
import { t, both } from './i18n.js';
import { session, setSession } from './store.js';
import { ask, onSignInAgain } from './send.js';
import { dialog, field, note, redraw } from './ui.js';

// Resolves to true when the person is signed in again.
async function again(person) {
	let password = '', error = null;
	const name = (person === session().person && session().person_name) || person;
	const chosen = await dialog({
		title: t('パスワードをもう一度入れてください', 'Enter the password again'),
		body: () => [
			h('p', null, t(`しばらく操作がなかったため、${name} さん本人であることを確かめます。入力した内容はそのまま残っています。`, `To make sure it is still you, ${name}. What you entered is kept.`)),
			h('input', { type: 'text', class: 'sr', autocomplete: 'username', value: person, tabindex: '-1', readonly: true, 'aria-label': t('職員ID', 'Person') }),
			field(t('パスワード', 'Password'), h('input', { type: 'password', autocomplete: 'current-password', value: password, on: { input: (e) => (password = e.target.value) } }), { key: 'password-again' }),
			error && note('bad', h('p', { role: 'alert' }, error)),
		],
		actions: [
			{
				label: t('続ける', 'Continue'), value: true,
				async run() {
					try {
						setSession(await ask('/api/sign-in', { person, password }));
						return true;
					} catch (e) {
						error = both(e, 'text') + (e.retry_after_ms ? t(`（${Math.ceil(e.retry_after_ms / 1000)}秒後にもう一度）`, ` (again in ${Math.ceil(e.retry_after_ms / 1000)} s)`) : '');
						redraw();
						return false;
					}
				},
			},
			{ label: t('あとで', 'Later'), value: false },
		],
	});
	return chosen === true;
}

export const startPassword = () => onSignInAgain(again);
