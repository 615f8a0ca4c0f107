// account: one's own password, signing out here and everywhere, sound, language.

import { h } from '../dom.js';
import { t, lang, setLang } from '../i18n.js';
import { session, setSession } from '../store.js';
import { ask, get } from '../send.js';
import { forgetDrafts } from '../draft.js';
import { field, submit, button, section, resultBox, failure, confirmBox, note, redraw } from '../ui.js';
import * as sound from '../sound.js';
import { signOut } from '../frame.js';

let form = { old: '', fresh: '', again: '' }, busy = false, result = null, wrong = null, leaving = null;

async function change(event) {
	event.preventDefault();
	if (busy) return;
	wrong = result = null;
	if (form.fresh.length < 8) wrong = { fresh: t('8文字以上にしてください。', 'At least 8 characters.') };
	else if (form.fresh !== form.again) wrong = { again: t('上と違います。', 'Not the same as above.') };
	if (wrong) return redraw();
	busy = true;
	redraw();
	try {
		await ask('/api/password', { old_password: form.old, new_password: form.fresh });
		result = { outcome: 'ACCEPTED' };
		form = { old: '', fresh: '', again: '' };
	} catch (e) {
		result = failure(e);
	}
	busy = false;
	redraw();
}

async function everywhere() {
	const yes = await confirmBox({
		title: t('すべての場所でサインアウトする', 'Sign out everywhere'), kind: 'danger', yes: t('サインアウトする', 'Sign out'),
		body: h('p', null, t('あなたがサインインしているすべてのブラウザーと端末が、すぐにサインアウトされます。', 'Every browser and terminal where you are signed in is signed out at once.')),
	});
	if (!yes) return;
	try {
		const whose = session().person;
		await ask('/api/sign-out', { everywhere: true });
		forgetDrafts(whose);
		setSession(await get('/api/session'));
		location.hash = '#/';
	} catch (e) {
		leaving = failure(e);
		redraw();
	}
}

const password = (key, label, autocomplete) =>
	field(label, h('input', { type: 'password', name: key, autocomplete, value: form[key], on: { input: (e) => (form[key] = e.target.value) } }), { key: `password-${key}`, required: true, error: wrong?.[key] });

export default {
	title: () => t('アカウント', 'Account'),
	wants: () => [],
	render() {
		const s = session();
		return [
			h('h1', null, t('アカウント', 'Account')),
			s.person ? h('p', null, h('strong', null, s.person_name), h('span', { class: 'soft' }, ` ${s.person}`), s.administrator ? t('（管理者）', ' (administrator)') : null) : null,
			s.person ? section(t('サインアウト', 'Sign out'), h('div', { class: 'actions' }, button(t('サインアウト', 'Sign out'), signOut, { kind: 'primary' }), button(t('すべての場所でサインアウト', 'Sign out everywhere'), everywhere)), resultBox(leaving)) : null,
			section(t('音', 'Sound'), h('p', null, t('確認を待つ連絡があるあいだ、静かな音が繰り返し鳴ります。', 'While a notice waits for you, a gentle sound comes again and again.')),
				sound.wanted() && !sound.ready() ? note('warn', h('p', null, t('ブラウザーが音を止めています。一度だけ「音を許可」を押してください。', 'The browser holds the sound back. Press "Allow sound" once.'))) : null,
				h('div', { class: 'actions' }, sound.ready() ? button(t('試しに鳴らす', 'Try it'), () => sound.allow(true)) : button(t('音を許可', 'Allow sound'), () => sound.allow(true), { kind: 'primary' }), button(sound.wanted() ? t('音を切る', 'Sound off') : t('音を入れる', 'Sound on'), () => sound.want(!sound.wanted())))),
			section(t('言語', 'Language'), h('div', { class: 'actions' }, [['ja', '日本語'], ['en', 'English']].map(([l, name]) => h('button', { key: l, type: 'button', lang: l, class: `button button-${lang() === l ? 'primary' : 'plain'}`, 'aria-pressed': lang() === l ? 'true' : 'false', on: { click: () => setLang(l) } }, name)))),
			s.person ? section(t('パスワードを変える', 'Change the password'), h('form', { class: 'narrow', novalidate: true, on: { submit: change } },
				h('input', { type: 'text', class: 'sr', autocomplete: 'username', value: s.person, readonly: true, tabindex: '-1', 'aria-label': t('職員ID', 'Person') }),
				password('old', t('今のパスワード', 'Present password'), 'current-password'), password('fresh', t('新しいパスワード（8文字以上）', 'New password (8 characters or more)'), 'new-password'),
				password('again', t('新しいパスワードをもう一度', 'New password again'), 'new-password'),
				resultBox(result, { accepted: t('パスワードを変えました。', 'The password was changed.') }), submit(t('変える', 'Change'), { busy }))) : null,
			s.administrator || s.terminal ? section(t('端末として登録', 'Enrolment as a terminal'), h('p', null, h('a', { href: '#/enrol' }, s.terminal ? t(`このブラウザーは端末 ${s.terminal} です`, `This browser is terminal ${s.terminal}`) : t('このブラウザーを端末として登録する', 'Enrol this browser as a terminal')))) : null,
		];
	},
};
