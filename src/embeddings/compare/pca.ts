/** Lays embeddings out in few dimensions, so that a map of them can be drawn. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from '../backend.ts';
import { readMatrix } from './matrix.ts';
import { type Embeddings, toMatrix } from './similarity.ts';
import { addScaled, dot, leadingEigenvectors, type Vectors } from './symmetric-eigen.ts';
import { requirePositiveInteger } from './transform-embeddings.ts';

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
 * @example const positions = pca(await model.encode(sentences)); // Tensor2D [sentences.length, 2]
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
 * The eigenvectors of XᵀX, by way of XXᵀ where that is the smaller one: if u is an eigenvector of XXᵀ, Xᵀu is one
 * of XᵀX.
 */
function principalDirections(rows: Vectors, count: number): Vectors {
  const isWide = rows.length < (rows[0]?.length ?? 0);
  const products = isWide
    ? rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)))
    : sumOfOuterProducts(rows);
  return leadingEigenvectors(products, count).map((vector) =>
    pointToLargest(isWide ? combine(rows, vector) : vector),
  );
}

/** XᵀX */
function sumOfOuterProducts(rows: Vectors): Vectors {
  const dim = rows[0]?.length ?? 0;
  const sum = Array.from({ length: dim }, () => new Float64Array(dim));
  for (const row of rows) {
    sum.forEach((target, i) => {
      addScaled(target, row, row[i]!);
    });
  }
  return sum;
}

/** Xᵀu, scaled to length 1. */
function combine(rows: Vectors, weights: Float64Array): Float64Array {
  const direction = new Float64Array(rows[0]!.length);
  rows.forEach((row, i) => {
    addScaled(direction, row, weights[i]!);
  });
  const length = Math.sqrt(dot(direction, direction));
  return direction.map((value) => value / length);
}

function pointToLargest(direction: Float64Array): Float64Array {
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}
