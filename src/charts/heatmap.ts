/** Heatmaps of sentence similarities: one model's lower triangle, or several side by side on one colour scale. */
import { formatArray } from '../text/format-array.ts';
import { rememberedSentences } from '../text/sentence-memory.ts';
import { Chart } from './chart.ts';
import { fittingSentences } from './fitting-sentences.ts';
import { heatmapSpec } from './heatmap-spec.ts';
import { type ChartMatrix, type MatrixLike, readChartMatrix } from './matrix.ts';
import type { HeatmapRecipe } from './recipe.ts';

/** More cells than this cannot be told apart. */
const MAX_SENTENCES = 150;
/** float32 rounding may carry a cosine a little beyond 1. */
const TOLERANCE = 1e-3;

/** What a heatmap says beside its cells. */
export interface HeatmapOptions {
  /** The sentences, in the order of the rows. @default those that the similarities were made of, where that is known */
  sentences?: readonly string[];
  /** First line above the chart. @default 'Sentence similarity' */
  title?: string;
  /** Second line, smaller. */
  subtitle?: string;
  /** Number of the first sentence: 0 where the text counts as the code does. @default 1 */
  firstNumber?: 0 | 1;
}

/** One model's similarities in a comparison. */
export interface ComparedSimilarity {
  sim: MatrixLike;
  /** The model's name, shown above its triangle. */
  title: string;
}

/**
 * A heatmap of the similarities of every pair of sentences. The lower triangle is shown; values above the
 * diagonal are ignored. Colours go from 0 to 1, or from -1 to 1 where a value is clearly below 0.
 *
 * Similarities of `cosSim` and its kin, and of `model.similarity`, know the sentences of embeddings that `encode` made:
 * then the chart labels itself, and other sentences are refused.
 *
 * @param sim - cosine similarities [n, n]
 * @throws {TypeError} when the similarities are not a matrix of numbers, or a sentence is not a string
 * @throws {SentenceMismatchError} when the similarities were made of other sentences
 * @throws {RangeError} when the sizes do not match, or a value is NaN or no cosine
 * @example heatmap(cosSim(embeddings, embeddings), { sentences, title: model.name })
 */
export function heatmap(sim: MatrixLike, options: HeatmapOptions = {}): Chart {
  const { title = 'Sentence similarity', subtitle, firstNumber = 1 } = options;
  const name = 'similarities';
  const sentences = checkSentences(fittingSentences(sim, options.sentences, { name, firstNumber }));
  const matrix = readSimilarities(sim, sentences.length, name);
  const texts = { sentences, title, subtitle, firstNumber };
  const spec = heatmapSpec([{ rows: matrix.rows, title: '' }], texts);
  return new Chart(spec, printMatrix(matrix), recipeOf([{ sim, title: '' }], texts));
}

/**
 * Heatmaps of several models for the same sentences, side by side with one colour scale.
 *
 * @param models - similarities [n, n] of each model, with its name
 * @throws {TypeError} when there is no model, or its similarities are not a matrix of numbers
 * @throws {SentenceMismatchError} when similarities were made of other sentences
 * @throws {RangeError} when the sizes do not match, or a value is NaN or no cosine
 * @example compareHeatmaps([{ sim: a, title: bert.name }, { sim: b, title: mpnet.name }], { sentences })
 */
export function compareHeatmaps(models: readonly ComparedSimilarity[], options: HeatmapOptions = {}): Chart {
  if (!Array.isArray(models) || models.length === 0) {
    throw new TypeError('compareHeatmaps needs an array with one { sim, title } for each model.');
  }
  const {
    title = 'Sentence similarity',
    subtitle = 'same colour scale for all models',
    firstNumber = 1,
  } = options;
  const named = models.map((model, i) => ({ ...model, title: String(model.title ?? `model ${i + 1}`) }));
  const sentences = checkSentences(
    named.reduce(
      (known, { sim, title }) =>
        fittingSentences(sim, known, { name: `similarities of ${title}`, firstNumber }),
      options.sentences,
    ),
  );
  const panels = named.map(({ sim, title }) => {
    return { title, matrix: readSimilarities(sim, sentences.length, `similarities of ${title}`) };
  });
  const texts = { sentences, title, subtitle, firstNumber };
  const spec = heatmapSpec(
    panels.map((panel) => ({ rows: panel.matrix.rows, title: panel.title })),
    texts,
  );
  const text = panels.map((panel) => `${panel.title}\n${printMatrix(panel.matrix)}`).join('\n\n');
  return new Chart(spec, text, recipeOf(named, texts));
}

/** How to make the heatmap again, where all its similarities remember their model. */
function recipeOf(
  models: readonly ComparedSimilarity[],
  texts: Omit<HeatmapRecipe, 'models'>,
): HeatmapRecipe | undefined {
  const named = models.flatMap(({ sim, title }) => {
    const name = rememberedSentences(sim)?.model;
    return name === undefined ? [] : [{ name, title: title || name }];
  });
  return named.length === models.length ? { ...texts, models: named } : undefined;
}

function printMatrix({ rows, columns, dtype }: ChartMatrix): string {
  return formatArray(rows.flat(), [rows.length, columns], { dtype });
}

function checkSentences(sentences: readonly string[] | undefined): readonly string[] {
  if (!Array.isArray(sentences)) {
    throw new TypeError('A heatmap needs the sentences of its rows: heatmap(sim, { sentences }).');
  }
  if (sentences.length === 0) throw new RangeError('A heatmap needs at least one sentence, but got none.');
  if (sentences.length > MAX_SENTENCES) {
    throw new RangeError(
      `A heatmap shows up to ${MAX_SENTENCES} sentences, but got ${sentences.length}. Show a part of them.`,
    );
  }
  const bad = sentences.findIndex((sentence) => typeof sentence !== 'string');
  if (bad >= 0) {
    throw new TypeError(`Sentence ${bad + 1} must be a string, not ${typeof sentences[bad]}.`);
  }
  return sentences;
}

function readSimilarities(sim: MatrixLike, count: number, name: string): ChartMatrix {
  const matrix = readChartMatrix(sim, name);
  const { rows, columns } = matrix;
  if (rows.length !== columns) {
    throw new RangeError(
      `The ${name} must be square, but are ${rows.length} × ${columns}. Pass cosSim(embeddings, embeddings).`,
    );
  }
  if (rows.length !== count) {
    throw new RangeError(
      `The ${name} are ${rows.length} × ${columns}, but there are ${count} sentences. Pass the sentences that were encoded.`,
    );
  }
  rows.forEach((row, i) => {
    row.slice(0, i + 1).forEach((value, j) => {
      if (Math.abs(value) <= 1 + TOLERANCE) return; // NaN fails this too
      throw new RangeError(
        `The ${name} hold ${value} for sentences ${i + 1} and ${j + 1}. A heatmap shows cosines, between -1 and 1.`,
      );
    });
  });
  return matrix;
}
