/** A linear module's product in 8 bits: exact whole numbers in between, the same on every processor. */
import type { GraphBuilder } from './onnx/graph.ts';

const HIGHEST = 127;
const ZERO_POINT = 128;
/** Least magnitude of a row, so that a row of zeros is not divided by zero. */
const LEAST = 1e-30;
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
    const largest = largestOfNeighbours(weight.subarray(row * columns, (row + 1) * columns));
    scales[row] = largest === 0 ? 1 : largest / HIGHEST;
  }
  const values = new Int8Array(rows * columns);
  // In blocks of rows, so that the transposed writes stay within a cache line.
  for (let first = 0; first < rows; first += BLOCK) {
    const last = Math.min(first + BLOCK, rows);
    for (let column = 0; column < columns; column++) {
      for (let row = first; row < last; row++) {
        values[column * rows + row] = Math.round(weight[row * columns + column]! / scales[row]!);
      }
    }
  }
  return { values, scales };
}

/** The largest magnitude of a number, or of two neighbours of one sign together. */
function largestOfNeighbours(values: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i += 2) {
    const [a, b] = [values[i]!, values[i + 1] ?? 0];
    const together = a * b > 0 ? Math.abs(a + b) : Math.max(Math.abs(a), Math.abs(b));
    if (together > largest) largest = together;
  }
  return largest;
}

/** The values of the graph that a product needs beside its input. */
export interface QuantizedOperands {
  /** Whole numbers, int8 [from, to], as {@link quantizeMatrix} makes them. */
  readonly matrix: string;
  /** Float scales, [to]. */
  readonly scales: string;
  /** Float addend, [to]; undefined where the module has none. */
  readonly bias: string | undefined;
}

/**
 * Adds x · matrix + bias to the graph. Each row of x has a scale of its own, its largest magnitude, so that no row
 * costs another its exactness, and a sentence gives the same numbers in every batch.
 *
 * @param x float [rows, from]
 * @returns float [rows, to]
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (MatMulIntegerToFloat)
 */
export function quantizedProduct(
  graph: GraphBuilder,
  x: string,
  { matrix, scales, bias }: QuantizedOperands,
): string {
  const axis = graph.int64([-1]);
  const highest = graph.node('ReduceMax', [x, axis]);
  const lowest = graph.node('ReduceMin', [x, axis]);
  const largest = graph.node('Max', [highest, graph.node('Neg', [lowest]), graph.scalar(LEAST)]);
  const step = graph.scalar(1 / HIGHEST);
  const zeroPoint = graph.constant(Uint8Array.of(ZERO_POINT), []);
  const whole = graph.node('QuantizeLinear', [graph.node('Div', [x, largest]), step, zeroPoint]);
  const product = graph.microsoftNode('MatMulIntegerToFloat', [whole, matrix, step, scales, zeroPoint]);
  const scaled = graph.node('Mul', [product, largest]);
  return bias === undefined ? scaled : graph.node('Add', [scaled, bias]);
}
