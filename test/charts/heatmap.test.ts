/** Heatmaps: the spec's data and colours, what bad input says, and goldens to open in the Vega editor. */
import { describe, expect, it } from 'vitest';
import { compareHeatmaps, heatmap } from '../../src/charts/heatmap.ts';
import { renderSvg } from '../../src/charts/render.ts';
import { activitySimilarities, madeUpSimilarities, sentences } from './samples.ts';

const bert = activitySimilarities('bert-base-nli-mean-tokens');
const mpnet = activitySimilarities('all-mpnet-base-v2');

interface Pair {
  row: number;
  col: number;
  a: string;
  b: string;
  sim: number;
}

function pairsOf(chart: { spec: Record<string, unknown> }): Pair[] {
  return (chart.spec.data as { values: Pair[] }).values;
}

function colourDomain(chart: { spec: Record<string, unknown> }): number[] {
  return JSON.parse(/"domain":(\[-?\d,1\]),"clamp"/.exec(JSON.stringify(chart.spec))![1]!);
}

describe('heatmap() spec', () => {
  it('is the golden for the activity', async () => {
    const { spec } = heatmap(mpnet, { sentences, subtitle: 'all-mpnet-base-v2' });
    await expect(`${JSON.stringify(spec, null, 2)}\n`).toMatchFileSnapshot(
      '../goldens/charts/heatmap.vl.json',
    );
  });

  it('holds the lower triangle with both sentences, nothing above the diagonal', () => {
    const pairs = pairsOf(heatmap(bert, { sentences }));
    expect(pairs).toHaveLength(15);
    expect(pairs.every(({ row, col }) => col <= row)).toBe(true);
    expect(pairs.at(-2)).toEqual({ row: 5, col: 4, a: sentences[4], b: sentences[3], sim: 0.63849497 });
  });

  it('counts the sentences from 0 where asked', () => {
    const { spec } = heatmap(bert, { sentences, firstNumber: 0 });
    expect(pairsOf({ spec }).at(-2)).toMatchObject({ row: 4, col: 3, sim: 0.63849497 });
    expect(JSON.stringify(spec)).toContain('4. the dental specialist');
    expect(spec.description).toContain('0: the fifty mannequin heads');
  });

  it('keeps colours from 0 to 1 for a slightly negative value', () => {
    expect(Math.min(...mpnet.flat())).toBeCloseTo(-0.054, 3);
    expect(colourDomain(heatmap(mpnet, { sentences }))).toEqual([0, 1]);
  });

  it('diverges around 0 where a value is clearly negative', () => {
    const negative = mpnet.map((row) => [...row]);
    negative[3]![1] = -0.43;
    expect(colourDomain(heatmap(negative, { sentences }))).toEqual([-1, 1]);
  });

  it('ignores whatever stands above the diagonal', () => {
    const untidy = mpnet.map((row, i) => row.map((value, j) => (j > i ? Number.NaN : value)));
    expect(pairsOf(heatmap(untidy, { sentences }))).toEqual(pairsOf(heatmap(mpnet, { sentences })));
  });

  it('reads a tensor', () => {
    const tensor = { arraySync: () => bert, dtype: 'float32', shape: [5, 5] };
    const chart = heatmap(tensor, { sentences });
    expect(pairsOf(chart)).toHaveLength(15);
    expect(chart.toString()).toContain('dtype=float32');
  });

  it('gives a copy that can be changed', () => {
    const chart = heatmap(bert, { sentences });
    chart.toSpec().title = 'changed';
    expect(chart.spec.title).toEqual({ text: 'Sentence similarity', anchor: 'start', frame: 'group' });
  });
});

describe('compareHeatmaps() spec', () => {
  it('is the golden for the activity', async () => {
    const { spec } = compareHeatmaps(
      [
        { sim: bert, title: 'bert-base-nli-mean-tokens' },
        { sim: mpnet, title: 'all-mpnet-base-v2' },
      ],
      { sentences },
    );
    await expect(`${JSON.stringify(spec, null, 2)}\n`).toMatchFileSnapshot(
      '../goldens/charts/comparison.vl.json',
    );
  });

  it('shares one colour scale and names the model in every tooltip', () => {
    const models = [
      { sim: bert, title: 'A' },
      { sim: mpnet, title: 'A' },
    ];
    const { spec } = compareHeatmaps(models, { sentences });
    expect(spec.resolve).toEqual({ scale: { color: 'shared' } });
    const values = (spec.data as { values: { panel: number; model: string }[] }).values;
    expect(values.filter(({ panel }) => panel === 1)).toHaveLength(15);
    expect(values.every(({ model }) => model === 'A')).toBe(true);
  });
});

describe('heatmap() draws', () => {
  it.each([1, 2, 3, 4, 5, 9, 17, 30, 41])('%i sentences', async (count) => {
    const texts = Array.from({ length: count }, (_, i) => `Sentence number ${i + 1} in a list.`);
    const svg = await renderSvg(heatmap(madeUpSimilarities(count), { sentences: texts }).spec);
    expect(svg.match(/aria-roledescription="rect mark"/g) ?? []).toHaveLength((count * (count - 1)) / 2);
    expect(svg.match(/Sentence number/g)!.length).toBeGreaterThanOrEqual(count);
  });

  it.each([
    ['markup', '<img src=x onerror=alert(1)> & "quotes" \'and\' more'],
    ['expressions', "' + alert(1) + ' {{x}} \\"],
    ['emoji', '👩‍👩‍👧‍👦 family, 🇩🇪 flag'],
    ['right to left', 'שלום עולם, זה משפט ארוך בעברית ובעוד שפות'],
    ['no blanks', 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(30)],
    ['nothing', ' '],
    ['lines', 'one\n\n  two\tthree'],
  ])('a sentence of %s safely', async (_, sentence) => {
    const chart = heatmap(
      [
        [1, 0],
        [0.5, 1],
      ],
      { sentences: [sentence, sentence], title: sentence, subtitle: sentence },
    );
    const svg = await renderSvg(chart.spec);
    expect(svg).not.toMatch(/<img|<script|\uFFFD/);
    expect(svg).toContain('>0.50<');
    expect(isWellFormed(svg)).toBe(true);
  });
});

/** Every opened element is closed again, in order. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, closing, name, selfClosing] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (closing) {
      if (open.pop() !== name) return false;
    } else if (!selfClosing) open.push(name!);
  }
  return open.length === 0;
}

describe('heatmap() arguments', () => {
  const two = { sentences: ['a', 'b'] };
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['no matrix', () => heatmap(undefined as never, two), TypeError, 'must be a matrix'],
    ['a vector', () => heatmap([1, 2] as never, two), TypeError, 'not an array of numbers'],
    ['text in it', () => heatmap([['x'], [1]] as never, two), TypeError, 'row 1, column 1 is the string "x"'],
    ['uneven rows', () => heatmap([[1, 0], [1]], two), RangeError, '2 columns in row 1, but 1 in row 2'],
    [
      'not square',
      () => heatmap([[1, 0]], { sentences: ['a'] }),
      RangeError,
      'must be square, but are 1 × 2',
    ],
    [
      'another number of sentences',
      () => heatmap(bert, two),
      RangeError,
      'are 5 × 5, but there are 2 sentences',
    ],
    [
      'NaN',
      () =>
        heatmap(
          [
            [1, 0],
            [Number.NaN, 1],
          ],
          two,
        ),
      RangeError,
      'hold NaN for sentences 2 and 1',
    ],
    [
      'no cosines',
      () =>
        heatmap(
          [
            [1, 0],
            [37, 1],
          ],
          two,
        ),
      RangeError,
      'A heatmap shows cosines',
    ],
    ['no sentences', () => heatmap(bert, {} as never), TypeError, 'heatmap(sim, { sentences })'],
    ['no options', () => heatmap(bert, undefined as never), TypeError, 'heatmap(sim, { sentences })'],
    ['no rows', () => heatmap([], { sentences: [] }), RangeError, 'at least one sentence'],
    [
      'a sentence that is a number',
      () => heatmap(bert, { sentences: [1] as never }),
      TypeError,
      'must be a string',
    ],
    ['no models', () => compareHeatmaps([], two), TypeError, 'one { sim, title } for each model'],
    [
      'a model of another size',
      () => compareHeatmaps([{ sim: bert, title: 'BERT' }], two),
      RangeError,
      'The similarities of BERT are 5 × 5',
    ],
  ])('%s', (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
