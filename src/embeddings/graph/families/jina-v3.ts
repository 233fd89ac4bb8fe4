/** Jina embeddings v3 without its adapters, as transformers 5 stores it: XLM-R's layers with rotation. */
import { feedForward } from '../blocks/feed-forward.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';
import { rotaryBert } from './rotary-bert.ts';

/** @see https://arxiv.org/abs/2409.10173 */
export function jinaV3(config: ConfigReader): EncoderPlan {
  config.none('lora_adaptations');
  const hidden = config.size('hidden_size', 1024);
  const heads = config.heads('num_attention_heads', hidden, 16);
  const count = config.size('num_hidden_layers', 24);
  const wide = config.size('intermediate_size', 4096);
  const feed = { hidden, wide, activation: config.activation('hidden_act', 'gelu') };
  return rotaryBert({
    hidden,
    heads,
    layers: { prefix: 'encoder.layers.', count, key: 'num_hidden_layers' },
    linearWeights: count * (4 * hidden * hidden + 2 * hidden * wide),
    vocabulary: config.size('vocab_size'),
    maxTokens: config.size('max_position_embeddings', 8194),
    tokenTypes: config.size('type_vocab_size', 1),
    epsilon: config.number('layer_norm_eps', 1e-5),
    turn: config.rotary({ key: 'rope_theta', byDefault: 20_000 }),
    names: {
      embeddingNorm: 'emb_ln',
      projections: 'mixer.Wqkv',
      attentionOutput: 'mixer.out_proj',
      attentionNorm: 'norm1',
      outputNorm: 'norm2',
    },
    hasBias: true,
    feedForward: (context, x, at) =>
      feedForward(context, x, { up: `${at}mlp.fc1`, down: `${at}mlp.fc2` }, feed),
  });
}
