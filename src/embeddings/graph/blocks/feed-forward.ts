/** The feed-forward half of a layer: plain, or gated (GeGLU, SwiGLU and their kin). */
import type { LinearPart } from '../onnx/tensor-source.ts';
import { activate } from './activations.ts';
import { type GraphContext, linear, linears } from './context.ts';

/** The sizes of a feed-forward block. */
export interface FeedForwardSize {
  /** Columns of a row. */
  readonly hidden: number;
  /** Columns between its linear modules. */
  readonly wide: number;
  /** One of ACTIVATIONS. */
  readonly activation: string;
  /** Whether the first linear modules have a bias; default: yes. */
  readonly hasBias?: boolean;
  /** Whether the last one has; default: as the first ones. */
  readonly hasOutputBias?: boolean;
}

/** down(activation(up(x))). */
export async function feedForward(
  context: GraphContext,
  x: string,
  { up, down }: { up: string; down: string },
  size: FeedForwardSize,
): Promise<string> {
  const { hidden, wide, activation, hasBias = true, hasOutputBias = hasBias } = size;
  const expanded = await linear(context, x, up, { from: hidden, to: wide, hasBias });
  return linear(context, activate(context.graph, activation, expanded), down, {
    from: wide,
    to: hidden,
    hasBias: hasOutputBias,
  });
}

/** The linear modules of a gated block. */
export interface GatedNames {
  /** The one that the activation is applied to, and the one it is multiplied with; or one tensor that holds both. */
  readonly expand: readonly [gate: string, up: string] | string;
  /** Which of them the one tensor begins with. */
  readonly first?: 'gate' | 'up';
  readonly down: string;
}

/**
 * down(activation(gate(x)) · up(x)).
 * @see https://arxiv.org/abs/2002.05202
 */
export async function gatedFeedForward(
  context: GraphContext,
  x: string,
  { expand, first = 'gate', down }: GatedNames,
  size: FeedForwardSize,
): Promise<string> {
  const { hidden, wide, activation, hasBias = true, hasOutputBias = hasBias } = size;
  const { graph } = context;
  const parts: LinearPart[] =
    typeof expand === 'string'
      ? [{ name: expand, to: 2 * wide }]
      : expand.map((name) => ({ name, to: wide }));
  const both = await linears(context, x, parts, { from: hidden, hasBias });
  const half = (start: number) =>
    graph.node('Slice', [both, graph.int64([start]), graph.int64([start + wide]), graph.int64([1])]);
  const [gate, up] = first === 'gate' ? [half(0), half(wide)] : [half(wide), half(0)];
  const product = graph.node('Mul', [activate(graph, activation, gate), up]);
  return linear(context, product, down, { from: wide, to: hidden, hasBias: hasOutputBias });
}
