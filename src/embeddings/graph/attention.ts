/** Self-attention over packed rows: the one place where sentences stand in a padded batch. */
import { DataType, type GraphBuilder } from './graph.ts';

/** Values that every layer's attention shares, made once a graph. */
export interface AttentionPlan {
  readonly heads: number;
  readonly headSize: number;
  /** Rows of the queries, keys and values in [tokens × 3 × heads, headSize], each [batch, heads, sequence]. */
  readonly rows: { readonly query: string; readonly key: string; readonly value: string };
  /** Rows of the context in [batch × heads × sequence, headSize], for each token and head. */
  readonly contextRows: string;
  /** What is added to the scores: 0, or -infinity for padding; with MPNet's bias where there is one. */
  readonly bias: string;
}

/** The inputs of the graph that say which token stands where. */
export interface PackedInputs {
  readonly inputIds: string;
  readonly positionIds: string;
  readonly padIndex: string;
  readonly unpadIndex: string;
  readonly maskBias: string;
}

/** Declares the inputs; `packed.ts` makes what is fed to them. */
export function packedInputs(graph: GraphBuilder): PackedInputs {
  return {
    inputIds: graph.input('input_ids', DataType.int32, ['tokens']),
    positionIds: graph.input('position_ids', DataType.int32, ['tokens']),
    padIndex: graph.input('pad_index', DataType.int32, ['batch', 1, 'sequence']),
    unpadIndex: graph.input('unpad_index', DataType.int32, ['tokens', 1]),
    maskBias: graph.input('mask_bias', DataType.float, ['batch', 1, 1, 'sequence']),
  };
}

/**
 * Makes the row numbers for every layer. The projections give [tokens, 3 × hidden], which is as well
 * [tokens × 3 × heads, headSize]: one Gather pads, splits into heads and transposes at once.
 *
 * @param bias what attention adds beside the mask, [1, heads, sequence, sequence]
 */
export function planAttention(
  graph: GraphBuilder,
  inputs: PackedInputs,
  { heads, headSize, bias }: { heads: number; headSize: number; bias: string | undefined },
): AttentionPlan {
  const tokenRow = graph.node('Mul', [inputs.padIndex, int32(graph, 3 * heads)]);
  const rowsFrom = (first: number) =>
    graph.node('Add', [tokenRow, graph.constant(headNumbers(heads, first), [1, heads, 1])]);
  const length = graph.node('Cast', [sequenceLength(graph, inputs)], { to: DataType.int32 });
  const headStart = graph.node('Mul', [graph.constant(headNumbers(heads, 0), [1, heads]), length]);
  return {
    heads,
    headSize,
    rows: { query: rowsFrom(0), key: rowsFrom(heads), value: rowsFrom(2 * heads) },
    contextRows: graph.node('Add', [inputs.unpadIndex, headStart]),
    bias: bias === undefined ? inputs.maskBias : graph.node('Add', [bias, inputs.maskBias]),
  };
}

/** The batch's longest sentence: an int64 scalar. */
export function sequenceLength(graph: GraphBuilder, inputs: PackedInputs): string {
  return graph.node('Gather', [graph.node('Shape', [inputs.padIndex]), graph.int64([2], [])]);
}

/**
 * Scaled dot-product attention.
 *
 * @param projections queries, keys and values of every token, [tokens, 3 × hidden]
 * @returns the context of every token, [tokens, hidden]
 * @see https://arxiv.org/abs/1706.03762 (Attention Is All You Need, 3.2)
 */
export function attention(graph: GraphBuilder, projections: string, plan: AttentionPlan): string {
  const perHead = graph.node('Reshape', [projections, graph.int64([-1, plan.headSize])]);
  const query = graph.node('Gather', [perHead, plan.rows.query]);
  const key = graph.node('Gather', [perHead, plan.rows.key]);
  const value = graph.node('Gather', [perHead, plan.rows.value]);
  const keyColumns = graph.node('Transpose', [key], { perm: [0, 1, 3, 2] });
  const products = graph.node('MatMul', [query, keyColumns]);
  const scaled = graph.node('Mul', [products, graph.scalar(1 / Math.sqrt(plan.headSize))]);
  const scores = graph.node('Add', [scaled, plan.bias]);
  const context = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), value]);
  const contextRows = graph.node('Reshape', [context, graph.int64([-1, plan.headSize])]);
  const tokens = graph.node('Gather', [contextRows, plan.contextRows]);
  return graph.node('Reshape', [tokens, graph.int64([-1, plan.heads * plan.headSize])]);
}

function headNumbers(heads: number, first: number): Int32Array {
  return Int32Array.from({ length: heads }, (_, head) => first + head);
}

function int32(graph: GraphBuilder, value: number): string {
  return graph.constant(Int32Array.of(value), []);
}
