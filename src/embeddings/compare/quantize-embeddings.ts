/** Stores embeddings in fewer bits: 8 to a number, or one. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { rememberRows } from '../../text/sentence-memory.ts';
import { backendNow } from '../backend.ts';
import { type Embeddings, toMatrix } from './embedding-values.ts';
import { type Matrix, readMatrix } from './matrix.ts';

const PRECISIONS = ['float32', 'int8', 'uint8', 'binary', 'ubinary'] as const;

/** How the numbers of an embedding are stored. */
export type Precision = (typeof PRECISIONS)[number];

/** Where the 256 steps of int8 and uint8 begin and end, for each column. */
export interface QuantizeOptions {
  /** The lowest and the highest value of each column: two rows [2, dim]. */
  ranges?: Embeddings | undefined;
  /** Embeddings to take the ranges from; without either, those to be quantized. */
  calibrationEmbeddings?: Embeddings | undefined;
}

/**
 * Quantizes embeddings.
 *
 * `int8` and `uint8` divide the range of each column in 256 steps; `binary` and `ubinary` keep the signs, eight to a
 * number (a last one filled up with zeros), as -128…127 and 0…255.
 *
 * @param embeddings [n, dim]
 * @returns float32 [n, dim] for `float32`; int32 [n, dim] for `int8`, `uint8`; int32 [n, ceil(dim / 8)] for the others
 * @throws {RangeError} when there is no such precision
 * @example quantizeEmbeddings([[0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8]], 'ubinary'); // [[182]]
 * @see sentence_transformers.util.quantize_embeddings
 */
export function quantizeEmbeddings(
  embeddings: Embeddings,
  precision: Precision,
  options: QuantizeOptions = {},
): Tensor2D {
  requirePrecision(precision);
  const tf = backendNow();
  if (precision === 'float32')
    return rememberRows(
      tf.tidy(() => tf.clone(toMatrix(embeddings))),
      embeddings,
    );
  const matrix = readMatrix(() => toMatrix(embeddings));
  if (precision === 'binary' || precision === 'ubinary')
    return rememberRows(packSigns(matrix, precision), embeddings);
  const ranges = readRanges(options, matrix);
  const offset = precision === 'int8' ? -128 : 0;
  const { values, rows, columns: dim } = matrix;
  const quantized = Int32Array.from(values, (value, i) => {
    const column = i % dim;
    return quantize(value, ranges.lowest[column]!, ranges.highest[column]!) + offset;
  });
  return rememberRows(tf.tensor2d(quantized, [rows, dim], 'int32'), embeddings);
}

/**
 * Checks a precision that a caller wrote.
 *
 * @throws {RangeError} when it is none
 */
export function requirePrecision(precision: string): asserts precision is Precision {
  if ((PRECISIONS as readonly string[]).includes(precision)) return;
  throw new RangeError(`There is no precision '${precision}'. Choose one of ${PRECISIONS.join(', ')}.`);
}

/** In float32 throughout, as numpy does: the floor depends on the last bit. */
function quantize(value: number, lowest: number, highest: number): number {
  const step = Math.fround(Math.fround(highest - lowest) / 255) || 1;
  const steps = Math.floor(Math.fround(Math.fround(value - lowest) / step));
  return Math.min(255, Math.max(0, steps));
}

function readRanges(
  { ranges, calibrationEmbeddings }: QuantizeOptions,
  matrix: Matrix,
): { lowest: Float32Array; highest: Float32Array } {
  const {
    values,
    rows,
    columns: dim,
  } = ranges ? readMatrix(() => toMatrix(ranges)) : calibrate(calibrationEmbeddings, matrix);
  if (dim !== matrix.columns) {
    throw new RangeError(
      `Cannot quantize ${matrix.columns} dimensions with ranges of ${dim}. Take both from one model.`,
    );
  }
  if (ranges) {
    if (rows === 2) return { lowest: values.subarray(0, dim), highest: values.subarray(dim) };
    throw new RangeError(
      `The ranges have ${rows} rows. Give two: the lowest and the highest of each column.`,
    );
  }
  const lowest = values.slice(0, dim);
  const highest = values.slice(0, dim);
  values.forEach((value, i) => {
    lowest[i % dim] = Math.min(lowest[i % dim]!, value);
    highest[i % dim] = Math.max(highest[i % dim]!, value);
  });
  return { lowest, highest };
}

function calibrate(embeddings: Embeddings | undefined, fallback: Matrix): Matrix {
  return embeddings ? readMatrix(() => toMatrix(embeddings)) : fallback;
}

function packSigns({ values, rows, columns: dim }: Matrix, precision: 'binary' | 'ubinary'): Tensor2D {
  const width = Math.ceil(dim / 8);
  const packed = new Int32Array(rows * width).fill(precision === 'binary' ? -128 : 0);
  values.forEach((value, i) => {
    const column = i % dim;
    const place = Math.floor(i / dim) * width + (column >> 3);
    if (value > 0) packed[place] = packed[place]! + (128 >> (column & 7));
  });
  return backendNow().tensor2d(packed, [rows, width], 'int32');
}
