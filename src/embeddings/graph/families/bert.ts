/** BERT and its kin: ELECTRA, RoBERTa, XLM-R, CamemBERT, DistilBERT, MPNet. Each layer normalises after adding. */
import { attention, planAttention } from '../blocks/attention.ts';
import { add, linear, linears } from '../blocks/context.ts';
import { bertEmbeddings, widen } from '../blocks/embeddings.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { maskBias } from '../blocks/masks.ts';
import { layerNorm } from '../blocks/norms.ts';
import { relativeBias } from '../blocks/relative-bias.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';

/** A layer's tensors, by the part they play; `.weight` and `.bias` follow. */
interface LayerNames {
  /** Followed by the layer's number. */
  readonly layers: string;
  readonly projections: readonly [query: string, key: string, value: string];
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly up: string;
  readonly down: string;
  readonly outputNorm: string;
}

const BERT_NAMES: LayerNames = {
  layers: 'encoder.layer.',
  projections: ['attention.self.query', 'attention.self.key', 'attention.self.value'],
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  outputNorm: 'output.LayerNorm',
};
const MPNET_NAMES: LayerNames = {
  ...BERT_NAMES,
  projections: ['attention.attn.q', 'attention.attn.k', 'attention.attn.v'],
  attentionOutput: 'attention.attn.o',
  attentionNorm: 'attention.LayerNorm',
};
const DISTILBERT_NAMES: LayerNames = {
  layers: 'transformer.layer.',
  projections: ['attention.q_lin', 'attention.k_lin', 'attention.v_lin'],
  attentionOutput: 'attention.out_lin',
  attentionNorm: 'sa_layer_norm',
  up: 'ffn.lin1',
  down: 'ffn.lin2',
  outputNorm: 'output_layer_norm',
};

/** MPNet's position padding is a constant of the model, whatever pad_token_id says. */
const MPNET_POSITION_PADDING = 1;

/** What distinguishes the members of the family. */
export interface Shape {
  readonly hidden: number;
  /** Columns of the embedding tables; ELECTRA projects them to the hidden size. */
  readonly embeddings: number;
  readonly layers: number;
  readonly layersKey: string;
  readonly heads: number;
  readonly wide: number;
  readonly tokenTypes: number;
  readonly epsilon: number;
  readonly activation: string;
  readonly names: LayerNames;
  /** The id that positions skip, where they count from the id after it. */
  readonly positionPadding?: number | undefined;
  /** Buckets of MPNet's bias by distance. */
  readonly buckets?: number | undefined;
}

/** BERT: positions from 0. */
export function bert(config: ConfigReader): EncoderPlan {
  return plan(config, bertShape(config));
}

/** ELECTRA: BERT whose tables may be narrower than its layers. */
export function electra(config: ConfigReader): EncoderPlan {
  return plan(config, { ...bertShape(config), embeddings: config.size('embedding_size', 128) });
}

/** RoBERTa, XLM-R, CamemBERT: positions count real tokens from the id after the padding's. */
export function roberta(config: ConfigReader): EncoderPlan {
  return plan(config, { ...bertShape(config), positionPadding: config.size('pad_token_id', 1) });
}

/** MPNet: no token types, and a bias by distance. */
export function mpnet(config: ConfigReader): EncoderPlan {
  return plan(config, mpnetShape(config));
}

/** DistilBERT: BERT without token types, under other names. */
export function distilbert(config: ConfigReader): EncoderPlan {
  const hidden = config.size('dim', 768);
  return plan(config, {
    hidden,
    embeddings: hidden,
    layers: config.size('n_layers', 6),
    layersKey: 'n_layers',
    heads: config.heads('n_heads', hidden, 12),
    wide: config.size('hidden_dim', 3072),
    tokenTypes: 0,
    epsilon: 1e-12,
    activation: config.activation('activation', 'gelu'),
    names: DISTILBERT_NAMES,
  });
}

/** The shape of MPNet. */
export function mpnetShape(config: ConfigReader): Shape {
  return {
    ...bertShape(config),
    names: MPNET_NAMES,
    tokenTypes: 0,
    positionPadding: MPNET_POSITION_PADDING,
    buckets: config.size('relative_attention_num_buckets', 32),
  };
}

/** The shape of BERT. */
export function bertShape(config: ConfigReader): Shape {
  const hidden = config.size('hidden_size');
  return {
    hidden,
    embeddings: hidden,
    layers: config.size('num_hidden_layers'),
    layersKey: 'num_hidden_layers',
    heads: config.heads('num_attention_heads', hidden),
    wide: config.size('intermediate_size'),
    tokenTypes: config.size('type_vocab_size', 2),
    epsilon: config.number('layer_norm_eps', 1e-12),
    activation: config.activation('hidden_act', 'gelu'),
    names: BERT_NAMES,
  };
}

function plan(config: ConfigReader, shape: Shape): EncoderPlan {
  config.only('position_embedding_type', 'absolute');
  config.only('is_decoder', false);
  const { hidden, heads, epsilon, names, positionPadding } = shape;
  const vocabulary = config.size('vocab_size');
  const positions = config.size('max_position_embeddings', 512);
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: vocabulary,
    maxTokens: positions - (positionPadding === undefined ? 0 : positionPadding + 1),
    positionPadding,
    tokenTypes: shape.tokenTypes,
    linearWeights: shape.layers * (4 * hidden * hidden + 2 * hidden * shape.wide),
    words: 'embeddings.word_embeddings.weight',
    layers: { prefix: names.layers, count: shape.layers, key: shape.layersKey },
    async write(context) {
      const tables = { prefix: 'embeddings', norm: 'embeddings.LayerNorm', columns: shape.embeddings };
      const { tokenTypes } = shape;
      const embedded = bertEmbeddings(context, { ...tables, vocabulary, positions, tokenTypes, epsilon });
      let rows = await widen(context, embedded, 'embeddings_project', { from: shape.embeddings, to: hidden });
      const headSize = hidden / heads;
      const heading = planAttention(context, { heads, headSize });
      const options = { scale: 1 / Math.sqrt(headSize), bias: biasOf(context, shape) };
      for (let layer = 0; layer < shape.layers; layer++) {
        const at = (part: string) => `${names.layers}${layer}.${part}`;
        const norm = (x: string, part: string) =>
          layerNorm(context, x, at(part), { columns: hidden, epsilon });
        const parts = names.projections.map((part) => ({ name: at(part), to: hidden }));
        const projections = await linears(context, rows, parts, { from: hidden });
        const seen = attention(context, projections, heading, options);
        const attended = await linear(context, seen, at(names.attentionOutput), { from: hidden, to: hidden });
        const middle = norm(add(context, attended, rows), names.attentionNorm);
        const feed = { up: at(names.up), down: at(names.down) };
        rows = norm(add(context, await feedForward(context, middle, feed, shape), middle), names.outputNorm);
      }
      return rows;
    },
  };
}

function biasOf(context: Parameters<EncoderPlan['write']>[0], { buckets, heads }: Shape): string {
  const mask = maskBias(context);
  if (buckets === undefined) return mask;
  const name = 'encoder.relative_attention_bias.weight';
  return add(context, relativeBias(context, { name, buckets, heads }), mask);
}
