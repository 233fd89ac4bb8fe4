/** Lays embeddings out in few dimensions, so that a map of them can be drawn. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from '../backend.ts';
import { type Embeddings, toMatrix } from './embedding-values.ts';
import { type Matrix, readMatrix } from './matrix.ts';
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
 * @throws {RangeError} when dimensions is no whole number above 0, or an embedding is not finite
 * @throws {TypeError} when something else than embeddings is given
 * @example const positions = pca(await model.encode(sentences)); // Tensor2D [sentences.length, 2]
 * @see sklearn.decomposition.PCA (signs as its svd_flip with u_based_decision=False)
 */
export function pca(embeddings: Embeddings, options: { dimensions?: number } = {}): Tensor2D {
  const { dimensions = 2 } = options;
  requirePositiveInteger(dimensions, 'dimensions');
  const rows = new CentredRows(readMatrix(() => toMatrix(embeddings)));
  const directions = principalDirections(rows, dimensions);
  const values = new Float32Array(rows.count * dimensions);
  for (let i = 0; i < rows.count; i++) {
    const row = rows.row(i);
    directions.forEach((direction, column) => {
      values[i * dimensions + column] = dot(row, direction);
    });
  }
  return backendNow().tensor2d(values, [rows.count, dimensions]);
}

/** The rows of a matrix less their mean, made when they are asked for: in float64 they take twice its memory. */
class CentredRows {
  readonly count: number;
  readonly dim: number;
  readonly #values: Float32Array;
  readonly #mean: Float64Array;

  constructor({ values, rows, columns }: Matrix) {
    this.count = rows;
    this.dim = columns;
    this.#values = values;
    this.#mean = new Float64Array(columns);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) throw notFinite(Math.floor(i / columns), value);
      this.#mean[i % columns] = this.#mean[i % columns]! + value / rows;
    }
  }

  row(i: number): Float64Array {
    const start = i * this.dim;
    return this.#mean.map((middle, column) => this.#values[start + column]! - middle);
  }

  all(): Float64Array[] {
    return Array.from({ length: this.count }, (_, i) => this.row(i));
  }
}

function notFinite(row: number, value: number): RangeError {
  return new RangeError(
    `Embedding ${row} holds ${value}. Give finite numbers, such as model.encode() returns.`,
  );
}

/**
 * The eigenvectors of XᵀX, by way of XXᵀ where that is the smaller one: if u is an eigenvector of XXᵀ, Xᵀu is one
 * of XᵀX.
 */
function principalDirections(rows: CentredRows, count: number): Vectors {
  if (rows.count >= rows.dim) return leadingEigenvectors(sumOfOuterProducts(rows), count).map(pointToLargest);
  const all = rows.all();
  const products = all.map((a) => Float64Array.from(all, (b) => dot(a, b)));
  return leadingEigenvectors(products, count).map((vector) => pointToLargest(combine(all, vector)));
}

/** XᵀX */
function sumOfOuterProducts(rows: CentredRows): Vectors {
  const sum = Array.from({ length: rows.dim }, () => new Float64Array(rows.dim));
  for (let i = 0; i < rows.count; i++) {
    const row = rows.row(i);
    sum.forEach((target, column) => {
      addScaled(target, row, row[column]!);
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
