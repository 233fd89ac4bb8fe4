/** The whole page: a golden to open in a browser, its policy, its size, and what is honoured of a notebook. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exportHtml } from '../../src/export/html.ts';
import type { Cell } from '../../src/kernel/freshness/nodes.ts';
import { staleNotice } from '../../src/kernel/freshness/notices.ts';
import { code, display, dot, markdown, notebook, raw, stream } from './notebooks.ts';
import { sample } from './sample.ts';

const date = new Date('2026-01-02T03:04:05Z');

/** What stands in the page's main part. */
async function mainOf(cells: Parameters<typeof notebook>[0], metadata = {}): Promise<string> {
  const html = await exportHtml(notebook(cells, metadata));
  return /<main[^>]*>([\s\S]*)<\/main>/.exec(html)![1]!;
}

describe('exportHtml() of notices', () => {
  it('keeps what a cell was told to be out of date, with its mark', async () => {
    const cell = {
      number: 5,
      text: '// Blank 2: encode <b>\nconst e = 1',
      effects: new Set(),
    } as unknown as Cell;
    const notice = staleNotice({ cells: [cell], byHand: [], byKernel: [cell] });
    const main = await mainOf([code('const sentences = [];', [display(notice)])]);
    expect(main).toMatch(/Out of date:[\s\S]*5[\s\S]*Blank 2: encode &lt;b&gt;/);
    expect(main).toContain('border-left');
    expect(main).toContain('%refresh');
  });
});

describe('exportHtml() of odd metadata', () => {
  it('leaves out a kernel’s name that is no text', async () => {
    const page = await exportHtml(notebook([markdown('text')], { kernelspec: { display_name: {} } }));
    expect(page).not.toContain('class="about"');
  });
});

describe('exportHtml() page', () => {
  it('is the golden for the sample', async () => {
    await expect(await exportHtml(sample, { date })).toMatchFileSnapshot('../goldens/export/sample.html');
  });

  it('stays small and holds no script and no address to load', async () => {
    const html = await exportHtml(sample, { date });
    expect(html.length).toBeLessThan(150_000);
    expect(html).not.toContain('<script');
    expect(html).not.toMatch(/ src="(?!data:)/);
    expect(html).not.toMatch(/<link|@import|url\((?!#)/);
  });

  it('allows nothing but its own style sheet and pictures inside it', async () => {
    const html = await exportHtml(sample, { date });
    const css = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!;
    const hash = createHash('sha256').update(css).digest('base64');
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html)!;
    expect(policy!.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src-elem 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  it('packs Vega into a live page, under a nonce and without eval', async () => {
    const html = await exportHtml(sample, { live: true });
    expect(html.length).toBeLessThan(600_000);
    const [, nonce] = /script-src &#39;nonce-([^&]+)&#39;/.exec(html)!;
    expect(html).toContain(`<script nonce="${nonce}">`);
    expect(html).not.toContain('unsafe-eval');
    expect(html).toContain('<figure class="chart"');
  });

  it('needs no script for a live page without charts', async () => {
    expect(await exportHtml(notebook([markdown('text')]), { live: true })).not.toContain('<script');
  });

  it('takes the title from the option, the metadata, the first heading or the fallback', async () => {
    const titled = notebook([markdown('# Own title')], { title: 'From metadata' });
    const title = async (...args: Parameters<typeof exportHtml>) =>
      /<title>(.*)<\/title>/.exec(await exportHtml(...args))![1];
    expect(await title(titled, { title: 'Given' })).toBe('Given');
    expect(await title(titled)).toBe('From metadata');
    expect(await title(notebook([markdown('# Own `title`')]))).toBe('Own title');
    expect(await title(notebook([code('1')]), { fallbackTitle: 'file' })).toBe('file');
  });

  it('leaves code out on request', async () => {
    const html = await exportHtml(notebook([code('secret()', [stream('shown')])]), { code: false });
    expect(html).not.toContain('secret');
    expect(html).toContain('shown');
  });

  it('shows an empty notebook', async () => {
    expect(await exportHtml(notebook([]))).toContain('<h1>Notebook</h1>');
  });
});

describe('exportHtml() markdown', () => {
  it('levels headings without gaps and links to them', async () => {
    const html = await exportHtml(
      notebook([markdown('### A'), markdown('##### B'), markdown('# C'), markdown('#### A')]),
    );
    const headings = [...html.matchAll(/<(h\d) id="([^"]*)">/g)].map(([, level, id]) => `${level} ${id}`);
    expect(headings).toEqual(['h2 A', 'h3 B', 'h2 C', 'h3 A-1']);
    expect(html).toContain('<a href="#A-1">A</a>');
  });

  it('renders math, tasks, footnotes and tables', async () => {
    const main = await mainOf([
      markdown('$x^2$ and $5 to $6\n\n- [x] done\n\n|a|\n|-:|\n|1|\n\nnote[^1]\n\n[^1]: text'),
    ]);
    expect(main).toContain('<msup>');
    expect(main).toContain('$5 to $6');
    expect(main).toContain('<input type="checkbox" disabled checked aria-label="done"> done');
    expect(main).toContain('<td data-align="right">1</td>');
    expect(main).toContain('<section data-footnotes="" aria-label="Footnotes"');
  });

  it('keeps footnotes of cells apart', async () => {
    const main = await mainOf([markdown('a[^1]\n\n[^1]: x'), markdown('b[^1]\n\n[^1]: y')]);
    const ids = [...main.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('puts attachments and files in, and links to pictures elsewhere', async () => {
    const cell = {
      ...markdown(
        '![one](attachment:a.png) ![two](img/b.png) ![three](https://example.org/c.png) ![](gone.png)',
      ),
      attachments: { 'a.png': { 'image/png': dot } },
    };
    const readImage = async (path: string) =>
      path === 'img/b.png' ? { mime: 'image/png', base64: dot } : undefined;
    const html = await exportHtml(notebook([cell]), { readImage });
    expect(html.match(/<img src="data:image\/png/g)).toHaveLength(2);
    expect(html).toContain(
      '<a href="https://example.org/c.png" rel="noopener noreferrer">Picture not in this page: three</a>',
    );
    expect(html).toContain('Picture not in this page: gone.png');
  });

  it('highlights in the language of the notebook and of fenced blocks', async () => {
    const main = await mainOf([
      markdown('```python\ndef f(): pass\n```'),
      code('const a = 1'),
      markdown('```nonsense\nx\n```'),
    ]);
    expect(main).toMatch(/<span class="s\w+">def<\/span>/);
    expect(main).toMatch(/<span class="s\w+">const<\/span>/);
  });
});

describe('exportHtml() cells', () => {
  it.each([
    ['jupyter.source_hidden', { jupyter: { source_hidden: true } }, 'Show code'],
    ['hide_input', { hide_input: true }, 'Show code'],
    ['a Colab form', { cellView: 'form' }, 'Show code'],
    ['the tag hide-input', { tags: ['hide-input'] }, 'Show code'],
    ['jupyter.outputs_hidden', { jupyter: { outputs_hidden: true } }, 'Show output'],
    ['collapsed', { collapsed: true }, 'Show output'],
    ['the tag hide_output', { tags: ['hide_output'] }, 'Show output'],
  ])('folds what %s hides', async (_, metadata, summary) => {
    const main = await mainOf([code('a()', [stream('b')], metadata)]);
    expect(main.match(/<summary>.*?<\/summary>/g)).toEqual([`<summary>${summary}</summary>`]);
  });

  it.each([
    ['remove-cell', false, false],
    ['remove_cell', false, false],
    ['remove-input', false, true],
    ['remove-output', true, false],
  ])('honours the tag %s', async (tag, hasCode, hasOutput) => {
    const main = await mainOf([code('theCode', [stream('theOutput')], { tags: [tag] })]);
    expect([main.includes('theCode'), main.includes('theOutput')]).toEqual([hasCode, hasOutput]);
  });

  it('shows raw HTML cleaned, raw text as it is, and raw LaTeX not at all', async () => {
    const main = await mainOf([
      raw('<b onclick=x>bold</b>', 'text/html'),
      raw('<plain>'),
      raw('\\tex', 'text/latex'),
    ]);
    expect(main).toContain('<b>bold</b>');
    expect(main).toContain('&lt;plain&gt;');
    expect(main).not.toContain('tex');
  });
});

describe('exportHtml() outputs', () => {
  const shown = (data: Record<string, unknown>, metadata = {}) =>
    mainOf([code('', [display(data, metadata)])]);

  it('takes the richest form that it can show', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>';
    const all = {
      'text/plain': 'P',
      'image/png': dot,
      'text/latex': '$L$',
      'image/svg+xml': svg,
      'text/markdown': '*M*',
      'text/html': '<i>H</i>',
    };
    const order = ['text/html', 'text/markdown', 'image/svg+xml', 'text/latex', 'image/png', 'text/plain'];
    const marks = [
      '<i>H</i>',
      '<em>M</em>',
      'data:image/svg+xml',
      '<mi>L</mi>',
      'data:image/png',
      '>P</pre>',
    ];
    const bundle: Record<string, unknown> = { ...all };
    for (const [i, mime] of order.entries()) {
      expect(await shown(bundle)).toContain(marks[i]);
      delete bundle[mime];
    }
  });

  it('says when a script would be needed', async () => {
    expect(await shown({ 'application/vnd.jupyter.widget-view+json': {}, 'text/plain': 'Slider' })).toMatch(
      /Slider<\/pre><p class="note">An interactive widget/,
    );
    expect(await shown({ 'text/html': '<script>draw()</script>', 'text/plain': 'Figure' })).toMatch(
      /Figure<\/pre><p class="note">Shown here as text/,
    );
    expect(await shown({ 'application/x-own': 1 })).toContain('cannot show: application/x-own');
  });

  it('falls back to the PNG of a chart that cannot be drawn', async () => {
    const spec = { $schema: 'x', data: { url: 'https://example.org/data.csv' }, mark: 'bar' };
    const main = await shown({ 'application/vnd.vegalite.v5+json': spec, 'image/png': dot });
    expect(main).toContain('data:image/png');
    expect(main).not.toContain('<figure');
  });

  it('gives a chart a name, titles on its cells, and its values as a table', async () => {
    const html = await exportHtml(sample);
    const [figure] = /<figure[\s\S]*?<\/figure>/.exec(html)!;
    expect(figure).toMatch(/<svg role="img" aria-label="Heatmap of cosine similarity between 5 sentences/);
    expect(figure).toContain('<title>Sentences 5 and 4: 0.64</title>');
    expect(figure!.match(/<tr>/g)).toHaveLength(11);
    expect(figure).toContain('<td data-align="right">0.6385</td>');
  });

  it('names pictures by their metadata, else by what they are', async () => {
    expect(await shown({ 'image/png': dot }, { 'image/png': { alt: 'A dot', width: 7 } })).toContain(
      'alt="A dot" width="7"',
    );
    expect(await shown({ 'image/png': dot, 'text/plain': '<Figure size 1x1>' })).toContain(
      'alt="Output of cell 1"',
    );
  });

  it('shows a traceback once, with its colours', async () => {
    const main = await mainOf([
      code('', [
        { output_type: 'error', ename: 'E', evalue: 'why', traceback: ['\u001b[31mE: why\u001b[0m'] },
      ]),
      code('', [{ output_type: 'error', ename: 'E', evalue: 'alone', traceback: [] }]),
    ]);
    expect(main.match(/E: why/g)).toHaveLength(1);
    expect(main).toContain('E: alone');
  });

  it('joins streams, resolves carriage returns and cuts long ones', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i}\n`).join('');
    const main = await mainOf([code('', [stream('10%\r'), stream('100%\n')]), code('', [stream(lines)])]);
    expect(main).toContain('>100%</pre>');
    expect(main).toContain('2,500 lines are left out here. The notebook has them all.');
    expect(main).toContain('line 2999');
    expect(main).not.toContain('line 1500');
  });

  it('keeps the page of a very large notebook small, and says what is missing', async () => {
    const picture = `${dot.slice(0, 60)}${'A'.repeat(3_000_000)}`;
    const pictures = Array.from({ length: 70 }, () => code('', [display({ 'image/png': picture })]));
    const text = code('', [stream('a line of text\n'.repeat(1_000_000))]);
    const html = await exportHtml(notebook([text, ...pictures]));
    expect(html.length).toBeLessThan(61_000_000);
    expect(html).toContain('999,500 lines are left out here');
    expect(html.match(/A picture is left out here/g)!.length).toBe(51);
  });
});
