/** Compares many embeddings with many, a chunk at a time, so that the score matrix stays small. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from '../backend.ts';
import { rowsWithin, ScoreRangeError, sliceRows, spans } from './blocks.ts';
import { type Embeddings, toMatrix } from './embedding-values.ts';
import { readMatrix } from './matrix.ts';

/** Bytes of the scores that are looked at together. */
const SCORE_BYTES = 128 * 2 ** 20;

/** Scores every row of `a` against every row of `b`: [n, m]. */
export type ScoreFunction = (a: Embeddings, b: Embeddings) => Tensor2D;

/** A part of the score matrix. */
export interface ScoreChunk {
  /** The first row of `a` in it. */
  readonly queryStart: number;
  /** The first row of `b` in it. */
  readonly corpusStart: number;
  /** One Float32Array for each row of `a` in it. */
  readonly rows: readonly Float32Array[];
}

/**
 * Goes through the score matrix of `queries` and `corpus` in chunks; frees every tensor that it makes.
 *
 * @param sizes rows of each that are compared at once; fewer queries where their scores would take too much memory
 * @param take receives each chunk
 */
export function forEachScoreChunk(
  queries: Embeddings,
  corpus: Embeddings,
  score: ScoreFunction,
  sizes: { queryChunkSize: number; corpusChunkSize: number },
  take: (chunk: ScoreChunk) => void,
): void {
  const tf = backendNow();
  tf.tidy(() => {
    const a = toMatrix(queries);
    const b = queries === corpus ? a : toMatrix(corpus);
    const width = Math.max(1, Math.min(b.shape[0], sizes.corpusChunkSize));
    const height = Math.max(1, Math.min(sizes.queryChunkSize, Math.floor(SCORE_BYTES / (4 * width))));
    for (const [queryStart, queryRows] of spans(a.shape[0], height)) {
      for (const [corpusStart, corpusRows] of spans(b.shape[0], sizes.corpusChunkSize)) {
        const part = { queryStart, queryRows, corpusStart, corpusRows };
        take({ queryStart, corpusStart, rows: scoreRows(a, b, part, score) });
      }
    }
  });
}

/** The scores of a chunk, of as many rows of the corpus at a time as fit into a block. */
function scoreRows(
  a: Tensor2D,
  b: Tensor2D,
  part: { queryStart: number; queryRows: number; corpusStart: number; corpusRows: number },
  score: ScoreFunction,
): Float32Array[] {
  const { queryStart, queryRows, corpusStart, corpusRows } = part;
  const rows = Array.from({ length: queryRows }, () => new Float32Array(corpusRows));
  for (const [start, count] of spans(corpusRows, rowsWithin(b.shape[1]))) {
    const [top, left] = [queryStart, corpusStart + start];
    const { values } = withRowsFrom([top, left], () =>
      readMatrix(() => score(sliceRows(a, top, queryRows), sliceRows(b, left, count))),
    );
    for (const [i, row] of rows.entries()) row.set(values.subarray(i * count, (i + 1) * count), start);
  }
  return rows;
}

/** Names the rows of an impossible score as the caller counts them. */
function withRowsFrom<Result>([top, left]: readonly [number, number], compute: () => Result): Result {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ScoreRangeError)) throw error;
    throw new ScoreRangeError(error.score, [error.rows[0] + top, error.rows[1] + left]);
  }
}
