/** Reads embeddings, whatever they come as, as rows of float32 numbers. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from '../backend.ts';
import { rowsWithin, sliceRows, spans } from './blocks.ts';

/** One embedding or several: a tensor [dim] or [n, dim], or the same as numbers. */
export type Embeddings =
  | Tensor1D
  | Tensor2D
  | ArrayLike<number>
  | readonly (readonly number[])[]
  | readonly Float32Array[];

/** Rows of a list that are copied together. */
const ROWS_AT_ONCE = 4096;

/**
 * Embeddings as a float32 matrix.
 *
 * @param embeddings one or several
 * @returns [n, dim]; the tensor itself where it is one already
 * @throws {TypeError} when something else is given, such as text or a Promise
 * @throws {RangeError} when rows differ in length
 */
export function toMatrix(embeddings: Embeddings): Tensor2D {
  const tf = backendNow();
  if (!(embeddings instanceof tf.Tensor)) {
    const rows = listRows(embeddings);
    return tf.tensor2d(rowValues(rows, 0, rows.length), [rows.length, rows[0]?.length ?? 0]);
  }
  if (embeddings.rank !== 1 && embeddings.rank !== 2) throw notEmbeddings(`a tensor [${embeddings.shape}]`);
  const matrix = embeddings.rank === 1 ? tf.expandDims(embeddings as Tensor1D, 0) : embeddings;
  return (matrix.dtype === 'float32' ? matrix : tf.cast(matrix, 'float32')) as Tensor2D;
}

/**
 * Goes through embeddings some rows at a time, so that no second copy of them all is made.
 *
 * @param take receives row-major numbers, how many rows they are, and their length
 * @throws what {@link toMatrix} throws
 */
export function forEachRowBlock(
  embeddings: Embeddings,
  take: (values: Float32Array, rows: number, dim: number) => void,
): void {
  const tf = backendNow();
  if (!(embeddings instanceof tf.Tensor)) {
    const rows = listRows(embeddings);
    for (const [start, count] of spans(rows.length, ROWS_AT_ONCE)) {
      take(rowValues(rows, start, count), count, rows[0]?.length ?? 0);
    }
    return;
  }
  tf.tidy(() => {
    const matrix = toMatrix(embeddings);
    const [rows, dim] = matrix.shape;
    for (const [start, count] of spans(rows, rowsWithin(dim))) {
      take(
        tf.tidy(() => sliceRows(matrix, start, count).dataSync<'float32'>()),
        count,
        dim,
      );
    }
  });
}

/** A list of rows; one row becomes a list of one. */
function listRows(embeddings: unknown): readonly ArrayLike<number>[] {
  if (!isList(embeddings)) throw notEmbeddings(describe(embeddings));
  return (isList(embeddings[0]) ? embeddings : [embeddings]) as readonly ArrayLike<number>[];
}

/** Some rows as one array, checked. */
function rowValues(rows: readonly ArrayLike<number>[], start: number, count: number): Float32Array {
  const dim = rows[0]?.length ?? 0;
  const values = new Float32Array(count * dim);
  for (let i = start; i < start + count; i++) {
    const row: ArrayLike<number> | undefined = rows[i];
    if (!isList(row)) throw notEmbeddings(`a list with ${describe(row)} at ${i}`);
    if (row.length !== dim) {
      throw new RangeError(
        `Embedding ${i} has ${row.length} numbers and the first has ${dim}. Give rows of one length.`,
      );
    }
    const wrong = Array.prototype.findIndex.call(row, (value) => typeof value !== 'number');
    if (wrong >= 0) throw notEmbeddings(`a list with ${describe(row[wrong])} in it`);
    values.set(row, (i - start) * dim);
  }
  return values;
}

function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function describe(value: unknown): string {
  if (value instanceof Promise) return "a Promise (write 'await' before the call that makes it)";
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 30))}`;
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `${typeof value}`;
}

function notEmbeddings(found: string): TypeError {
  return new TypeError(
    `Cannot compare ${found}. Give embeddings: what model.encode() returns, or rows of numbers.`,
  );
}
