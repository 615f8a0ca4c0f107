// i18n: Japanese first, English selectable. Sentences stand where they are used: t('確認する', 'Acknowledge').

const KEY = 'renraku.lang';
let language = 'ja';

// Takes the language that was chosen on this browser; `storage` is localStorage, or a stand-in.
export function startLang(storage = globalThis.localStorage) {
	try {
		language = storage?.getItem(KEY) === 'en' ? 'en' : 'ja';
	} catch {
		language = 'ja'; // storage is forbidden here
	}
	mark();
}

export const lang = () => language;

export function setLang(l) {
	language = l === 'en' ? 'en' : 'ja';
	try {
		globalThis.localStorage?.setItem(KEY, language);
	} catch {
		// it holds until the page is closed
	}
	mark();
	globalThis.document?.dispatchEvent(new Event('redraw'));
}

function mark() {
	if (globalThis.document?.documentElement) document.documentElement.lang = language;
}

export const t = (ja, en) => (language === 'en' ? en : ja);

// both(row, 'title'): title_en in English where it is not empty, else title. Never undefined. Lists (role_titles) likewise, entry by entry.
export function both(row, field) {
	const ja = row?.[field], en = row?.[field + '_en'];
	if (Array.isArray(ja) || Array.isArray(en)) return (ja || []).map((text, i) => (language === 'en' && en?.[i]) || text);
	return (language === 'en' && en) || ja || '';
}
