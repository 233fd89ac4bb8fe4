/** Which words of two sentences meet: a heatmap of token against token. */
import { formatArray } from '../text/format-array.ts';
import { Chart } from './chart.ts';
import type { Json, VegaLiteSpec } from './spec.ts';
import { chartConfig, palettes } from './theme.ts';
import { chartTitle } from './title.ts';

/** More tokens than this on a side cannot be read. */
const MAX_TOKENS = 60;
/** Up to so many tokens on a side every cell shows its number. */
const MAX_NUMBERED = 18;
/** Below this a value is clearly negative, and the colours diverge around 0. */
const CLEARLY_NEGATIVE = -0.1;

/** What the chart needs of a model. */
export interface TokenModel {
  readonly name: string;
  tokenize(text: string): readonly { text: string; special: boolean }[];
  encodeTokens(texts: readonly string[]): Promise<readonly { arraySync(): unknown; dispose(): void }[]>;
}

/** The tokens of a sentence without the marks of its beginning and end, each with its vector. */
interface Side {
  sentence: string;
  tokens: string[];
  vectors: number[][];
}

/**
 * A heatmap of the cosine similarities of the tokens of two sentences, as the model sees them before pooling: rows
 * are the tokens of `a`, columns those of `b`, special tokens left out. The best match of each row has a frame.
 *
 * @throws {TypeError} when a sentence is not a text
 * @throws {RangeError} when a sentence has no token, or too many to be shown
 * @example await tokenHeatmap(model, 'A dog barks.', 'The hound bays.')
 */
export async function tokenHeatmap(
  model: TokenModel,
  a: string | undefined,
  b: string | undefined,
): Promise<Chart> {
  if (typeof a !== 'string' || typeof b !== 'string') {
    throw new TypeError('A token heatmap compares two texts: tokenHeatmap(model, a, b).');
  }
  const [rows, columns] = await readSides(model, [a, b]);
  const sim = rows.vectors.map((row) => columns.vectors.map((column) => cosine(row, column)));
  const text = formatArray(sim.flat(), [sim.length, columns.tokens.length], { dtype: 'float32' });
  return new Chart(
    tokenSpec(sim, rows, columns, model.name),
    `${rows.tokens.join(' ')}\n${columns.tokens.join(' ')}\n${text}`,
  );
}

async function readSides(model: TokenModel, sentences: [string, string]): Promise<[Side, Side]> {
  const tensors = await model.encodeTokens(sentences);
  const [rows, columns] = sentences.map((sentence, i) => {
    const vectors = tensors[i]!.arraySync() as number[][];
    tensors[i]!.dispose();
    return readSide(sentence, model.tokenize(sentence), vectors);
  });
  return [rows!, columns!];
}

function readSide(sentence: string, tokens: ReturnType<TokenModel['tokenize']>, vectors: number[][]): Side {
  const own = tokens.flatMap(({ special }, i) => (special ? [] : [i]));
  if (own.length === 0) throw new RangeError(`There is no token in '${sentence}'. Compare texts with words.`);
  if (own.length > MAX_TOKENS) {
    throw new RangeError(
      `A token heatmap shows up to ${MAX_TOKENS} tokens a side, but a sentence has ${own.length}. Shorten it.`,
    );
  }
  return {
    sentence,
    tokens: own.map((i) => tokens[i]!.text.replace(/^[Ġ▁]/u, '')),
    vectors: own.map((i) => vectors[i]!),
  };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    product += value * b[i]!;
    lengthA += value * value;
    lengthB += b[i]! * b[i]!;
  }
  return product / (Math.sqrt(lengthA * lengthB) || 1);
}

function tokenSpec(sim: number[][], rows: Side, columns: Side, name: string): VegaLiteSpec {
  const longest = Math.max(rows.tokens.length, columns.tokens.length);
  const step = longest <= MAX_NUMBERED ? 34 : 20;
  const diverging = sim.some((row) => row.some((value) => value < CLEARLY_NEGATIVE));
  const values = sim.flatMap((row, i) =>
    row.map((value, j) => ({
      row: i,
      column: j,
      a: rows.tokens[i]!,
      b: columns.tokens[j]!,
      sim: value,
      best: value === Math.max(...row),
    })),
  );
  const title = { title: 'Which words meet', subtitle: `tokens by ${name}` };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: `Heatmap of cosine similarity between the tokens of two sentences: ${rows.sentence} / ${columns.sentence}`,
    title: chartTitle(title, Math.max(250, columns.tokens.length * step)),
    data: { name: 'tokens', values },
    width: { step },
    height: { step },
    layer: [cells(rows, columns, diverging), ...(longest <= MAX_NUMBERED ? [numbers()] : []), frames()],
    background: palettes.page.background,
    padding: 12,
    config: chartConfig('page'),
  };
}

function cells(rows: Side, columns: Side, diverging: boolean): Json {
  const scale = {
    domain: diverging ? [-1, 1] : [0, 1],
    clamp: true,
    interpolate: 'lab',
    range: diverging ? 'diverging' : 'heatmap',
  };
  const described = "datum.a + ' and ' + datum.b + ': ' + format(datum.sim, '.2f')";
  return {
    transform: [{ calculate: described, as: 'desc' }],
    mark: { type: 'rect', cornerRadius: 3 },
    encoding: {
      y: side('row', rows.tokens, { orient: 'left' }),
      x: side('column', columns.tokens, { orient: 'top', labelAngle: -45 }),
      color: {
        field: 'sim',
        type: 'quantitative',
        scale,
        legend: { title: 'cosine similarity', orient: 'right', gradientLength: 90, format: '.1f' },
      },
      description: { field: 'desc' },
      tooltip: tooltip(),
    },
  };
}

/** A row of tokens, by number as a word may come twice. */
function side(field: string, tokens: readonly string[], axis: Json): Json {
  return {
    field,
    type: 'ordinal',
    scale: { domain: tokens.map((_, i) => i), paddingInner: 0.05, paddingOuter: 0 },
    axis: {
      title: null,
      grid: false,
      labelExpr: `${JSON.stringify(tokens)}[datum.value]`,
      labelFontSize: 12.5,
      labelOverlap: false,
      ...axis,
    },
  };
}

function tooltip(): Json[] {
  return [
    { field: 'sim', title: 'cosine similarity', format: '.4f' },
    { field: 'a', title: 'token of the first' },
    { field: 'b', title: 'token of the second' },
  ];
}

function position(): Json {
  return { y: { field: 'row', type: 'ordinal' }, x: { field: 'column', type: 'ordinal' } };
}

function numbers(): Json {
  const cell = "scale('color', datum.sim)";
  return {
    transform: [{ calculate: "format(datum.sim, '.2f')", as: 'text' }],
    mark: { type: 'text', fontSize: 10.5, aria: false },
    encoding: {
      ...position(),
      text: { field: 'text' },
      color: {
        condition: { test: `contrast('#fff', ${cell}) > contrast('#000', ${cell})`, value: '#fff' },
        value: '#000',
      },
      tooltip: tooltip(),
    },
  };
}

/** A frame around the best match of each row. */
function frames(): Json {
  return {
    transform: [{ filter: 'datum.best' }],
    mark: { type: 'rect', style: 'best-cell', filled: false, strokeWidth: 2, cornerRadius: 3, aria: false },
    encoding: { ...position(), tooltip: tooltip() },
  };
}
