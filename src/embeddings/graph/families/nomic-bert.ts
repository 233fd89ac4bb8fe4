/** NomicBERT (nomic-embed-text v1 and v1.5): rotation and SwiGLU; the published files use GPT's names of settings. */
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';
import { rotaryBert } from './rotary-bert.ts';

/** @see https://arxiv.org/abs/2402.01613 */
export function nomicBert(config: ConfigReader): EncoderPlan {
  refuseVariants(config);
  const hidden = config.size(['hidden_size', 'n_embd'], 768);
  const heads = config.heads(['num_attention_heads', 'n_head'], hidden, 12);
  config.only('head_dim', hidden / heads);
  const count = config.size(['num_hidden_layers', 'n_layer'], 12);
  const wide = config.size(['intermediate_size', 'n_inner'], 3072);
  const feed = {
    hidden,
    wide,
    activation: config.activation('hidden_act', 'silu'),
    hasBias: config.flag('mlp_fc1_bias', false),
    hasOutputBias: config.flag('mlp_fc2_bias', false),
  };
  return rotaryBert({
    hidden,
    heads,
    layers: { prefix: 'encoder.layers.', count, key: config.keyOf('num_hidden_layers', 'n_layer') },
    linearWeights: count * (4 * hidden * hidden + 3 * hidden * wide),
    vocabulary: config.size('vocab_size', 30_528),
    maxTokens: config.size(['max_position_embeddings', 'n_positions'], 2048),
    tokenTypes: config.size('type_vocab_size', 2),
    epsilon: config.number(['layer_norm_eps', 'layer_norm_epsilon'], 1e-12),
    turn: config.rotary({ key: 'rotary_emb_base', byDefault: 1000 }),
    names: {
      embeddingNorm: 'emb_ln',
      projections: 'attn.Wqkv',
      attentionOutput: 'attn.out_proj',
      attentionNorm: 'norm1',
      outputNorm: 'norm2',
    },
    hasBias: config.flag('qkv_proj_bias', false),
    feedForward: (context, x, at) =>
      gatedFeedForward(
        context,
        x,
        { expand: [`${at}mlp.fc12`, `${at}mlp.fc11`], down: `${at}mlp.fc2` },
        feed,
      ),
  });
}

/** Settings of the published form that would change the computation. */
function refuseVariants(config: ConfigReader): void {
  config.only('activation_function', 'swiglu');
  config.only('rotary_emb_fraction', 1);
  for (const key of [
    'rotary_emb_interleaved',
    'prenorm',
    'parallel_block',
    'causal',
    'use_rms_norm',
    'is_decoder',
  ]) {
    config.only(key, false);
  }
  for (const key of ['rotary_scaling_factor', 'rotary_emb_scale_base', 'num_experts']) config.none(key);
}
