/** Scales embeddings to unit length. */
import type { EmbeddingModule } from './embedding-module.ts';

/** A length below it counts as this, so that a row of zeros stays zeros (torch.nn.functional.normalize). */
const SMALLEST_LENGTH = 1e-12;

/**
 * Scales every row to length 1, in place; rows of zeros stay zeros.
 *
 * @param rows [rows.length / dimension, dimension], row-major
 * @returns the same array
 * @example normalizeRows(Float32Array.of(3, 4), 2); // [0.6, 0.8]
 * @see torch.nn.functional.normalize
 */
export function normalizeRows(rows: Float32Array, dimension: number): Float32Array {
  for (let start = 0; start < rows.length; start += dimension) {
    const row = rows.subarray(start, start + dimension);
    let sum = 0;
    for (let i = 0; i < row.length; i++) sum += row[i]! * row[i]!;
    const scale = 1 / Math.max(Math.sqrt(sum), SMALLEST_LENGTH);
    for (let i = 0; i < row.length; i++) row[i] = row[i]! * scale;
  }
  return rows;
}

/** The Normalize module: every sentence embedding to length 1. */
export class Normalize implements EmbeddingModule {
  readonly dimension: number;

  constructor(dimension: number) {
    this.dimension = dimension;
  }

  apply(embeddings: Float32Array): Float32Array {
    return normalizeRows(embeddings, this.dimension);
  }

  toString(): string {
    return 'Normalize()';
  }
}
