/** Finds the inputs of linear modules that reach far beyond the others, by running real sentences in float32. */
import { DataType } from './onnx/graph.ts';
import { linearName, type TensorSource } from './onnx/tensor-source.ts';

/** The largest magnitude that each input of a linear module has had, by the module's name. */
export type InputMagnitudes = ReadonlyMap<string, Float32Array>;

/** Begins the names of the outputs that carry magnitudes; the number of the product and its module's name follow. */
const OUTPUT = 'magnitudes';

/** Inputs of a linear module that stay in float32, at most; more of them gain nothing (bench/README.md). */
const MOST_OUTLIERS = 8;
/** Of a small module's inputs only so many. */
const SHARE = 1 / 32;

/** Computes as `base` does; the graph gives the magnitudes of every product's inputs beside its rows. */
export function observedSource(base: TensorSource): TensorSource {
  let products = 0;
  return {
    ...base,
    linear(graph, x, parts, size) {
      const largest = graph.node('ReduceMax', [graph.node('Abs', [x]), graph.int64([0])], { keepdims: 0 });
      products += 1;
      graph.output([OUTPUT, products, linearName(parts)].join(':'), largest, DataType.float, [size.from]);
      return base.linear(graph, x, parts, size);
    },
  };
}

/** Reads the magnitudes from what an observed graph gave, by the names of its outputs; layers may share a module. */
export function readMagnitudes(outputs: Readonly<Record<string, Float32Array>>): InputMagnitudes {
  const magnitudes = new Map<string, Float32Array>();
  for (const [output, values] of Object.entries(outputs)) {
    const [kind, , name] = output.split(':');
    if (kind !== OUTPUT || name === undefined) continue;
    const others = magnitudes.get(name);
    magnitudes.set(name, others?.map((value, i) => Math.max(value, values[i]!)) ?? values.slice());
  }
  return magnitudes;
}

/**
 * The inputs that reach farthest.
 *
 * @param magnitudes of the inputs; without them none is known to reach far
 * @returns their numbers, rising: one in 32 of them, eight at most
 * @example farthestInputs(magnitudesOf64Inputs) // Int32Array [17, 40]
 */
export function farthestInputs(magnitudes: Float32Array = new Float32Array(0)): Int32Array {
  const count = Math.min(MOST_OUTLIERS, Math.floor(magnitudes.length * SHARE));
  const order = Array.from(magnitudes.keys()).sort((a, b) => magnitudes[b]! - magnitudes[a]! || a - b);
  return Int32Array.from(order.slice(0, count)).sort();
}
