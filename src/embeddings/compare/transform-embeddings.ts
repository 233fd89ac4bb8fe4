/** Small changes to finished embeddings: unit length, fewer dimensions. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { rememberRows } from '../../text/sentence-memory.ts';
import { backendNow } from '../backend.ts';
import { type Embeddings, toMatrix } from './embedding-values.ts';
import { unitRows } from './similarity.ts';

/**
 * Scales every embedding to length 1; rows of zeros stay zeros.
 *
 * @param embeddings [n, dim], or one [dim]
 * @returns [n, dim]
 * @throws {TypeError} when something else than embeddings is given
 * @example normalizeEmbeddings([3, 4]); // [[0.6, 0.8]]
 * @see sentence_transformers.util.normalize_embeddings
 */
export function normalizeEmbeddings(embeddings: Embeddings): Tensor2D {
  const unit = backendNow().tidy(() => unitRows(toMatrix(embeddings)));
  return rememberRows(unit, embeddings);
}

/**
 * Keeps the first dimensions, for models trained so that these carry the most (Matryoshka).
 *
 * @param embeddings [n, dim], or one [dim]
 * @param dimensions how many to keep; more than there are keeps all
 * @returns [n, min(dim, dimensions)]
 * @throws {RangeError} when dimensions is not a whole number above 0
 * @example truncateEmbeddings([[1, 2, 3]], 2); // [[1, 2]]
 * @see sentence_transformers.util.truncate_embeddings
 */
export function truncateEmbeddings(embeddings: Embeddings, dimensions: number): Tensor2D {
  requirePositiveInteger(dimensions, 'truncateDim');
  const tf = backendNow();
  const cut = tf.tidy(() => {
    const matrix = toMatrix(embeddings);
    const [rows, dim] = matrix.shape;
    return tf.slice(matrix, [0, 0], [rows, Math.min(dim, dimensions)]);
  });
  return rememberRows(cut, embeddings);
}

/**
 * Checks a count that a caller wrote.
 *
 * @throws {RangeError} when it is not a whole number above 0
 */
export function requirePositiveInteger(value: number, name: string): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`${name} is ${value}. Give a whole number above 0.`);
}
