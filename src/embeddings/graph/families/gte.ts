/** GTE (gte-base-en-v1.5, gte-multilingual-base, arctic-embed-m-v2): rotation and GeGLU, published as model_type `new`. */
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';
import { rotaryBert } from './rotary-bert.ts';

/** @see https://arxiv.org/abs/2407.19669 */
export function gte(config: ConfigReader): EncoderPlan {
  config.only('position_embedding_type', 'rope');
  config.only('layer_norm_type', 'layer_norm');
  config.only('pack_qkv', true);
  config.only('logn_attention_scale', false);
  const hidden = config.size('hidden_size', 768);
  const heads = config.heads('num_attention_heads', hidden, 12);
  const count = config.size('num_hidden_layers', 12);
  const wide = config.size('intermediate_size', 3072);
  const activation = config.activation('hidden_act', 'gelu');
  const feed = { hidden, wide, activation, hasBias: false, hasOutputBias: true };
  return rotaryBert({
    hidden,
    heads,
    layers: { prefix: 'encoder.layer.', count, key: 'num_hidden_layers' },
    linearWeights: count * (4 * hidden * hidden + 3 * hidden * wide),
    vocabulary: config.size('vocab_size'),
    maxTokens: config.size('max_position_embeddings', 8192),
    tokenTypes: config.size('type_vocab_size', 1),
    epsilon: config.number('layer_norm_eps', 1e-12),
    turn: config.rotary({
      key: 'rope_theta',
      byDefault: config.value('model_type') === 'gte' ? 160_000 : 10_000,
    }),
    names: {
      embeddingNorm: 'embeddings.LayerNorm',
      projections: 'attention.qkv_proj',
      attentionOutput: 'attention.o_proj',
      attentionNorm: 'attn_ln',
      outputNorm: 'mlp_ln',
    },
    hasBias: true,
    feedForward: (context, x, at) =>
      gatedFeedForward(
        context,
        x,
        { expand: `${at}mlp.up_gate_proj`, first: 'up', down: `${at}mlp.down_proj` },
        feed,
      ),
  });
}
