/** Self-attention over packed rows: the one place where sentences stand in a padded batch. */
import { DataType, type GraphBuilder } from '../onnx/graph.ts';
import { type GraphContext, sequenceLength } from './context.ts';

/** How queries, keys and values stand in a row of the projections. */
export interface HeadLayout {
  /** Heads of the queries. */
  readonly heads: number;
  /** Heads of the keys and values, each shared by equally many queries; default: as many as queries. */
  readonly keyHeads?: number;
  readonly headSize: number;
  /** Whether each head's query, key and value stand together (DeBERTa); default: all queries, all keys, all values. */
  readonly isInterleaved?: boolean;
}

/** Values that every layer's attention shares, made once a graph. */
export interface AttentionPlan {
  readonly layout: HeadLayout;
  /** Rows of the queries, keys and values in [tokens × all heads, headSize], each [batch, heads, sequence]. */
  readonly rows: { readonly query: string; readonly key: string; readonly value: string };
  /** Rows of the context in [batch × heads × sequence, headSize], for each token and head. */
  readonly contextRows: string;
}

/** What a family's attention does beside the plain one. */
export interface AttentionOptions {
  /** What products of queries and keys are multiplied with. */
  readonly scale: number;
  /** What is added to the scores: 0 where a key is seen, the lowest float where it is not; and biases. */
  readonly bias: string;
  /** Changes the queries (norms, rotation, a bias): [batch, heads, sequence, headSize] to the same. */
  readonly query?: (x: string) => string;
  readonly key?: (x: string) => string;
  readonly value?: (x: string) => string;
  /** More scores, made of queries and keys: [batch, heads, sequence, sequence]. */
  readonly moreScores?: (query: string, key: string) => string;
}

/**
 * Makes the row numbers for every layer. The projections give [tokens, all heads × headSize], which is as well
 * [tokens × all heads, headSize]: one Gather pads, splits into heads, repeats shared keys and transposes at once.
 */
export function planAttention(context: GraphContext, layout: HeadLayout): AttentionPlan {
  const { graph, inputs } = context;
  const { heads, keyHeads = heads, isInterleaved = false } = layout;
  const tokenRow = graph.node('Mul', [inputs.padIndex, int32(graph, heads + 2 * keyHeads)]);
  const rowsAt = (place: (head: number) => number) =>
    graph.node('Add', [
      tokenRow,
      graph.constant(
        Int32Array.from({ length: heads }, (_, h) => place(h)),
        [1, heads, 1],
      ),
    ]);
  const shared = (head: number) => Math.floor(head / (heads / keyHeads));
  const rows = isInterleaved
    ? { query: rowsAt((h) => 3 * h), key: rowsAt((h) => 3 * h + 1), value: rowsAt((h) => 3 * h + 2) }
    : {
        query: rowsAt((h) => h),
        key: rowsAt((h) => heads + shared(h)),
        value: rowsAt((h) => heads + keyHeads + shared(h)),
      };
  const length = graph.node('Cast', [sequenceLength(context)], { to: DataType.int32 });
  const headNumbers = graph.constant(
    Int32Array.from({ length: heads }, (_, h) => h),
    [1, heads],
  );
  const contextRows = graph.node('Add', [inputs.unpadIndex, graph.node('Mul', [headNumbers, length])]);
  return { layout, rows, contextRows };
}

/**
 * Scaled dot-product attention.
 *
 * @param projections queries, keys and values of every token, [tokens, all heads × headSize]
 * @returns the context of every token, [tokens, heads × headSize]
 * @see https://arxiv.org/abs/1706.03762 (Attention Is All You Need, 3.2)
 */
export function attention(
  { graph }: GraphContext,
  projections: string,
  { layout, rows, contextRows }: AttentionPlan,
  { scale, bias, moreScores, ...change }: AttentionOptions,
): string {
  const { heads, headSize } = layout;
  const perHead = graph.node('Reshape', [projections, graph.int64([-1, headSize])]);
  const take = (part: 'query' | 'key' | 'value') => {
    const taken = graph.node('Gather', [perHead, rows[part]]);
    return change[part]?.(taken) ?? taken;
  };
  const [query, key, value] = [take('query'), take('key'), take('value')];
  const products = graph.node('MatMul', [query, graph.node('Transpose', [key], { perm: [0, 1, 3, 2] })]);
  let scores = scale === 1 ? products : graph.node('Mul', [products, graph.scalar(scale)]);
  if (moreScores) scores = graph.node('Add', [scores, moreScores(query, key)]);
  const seen = graph.node('Softmax', [graph.node('Add', [scores, bias])], { axis: -1 });
  const contexts = graph.node('Reshape', [graph.node('MatMul', [seen, value]), graph.int64([-1, headSize])]);
  const tokens = graph.node('Gather', [contexts, contextRows]);
  return graph.node('Reshape', [tokens, graph.int64([-1, heads * headSize])]);
}

function int32(graph: GraphBuilder, value: number): string {
  return graph.constant(Int32Array.of(value), []);
}
