/** Rendering without a browser: themes, names, ids, PNG pixels, and nothing fetched. */
import { PNG } from 'pngjs';
import { describe, expect, it, vi } from 'vitest';
import { heatmap } from '../../src/charts/heatmap.ts';
import { renderPng, renderSvg } from '../../src/charts/render.ts';
import { palettes } from '../../src/charts/theme.ts';
import { activitySimilarities, sentences } from './samples.ts';

const { spec } = heatmap(activitySimilarities('bert-base-nli-mean-tokens'), { sentences });
const bars = {
  $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
  data: {
    values: [
      { a: 'A', b: 28 },
      { a: 'B', b: 55 },
    ],
  },
  mark: 'bar',
  encoding: { x: { field: 'a' }, y: { field: 'b', type: 'quantitative' } },
};

describe('renderSvg()', () => {
  it('names the picture for screen readers', async () => {
    const svg = await renderSvg(spec);
    expect(svg).toMatch(/^<svg role="img" aria-label="Heatmap of cosine similarity between 5 sentences:/);
  });

  it.each(["$'", '$&', '$`', '$1', '$$'])('names a picture whose title holds %s', async (title) => {
    const svg = await renderSvg({ ...bars, title });
    const escaped = title.replace('&', '&#38;');
    expect(svg.startsWith(`<svg role="img" aria-label="${escaped}" `)).toBe(true);
    expect(svg.match(/<svg/g)).toHaveLength(1);
    expect((await renderPng(svg, { scale: 1 })).width).toBeGreaterThan(10);
  });

  it('leaves out colours that are addresses, and keeps gradients and labels that look like one', async () => {
    const evil = await renderSvg({ ...bars, mark: { type: 'bar', fill: 'u\\72l(http://a.invalid)' } });
    expect(evil).not.toContain('a.invalid');
    const gradient = {
      gradient: 'linear',
      stops: [
        { offset: 0, color: 'red' },
        { offset: 1, color: 'blue' },
      ],
    };
    const drawn = await renderSvg({
      ...bars,
      mark: { type: 'bar', color: gradient },
      title: 'a fill="url(x)"',
    });
    expect(drawn).toMatch(/fill="url\(#/);
    expect(drawn).toContain('a fill="url(x)"</text>');
  });

  it('draws each theme with its own colours', async () => {
    const light = await renderSvg(spec, { theme: 'light' });
    const dark = await renderSvg(spec, { theme: 'dark' });
    expect(light).toContain(`fill="${palettes.light.background}"`);
    expect(light).toContain(`fill="${palettes.light.surface}"`);
    expect(dark).toContain(`fill="${palettes.dark.background}"`);
    expect(dark).toContain(`fill="${palettes.dark.surface}"`);
    expect(dark).not.toContain(palettes.light.surface);
  });

  it('leaves the background out on request', async () => {
    expect(await renderSvg(spec, { transparent: true })).not.toContain(palettes.light.background);
  });

  it('keeps ids of several pictures apart', async () => {
    const svg = await renderSvg(spec, { idPrefix: 'chart-1-' });
    const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id!);
    expect(ids.length).toBeGreaterThan(0);
    expect([...ids, ...used].every((id) => id.startsWith('chart-1-'))).toBe(true);
    expect(used.every((id) => ids.includes(id))).toBe(true);
  });

  it('draws the specs of others in both themes', async () => {
    expect(await renderSvg(bars, { theme: 'light' })).toContain('aria-roledescription="bar"');
    expect(await renderSvg(bars, { theme: 'dark' })).toContain(palettes.dark.muted);
  });

  it('compiles no code: expressions run in the interpreter', async () => {
    const compile = vi.spyOn(globalThis, 'Function').mockImplementation(() => {
      throw new Error('code was compiled');
    });
    try {
      const spec = { ...bars, transform: [{ calculate: "datum.b * 2 + 'x'", as: 'c' }] };
      expect(await renderSvg(spec)).toContain('<svg');
    } finally {
      compile.mockRestore();
    }
  });

  it.each(['https://example.org/data.json', 'file:///etc/passwd', 'data.csv'])(
    'refuses to read %s',
    async (url) => {
      await expect(renderSvg({ ...bars, data: { url } })).rejects.toThrow(`asks for ${url}`);
    },
  );

  it('draws marks with links without them', async () => {
    const linked = { ...bars, encoding: { ...bars.encoding, href: { field: 'a' } } };
    expect(await renderSvg(linked)).not.toContain('href="A"');
  });

  it('refuses what is no spec', async () => {
    await expect(renderSvg({ nonsense: true })).rejects.toThrow();
  });

  it('runs no code from an expression', async () => {
    const evil = {
      ...bars,
      transform: [{ calculate: "this.constructor.constructor('globalThis.pwned = 1')()", as: 'x' }],
    };
    await renderSvg(evil).catch(() => undefined);
    expect(globalThis).not.toHaveProperty('pwned');
  });
});

describe('renderPng()', () => {
  it('draws cells in the colour of their value', async () => {
    const { png, width, height } = await renderPng(await renderSvg(spec), { scale: 2 });
    const image = PNG.sync.read(Buffer.from(png));
    expect(Math.abs(image.width - width * 2)).toBeLessThanOrEqual(1);
    expect(Math.abs(image.height - height * 2)).toBeLessThanOrEqual(1);
    const colours = new Set<string>();
    for (let i = 0; i < image.data.length; i += 4) {
      colours.add(`#${image.data.subarray(i, i + 3).toString('hex')}`);
    }
    expect(colours).toContain(palettes.light.surface);
    expect(colours).toContain(palettes.light.background);
    expect(colours.size).toBeGreaterThan(100);
  });
});
