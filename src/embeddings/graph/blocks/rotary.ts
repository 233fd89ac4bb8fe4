/** Rotary position embeddings: queries and keys are turned by an angle that grows with their place. */
import { DataType } from '../onnx/graph.ts';
import { type GraphContext, sequenceLength } from './context.ts';

/** How fast each pair of columns turns. */
export interface RotaryRule {
  /** Base of the angles' geometric row. */
  readonly theta: number;
  /** `linear` divides the angles; `ntk` widens the base and slows the first pair, as GTE's own code does. */
  readonly scaling?: { readonly kind: 'linear' | 'ntk'; readonly factor: number } | undefined;
}

/** Angles' cosines and sines of every place, each [sequence, headSize / 2]. */
export interface RotaryTable {
  readonly cosine: string;
  readonly sine: string;
}

/**
 * Radians a place, for each pair of columns; rounded to float32 where the reference does.
 *
 * @example
 * inverseFrequencies(4, { theta: 10000 }) // [1, 0.01]
 * @see https://arxiv.org/abs/2104.09864
 */
export function inverseFrequencies(headSize: number, { theta, scaling }: RotaryRule): Float32Array {
  const base = scaling?.kind === 'ntk' ? theta * scaling.factor : theta;
  const slower = scaling?.kind === 'ntk' ? scaling.factor ** (2 / headSize) : (scaling?.factor ?? 1);
  const f32 = Math.fround;
  return Float32Array.from({ length: headSize / 2 }, (_, pair) => {
    const power = f32(base ** f32((2 * pair) / headSize));
    return f32(f32(1 / power) / slower);
  });
}

/** Makes the table of a graph; layers of one rule share it. */
export function rotaryTable(context: GraphContext, headSize: number, rule: RotaryRule): RotaryTable {
  const { graph } = context;
  const places = graph.node('Range', [graph.int64([0], []), sequenceLength(context), graph.int64([1], [])]);
  const column = graph.node('Unsqueeze', [
    graph.node('Cast', [places], { to: DataType.float }),
    graph.int64([1]),
  ]);
  const frequencies = graph.constant(inverseFrequencies(headSize, rule), [1, headSize / 2]);
  const angles = graph.node('Mul', [column, frequencies]);
  return { cosine: graph.node('Cos', [angles]), sine: graph.node('Sin', [angles]) };
}

/** Turns queries or keys, [batch, heads, sequence, headSize]: the first half of the columns with the second. */
export function rotate(
  { graph }: GraphContext,
  x: string,
  { cosine, sine }: RotaryTable,
  headSize: number,
): string {
  const half = headSize / 2;
  const slice = (start: number) =>
    graph.node('Slice', [x, graph.int64([start]), graph.int64([start + half]), graph.int64([3])]);
  const [first, second] = [slice(0), slice(half)];
  const times = (a: string, b: string) => graph.node('Mul', [a, b]);
  const turnedFirst = graph.node('Sub', [times(first, cosine), times(second, sine)]);
  const turnedSecond = graph.node('Add', [times(second, cosine), times(first, sine)]);
  return graph.node('Concat', [turnedFirst, turnedSecond], { axis: 3 });
}
