/** Tensors as the safetensors file holds them: the graph points into the file and copies nothing. */

import type { TensorEntry } from '../weights/safetensors.ts';
import type { Weights } from '../weights/weights.ts';
import { DataType, type GraphBuilder } from './onnx/graph.ts';
import type { LinearPart, LinearSize, TensorSource } from './onnx/tensor-source.ts';

const ELEMENT_TYPES: Readonly<Record<string, DataType>> = {
  F32: DataType.float,
  F16: DataType.float16,
  BF16: DataType.bfloat16,
};

/**
 * Takes every tensor from the model's own files. Half precision is cast to float32, which onnxruntime does
 * once, when the session is made; tables are cast row by row as they are read.
 *
 * @param locations the name beside the graph of each weights file, by its real path
 */
export function floatSource(weights: Weights, locations: ReadonlyMap<string, string>): TensorSource {
  const stored = (graph: GraphBuilder, name: string, entry: TensorEntry) =>
    graph.external(name, ELEMENT_TYPES[entry.dtype]!, entry.shape, {
      location: locations.get(entry.file)!,
      offset: entry.offset,
      length: entry.length,
    });
  const toFloat = (graph: GraphBuilder, value: string, entry: TensorEntry) =>
    entry.dtype === 'F32' ? value : graph.node('Cast', [value], { to: DataType.float });
  // Layers may share their weights (ALBERT): each value is made once.
  const made = new Map<string, string>();
  const once = (key: string, make: () => string) => {
    const value = made.get(key) ?? make();
    made.set(key, value);
    return value;
  };
  const tensor = (graph: GraphBuilder, name: string, shape: readonly number[]) => {
    const entry = weights.find(name, shape);
    return once(name, () => toFloat(graph, stored(graph, name, entry), entry));
  };
  /** One tensor for one product; onnxruntime joins them once, when the session is made. */
  const sideBySide = (graph: GraphBuilder, tensors: readonly string[]) =>
    tensors.length === 1
      ? tensors[0]!
      : once(tensors.join('+'), () => graph.node('Concat', tensors, { axis: 0 }));
  return {
    tensor,
    rows(graph, name, shape, index) {
      const entry = weights.find(name, shape);
      return toFloat(graph, graph.node('Gather', [stored(graph, name, entry), index]), entry);
    },
    async linear(graph, x, parts: readonly LinearPart[], { from, hasBias }: LinearSize) {
      const weight = parts.map(({ name, to }) => tensor(graph, `${name}.weight`, [to, from]));
      const bias = hasBias ? parts.map(({ name, to }) => tensor(graph, `${name}.bias`, [to])) : [];
      const joined = [weight, bias]
        .filter((tensors) => tensors.length > 0)
        .map((all) => sideBySide(graph, all));
      return graph.node('Gemm', [x, ...joined], { transB: 1 });
    },
  };
}
