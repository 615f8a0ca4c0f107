// Whoever is used to double clicks presses twice. The second click shall not press what only came under the pointer by the first.

const SPAN_MS = 500, NEAR = 24;
const PRESSED = 'a, button, summary';

// A function of events: true of the clicks that are to do nothing. Whoever wrote or chose something meanwhile did not double-click.
export function guard() {
	let last = null;
	return (event) => {
		const target = event.target?.closest?.(PRESSED);
		// detail: how many clicks the browser counts in a row; 0 of keys and scripts.
		if (event.type === 'input' || !target || !event.detail) {
			last = null;
			return false;
		}
		const what = target.textContent, before = last;
		last = { target, what, at: event.timeStamp, x: event.clientX, y: event.clientY };
		if (event.detail < 2 || !before || event.timeStamp - before.at > SPAN_MS || Math.hypot(event.clientX - before.x, event.clientY - before.y) > NEAR) return false;
		return before.target !== target || before.what !== what;
	};
}

export function guardClicks(root) {
	const twice = guard();
	root.addEventListener('input', twice, { capture: true });
	root.addEventListener('click', (event) => {
		if (!twice(event)) return;
		event.preventDefault();
		event.stopImmediatePropagation();
	}, { capture: true });
}
