/** A chart as a cell's value: the MIME bundle that front ends choose from. */
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { heatmap } from '../../src/charts/heatmap.ts';
import { activitySimilarities, sentences } from './samples.ts';

type Showable = Record<symbol, () => Promise<Record<string, unknown>>>;

describe('Chart shows itself', () => {
  const chart = heatmap(activitySimilarities('bert-base-nli-mean-tokens'), { sentences });
  const show = () => (chart as unknown as Showable)[Symbol.for('Jupyter.display')]!();

  it('as a spec object, a PNG and the matrix, without HTML', async () => {
    const bundle = await show();
    expect(Object.keys(bundle).sort()).toEqual([
      'application/vnd.vegalite.v5+json',
      'image/png',
      'text/plain',
    ]);
    expect(bundle['application/vnd.vegalite.v5+json']).toEqual(chart.spec);
    expect(bundle['text/plain']).toMatch(/^array\(\[\[1\. {8}, 0\. /);
  });

  it('with metadata for Vega, and the size of the PNG in CSS pixels', async () => {
    const png = PNG.sync.read(Buffer.from(String((await show())['image/png']), 'base64'));
    const metadata = (chart as unknown as Record<symbol, unknown>)[Symbol.for('Jupyter.displayMetadata')];
    expect(metadata).toEqual({
      'application/vnd.vegalite.v5+json': {
        embed_options: { renderer: 'svg', actions: false, defaultStyle: false },
      },
      'image/png': { width: Math.round(png.width / 2), height: Math.round(png.height / 2) },
    });
  });
});
