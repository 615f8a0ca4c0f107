// Connection tests: 'can you hear me'. Beginning one, who answers while it runs, who is silent and their numbers, and the tests before.
import { changeForm, openChange } from '../change.js';
import { h } from '../dom.js';
import { t, both } from '../i18n.js';
import { rows, complete, session } from '../store.js';
import { clock, now, span, when } from '../time.js';
import { badge, button, empty, loading, section, table, tel } from '../ui.js';

const START = 'test/start';

// A test with many silent ones goes on in further rows of the same id.
function tests() {
	const found = new Map();
	for (const row of rows('VIEW_TESTS', 0, 'test')) {
		if (!found.has(row.id)) found.set(row.id, { silent: [] });
		const test = found.get(row.id);
		if (!row.part) Object.assign(test, row, { silent: test.silent });
		test.silent.push(...(row.silent || []));
	}
	return [...found.values()].sort((a, b) => b.id - a.id);
}

const runs = (test) => !test.ended_at;

function form() {
	return changeForm(START, {
		title: t('接続テストを始める', 'Begin a connection test'),
		level: 'h2',
		about: h('p', {}, t('つながっているすべての端末と、役割のある人の画面に「届いていますか」と聞きます。音は鳴らず、訓練にもなりません。答えは自動で返ります。',
			'Every terminal and every person with a role is asked whether they are reached. No alarm sounds, and it is no drill. Screens answer by themselves.')),
		label: t('始める', 'Begin'),
		accepted: t('テストを始めました。', 'The test has begun.'),
		command: () => ({ act: 'test', body: {} }),
	});
}

const counted = (name, answered, all) => h('div', { class: 'share', key: name }, h('span', { class: 'share-name' }, name), h('meter', { min: 0, max: Math.max(1, all || 0), value: answered || 0, 'aria-label': name }), h('span', { class: 'share-count' }, `${answered || 0} / ${all || 0}`),
	' ', (answered || 0) === (all || 0) ? badge('good', t('全部', 'all')) : null);

const silentRow = (s) => h('li', { key: s.id, class: 'contact' }, h('h3', {}, s.place || s.name || s.id), s.place && s.name && s.place !== s.name ? h('p', { class: 'soft small' }, s.name) : null, both(s, 'role_titles') ? h('p', {}, both(s, 'role_titles')) : null,
	(s.numbers || []).length ? h('p', { class: 'numbers' }, s.numbers.map((n) => tel(n))) : null);

function silent(test) {
	if (!test.silent.length) return null;
	const words = runs(test) ? t(`まだ答えていない（${test.silent.length}）`, `No answer yet (${test.silent.length})`) : t(`答えがなかった（${test.silent.length}）`, `Did not answer (${test.silent.length})`);
	return [h('h3', {}, words), h('ul', { class: 'cards' }, test.silent.map(silentRow))];
}

const asked = (test) => (test.daily ? t('毎日のテスト', 'the daily test') : test.by ? t(`${test.by}が始めたテスト`, `begun by ${test.by}`) : '');

function newest(test) {
	const all = (test.terminals || 0) + (test.persons || 0), answered = (test.terminals_answered || 0) + (test.persons_answered || 0);
	const state = runs(test) ? badge('wait', t(`実施中（${span(Math.max(0, test.until - now()))}後に終了）`, `running, ends in ${span(Math.max(0, test.until - now()))}`)) : answered === all ? badge('good', t('全員に届きました', 'all were reached')) : badge('warn', t(`${all - answered}か所に届きませんでした`, `${all - answered} were not reached`));
	return h('section', { class: 'section', key: 'newest', 'aria-labelledby': 'newest-test' }, h('h2', { id: 'newest-test' }, runs(test) ? t('いまのテスト', 'The test now') : t('いちばん新しいテスト', 'The newest test')),
		h('p', { role: 'status' }, state, ' ', when(test.at), ' ', h('span', { class: 'soft' }, asked(test))),
		counted(t('端末', 'Terminals'), test.terminals_answered, test.terminals), counted(t('人', 'Persons'), test.persons_answered, test.persons),
		h('p', { class: 'soft' }, t(`画面に表示できた：${test.displayed || 0}`, `Shown on a screen: ${test.displayed || 0}`)), silent(test));
}

const line = (test) => ({ key: test.id, cells: [clock(test.at), asked(test), `${test.terminals_answered || 0} / ${test.terminals || 0}`, `${test.persons_answered || 0} / ${test.persons || 0}`,
	test.silent.length ? h('details', { key: `silent${test.id}` }, h('summary', {}, t(`${test.silent.length}か所`, `${test.silent.length}`)), h('ul', {}, test.silent.map((s) => h('li', { key: s.id }, s.place || s.name || s.id, ' ', (s.numbers || []).map((n) => tel(n)))))) : badge('good', t('なし', 'none'))] });

export default {
	title: () => t('接続テスト', 'Connection tests'),
	wants: () => [['VIEW_TESTS', 0]],
	render() {
		const heading = h('h1', {}, t('接続テスト', 'Connection tests'));
		if (!complete('VIEW_TESTS', 0)) return [heading, loading()];
		const list = tests();
		return [heading, session().person ? h('p', { class: 'actions' }, button(t('接続テストを始める', 'Begin a test'), (e) => openChange(START, null, e), { kind: 'primary' })) : null, form(),
			list.length ? newest(list[0]) : empty(t('接続テストはまだ行われていません。', 'No test yet.')),
			list.length > 1 ? section(t('これまでのテスト', 'Tests so far'), table([t('日時', 'When'), t('種類', 'Kind'), t('端末', 'Terminals'), t('人', 'Persons'), t('届かなかった所', 'Not reached')], list.slice(1).map(line), { caption: t('これまでのテスト', 'Tests so far'), hideCaption: true })) : null];
	},
};
