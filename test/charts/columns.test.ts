/** Panels side by side or below each other. */
import { describe, expect, it } from 'vitest';
import { COLUMNS, canStack, columnsParameter, stacked } from '../../src/charts/columns.ts';
import { compareHeatmaps, heatmap } from '../../src/charts/heatmap.ts';
import { renderSvg } from '../../src/charts/render.ts';
import { activitySimilarities, madeUpSimilarities, sentences } from './samples.ts';

const bert = activitySimilarities('bert-base-nli-mean-tokens');
const models = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ sim: bert, title: `model ${i}` }));
const sizeOf = (svg: string) => [.../ width="([\d.]+)" height="([\d.]+)"/.exec(svg)!].slice(1).map(Number);
const labelCount = (svg: string) => svg.match(/>0\. the fifty|>1\. the fifty/g)?.length;

describe('columnsParameter()', () => {
  const widths = { fixed: 200, panel: 240, gap: 20 };

  it.each([
    [2, 2],
    [3, 2],
    [1, 1],
  ])('puts %i panels into %i columns at the usual width', (count, columns) => {
    expect(columnsParameter(count, widths).value).toBe(columns);
  });

  it('has one column at least', () => {
    expect(columnsParameter(2, { ...widths, panel: 3000 }).value).toBe(1);
  });
});

describe('compareHeatmaps() layout', () => {
  it('draws two models side by side in 772 px, with one set of labels', async () => {
    const svg = await renderSvg(compareHeatmaps(models(2), { sentences }).spec);
    expect(sizeOf(svg)[0]).toBeLessThanOrEqual(772);
    expect(labelCount(svg)).toBe(1);
  });

  it('gives every row of panels its labels', async () => {
    const { spec } = compareHeatmaps(models(3), { sentences });
    expect(labelCount(await renderSvg(spec))).toBe(2);
    expect(labelCount(await renderSvg(stacked(spec)))).toBe(3);
  });

  it('stacks into the width of one', async () => {
    const { spec } = compareHeatmaps(models(2), { sentences });
    const [wide, low] = sizeOf(await renderSvg(spec));
    const [narrow, high] = sizeOf(await renderSvg(stacked(spec)));
    expect(narrow).toBeLessThan(wide! * 0.7);
    expect(high).toBeGreaterThan(low! * 1.5);
  });

  it('tells what can be stacked', () => {
    expect(canStack(compareHeatmaps(models(2), { sentences }).spec)).toBe(true);
    expect(canStack(heatmap(bert, { sentences }).spec)).toBe(false);
    expect(canStack({ mark: 'bar', params: [{ name: COLUMNS, expr: 'x' }] })).toBe(false);
    const many = Array.from({ length: 30 }, (_, i) => `sentence ${i}`);
    const large = [{ sim: madeUpSimilarities(30), title: 'a' }, { sim: madeUpSimilarities(30), title: 'b' }]; // biome-ignore format: pairs
    expect(canStack(compareHeatmaps(large, { sentences: many }).spec)).toBe(false);
  });
});
