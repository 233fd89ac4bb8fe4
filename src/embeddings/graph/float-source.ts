/** Tensors as the safetensors file holds them: the graph points into the file and copies nothing. */

import type { TensorEntry } from '../weights/safetensors.ts';
import type { Weights } from '../weights/weights.ts';
import type { LinearSize, TensorSource } from './encoder.ts';
import { DataType, type GraphBuilder } from './graph.ts';

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
  const tensor = (graph: GraphBuilder, name: string, shape: readonly number[]) => {
    const entry = weights.find(name, shape);
    return toFloat(graph, stored(graph, name, entry), entry);
  };
  return {
    tensor,
    rows(graph, name, shape, index) {
      const entry = weights.find(name, shape);
      return toFloat(graph, graph.node('Gather', [stored(graph, name, entry), index]), entry);
    },
    async linear(graph, x, names, { from, to }: LinearSize) {
      const weight = names.map((name) => tensor(graph, `${name}.weight`, [to, from]));
      const bias = names.map((name) => tensor(graph, `${name}.bias`, [to]));
      return graph.node('Gemm', [x, sideBySide(graph, weight), sideBySide(graph, bias)], { transB: 1 });
    },
  };
}

/** One tensor for one product; onnxruntime joins them once, when the session is made. */
function sideBySide(graph: GraphBuilder, tensors: readonly string[]): string {
  return tensors.length === 1 ? tensors[0]! : graph.node('Concat', tensors, { axis: 0 });
}
