/** Computes large results in blocks of bytes that every backend can hold, and lets no impossible number pass. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from '../backend.ts';
import { formatBytes, readPart, requireRoom } from '../wasm-memory.ts';

/** Bytes of the rows, or of the result, of one block. */
const BLOCK_BYTES = 16 * 2 ** 20;

/** What is alive at once while a block is computed: slices, squares, quotients, transposes, and XNNPACK's copy. */
const COPIES = 5;

/** Beyond it, no backend holds the result. */
const MAX_RESULT_BYTES = 2 ** 32;

const FLOAT_BYTES = 4;

/** Where the numbers of a result must lie; what is outside of it comes from a backend that failed. */
export interface ScoreRange {
  readonly lowest: number;
  readonly highest: number;
}

/** A score came out as a number that no embeddings can have. */
export class ScoreRangeError extends Error {
  override readonly name = 'ScoreRangeError';
  readonly score: number;
  /** The row of the first argument, and of the second. */
  readonly rows: readonly [number, number];

  constructor(score: number, rows: readonly [number, number]) {
    const failed = 'the tfjs backend failed. Choose another one with TSBERT_BACKEND';
    const cause = Number.isFinite(score) ? failed : `an embedding is not finite or too large, or ${failed}`;
    super(`Rows ${rows[0]} and ${rows[1]} have the impossible score ${score}: ${cause}.`);
    this.score = score;
    this.rows = rows;
  }
}

/**
 * All pairs of rows, in blocks.
 *
 * @param x [n, dim]
 * @param y [m, dim]
 * @param score makes [rows of x, rows of y]
 * @returns [n, m]
 * @throws {RangeError} when the result is larger than any backend holds
 * @throws {ScoreRangeError} when a number is outside of the range
 */
export function scoreInBlocks(
  x: Tensor2D,
  y: Tensor2D,
  range: ScoreRange,
  score: (x: Tensor2D, y: Tensor2D) => Tensor2D,
): Tensor2D {
  const tf = backendNow();
  const [n, m] = [x.shape[0], y.shape[0]];
  requireResultSize(n, m);
  const columns = rowsWithin(y.shape[1]);
  const rows = Math.min(rowsWithin(x.shape[1]), rowsWithin(Math.min(m, columns)));
  const isWhole = rows >= n && columns >= m;
  const values = new Float32Array(isWhole ? 0 : n * m);
  for (const [top, height] of spans(n, rows)) {
    for (const [left, width] of spans(m, columns)) {
      requireRoom(tf, COPIES * FLOAT_BYTES * ((height + width) * x.shape[1] + height * width));
      const block = tf.tidy(() =>
        score(sliceRows(x, top, height), x === y && isWhole ? x : sliceRows(y, left, width)),
      );
      const found = block.dataSync<'float32'>();
      requireRange(found, range, (i) => [top + Math.floor(i / width), left + (i % width)]);
      if (isWhole) return block;
      block.dispose();
      for (let row = 0; row < height; row++) {
        values.set(found.subarray(row * width, (row + 1) * width), (top + row) * m + left);
      }
    }
  }
  return tf.tensor2d(values, [n, m]);
}

/**
 * Pairs of rows at the same place, in blocks.
 *
 * @param x [n, dim]
 * @param y [n, dim]
 * @param score makes [rows]
 * @returns [n]
 * @throws {ScoreRangeError} when a number is outside of the range
 */
export function scorePairsInBlocks(
  x: Tensor2D,
  y: Tensor2D,
  range: ScoreRange,
  score: (x: Tensor2D, y: Tensor2D) => Tensor1D,
): Tensor1D {
  const tf = backendNow();
  const [n, dim] = x.shape;
  const parts: Tensor1D[] = [];
  for (const [start, count] of spans(n, rowsWithin(dim))) {
    const part = tf.tidy(() => score(sliceRows(x, start, count), sliceRows(y, start, count)));
    requireRange(part.dataSync<'float32'>(), range, (i) => [start + i, start + i]);
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : tf.concat1d(parts);
}

/** Rows of so many float32 numbers that fit into a block; one at least. */
export function rowsWithin(columns: number): number {
  return Math.max(1, Math.floor(BLOCK_BYTES / (FLOAT_BYTES * Math.max(1, columns))));
}

/** Cuts a count into spans of a size. */
export function* spans(total: number, size: number): Generator<[start: number, count: number]> {
  for (let start = 0; start === 0 || start < total; start += size)
    yield [start, Math.min(size, total - start)];
}

/** Some rows of a matrix; the matrix itself where they are all. */
export function sliceRows(matrix: Tensor2D, start: number, count: number): Tensor2D {
  if (count === matrix.shape[0]) return matrix;
  const tf = backendNow();
  const dim = matrix.shape[1];
  const values = readPart(tf, matrix, start * dim, (start + count) * dim);
  return values ? tf.tensor2d(values, [count, dim]) : tf.slice(matrix, [start, 0], [count, dim]);
}

function requireResultSize(n: number, m: number): void {
  const bytes = n * m * FLOAT_BYTES;
  if (bytes <= MAX_RESULT_BYTES) return;
  throw new RangeError(
    `The scores of ${n} with ${m} embeddings would take ${formatBytes(bytes)}. ` +
      'Use semanticSearch() or paraphraseMiningEmbeddings(), which keep the best only.',
  );
}

function requireRange(
  scores: Float32Array,
  { lowest, highest }: ScoreRange,
  place: (i: number) => [number, number],
): void {
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score >= lowest && score <= highest && Number.isFinite(score)) continue;
    throw new ScoreRangeError(score, place(i));
  }
}
