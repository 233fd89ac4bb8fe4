/** Takes numbers out of tensors. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { backendNow } from '../backend.ts';

/** A matrix of plain numbers. */
export interface Matrix {
  /** [rows, columns], row-major */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Runs a computation, reads its result and frees every tensor of it.
 *
 * @example readMatrix(() => cosSim(a, b)).values[0];
 */
export function readMatrix(compute: () => Tensor2D): Matrix {
  const tf = backendNow();
  tf.engine().startScope();
  try {
    const matrix = compute();
    return { values: matrix.dataSync<'float32'>(), rows: matrix.shape[0], columns: matrix.shape[1] };
  } finally {
    tf.engine().endScope();
  }
}
