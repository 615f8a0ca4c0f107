// route: which screen location.hash names. Pure.

// Each but 'wall' (the board without its frame) is a file under screens/.
export const SCREENS = ['alarm', 'tasks', 'council', 'board', 'wall', 'incident', 'timeline', 'contacts', 'people', 'drills', 'tests', 'plan', 'follow-ups', 'account', 'enrol', 'sign-in', 'terminal'];

// '#/incident/3/timeline?kind=call' -> {screen: 'timeline', params: {path: ['incident', '3', 'timeline'], incident: 3, item: 'timeline'}, query: {kind: 'call'}}
// params.incident: the number behind the first word; params.item: what follows it. '' is home; an unknown word is screen 'unknown'.
export function parse(hash) {
	const [where, search] = (hash || '').replace(/^#?\/?/, '').split('?');
	const path = where.split('/').filter(Boolean).map(decode);
	const params = { path, incident: /^\d+$/.test(path[1] || '') ? Number(path[1]) : 0, item: path[2] || '' };
	let screen = path[0] || '';
	if (screen === 'incident' && path[2] === 'timeline') screen = 'timeline';
	if (screen === 'wall') params.wall = true;
	if (screen && !SCREENS.includes(screen)) screen = 'unknown';
	return { screen, params, query: Object.fromEntries(new URLSearchParams(search || '')) };
}

function decode(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
