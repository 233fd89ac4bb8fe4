/** Values offer themselves as MIME bundles, with text always among them. */
import { describe, expect, it } from 'vitest';
import { toBundle } from '../../../../src/kernel/runner/output/bundle.ts';

describe('toBundle()', () => {
  it('gives plain values their text', () => {
    expect(toBundle(2)).toEqual({ data: { 'text/plain': '2' }, metadata: {} });
  });

  it('takes what a value says of itself, with its metadata', async () => {
    const value = {
      [Symbol.for('Jupyter.display')]: async () => ({ 'text/html': '<b>1</b>', 'text/plain': 'one' }),
      [Symbol.for('Jupyter.displayMetadata')]: { 'text/html': { isolated: true } },
    };
    expect(await toBundle(value)).toEqual({
      data: { 'text/html': '<b>1</b>', 'text/plain': 'one' },
      metadata: { 'text/html': { isolated: true } },
    });
  });

  it.each([
    ['https://vega.github.io/schema/vega-lite/v5.json', 'application/vnd.vegalite.v5+json'],
    ['https://vega.github.io/schema/vega-lite/v6.1.json', 'application/vnd.vegalite.v6+json'],
    ['https://vega.github.io/schema/vega/v5.json', 'application/vnd.vega.v5+json'],
    [undefined, 'application/vnd.vegalite.v5+json'],
  ])('shows toSpec() with schema %s as %s', async ($schema, mime) => {
    const spec = { $schema, mark: 'bar' };
    const { data } = await toBundle({ toSpec: () => spec });
    expect(data[mime]).toEqual(JSON.parse(JSON.stringify(spec)));
    expect(data).toHaveProperty('text/plain');
  });

  it('shows HTML and SVG of elements', async () => {
    expect((await toBundle({ outerHTML: '<p>1</p>' })).data['text/html']).toBe('<p>1</p>');
    expect((await toBundle({ outerHTML: '<svg></svg>' })).data['image/svg+xml']).toBe('<svg></svg>');
  });

  it('sends bytes as base64 and JSON as JSON makes it', async () => {
    const show = () => ({
      'image/png': new Uint8Array([1, 2]),
      'application/json': { at: new Date(0), f() {} },
    });
    const { data } = await toBundle({ [Symbol.for('Jupyter.display')]: show });
    expect(data).toMatchObject({
      'image/png': 'AQI=',
      'application/json': { at: '1970-01-01T00:00:00.000Z' },
    });
  });
});
