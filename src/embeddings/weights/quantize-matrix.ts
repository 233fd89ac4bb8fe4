/** A linear module's weights in 8 bits, and what of them has to stay in float32. */

const HIGHEST = 127;
const BLOCK = 32;

/** A matrix in 8 bits: value = quantised × scale of its column. */
export interface QuantizedMatrix {
  /** [columns, rows] of the original: transposed, as MatMul takes it. */
  readonly values: Int8Array;
  /** One for each row of the original. */
  readonly scales: Float32Array;
}

/**
 * Quantises a linear module's weight, symmetrically, with one scale for each unit of the output.
 *
 * Processors without VNNI multiply an activation (0 to 255) with a weight and add two neighbouring products in
 * 16 bits, which hold 32,767 at most. Neighbours of one sign therefore have magnitudes of 128 at most together:
 * 255 × 128 = 32,640, whatever the activations are.
 *
 * @param weight [rows, columns], row-major
 * @example
 * quantizeMatrix(Float32Array.of(1, -2, 3, 3), { rows: 2, columns: 2 })
 * // values [64, 64, -127, 64], scales [2 / 127, 6 / 127]
 * @see https://www.intel.com/content/www/us/en/docs/intrinsics-guide (_mm256_maddubs_epi16: saturates)
 */
export function quantizeMatrix(
  weight: Float32Array,
  { rows, columns }: { rows: number; columns: number },
): QuantizedMatrix {
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const largest = largestOfNeighbours(weight, row * columns, (row + 1) * columns);
    scales[row] = largest === 0 ? 1 : largest / HIGHEST;
  }
  const values = new Int8Array(rows * columns);
  const factors = Float64Array.from(scales, (scale) => 1 / scale);
  // In blocks of rows, so that the transposed writes stay within a cache line.
  for (let first = 0; first < rows; first += BLOCK) {
    const last = Math.min(first + BLOCK, rows);
    for (let column = 0; column < columns; column++) {
      for (let row = first; row < last; row++) {
        const value = weight[row * columns + column]! * factors[row]!;
        // The array drops the fraction: faster than Math.round.
        values[column * rows + row] = value < 0 ? value - 0.5 : value + 0.5;
      }
    }
  }
  return { values, scales };
}

/** The largest magnitude of a number, or of two neighbours of one sign together. */
function largestOfNeighbours(values: Float32Array, start: number, end: number): number {
  let largest = 0;
  for (let i = start; i < end; i += 2) {
    const a = values[i]!;
    const b = i + 1 < end ? values[i + 1]! : 0;
    const together = Math.max(Math.abs(a), Math.abs(b), a * b > 0 ? Math.abs(a + b) : 0);
    if (together > largest) largest = together;
  }
  return largest;
}

/**
 * Adds up each column of a quantised matrix: what an input of ones would give.
 *
 * @returns one sum for each row of the original
 */
export function columnSums({ values, scales }: QuantizedMatrix): Float32Array {
  const sums = new Float64Array(scales.length);
  for (let start = 0; start < values.length; start += scales.length) {
    for (let row = 0; row < sums.length; row++) sums[row]! += values[start + row]!;
  }
  return Float32Array.from(sums, (sum, row) => sum * scales[row]!);
}

/**
 * Takes columns out of a matrix and leaves zeros in their places.
 *
 * @param weight [rows, columns], row-major; is changed
 * @param taken the columns' numbers
 * @returns [taken, rows]: transposed, as MatMul takes it
 */
export function takeColumns(
  weight: Float32Array,
  { rows, columns }: { rows: number; columns: number },
  taken: Int32Array,
): Float32Array {
  const result = new Float32Array(taken.length * rows);
  for (const [i, column] of taken.entries()) {
    for (let row = 0; row < rows; row++) {
      result[i * rows + row] = weight[row * columns + column]!;
      weight[row * columns + column] = 0;
    }
  }
  return result;
}
