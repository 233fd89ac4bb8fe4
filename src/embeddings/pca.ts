/** Lays embeddings out in few dimensions, so that a map of them can be drawn. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from './backend.ts';
import { readMatrix } from './matrix.ts';
import { type Embeddings, toMatrix } from './similarity.ts';
import { eigenSymmetric } from './symmetric-eigen.ts';
import { requirePositiveInteger } from './transform-embeddings.ts';

/** Directions searched beyond those asked for: they make the search converge at the gap after them. */
const EXTRA_DIRECTIONS = 8;
const MAX_ITERATIONS = 500;
/** Smallest change of a variance, relative to the largest, that is worth another iteration. */
const TOLERANCE = 1e-14;

/** A list of vectors of one length. */
type Vectors = Float64Array[];

/**
 * Principal component analysis: the directions in which the embeddings differ most, and where each lies along them.
 *
 * The result is the same on every run: each direction points to where its largest weight is positive.
 *
 * @param embeddings [n, dim]
 * @param options dimensions: columns wanted. Default: 2
 * @returns [n, dimensions], centred, the direction of the largest variance first; columns beyond the rank are zeros
 * @throws {RangeError} when dimensions is no whole number above 0
 * @throws {TypeError} when something else than embeddings is given
 * @example const positions = pca(await model.encode(sentences)); // Tensor2D [n, 2]
 * @see sklearn.decomposition.PCA (signs as its svd_flip with u_based_decision=False)
 */
export function pca(embeddings: Embeddings, options: { dimensions?: number } = {}): Tensor2D {
  const { dimensions = 2 } = options;
  requirePositiveInteger(dimensions, 'dimensions');
  const rows = centredRows(embeddings);
  const columns = principalDirections(rows, dimensions).map((direction) =>
    rows.map((row) => dot(row, direction)),
  );
  const values = Float32Array.from(
    { length: rows.length * dimensions },
    (_, i) => columns[i % dimensions]?.[Math.floor(i / dimensions)] ?? 0,
  );
  return backendNow().tensor2d(values, [rows.length, dimensions]);
}

function centredRows(embeddings: Embeddings): Vectors {
  const { values, rows, columns } = readMatrix(() => toMatrix(embeddings));
  const mean = new Float64Array(columns);
  values.forEach((value, i) => {
    mean[i % columns] = mean[i % columns]! + value / rows;
  });
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(mean, (middle, column) => values[row * columns + column]! - middle),
  );
}

/**
 * Orthogonal iteration with Rayleigh-Ritz: multiplies a block of directions by the covariance until their
 * variances stand still.
 *
 * @see Golub & Van Loan, Matrix Computations, 8.2.4
 */
function principalDirections(rows: Vectors, wanted: number): Vectors {
  const dim = rows[0]?.length ?? 0;
  const size = Math.min(wanted + EXTRA_DIRECTIONS, dim, rows.length);
  let directions = orthonormalize(startingBlock(size, dim));
  let variances: Float64Array = new Float64Array(size);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const ritz = rotateToVariances(rows, directions);
    const change = ritz.variances.reduce(
      (most, value, i) => (i < wanted ? Math.max(most, Math.abs(value - variances[i]!)) : most),
      0,
    );
    directions = ritz.directions;
    variances = ritz.variances;
    if (change <= TOLERANCE * (variances[0] ?? 0)) break;
    directions = orthonormalize(directions.map((direction) => timesCovariance(rows, direction)));
  }
  const rank = variances.findIndex((variance) => variance <= 1e-12 * variances[0]!);
  return directions.slice(0, rank < 0 ? wanted : Math.min(rank, wanted)).map(pointToLargest);
}

/** The combinations of the directions along which the rows vary most, and how much. */
function rotateToVariances(
  rows: Vectors,
  directions: Vectors,
): { directions: Vectors; variances: Float64Array } {
  const projections = directions.map((direction) => Float64Array.from(rows, (row) => dot(row, direction)));
  const { values, vectors } = eigenSymmetric(projections.map((a) => projections.map((b) => dot(a, b))));
  const rotated = vectors.map((vector) => {
    const sum = new Float64Array(directions[0]!.length);
    directions.forEach((direction, i) => {
      addScaled(sum, direction, vector[i]!);
    });
    return sum;
  });
  return { directions: rotated, variances: Float64Array.from(values) };
}

function timesCovariance(rows: Vectors, direction: Float64Array): Float64Array {
  const product = new Float64Array(direction.length);
  for (const row of rows) addScaled(product, row, dot(row, direction));
  return product;
}

/** Modified Gram-Schmidt, twice for accuracy. A vector that nothing is left of becomes zeros. */
function orthonormalize(vectors: Vectors): Vectors {
  const done: Vectors = [];
  for (const vector of vectors) {
    const before = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) addScaled(vector, other, -dot(vector, other));
    }
    const length = Math.sqrt(dot(vector, vector));
    const scale = length > 1e-12 * before ? 1 / length : 0;
    done.push(vector.map((value) => value * scale));
  }
  return done;
}

/** Directions in general position, the same on every run (Park and Miller's generator). */
function startingBlock(size: number, dim: number): Vectors {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  return Array.from({ length: size }, () => Float64Array.from({ length: dim }, next));
}

function pointToLargest(direction: Float64Array): Float64Array {
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(target: Float64Array, vector: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! + scale * vector[i]!;
}
