/** Notebooks whose work has no end: what runs over stands as text, the rest as ever. The compiled program is tested. */
import { describe, expect, it } from 'vitest';
import type * as Html from '../../../src/export/html.ts';
import { code, display, dot, markdown, notebook, stream } from '../notebooks.ts';

const { exportHtml }: typeof Html = await import(
  new URL('../../../dist/export/html.js', import.meta.url).href
);

// The first chart loads Vega too: on a busy machine that takes its time.
const limits = { unitMs: 25_000, heapMegabytes: 1000 };
const VEGA = 'application/vnd.vegalite.v5+json';
const $schema = 'https://vega.github.io/schema/vega-lite/v5.json';
const good = {
  $schema,
  data: { values: [{ a: 'A', b: 1 }] },
  mark: 'bar',
  encoding: { x: { field: 'a' }, y: { field: 'b', type: 'quantitative' } },
};
const endless = {
  ...good,
  data: { sequence: { start: 0, stop: 3e7, as: 'a' } },
  encoding: { x: { field: 'a', type: 'quantitative' } },
};
const backtracking = {
  ...good,
  transform: [{ calculate: `test(/(a+)+$/, '${'a'.repeat(40)}!')`, as: 'c' }],
};
const shown = (spec: object) => code('', [display({ [VEGA]: spec, 'text/plain': 'values as text' })]);
const figures = (page: string) => page.match(/<figure class="chart"/g)?.length ?? 0;

describe('exportHtml() in its process', { timeout: 300_000 }, () => {
  it.each([
    ['a sequence of 30 million', endless],
    ['a pattern that backtracks without an end', backtracking],
  ])('shows %s as text and tells it, and the other charts as ever', async (_, spec) => {
    const page = await exportHtml(notebook([shown(good), shown(spec), shown(good)]), { limits });
    expect(figures(page)).toBe(2);
    expect(page).toContain('values as text');
    expect(page).toMatch(/Shown here in a simpler form: application\/vnd\.vegalite\.v5\+json took too long/);
  });

  it('stops what takes more memory than it may', async () => {
    const page = await exportHtml(notebook([shown(endless), markdown('after it')]), {
      limits: { unitMs: 100_000, heapMegabytes: 150 },
    });
    expect(figures(page)).toBe(0);
    expect(page).toContain('values as text');
    expect(page).toContain('after it');
  });

  it('shows HTML that is nested without an end as its text', async () => {
    const deep = `${'<div>'.repeat(100_000)}x${'</div>'.repeat(100_000)}`;
    const cells = [
      code('', [display({ 'text/html': deep, 'text/plain': 'deep as text' })]),
      markdown(`${deep} end`),
      code('', [stream('after it')]),
    ];
    const page = await exportHtml(notebook(cells), { limits });
    expect(page).toContain('deep as text');
    expect(page).toContain('after it');
    expect(page.match(/took too long to draw, or too much memory/g)?.length).toBeGreaterThanOrEqual(1);
  });

  it('ends, however many there are', async () => {
    const page = await exportHtml(
      notebook([shown(good), ...Array.from({ length: 9 }, () => shown(backtracking))]),
      {
        limits,
      },
    );
    expect(figures(page)).toBe(1);
    expect(page.match(/Shown here in a simpler form/g)).toHaveLength(9);
  });

  it('asks for pictures from its process', async () => {
    const asked: string[] = [];
    const page = await exportHtml(notebook([markdown('![a](a.png) ![b](b.png)')]), {
      readImage: async (path) => {
        asked.push(path);
        if (path === 'b.png') throw new Error('no such picture');
        return { mime: 'image/png', base64: dot };
      },
    });
    expect(asked).toEqual(['a.png', 'b.png']);
    expect(page.match(/<img /g)).toHaveLength(1);
  });

  it('ends when the caller says so', async () => {
    const stop = new AbortController();
    const exporting = exportHtml(notebook([shown(backtracking)]), { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 500);
    await expect(exporting).rejects.toThrow('enough');
  });
});
