/** Maps of sentences: the spec, label placement and bad input. */
import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../src/charts/labels/place-labels.ts';
import { renderSvg } from '../../src/charts/render.ts';
import { scatter } from '../../src/charts/scatter.ts';

const points = [
  [0, 0],
  [0.1, 1],
  [2, 1.5],
];
const labels = ['a cat', 'a <b>dog</b>', 'a share price'];

describe('scatter()', () => {
  it('is the golden for three points', async () => {
    const { spec } = scatter(points, { labels, clusters: ['pets', 'pets', 'money'] });
    await expect(`${JSON.stringify(spec, null, 2)}\n`).toMatchFileSnapshot(
      '../goldens/charts/scatter.vl.json',
    );
  });

  it('gives both axes one scale', () => {
    const text = JSON.stringify(scatter(points, { labels }).spec);
    const [x, y] = [...text.matchAll(/"domain":(\[[^\]]+\])/g)].map(([, domain]) => JSON.parse(domain!));
    expect(x[1] - x[0]).toBeCloseTo(y[1] - y[0]);
  });

  it('draws points, labels and clusters', async () => {
    const svg = await renderSvg(scatter(points, { labels, clusters: [0, 0, 1] }).spec);
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(3);
    expect(svg).toContain('a &lt;b&gt;dog&lt;/b&gt;');
  });

  it('draws a single point', async () => {
    expect(await renderSvg(scatter([[3, 3]], { labels: ['alone'] }).spec)).toContain('alone');
  });

  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    [
      'three coordinates',
      () => scatter([[1, 2, 3]], { labels: ['a'] }),
      RangeError,
      'have 2 coordinates, not 3',
    ],
    ['no points', () => scatter([], { labels: [] }), RangeError, 'at least one point'],
    ['labels missing', () => scatter(points, {} as never), TypeError, 'a label for each point'],
    ['too few labels', () => scatter(points, { labels: ['a'] }), RangeError, '3 points, but 1 labels'],
    [
      'too few clusters',
      () => scatter(points, { labels, clusters: [1] }),
      RangeError,
      '3 points, but 1 clusters',
    ],
    ['infinity', () => scatter([[1, Infinity]], { labels: ['a'] }), RangeError, 'must be finite'],
  ])('refuses %s', (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});

describe('placeLabels()', () => {
  const plot = { side: 200, fontSize: 10 };

  it('puts a label right of its point, and left at the right border', () => {
    const placed = placeLabels(
      [
        { x: 20, y: 50, text: 'first' },
        { x: 190, y: 100, text: 'second' },
      ],
      plot,
    );
    expect(placed.map((placement) => placement?.align)).toEqual(['left', 'right']);
  });

  it('leaves out a label that would cover others', () => {
    const crowd = Array.from({ length: 30 }, (_, i) => ({ x: 100 + (i % 3), y: 100, text: 'crowded' }));
    const placed = placeLabels(crowd, plot).filter((placement) => placement !== undefined);
    expect(placed.length).toBeGreaterThan(0);
    expect(placed.length).toBeLessThan(6);
  });
});
