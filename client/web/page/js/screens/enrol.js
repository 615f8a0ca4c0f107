// enrol: an administrator makes this browser a terminal of the site, or ends that of browsers.

import { h } from '../dom.js';
import { t } from '../i18n.js';
import { session, setSession, rows, complete } from '../store.js';
import { ask, get } from '../send.js';
import { field, submit, button, section, table, resultBox, failure, confirmBox, note, empty, loading, redraw } from '../ui.js';

let chosen = '', busy = false, result = null, ending = null;

async function enrol(event) {
	event.preventDefault();
	if (busy || !chosen) return;
	busy = true;
	result = null;
	redraw();
	try {
		setSession(await ask('/api/enrol', { terminal: chosen }));
		result = { outcome: 'ACCEPTED' };
	} catch (e) {
		result = failure(e);
	}
	busy = false;
	redraw();
}

async function end(row) {
	const yes = await confirmBox({
		title: t(`${row.place} の登録をすべて終わらせる`, `End all enrolments of ${row.place}`), kind: 'danger', yes: t('終わらせる', 'End them'),
		body: h('p', null, t(`この端末として登録されたブラウザー ${row.browsers} 台が、すぐに使えなくなります。`, `${row.browsers} browsers enrolled as this terminal stop at once.`)),
	});
	if (!yes) return;
	try {
		await ask('/api/enrol', { terminal: row.id, end: true });
		ending = { outcome: 'ACCEPTED' };
	} catch (e) {
		ending = failure(e);
	}
	redraw();
}

async function leave() {
	const yes = await confirmBox({
		title: t('このブラウザーの登録をやめる', 'This browser is a terminal no longer'), kind: 'danger', yes: t('やめる', 'Leave'), no: t('そのまま', 'Keep'),
		body: h('p', null, t('同報を受け取らなくなり、サインインなしでは通報できなくなります。', 'It receives no broadcasts any more, and raises no alarm without sign-in.')),
	});
	if (!yes) return;
	try {
		await ask('/api/leave-terminal', {});
		setSession(await get('/api/session'));
		result = null;
	} catch (e) {
		result = failure(e);
	}
	redraw();
}

export default {
	title: () => t('端末として登録', 'Enrolment as a terminal'),
	wants: () => [['VIEW_BOARD', 0]],
	render() {
		const s = session();
		const terminals = rows('VIEW_BOARD', 0, 'terminal');
		const enrolled = terminals.filter((x) => x.browsers);
		return [
			h('h1', null, t('端末として登録', 'Enrolment as a terminal')),
			h('p', null, t('登録したブラウザーは、サインインしなくても通報でき、全端末への同報を受け取って確認できます。窓口や事務室の決まった場所のパソコンで行ってください。', 'An enrolled browser raises alarms without sign-in, and receives and acknowledges broadcasts. Do this on a machine that stays in one place.')),
			s.terminal ? note('good', h('p', null, t(`このブラウザーは端末 ${terminals.find((x) => x.id === s.terminal)?.place || s.terminal}（${s.terminal}）です。`, `This browser is terminal ${terminals.find((x) => x.id === s.terminal)?.place || s.terminal} (${s.terminal}).`)),
				s.person ? h('p', null, t('登録は終わりました。サインアウトすると端末の画面になります。', 'Done. Sign out, and the page of the terminal appears.')) : null,
				h('div', { class: 'actions' }, button(t('このブラウザーの登録をやめる', 'Leave'), leave)), s.administrator ? null : resultBox(result)) : null,
			s.administrator ? section(t('このブラウザーを登録する', 'Enrol this browser'), h('form', { class: 'narrow', novalidate: true, on: { submit: enrol } },
				field(t('端末', 'Terminal'), h('select', { name: 'terminal', on: { change: (e) => { chosen = e.target.value; redraw(); } } }, h('option', { value: '', selected: !chosen }, t('選んでください', 'Choose')), terminals.map((x) => h('option', { key: x.id, value: x.id, selected: chosen === x.id }, `${x.place}（${x.id}）`))), { required: true, key: 'enrol-terminal', hint: t('庁内の登録情報にある端末から選びます。', 'One of the terminals of the site.') }),
				resultBox(result, { accepted: t('登録しました。', 'Enrolled.') }), submit(t('登録する', 'Enrol'), { busy }))) : s.terminal ? null : note('info', h('p', null, t('登録は管理者が行います。', 'An administrator does this.'))),
			s.administrator ? section(t('登録されているブラウザー', 'Enrolled browsers'), !complete('VIEW_BOARD', 0) ? loading() : enrolled.length ? table([t('端末', 'Terminal'), t('ブラウザー', 'Browsers'), ''], enrolled.map((x) => ({ key: x.id, cells: [`${x.place}（${x.id}）`, String(x.browsers), button(t('すべて終わらせる', 'End all'), () => end(x))] })), { caption: t('登録されているブラウザー', 'Enrolled browsers'), hideCaption: true }) : empty(t('まだありません。', 'None yet.')), resultBox(ending, { accepted: t('終わらせました。', 'Ended.') })) : null,
		];
	},
};
