// persons: those of the town office, their roles and whether they are here, in words; and searching among them.
import { persons } from './behalf.js';
import { t, both } from './i18n.js';
import { rows } from './store.js';
import { when } from './time.js';
import { badge } from './ui.js';

export function presence(person) {
	if (person.absent) return badge('warn', person.absent_until ? t(`不在（${when(person.absent_until)}まで）`, `absent until ${when(person.absent_until)}`) : t('不在', 'absent'));
	if (!rows('VIEW_BOARD', 0, 'person').length) return null;
	return person.present ? badge('good', t('サインイン中', 'signed in')) : badge('info', t('サインインしていません', 'not signed in'), 'person');
}

export const roleTitle = (id) => {
	const row = rows('VIEW_PLAN', 0, 'plan_role').find((r) => r.id === id);
	return row ? both(row, 'title') : id;
};

export const rolesText = (person) => [...both(person, 'role_titles') || [], ...(person.deputy_of || []).map((id) => t(`${roleTitle(id)}の職務代理`, `deputy: ${roleTitle(id)}`)),
	...(person.delegate_of || []).map((id) => t(`${roleTitle(id)}（期間を決めた代理・委任）`, `stand-in for a term: ${roleTitle(id)}`))].join(t('・', ', '));

export const find = (id) => persons().find((person) => person.id === id);
export const nameOf = (id) => find(id)?.name || id || '';


// ---- searching: every word must be somewhere, whatever the width of its letters ----

const plain = (text) => String(text).normalize('NFKC').toLowerCase();
const digits = (text) => plain(text).replace(/[^0-9]/g, '');

export function matches(query, ...texts) {
	const all = plain(texts.flat(3).filter(Boolean).join(' ')), numbers = digits(all);
	return plain(query).split(/\s+/).filter(Boolean).every((word) => all.includes(word) || (digits(word).length > 1 && digits(word).length === word.replace(/[-()]/g, '').length && numbers.includes(digits(word))));
}
