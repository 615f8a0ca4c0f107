// People: my own absence and who stands in for me; who holds which role, with deputies in order and who is here; everybody; and what administrators change.
import { persons } from '../behalf.js';
import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { absenceButtons, absenceForms, delegateButton, delegateForm, delegationText, endButton, endForm, mayText } from '../people-acts.js';
import { changesOnRecord } from '../register-log.js';
import { find, matches, nameOf, presence, rolesText } from '../persons.js';
import { holdersButton, holdersForm, passwordButton, passwordForm, personButton, personForm } from '../site-acts.js';
import { rows, complete, session } from '../store.js';
import { clock, when } from '../time.js';
import { badge, empty, link, loading, redraw, section, tel } from '../ui.js';

let search = '';

const admin = () => !!session().administrator && !!session().person;
const delegations = () => rows('VIEW_BOARD', 0, 'delegation');

// ---- myself ----

function mine() {
	const person = session().person && find(session().person);
	if (!person) return null;
	const own = delegations().filter((d) => d.holder === person.id || d.person === person.id);
	return h('section', { class: 'section me', key: 'me', 'aria-labelledby': 'people-me' },
		h('h2', { id: 'people-me' }, t(`私：${person.name}`, `Myself: ${person.name}`)), h('p', {}, presence(person), ' ', rolesText(person) || t('役割なし', 'no role')),
		h('p', { class: 'actions' }, absenceButtons(person), (person.roles || []).length ? delegateButton(person) : null),
		absenceForms(person), delegateForm(person), own.length ? h('ul', { class: 'lines' }, own.map(delegation)) : null);
}

// ---- terms: absences and delegations, in force and to come ----

function delegation(row) {
	const term = row.in_force ? badge('info', t(`${clock(row.until)} まで有効`, `until ${clock(row.until)}`)) : badge('wait', t(`${clock(row.since)} から ${clock(row.until)} まで`, `from ${clock(row.since)} until ${clock(row.until)}`));
	return h('li', { key: row.key }, delegationText(row), ' ', term, row.reason ? h('span', { class: 'soft' }, t(`　理由：${row.reason}`, ` Reason: ${row.reason}`)) : null,
		h('span', { class: 'soft small' }, t(`　登録：${row.by || ''}`, ` Entered by ${both(row, 'by')}`)), ' ', session().person ? endButton(row) : null, endForm(row));
}

const absence = (row) => h('li', { key: row.key }, row.name, ' ', row.in_force ? badge('warn', t('不在', 'absent')) : badge('wait', t(`${when(row.since)} から不在の予定`, `absent from ${when(row.since)}`)), ' ',
	row.until ? t(`${when(row.until)} まで`, `until ${when(row.until)}`) : t('戻ったと登録するまで', 'until marked as back'), row.reason ? h('span', { class: 'soft' }, t(`　理由：${row.reason}`, ` Reason: ${row.reason}`)) : null,
	h('span', { class: 'soft small' }, t(`　登録：${row.by || ''}`, ` Entered by ${both(row, 'by')}`)));

function terms() {
	const absences = rows('VIEW_BOARD', 0, 'absence'), list = delegations();
	return section(t('いまの不在と代理・委任', 'Absences and stand-ins'),
		absences.length ? h('ul', { class: 'lines' }, absences.map(absence)) : empty(t('不在の登録はありません。', 'Nobody is marked absent.')),
		list.length ? h('ul', { class: 'lines' }, list.map(delegation)) : empty(t('期間を決めた代理・委任はありません。', 'No stand-ins for a term.')));
}

// ---- roles ----

const onePerson = (id, may) => {
	const person = find(id);
	return h('li', { key: id }, nameOf(id), ' ', person ? presence(person) : null, may ? h('span', { class: 'soft' }, ` ${may}`) : null);
};

function post(role, entry) {
	const persons = entry.persons || [], deputies = entry.deputies || [];
	const title = [entry.section, entry.organisation].filter(Boolean).join(' ');
	return h('div', { class: 'post', key: title || 'post' }, title ? h('h4', {}, title) : null,
		persons.length ? h('ul', { class: 'holders' }, persons.map((id) => onePerson(id))) : h('p', {}, badge('bad', t('担当者がいません', 'nobody holds it'))),
		role.group ? h('p', { class: 'soft small' }, t(`議長：${roleName(role.chair)}、定足数 ${role.quorum || 0}`, `chair: ${roleName(role.chair)}, quorum ${role.quorum || 0}`))
			: deputies.length ? [h('p', { class: 'soft small' }, t('職務代理者（この順）', 'Deputies, in this order')), h('ol', { class: 'holders' }, deputies.map((id, i) => onePerson(id, mayWords(entry.deputies_may?.[i]))))]
				: h('p', {}, badge('warn', t('職務代理者がいません', 'no deputies'))),
		admin() ? h('p', { class: 'actions' }, holdersButton(role, entry)) : null, admin() ? holdersForm(role, entry) : null);
}

const roleRow = (id) => rows('VIEW_PLAN', 0, 'plan_role').find((r) => r.id === id);
const roleName = (id) => both(roleRow(id), 'title') || id || t('なし', 'none');
const mayWords = (may) => (!may || may === 7 ? '' : t(`（${mayText(may)}のみ）`, `(${mayText(may)} only)`));

function role(row) {
	const posts = row.holders || [];
	const standIns = row.group ? [] : delegations().filter((d) => d.role === row.id || (!d.role && posts.some((p) => (p.persons || []).includes(d.holder))));
	return h('li', { key: row.key, class: 'contact' },
		h('h3', {}, both(row, 'title'), row.group ? [' ', badge('info', t('会議', 'group'))] : null), row.above ? h('p', { class: 'soft small' }, t(`上司：${roleName(row.above)}`, `above: ${roleName(row.above)}`)) : null,
		posts.length ? posts.map((p) => post(row, p)) : post(row, {}),
		standIns.length ? h('ul', { class: 'lines small' }, standIns.map((d) => h('li', { key: d.key }, delegationText(d), ' ', d.in_force ? null : badge('wait', t('これから', 'to come'))))) : null);
}

function roles() {
	const list = rows('VIEW_PLAN', 0, 'plan_role');
	if (!list.length) return complete('VIEW_PLAN', 0) ? null : section(t('役割と担当者', 'Roles and holders'), loading());
	return section(t('役割と担当者', 'Roles and holders'), h('ul', { class: 'cards' }, list.map(role)));
}

// ---- everybody ----

function person(row) {
	const own = row.id === session().person;
	const since = row.since ? (row.present ? t(`${when(row.since)}から`, `since ${when(row.since)}`) : t(`${when(row.since)}まで`, `until ${when(row.since)}`)) : null;
	return h('li', { key: row.key, class: 'contact' },
		h('h3', {}, row.name, ' ', presence(row)), h('p', {}, rolesText(row) || h('span', { class: 'soft' }, t('役割なし', 'no role')), row.administrator ? [' ', badge('info', t('管理者', 'administrator'))] : null),
		since && !row.absent ? h('p', { class: 'soft small' }, since) : null, (row.numbers || []).length ? h('p', { class: 'numbers' }, row.numbers.map((n) => tel(n))) : null,
		session().person ? h('details', { class: 'acts' }, h('summary', {}, t('登録・変更', 'Enter or change'), h('span', { class: 'sr' }, `（${row.name}）`)),
			h('p', { class: 'actions' }, own ? null : [absenceButtons(row), (row.roles || []).length ? delegateButton(row) : null], admin() ? [personButton(row), passwordButton(row)] : null),
			own ? h('p', { class: 'soft small' }, t('自分の不在と代理は、このページの上で登録します。', 'Your own absence and stand-ins: at the top of this page.')) : null) : null,
		own ? null : [absenceForms(row), delegateForm(row)], admin() ? [personForm(row), passwordForm(row)] : null);
}

function everybody() {
	const list = persons().filter((row) => matches(search, row.name, rolesText(row), row.numbers));
	return section(t('職員', 'Everybody'),
		h('div', { class: 'tools' }, h('form', { role: 'search', on: { submit: (e) => e.preventDefault() } }, h('label', { for: 'people-search' }, t('名前・役割で探す', 'Search by name or role')),
			h('input', { id: 'people-search', type: 'search', autocomplete: 'off', value: search, on: { input: (e) => ((search = e.target.value), redraw()) } })), admin() ? personButton(null) : null),
		admin() ? personForm(null) : null,
		list.length ? h('ul', { class: 'cards' }, list.map(person)) : empty(t('当てはまる人はいません。', 'Nobody matches.')));
}

export default {
	title: () => t('職員・不在', 'People'),
	wants: () => [['VIEW_BOARD', 0], ['VIEW_PLAN', 0]],
	render() {
		const heading = h('h1', {}, t('職員と不在', 'People and absence'));
		if (!complete('VIEW_BOARD', 0)) return [heading, loading()];
		return [heading, session().person ? null : h('p', {}, t('不在や代理を登録するには、サインインしてください。', 'Sign in to mark an absence or a stand-in.'), ' ', link('#/sign-in', t('サインイン', 'Sign in'))),
			mine(), terms(), roles(), everybody(), admin() ? changesOnRecord() : null];
	},
};
