/** How alike embeddings are: cosine, dot product, Euclidean and Manhattan, of all pairs or pair by pair. */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { rememberComparison } from '../../text/sentence-memory.ts';
import { backendNow } from '../backend.ts';
import type { SimilarityName } from '../configuration.ts';
import { type ScoreRange, scoreInBlocks, scorePairsInBlocks } from './blocks.ts';
import { type Embeddings, toMatrix } from './embedding-values.ts';

/** A length below it counts as this, so that a row of zeros has the similarity 0 (torch's normalize). */
const SMALLEST_LENGTH = 1e-12;

/** Numbers in a block of differences between rows: few enough for the processor's cache. */
const DIFFERENCE_ELEMENTS = 250_000;

/** Beyond so many rows, Euclidean distances come from products: far faster, good to about 1e-3. As torch.cdist. */
const MOST_ROWS_BY_DIFFERENCES = 25;

/** A cosine, with room for roundings. */
const COSINE_RANGE: ScoreRange = { lowest: -1.001, highest: 1.001 };
const DISTANCE_RANGE: ScoreRange = { lowest: Number.NEGATIVE_INFINITY, highest: 0 };
const ANY_RANGE: ScoreRange = { lowest: Number.NEGATIVE_INFINITY, highest: Number.POSITIVE_INFINITY };

/**
 * Cosine similarity of every row of `a` with every row of `b`.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [m, dim], or one [dim]
 * @returns [n, m] with values from -1 to 1; rows of zeros give 0
 * @throws {RangeError} when the dimensions differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example cosSim([1, 0], [[1, 0], [1, 1]]); // [[1, 0.7071068]]
 * @see sentence_transformers.util.cos_sim
 */
export function cosSim(a: Embeddings, b: Embeddings): Tensor2D {
  return compare(a, b, COSINE_RANGE, (x, y) =>
    multiplyTransposed(unitRows(x), x === y ? undefined : unitRows(y)),
  );
}

/**
 * Dot product of every row of `a` with every row of `b`.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [m, dim], or one [dim]
 * @returns [n, m]
 * @throws {RangeError} when the dimensions differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example dotScore([1, 2], [3, 4]); // [[11]]
 * @see sentence_transformers.util.dot_score
 */
export function dotScore(a: Embeddings, b: Embeddings): Tensor2D {
  return compare(a, b, ANY_RANGE, multiplyTransposed);
}

/**
 * Negative Euclidean distance of every row of `a` from every row of `b`.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [m, dim], or one [dim]
 * @returns [n, m], 0 where rows are equal
 * @throws {RangeError} when the dimensions differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example euclideanSim([0, 0], [3, 4]); // [[-5]]
 * @see sentence_transformers.util.euclidean_sim
 */
export function euclideanSim(a: Embeddings, b: Embeddings): Tensor2D {
  const tf = backendNow();
  return compare(a, b, DISTANCE_RANGE, (x, y) => {
    const isLarge = Math.max(x.shape[0], y.shape[0]) > MOST_ROWS_BY_DIFFERENCES;
    if (isLarge) return tf.neg(tf.sqrt(squaredDistances(x, y)));
    return compareRows(x, y, (d) => tf.neg(tf.sqrt(tf.sum(tf.square(d), -1))));
  });
}

/**
 * Negative Manhattan distance (sum of absolute differences) of every row of `a` from every row of `b`.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [m, dim], or one [dim]
 * @returns [n, m], 0 where rows are equal
 * @throws {RangeError} when the dimensions differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example manhattanSim([0, 0], [3, 4]); // [[-7]]
 * @see sentence_transformers.util.manhattan_sim
 */
export function manhattanSim(a: Embeddings, b: Embeddings): Tensor2D {
  const tf = backendNow();
  return compare(a, b, DISTANCE_RANGE, (x, y) => compareRows(x, y, (d) => tf.neg(tf.sum(tf.abs(d), -1))));
}

/**
 * Cosine similarity of each row of `a` with the row of `b` at the same place.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [n, dim], or one [dim]
 * @returns [n]
 * @throws {RangeError} when the shapes differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example pairwiseCosSim([[1, 0], [1, 1]], [[1, 0], [1, -1]]); // [1, 0]
 * @see sentence_transformers.util.pairwise_cos_sim
 */
export function pairwiseCosSim(a: Embeddings, b: Embeddings): Tensor1D {
  return comparePairs(a, b, COSINE_RANGE, (x, y) => sumOfProducts(unitRows(x), unitRows(y)));
}

/**
 * Dot product of each row of `a` with the row of `b` at the same place.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [n, dim], or one [dim]
 * @returns [n]
 * @throws {RangeError} when the shapes differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example pairwiseDotScore([1, 2], [3, 4]); // [11]
 * @see sentence_transformers.util.pairwise_dot_score
 */
export function pairwiseDotScore(a: Embeddings, b: Embeddings): Tensor1D {
  return comparePairs(a, b, ANY_RANGE, sumOfProducts);
}

/**
 * Negative Euclidean distance of each row of `a` from the row of `b` at the same place.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [n, dim], or one [dim]
 * @returns [n]
 * @throws {RangeError} when the shapes differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example pairwiseEuclideanSim([0, 0], [3, 4]); // [-5]
 * @see sentence_transformers.util.pairwise_euclidean_sim
 */
export function pairwiseEuclideanSim(a: Embeddings, b: Embeddings): Tensor1D {
  const tf = backendNow();
  return comparePairs(a, b, DISTANCE_RANGE, (x, y) => tf.neg(tf.sqrt(tf.sum(tf.square(tf.sub(x, y)), -1))));
}

/**
 * Negative Manhattan distance of each row of `a` from the row of `b` at the same place.
 *
 * @param a embeddings [n, dim], or one [dim]
 * @param b embeddings [n, dim], or one [dim]
 * @returns [n]
 * @throws {RangeError} when the shapes differ
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example pairwiseManhattanSim([0, 0], [3, 4]); // [-7]
 * @see sentence_transformers.util.pairwise_manhattan_sim
 */
export function pairwiseManhattanSim(a: Embeddings, b: Embeddings): Tensor1D {
  const tf = backendNow();
  return comparePairs(a, b, DISTANCE_RANGE, (x, y) => tf.neg(tf.sum(tf.abs(tf.sub(x, y)), -1)));
}

/** The functions of each similarity that a model may name. */
export const SIMILARITIES: Readonly<
  Record<
    SimilarityName,
    { all: (a: Embeddings, b: Embeddings) => Tensor2D; pairs: (a: Embeddings, b: Embeddings) => Tensor1D }
  >
> = {
  cosine: { all: cosSim, pairs: pairwiseCosSim },
  dot: { all: dotScore, pairs: pairwiseDotScore },
  euclidean: { all: euclideanSim, pairs: pairwiseEuclideanSim },
  manhattan: { all: manhattanSim, pairs: pairwiseManhattanSim },
};

/**
 * Checks the name of a similarity that a caller wrote.
 *
 * @throws {RangeError} when there is none of that name
 */
export function requireSimilarity(name: string): void {
  if (Object.hasOwn(SIMILARITIES, name)) return;
  const names = Object.keys(SIMILARITIES).join(', ');
  throw new RangeError(`There is no similarity '${name}'. Choose one of ${names}.`);
}

/** All pairs; the intermediate tensors are freed. */
function compare(
  a: Embeddings,
  b: Embeddings,
  range: ScoreRange,
  similarity: (x: Tensor2D, y: Tensor2D) => Tensor2D,
): Tensor2D {
  const scores = backendNow().tidy(() => {
    const x = toMatrix(a);
    const y = a === b ? x : toMatrix(b);
    requireSameDimension(x, y);
    return scoreInBlocks(x, y, range, similarity);
  });
  return rememberComparison(scores, { a, b, areCosines: range === COSINE_RANGE });
}

function comparePairs(
  a: Embeddings,
  b: Embeddings,
  range: ScoreRange,
  similarity: (x: Tensor2D, y: Tensor2D) => Tensor1D,
): Tensor1D {
  return backendNow().tidy(() => {
    const x = toMatrix(a);
    const y = toMatrix(b);
    requireSameDimension(x, y);
    if (x.shape[0] !== y.shape[0]) {
      throw new RangeError(
        `Cannot compare embeddings pair by pair: ${x.shape[0]} and ${y.shape[0]} rows. Give as many of each.`,
      );
    }
    return scorePairsInBlocks(x, y, range, similarity);
  });
}

function requireSameDimension(x: Tensor2D, y: Tensor2D): void {
  if (x.shape[1] === y.shape[1]) return;
  throw new RangeError(
    `Cannot compare embeddings: ${x.shape[1]} and ${y.shape[1]} dimensions. Encode both with one model.`,
  );
}

/** Rows of length 1; rows of zeros stay. By sqrt(sum(square)): on wasm it is 15 times faster than tf.norm. */
export function unitRows(x: Tensor2D): Tensor2D {
  const tf = backendNow();
  const lengths = tf.sqrt(tf.sum(tf.square(x), 1, true));
  return tf.div(x, tf.maximum(lengths, SMALLEST_LENGTH));
}

/**
 * x · yᵀ. An explicit transpose: wasm's own way of multiplying by a transposed matrix is 11 times slower. Of the
 * smaller matrix: wasm packs what stands on the right anew each time, so a few queries take a seventh of the time.
 */
function multiplyTransposed(x: Tensor2D, y: Tensor2D = x): Tensor2D {
  const tf = backendNow();
  if (y.shape[0] > x.shape[0]) return tf.transpose(tf.matMul(y, tf.transpose(x)));
  return tf.matMul(x, tf.transpose(y));
}

/** |x|² + |y|² - 2 x·y, where roundings may fall below zero. */
function squaredDistances(x: Tensor2D, y: Tensor2D): Tensor2D {
  const tf = backendNow();
  const lengths = tf.add(tf.sum(tf.square(x), 1, true), tf.sum(tf.square(y), 1));
  return tf.maximum(tf.sub(lengths, tf.mul(2, multiplyTransposed(x, y))), 0);
}

function sumOfProducts(x: Tensor2D, y: Tensor2D): Tensor1D {
  const tf = backendNow();
  return tf.sum(tf.mul(x, y), -1);
}

/** Applies a reduction to the differences [rows, m, dim] of some rows of x at a time. */
function compareRows(x: Tensor2D, y: Tensor2D, reduce: (differences: Tensor) => Tensor2D): Tensor2D {
  const tf = backendNow();
  const [n, dim] = x.shape;
  const step = Math.max(1, Math.floor(DIFFERENCE_ELEMENTS / Math.max(1, y.shape[0] * dim)));
  const columns = tf.expandDims(y, 0);
  const parts: Tensor2D[] = [];
  for (let start = 0; start < n; start += step) {
    const rows = tf.slice(x, [start, 0], [Math.min(step, n - start), dim]);
    parts.push(tf.tidy(() => reduce(tf.sub(tf.expandDims(rows, 1), columns))));
  }
  return parts.length === 1 ? parts[0]! : tf.concat(parts, 0);
}
