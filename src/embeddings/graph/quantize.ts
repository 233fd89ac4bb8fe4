/** Linear modules in 8 bits: weights quantised once here, activations by onnxruntime as they come. */
import type { FileHandle } from 'node:fs/promises';
import { readTensor } from '../weights/safetensors.ts';
import type { Weights } from '../weights/weights.ts';
import { farthestInputs, type InputMagnitudes } from './observe.ts';
import { DataType, type GraphBuilder } from './onnx/graph.ts';
import { type LinearPart, type LinearSize, linearName, type TensorSource } from './onnx/tensor-source.ts';
import {
  type QuantizedOperands,
  quantizedOperands,
  quantizedProduct,
  quantizeLinear,
} from './quantized-product.ts';

/**
 * Takes linear modules in 8 bits and everything else from `base`.
 *
 * @param magnitudes of the inputs of every linear module, by which its outliers are known
 * @param file receives the quantised weights; open for writing, and empty
 * @param location the file's name beside the graph
 */
export function quantizedSource(
  weights: Weights,
  base: TensorSource,
  { magnitudes, file, location }: { magnitudes: InputMagnitudes; file: FileHandle; location: string },
): TensorSource {
  let offset = 0;
  const store = async (graph: GraphBuilder, name: string, values: Int8Array, shape: readonly number[]) => {
    await file.writeFile(new Uint8Array(values.buffer));
    const tensor = graph.external(name, DataType.int8, shape, { location, offset, length: values.length });
    offset += values.length;
    return tensor;
  };
  const stored = new Map<string, QuantizedOperands>();
  const quantize = async (
    graph: GraphBuilder,
    key: string,
    parts: readonly LinearPart[],
    { from, hasBias }: LinearSize,
  ): Promise<QuantizedOperands> => {
    const all = async (kind: 'weight' | 'bias', shapeOf: (to: number) => readonly number[]) =>
      joined(
        await Promise.all(
          parts.map(({ name, to }) => readTensor(weights.find(`${name}.${kind}`, shapeOf(to)))),
        ),
      );
    const weight = await all('weight', (to) => [to, from]);
    const bias = hasBias ? await all('bias', (to) => [to]) : undefined;
    const linear = quantizeLinear(weight, { from, bias, outliers: farthestInputs(magnitudes.get(key)) });
    const shape = [from, linear.scales.length];
    return quantizedOperands(graph, await store(graph, `${key}.quantized`, linear.values, shape), linear);
  };
  return {
    ...base,
    async linear(graph, x, parts, { from, hasBias }: LinearSize) {
      const key = linearName(parts);
      // Layers may share their weights (ALBERT): each product is stored once.
      const operands = stored.get(key) ?? (await quantize(graph, key, parts, { from, hasBias }));
      stored.set(key, operands);
      return quantizedProduct(graph, x, operands);
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
