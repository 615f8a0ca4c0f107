// sound: a gentle chime that comes again while a notice waits for an answer. Browsers let a page sound only after somebody pressed something on
// it: ready() tells, allow() is to be called from a click. What is muted is muted for that notice and its present repeat only.

const KEY = 'renraku.sound', AGAIN_MS = 8000;
let context = null;
let timer = null;
let playing = 'none';
const muted = new Set();

export function wanted() {
	try {
		return localStorage.getItem(KEY) !== 'off';
	} catch {
		return true;
	}
}
export function want(on) {
	try {
		localStorage.setItem(KEY, on ? 'on' : 'off');
	} catch {
		// it holds until the page is closed
	}
	if (on) allow();
	else quiet();
	document.dispatchEvent(new Event('redraw'));
}

export const ready = () => context?.state === 'running';

// Call it from a click or a key.
export async function allow(sample) {
	try {
		context ||= new AudioContext();
		await context.resume();
		if (sample) chime(false);
	} catch {
		context = null; // no sound device: the page says the rest
	}
	document.dispatchEvent(new Event('redraw'));
}

// Two tones, soft at both ends; a drill sounds lower.
function chime(drill) {
	if (!ready() || !wanted()) return;
	const tones = drill ? [440, 349] : [880, 659, 880];
	tones.forEach((frequency, i) => {
		const at = context.currentTime + i * 0.28;
		const tone = context.createOscillator(), level = context.createGain();
		tone.frequency.value = frequency;
		level.gain.setValueAtTime(0.0001, at);
		level.gain.exponentialRampToValueAtTime(0.22, at + 0.04);
		level.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
		tone.connect(level).connect(context.destination);
		tone.start(at);
		tone.stop(at + 0.55);
	});
}

export const chimeOnce = chime;

const name = (notice) => `${notice.id}/${notice.repeats || 0}`;
export const isMuted = (notice) => muted.has(name(notice));
export function mute(notice) {
	muted.add(name(notice));
	document.dispatchEvent(new Event('redraw'));
}

// Notices that want an answer and have none: sound while there is one that is not muted. once: on a wall, where nobody can mute it.
export function alertFor(notices, once) {
	const loud = notices.filter((n) => !isMuted(n));
	if (once && loud.length && ready()) {
		chime(loud.every((n) => n.drill));
		for (const n of loud) muted.add(name(n));
		return quiet();
	}
	const next = !loud.length ? 'none' : loud.every((n) => n.drill) ? 'drill' : 'real';
	if (next === playing) return;
	playing = next;
	clearInterval(timer);
	if (next === 'none') return;
	chime(next === 'drill');
	timer = setInterval(() => chime(playing === 'drill'), AGAIN_MS);
}
function quiet() {
	clearInterval(timer);
	playing = 'none';
}

// The first press anywhere on the page is as good as the button.
export function startSound() {
	const once = () => {
		if (wanted() && !ready()) allow(false);
		removeEventListener('pointerdown', once, true);
		removeEventListener('keydown', once, true);
	};
	addEventListener('pointerdown', once, true);
	addEventListener('keydown', once, true);
}
