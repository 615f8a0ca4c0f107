// The keyboard alone: Tab to what is wanted by its name, Enter, Space, arrows, letters. Where the focus stands must be visible, and it must not be lost.
import { until } from './town.mjs';

// In the page: what has the focus, as a screen reader would name it, and whether one can see that.
const focused = () => {
	const element = document.activeElement;
	if (!element || element === document.body) return { name: '', role: 'body', visible: true };
	const labels = [...(element.labels || [])].map((label) => label.textContent).join(' ');
	const legend = element.type === 'radio' ? element.closest('fieldset')?.querySelector('legend')?.textContent || '' : '';
	const own = element.getAttribute('aria-label') || labels || element.textContent || element.value || '';
	const style = getComputedStyle(element), ring = (s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
	const label = element.labels?.[0];
	return { name: own.replace(/\s+/g, ' ').trim(), legend: legend.replace(/\s+/g, ' ').trim(), role: element.type || element.localName,
		visible: ring(style) || style.boxShadow !== 'none' || (label && (ring(getComputedStyle(label)) || getComputedStyle(label).boxShadow !== 'none')) || element.tabIndex < 0 };
};

export class Keys {
	constructor(seat) { Object.assign(this, { seat, presses: 0, keyboard: seat.page.keyboard }); }

	async press(key, times = 1) {
		for (let i = 0; i < times; i++) await this.keyboard.press(key);
		this.presses += times;
	}
	async type(text) {
		await this.keyboard.type(text);
		this.presses += [...text].length;
	}
	at() { return this.seat.page.evaluate(focused); }

	// Tab (or Shift+Tab) until the focus stands where wanted. A field may already have it.
	async to(name, { role, legend, key = 'Tab', most = 120 } = {}) {
		const fits = (place) => (name instanceof RegExp ? name.test(place.name) : place.name.startsWith(name)) && (!role || place.role === role) && (!legend || place.legend.startsWith(legend));
		const passed = [];
		for (let i = 0; i <= most; i++) {
			const place = await this.at();
			if (!place.visible) throw new Error(`the focus cannot be seen at '${place.name}' (${place.role})`);
			if (fits(place)) return place;
			passed.push(place.name.slice(0, 30));
			await this.press(key);
		}
		throw new Error(`${most} times ${key} do not lead to ${name} ${legend || ''}; passed: ${passed.join(' | ')}`);
	}
	async enter(name, options) { await this.to(name, options); await this.press('Enter'); }
	async fill(name, text, options) {
		await this.to(name, options);
		await this.press('ControlOrMeta+a');
		await this.type(text);
	}
	// A radio button of the group: Tab to the group, arrows within it.
	async pick(legend, option) {
		await this.to(/./, { role: 'radio', legend });
		for (let i = 0; i < 12; i++) {
			const place = await this.at();
			if (place.legend.startsWith(legend) && place.name.includes(option)) {
				await this.press('Space');
				return;
			}
			await this.press('ArrowDown');
		}
		throw new Error(`no option '${option}' of '${legend}' by arrows`);
	}
	async shows(heading) {
		await this.seat.page.getByRole('heading', { name: heading }).first().waitFor();
		await until('the focus has come to the new screen', async () => (await this.at()).role !== 'body');
	}
}
