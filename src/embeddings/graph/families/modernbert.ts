/** ModernBERT (gte-modernbert, granite-embedding r2, modernbert-embed): rotation, GeGLU, mostly local attention. */
import { attention, planAttention } from '../blocks/attention.ts';
import { add, linear } from '../blocks/context.ts';
import { wordRows } from '../blocks/embeddings.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { maskBias } from '../blocks/masks.ts';
import { layerNorm } from '../blocks/norms.ts';
import { rotaryTable, rotate } from '../blocks/rotary.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';
import { layerKinds } from './layer-kinds.ts';

/** @see https://arxiv.org/abs/2412.13663 */
export function modernbert(config: ConfigReader): EncoderPlan {
  const hidden = config.size('hidden_size', 768);
  const heads = config.heads('num_attention_heads', hidden, 12);
  const headSize = hidden / heads;
  const layers = config.size('num_hidden_layers', 22);
  const wide = config.size('intermediate_size', 1152);
  const vocabulary = config.size('vocab_size');
  const activation = config.activation('hidden_activation', 'gelu');
  const norm = {
    columns: hidden,
    epsilon: config.number('norm_eps', 1e-5),
    hasBias: config.flag('norm_bias', false),
  };
  const hasBias = config.flag('attention_bias', false);
  const feed = { hidden, wide, activation, hasBias: config.flag('mlp_bias', false) };
  const every = config.size('global_attn_every_n_layers', 3);
  const kinds = layerKinds(config, layers, (layer) => layer % every === 0);
  const reach = Math.floor(config.size('local_attention', 128) / 2);
  const turn = {
    full_attention: config.rotary(
      { key: 'global_rope_theta', byDefault: 160_000 },
      { layerType: 'full_attention' },
    ),
    sliding_attention: config.rotary(
      { key: 'local_rope_theta', byDefault: 10_000 },
      { layerType: 'sliding_attention' },
    ),
  };
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: vocabulary,
    maxTokens: config.size('max_position_embeddings', 8192),
    positionPadding: undefined,
    linearWeights: layers * (4 * hidden * hidden + 3 * hidden * wide),
    words: 'embeddings.tok_embeddings.weight',
    layers: { prefix: 'layers.', count: layers, key: 'num_hidden_layers' },
    async write(context) {
      const words = wordRows(context, { name: this.words, rows: vocabulary, columns: hidden });
      let rows = layerNorm(context, words, 'embeddings.norm', norm);
      const plan = planAttention(context, { heads, headSize });
      const attend = (kind: 'full_attention' | 'sliding_attention') => {
        const table = rotaryTable(context, headSize, turn[kind]);
        const turned = (x: string) => rotate(context, x, table, headSize);
        const bias = maskBias(context, { reach: kind === 'sliding_attention' ? reach : undefined });
        return { scale: 1 / Math.sqrt(headSize), bias, query: turned, key: turned };
      };
      const options = {
        full_attention: attend('full_attention'),
        sliding_attention: attend('sliding_attention'),
      };
      for (const [layer, kind] of kinds.entries()) {
        const at = `layers.${layer}`;
        const normal = layer === 0 ? rows : layerNorm(context, rows, `${at}.attn_norm`, norm);
        const projections = await linear(context, normal, `${at}.attn.Wqkv`, {
          from: hidden,
          to: 3 * hidden,
          hasBias,
        });
        const seen = attention(context, projections, plan, options[kind]);
        rows = add(
          context,
          rows,
          await linear(context, seen, `${at}.attn.Wo`, { from: hidden, to: hidden, hasBias }),
        );
        const middle = layerNorm(context, rows, `${at}.mlp_norm`, norm);
        const names = { expand: `${at}.mlp.Wi`, down: `${at}.mlp.Wo` };
        rows = add(context, rows, await gatedFeedForward(context, middle, names, feed));
      }
      return layerNorm(context, rows, 'final_norm', norm);
    },
  };
}
