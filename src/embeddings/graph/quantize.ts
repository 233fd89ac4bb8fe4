/** Linear modules in 8 bits: weights quantised once here, activations by onnxruntime as they come. */
import type { FileHandle } from 'node:fs/promises';
import { readTensor } from '../weights/safetensors.ts';
import type { Weights } from '../weights/weights.ts';
import type { LinearSize, TensorSource } from './encoder.ts';
import { DataType, type GraphBuilder } from './graph.ts';

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
 * @param weight [rows, columns], row-major
 * @example
 * quantizeMatrix(Float32Array.of(1, -2, 0, 4), { rows: 2, columns: 2 })
 * // values [64, 0, -127, 127], scales [2 / 127, 4 / 127]
 */
export function quantizeMatrix(
  weight: Float32Array,
  { rows, columns }: { rows: number; columns: number },
): QuantizedMatrix {
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const largest = largestMagnitude(weight.subarray(row * columns, (row + 1) * columns));
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

/**
 * Takes linear modules in 8 bits and everything else from `base`.
 *
 * @param file receives the quantised weights; open for writing, and empty
 * @param location the file's name beside the graph
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (DynamicQuantizeMatMul)
 */
export function quantizedSource(
  weights: Weights,
  base: TensorSource,
  { file, location }: { file: FileHandle; location: string },
): TensorSource {
  let offset = 0;
  const store = async (graph: GraphBuilder, name: string, values: Int8Array, shape: readonly number[]) => {
    await file.writeFile(new Uint8Array(values.buffer));
    const tensor = graph.external(name, DataType.int8, shape, { location, offset, length: values.length });
    offset += values.length;
    return tensor;
  };
  return {
    ...base,
    async linear(graph, x, names, { from, to }: LinearSize) {
      const read = async (name: string, shape: readonly number[]) => readTensor(weights.find(name, shape));
      const weight = joined(await Promise.all(names.map((name) => read(`${name}.weight`, [to, from]))));
      const bias = joined(await Promise.all(names.map((name) => read(`${name}.bias`, [to]))));
      const { values, scales } = quantizeMatrix(weight, { rows: bias.length, columns: from });
      const matrix = await store(graph, `${names[0]}.quantized`, values, [from, bias.length]);
      const scale = graph.constant(scales, [bias.length]);
      const addend = graph.constant(bias, [bias.length]);
      return graph.microsoftNode('DynamicQuantizeMatMul', [x, matrix, scale, '', addend]);
    },
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
