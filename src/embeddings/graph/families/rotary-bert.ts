/** BERT with rotation in place of positions: NomicBERT, GTE (also as `new`), Jina v3. Norms come after adding. */
import { attention, planAttention } from '../blocks/attention.ts';
import { add, type GraphContext, linear } from '../blocks/context.ts';
import { bertEmbeddings } from '../blocks/embeddings.ts';
import { maskBias } from '../blocks/masks.ts';
import { layerNorm } from '../blocks/norms.ts';
import { type RotaryRule, rotaryTable, rotate } from '../blocks/rotary.ts';
import type { EncoderPlan } from './encoder-plan.ts';

/** What distinguishes the members of the family. */
export interface RotaryBert {
  readonly hidden: number;
  readonly heads: number;
  readonly layers: { readonly prefix: string; readonly count: number; readonly key: string };
  readonly linearWeights: number;
  readonly vocabulary: number;
  readonly maxTokens: number;
  readonly tokenTypes: number;
  readonly epsilon: number;
  readonly turn: RotaryRule;
  /** A layer's tensors; queries, keys and values are one tensor. */
  readonly names: {
    readonly embeddingNorm: string;
    readonly projections: string;
    readonly attentionOutput: string;
    readonly attentionNorm: string;
    readonly outputNorm: string;
  };
  /** Whether attention's linear modules have a bias. */
  readonly hasBias: boolean;
  /** Writes the feed-forward half of a layer. @param at what stands before the names of the layer's tensors */
  feedForward(context: GraphContext, x: string, at: string): Promise<string>;
}

/** The plan of such an encoder. */
export function rotaryBert(shape: RotaryBert): EncoderPlan {
  const { hidden, heads, layers, names, hasBias, epsilon, turn } = shape;
  const headSize = hidden / heads;
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: shape.vocabulary,
    maxTokens: shape.maxTokens,
    positionPadding: undefined,
    linearWeights: shape.linearWeights,
    words: 'embeddings.word_embeddings.weight',
    layers,
    async write(context) {
      const tables = { prefix: 'embeddings', norm: names.embeddingNorm, columns: hidden, positions: 0 };
      const { vocabulary, tokenTypes } = shape;
      let rows = bertEmbeddings(context, { ...tables, vocabulary, tokenTypes, epsilon });
      const plan = planAttention(context, { heads, headSize });
      const table = rotaryTable(context, headSize, turn);
      const turned = (x: string) => rotate(context, x, table, headSize);
      const options = { scale: 1 / Math.sqrt(headSize), bias: maskBias(context), query: turned, key: turned };
      for (let layer = 0; layer < layers.count; layer++) {
        const at = `${layers.prefix}${layer}.`;
        const norm = (x: string, part: string) =>
          layerNorm(context, x, at + part, { columns: hidden, epsilon });
        const size = { from: hidden, hasBias };
        const projections = await linear(context, rows, at + names.projections, { ...size, to: 3 * hidden });
        const seen = attention(context, projections, plan, options);
        const attended = await linear(context, seen, at + names.attentionOutput, { ...size, to: hidden });
        const middle = norm(add(context, attended, rows), names.attentionNorm);
        rows = norm(add(context, await shape.feedForward(context, middle, at), middle), names.outputNorm);
      }
      return rows;
    },
  };
}
