import { until } from './town.mjs';

// Every screen of the console, by its route: what it must come to show (Japanese, English), of whom. {drill, fault, misuse}: incidents' numbers.
export const signedOut = [
	{ route: '#/', ja: 'サインイン', en: 'Sign in' },
	{ route: '#/alarm', ja: 'サインイン', en: 'Sign in' }, // nobody here yet; the address stays for afterwards
];

export const everyday = [
	{ route: '#/', ja: /./, en: /./ },
	{ route: '#/alarm', ja: '障害', en: /[Ff]ault/ },
	{ route: '#/tasks', ja: /./, en: /./ },
	{ route: '#/board', ja: '統合端末1', en: '統合端末1' },
	{ route: '#/wall', ja: /./, en: /./ },
	{ route: '#/contacts', ja: '077-563-3750', en: '077-563-3750' },
	{ route: '#/people', ja: '田中 健一', en: /TANAKA Kenichi|田中 健一/ },
	{ route: '#/drills', ja: '訓練', en: /[Dd]rill/ },
	{ route: '#/tests', ja: '接続テスト', en: /[Cc]onnection test/ },
	{ route: '#/plan', ja: 'データ保護等の指示', en: /Instruction/ },
	{ route: '#/follow-ups', ja: /./, en: /./ },
	{ route: '#/account', ja: 'パスワード', en: /[Pp]assword/ },
	{ route: '#/enrol', ja: '端末', en: /[Tt]erminal/, who: 'administrator' },
];

export const ofDrill = ({ drill }) => [
	{ route: `#/incident/${drill}`, ja: '訓練', en: /DRILL|[Dd]rill/ },
	{ route: `#/drills/${drill}`, ja: '訓練', en: /[Dd]rill/ },
	{ route: '#/board', ja: '訓練', en: /DRILL|[Dd]rill/ },
	{ route: '#/wall', ja: '訓練', en: /DRILL|[Dd]rill/ },
];

export const ofIncident = ({ fault, misuse }) => [
	{ route: `#/incident/${fault}`, ja: '障害の特定', en: /fault/i },
	{ route: `#/incident/${fault}/timeline`, ja: '警告ランプの確認', en: /警告ランプの確認/ },
	{ route: `#/plan/${fault}`, ja: 'データ保護等の指示', en: /Instruction/ },
	{ route: `#/council/${fault}`, ja: '機器等への対応', en: /./ },
	{ route: `#/tasks/${fault}/F3.3a`, ja: '会議の審議', en: /./ },
	{ route: `#/tasks/${fault}/F2.1`, ja: '指示', en: /[Ii]nstruction/ },
	{ route: `#/tasks/${fault}/F5.1`, ja: '整合性', en: /[Ii]ntegrity/ },
	{ route: `#/incident/${misuse}`, ja: '不正行為', en: /[Mm]isuse/ },
];

// Goes there and waits until it shows what it is for.
export async function visit(seat, screen, lang = 'ja') {
	await seat.go(screen.route);
	const { page } = seat;
	// Not waitForFunction: it compiles what it is given in the page, which the page's CSP forbids.
	await until(`${screen.route} is shown`, () => page.evaluate((route) => (location.hash === route || (route === '#/' && location.hash.length < 3)) &&
		Boolean(document.querySelector('main h1')) && !/読み込んでいます|Loading…/.test(document.body.innerText), screen.route));
	await seat.sees(screen[lang]);
}
