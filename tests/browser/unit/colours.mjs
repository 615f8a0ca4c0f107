// Wall mode gives colours other values on <body>. A variable of :root that is made of such a colour was made of its first value: it must be given again.
import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const css = fs.readFileSync(path.join(import.meta.dirname || path.dirname(new URL(import.meta.url).pathname), '../../../client/web/page/css/base.css'), 'utf8');
const variables = (block) => new Map([...new RegExp(`^${block} \\{([^}]*)\\}`, 'm').exec(css)[1].matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));

test('what is made of a colour follows it into wall mode', () => {
	const root = variables(':root'), wall = variables('body\\.wall');
	assert.ok(root.size > 10 && wall.size > 10);
	for (const [name, value] of root) {
		const made = [...value.matchAll(/var\((--[\w-]+)/g)].map(([, of]) => of).filter((of) => wall.has(of));
		assert.ok(!made.length || wall.has(name), `${name} is made of ${made}`);
	}
});
