/** Markup shows itself, and nothing interpolated breaks out of its place. */
import { expect, it } from 'vitest';
import type * as cellGlobals from '../../../../src/kernel/runner/link/cell-globals.ts';
import { installTags } from '../../../../src/kernel/runner/output/tags.ts';

installTags();
const { html, svg, md, json } = globalThis as unknown as typeof cellGlobals;
const show = (value: object) =>
  (value as Record<symbol, () => Record<string, unknown>>)[Symbol.for('Jupyter.display')]!();

it('html`` escapes text, takes markup as it is, joins lists and drops nothing', () => {
  const rows = ['a<b', 'c'].map((text) => html`<li>${text}</li>`);
  expect(show(html`<ul title="${'"'}">${rows}${null}${false}${0}</ul>`)['text/html']).toBe(
    '<ul title="&quot;"><li>a&lt;b</li><li>c</li>0</ul>',
  );
});

it('svg`` is a picture', () => {
  expect(show(svg`<svg><text>${'<'}</text></svg>`)['image/svg+xml']).toBe('<svg><text>&lt;</text></svg>');
});

it('md`` escapes what has a meaning in Markdown', () => {
  expect(show(md`**${'*a* <b> [c](d)'}**`)['text/markdown']).toBe('**\\*a\\* \\<b\\> \\[c\\]\\(d\\)**');
});

it('json() gives the value and its text', () => {
  expect(show(json({ a: [1] }))).toEqual({
    'application/json': { a: [1] },
    'text/plain': '{\n  "a": [\n    1\n  ]\n}',
  });
});
