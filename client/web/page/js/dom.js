// dom: virtual nodes and the patching of real ones, so that a screen is a pure function of what is known. Text is always text.
//
//   h('button', { class: 'big', on: { click: fn } }, 'text', [more], condition && h(…))
//   patch(element, children)   makes the element's children what is said, keeping focus, caret, scroll and what was opened or typed
//
// props: `key` among siblings; `class` and any attribute (true: present; false, null: absent); `on: {click: fn}`; `css: {'--x': '3'}` (CSSOM, as
// the CSP forbids style attributes); `mounted: fn(element)` once, when it stands in the document. `value`, `checked`, `open`, `selected`, `indeterminate` are properties: a
// value never overwrites what somebody types into the focused input unless the vnode's value changed; `open` is set only when it changed.
// The very same vnode given again is skipped: keep one to save work.

const SVG = 'http://www.w3.org/2000/svg';
const PROPERTIES = new Set(['value', 'checked', 'open', 'selected', 'indeterminate']);
const drawn = new WeakMap(); // node -> the vnode it was drawn from
let mounted = [];

export function h(tag, props, ...children) {
	const list = [];
	flatten(children, list);
	return { tag, props: props || {}, key: props?.key ?? null, children: list };
}

function flatten(children, into) {
	for (const child of children) {
		if (child === null || child === undefined || child === false || child === true || child === '') continue;
		if (Array.isArray(child)) flatten(child, into);
		else if (typeof child === 'object') into.push(child);
		else into.push({ tag: '#text', text: String(child), key: null });
	}
}

export function patch(element, children) {
	const list = [];
	flatten([children], list);
	patchChildren(element, list);
	const hooks = mounted;
	mounted = [];
	for (const [fn, node] of hooks) fn(node);
}

const slot = (tag, key) => `${tag}\n${key}`;

function patchChildren(parent, list) {
	const keyed = new Map(), plain = new Map();
	for (const node of parent.childNodes) {
		const old = drawn.get(node);
		if (!old) continue;
		if (old.key !== null) keyed.set(slot(old.tag, old.key), node);
		else if (plain.has(old.tag)) plain.get(old.tag).push(node);
		else plain.set(old.tag, [node]);
	}
	const taken = new Map();
	const nodes = list.map((vnode) => {
		let node;
		if (vnode.key !== null) {
			node = keyed.get(slot(vnode.tag, vnode.key));
			keyed.delete(slot(vnode.tag, vnode.key));
		} else {
			const at = taken.get(vnode.tag) || 0;
			node = plain.get(vnode.tag)?.[at];
			taken.set(vnode.tag, at + 1);
		}
		return node ? update(node, vnode) : create(vnode, parent);
	});
	const keep = new Set(nodes);
	for (const node of [...parent.childNodes]) if (!keep.has(node)) parent.removeChild(node);
	place(parent, nodes);
}

// Nodes into their order. The one that has the focus is never moved (it would lose focus, caret and an input method's half word): others are.
function place(parent, nodes) {
	const active = document.activeElement;
	let cursor = parent.firstChild;
	for (const node of nodes) {
		if (node === cursor) {
			cursor = cursor.nextSibling;
		} else if (node.parentNode === parent && active && node.contains(active)) {
			while (cursor !== node) {
				const next = cursor.nextSibling;
				parent.appendChild(cursor);
				cursor = next;
			}
			cursor = node.nextSibling;
		} else {
			parent.insertBefore(node, cursor);
		}
	}
}

function create(vnode, parent) {
	let node;
	if (vnode.tag === '#text') {
		node = document.createTextNode(vnode.text);
	} else {
		const svg = vnode.tag === 'svg' || (parent.namespaceURI === SVG && parent.tagName !== 'foreignObject');
		node = svg ? document.createElementNS(SVG, vnode.tag) : document.createElement(vnode.tag);
		attributes(node, {}, vnode.props);
		patchChildren(node, vnode.children);
		properties(node, {}, vnode.props);
		if (vnode.props.mounted) mounted.push([vnode.props.mounted, node]);
	}
	drawn.set(node, vnode);
	return node;
}

function update(node, vnode) {
	const old = drawn.get(node);
	if (old === vnode) return node;
	drawn.set(node, vnode);
	if (vnode.tag === '#text') {
		if (old.text !== vnode.text) node.data = vnode.text;
		return node;
	}
	attributes(node, old.props, vnode.props);
	patchChildren(node, vnode.children);
	properties(node, old.props, vnode.props);
	return node;
}

function attributes(node, old, props) {
	for (const name in old) if (!(name in props) && isAttribute(name)) node.removeAttribute(name);
	for (const name in props) {
		const value = props[name];
		if (!isAttribute(name) || value === old[name]) continue;
		if (value === false || value === null || value === undefined) node.removeAttribute(name);
		else node.setAttribute(name, value === true ? '' : String(value));
	}
	listeners(node, old.on || {}, props.on || {});
	const css = props.css || {};
	for (const name in old.css || {}) if (!(name in css)) node.style.removeProperty(name);
	for (const name in css) if (css[name] !== old.css?.[name]) node.style.setProperty(name, String(css[name]));
}

const isAttribute = (name) => name !== 'key' && name !== 'on' && name !== 'css' && name !== 'mounted' && !PROPERTIES.has(name);

// One listener for each kind of event; which function it calls is looked up when it happens.
function listeners(node, old, on) {
	for (const type in on) if (!(type in old)) node.addEventListener(type, dispatch);
	for (const type in old) if (!(type in on)) node.removeEventListener(type, dispatch);
}

function dispatch(event) {
	return drawn.get(event.currentTarget)?.props.on?.[event.type]?.call(this, event);
}

function properties(node, old, props) {
	for (const name of PROPERTIES) {
		if (!(name in props)) continue;
		const value = name === 'value' ? String(props.value ?? '') : !!props[name];
		const changed = !(name in old) || old[name] !== props[name];
		if (name === 'open' && !changed) continue;
		if (name === 'value' && !changed && node === document.activeElement) continue;
		if (name === 'open' && node.tagName === 'DIALOG') throw new Error('dialogs are opened by ui.dialog');
		if (node[name] !== value) node[name] = value;
	}
}
