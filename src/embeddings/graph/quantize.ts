/** Linear modules in 8 bits: weights quantised once here, activations by onnxruntime as they come. */
import type { FileHandle } from 'node:fs/promises';
import { readTensor } from '../weights/safetensors.ts';
import type { Weights } from '../weights/weights.ts';
import type { LinearSize, TensorSource } from './encoder.ts';
import { DataType, type GraphBuilder } from './graph.ts';
import { quantizedProduct, quantizeMatrix } from './quantized-product.ts';

/**
 * Takes linear modules in 8 bits and everything else from `base`.
 *
 * @param file receives the quantised weights; open for writing, and empty
 * @param location the file's name beside the graph
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
      const columns = bias.length;
      const { values, scales } = quantizeMatrix(weight, { rows: columns, columns: from });
      return quantizedProduct(graph, x, {
        matrix: await store(graph, `${names[0]}.quantized`, values, [from, columns]),
        scales: graph.constant(scales, [columns]),
        bias: graph.constant(bias, [columns]),
      });
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
