/** Compares many embeddings with many, a chunk at a time, so that the score matrix stays small. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from '../backend.ts';
import { readMatrix } from './matrix.ts';
import { type Embeddings, toMatrix } from './similarity.ts';

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
 * @param sizes rows of each that are compared at once
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
    const b = toMatrix(corpus);
    for (const [queryStart, queryRows] of chunks(a.shape[0], sizes.queryChunkSize)) {
      for (const [corpusStart, corpusRows] of chunks(b.shape[0], sizes.corpusChunkSize)) {
        const { values } = readMatrix(() =>
          score(rowsOf(a, queryStart, queryRows), rowsOf(b, corpusStart, corpusRows)),
        );
        take({ queryStart, corpusStart, rows: splitRows(values, queryRows, corpusRows) });
      }
    }
  });
}

function* chunks(total: number, size: number): Generator<[start: number, count: number]> {
  for (let start = 0; start < total; start += size) yield [start, Math.min(size, total - start)];
}

function rowsOf(matrix: Tensor2D, start: number, count: number): Tensor2D {
  return backendNow().slice(matrix, [start, 0], [count, matrix.shape[1]]);
}

function splitRows(values: Float32Array, rows: number, columns: number): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}
