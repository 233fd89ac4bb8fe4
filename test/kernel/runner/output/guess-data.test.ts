/** Values draw without ceremony, and what only looks like something known stays text. */
import { describe, expect, it } from 'vitest';
import { guessData } from '../../../../src/kernel/runner/output/guess-data.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const spec = (library: string) => ({ $schema: `https://vega.github.io/schema/${library}.json`, mark: 'bar' });

describe('guessData()', () => {
  it.each([
    [spec('vega-lite/v5'), { 'application/vnd.vegalite.v5+json': spec('vega-lite/v5') }],
    [spec('vega/v5'), { 'application/vnd.vega.v5+json': spec('vega/v5') }],
    [{ toSpec: () => ({ mark: 'bar' }) }, { 'application/vnd.vegalite.v5+json': { mark: 'bar' } }],
    [
      { data: [{ type: 'bar', x: [1], y: [2] }], layout: {} },
      { 'application/vnd.plotly.v1+json': { data: [{ type: 'bar', x: [1], y: [2] }], layout: {} } },
    ],
    [PNG, { 'image/png': PNG }],
    [{ outerHTML: '<p>a</p>' }, { 'text/html': '<p>a</p>' }],
    [{ outerHTML: '<svg></svg>' }, { 'image/svg+xml': '<svg></svg>' }],
    [{ toHTML: () => '<table></table>' }, { 'text/html': '<table></table>' }],
    [{ getContext() {}, toBuffer: () => PNG }, { 'image/png': PNG }],
  ])('knows %o', (value, data) => {
    expect(guessData(value)).toEqual(data);
  });

  it('waits for the pictures of sharp', async () => {
    const sharp = { toBuffer() {}, png() {}, clone: () => ({ png: () => ({ toBuffer: async () => PNG }) }) };
    expect(await guessData(sharp)).toEqual({ 'image/png': PNG });
  });

  it('makes a table of records, escaped', () => {
    expect(guessData([{ name: '<a>', n: 1 }, { name: 'b' }])).toEqual({
      'text/html':
        '<table><thead><tr><th>name</th><th>n</th></tr></thead><tbody>' +
        '<tr><td>&lt;a&gt;</td><td style="text-align: right">1</td></tr><tr><td>b</td><td></td></tr></tbody></table>',
    });
  });

  it('cuts a long table, and says so', () => {
    const html = (guessData(Array.from({ length: 1051 }, (_, n) => ({ n }))) as Record<string, string>)[
      'text/html'
    ]!;
    expect(html.match(/<tr>/g)).toHaveLength(51);
    expect(html).toContain('<p>… and 1,001 more rows</p>');
  });

  it.each([
    1,
    null,
    'text',
    {},
    [],
    [1, 2],
    [[1]],
    [{}],
    [{ deep: { a: 1 } }],
    [new Map()],
    { $schema: 'https://json-schema.org/draft/2020-12/schema' },
    { data: [1], layout: {} },
    { data: [], layout: {} },
    new Uint8Array([1, 2, 3]),
  ])('leaves %o as text', (value) => {
    expect(guessData(value)).toBeUndefined();
  });
});
