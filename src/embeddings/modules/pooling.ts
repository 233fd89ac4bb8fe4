/** Makes one embedding of a sentence from the rows of its tokens. */
import { formatPythonDict } from './embedding-module.ts';

/** The ways of pooling, in the order in which old configurations concatenate them. */
export const POOLING_MODES = [
  'cls',
  'max',
  'mean',
  'mean_sqrt_len_tokens',
  'weightedmean',
  'lasttoken',
] as const;

/** One way of pooling. */
export type PoolingMode = (typeof POOLING_MODES)[number];

/** The keys of the printed configuration, in sentence-transformers 3.1's order, and the mode each stands for. */
const PRINTED_KEYS: readonly (readonly [string, PoolingMode])[] = [
  ['pooling_mode_cls_token', 'cls'],
  ['pooling_mode_mean_tokens', 'mean'],
  ['pooling_mode_max_tokens', 'max'],
  ['pooling_mode_mean_sqrt_len_tokens', 'mean_sqrt_len_tokens'],
  ['pooling_mode_weightedmean_tokens', 'weightedmean'],
  ['pooling_mode_lasttoken', 'lasttoken'],
];

/** The legacy keys of 1_Pooling/config.json, one yes or no for each mode. */
export const LEGACY_POOLING_KEYS: ReadonlyMap<PoolingMode, string> = new Map(
  PRINTED_KEYS.map(([key, mode]) => [mode, key]),
);

/** Writes the pooled row of `rows` into `target` [tokenDimension]. */
type PoolRows = (rows: TokenRows, target: Float32Array) => void;

/** The rows of one sentence: tokens `from` to `to` of it take part, the rest (a prompt) does not. */
interface TokenRows {
  /** [to, dimension], row-major */
  readonly values: Float32Array;
  readonly from: number;
  readonly to: number;
  readonly dimension: number;
}

const POOL: Readonly<Record<PoolingMode, PoolRows>> = {
  cls: (rows, target) => copyRow(rows, rows.from < rows.to ? rows.from : 0, target),
  lasttoken: (rows, target) => {
    if (rows.from < rows.to) copyRow(rows, rows.to - 1, target);
  },
  max: poolMax,
  mean: (rows, target) => sumRows(rows, target, () => 1 / Math.max(1e-9, rows.to - rows.from)),
  mean_sqrt_len_tokens: (rows, target) =>
    sumRows(rows, target, () => 1 / Math.sqrt(Math.max(1e-9, rows.to - rows.from))),
  weightedmean: (rows, target) => {
    let total = 0;
    for (let token = rows.from; token < rows.to; token++) total += token + 1;
    sumRows(rows, target, (token) => (token + 1) / Math.max(1e-9, total));
  },
};

function copyRow({ values, dimension }: TokenRows, token: number, target: Float32Array): void {
  target.set(values.subarray(token * dimension, (token + 1) * dimension));
}

function poolMax({ values, from, to, dimension }: TokenRows, target: Float32Array): void {
  target.fill(Number.NEGATIVE_INFINITY);
  for (let token = from; token < to; token++) {
    const start = token * dimension;
    for (let i = 0; i < dimension; i++) {
      target[i] = Math.max(target[i]!, values[start + i]!); // NaN stays
    }
  }
}

function sumRows(rows: TokenRows, target: Float32Array, weightOf: (token: number) => number): void {
  const { values, from, to, dimension } = rows;
  const sums = new Float64Array(dimension);
  for (let token = from; token < to; token++) {
    const start = token * dimension;
    const weight = weightOf(token);
    for (let i = 0; i < dimension; i++) sums[i] = sums[i]! + weight * values[start + i]!;
  }
  target.set(sums);
}

/** How a model pools. */
export interface PoolingOptions {
  /** Columns of a token's row. */
  tokenDimension: number;
  /** One or more; several are concatenated in this order. */
  modes: readonly PoolingMode[];
  /** Whether the prompt's tokens take part. */
  includePrompt: boolean;
}

/**
 * The Pooling module.
 *
 * @example
 * const pooling = new Pooling({ tokenDimension: 1, modes: ['mean'], includePrompt: true });
 * pooling.apply(Float32Array.of(1, 2, 3, 10, 20), [3, 2], 0); // [2, 15]
 * @see sentence_transformers.sentence_transformer.modules.Pooling
 */
export class Pooling {
  /** Columns of an embedding: tokenDimension for each mode. */
  readonly dimension: number;
  /** Whether the prompt's tokens take part. */
  readonly includePrompt: boolean;
  readonly modes: readonly PoolingMode[];
  readonly #options: PoolingOptions;

  constructor(options: PoolingOptions) {
    this.#options = options;
    this.dimension = options.modes.length * options.tokenDimension;
    this.includePrompt = options.includePrompt;
    this.modes = options.modes;
  }

  /**
   * Pools the sentences of a batch.
   *
   * @param tokenEmbeddings [sum of lengths, tokenDimension], sentence after sentence, without padding
   * @param lengths tokens of each sentence
   * @param promptLength tokens at the start of each sentence that belong to the prompt
   * @returns sentence embeddings [lengths.length, dimension]
   */
  apply(tokenEmbeddings: Float32Array, lengths: readonly number[], promptLength: number): Float32Array {
    const { tokenDimension, modes } = this.#options;
    const pooled = new Float32Array(lengths.length * this.dimension);
    let start = 0;
    let target = 0;
    for (const length of lengths) {
      const values = tokenEmbeddings.subarray(start, start + length * tokenDimension);
      const from = this.includePrompt ? 0 : Math.min(promptLength, length);
      const rows = { values, from, to: length, dimension: tokenDimension };
      for (const mode of modes) {
        POOL[mode](rows, pooled.subarray(target, target + tokenDimension));
        target += tokenDimension;
      }
      start += values.length;
    }
    return pooled;
  }

  toString(): string {
    const { tokenDimension, modes, includePrompt } = this.#options;
    const flags = PRINTED_KEYS.map(([key, mode]) => [key, modes.includes(mode)]);
    return `Pooling(${formatPythonDict({
      word_embedding_dimension: tokenDimension,
      ...Object.fromEntries(flags),
      include_prompt: includePrompt,
    })})`;
  }
}
