/** Gemma 3 (EmbeddingGemma): norms before and after each half of a layer, local and global layers. */
import { attention, planAttention } from '../blocks/attention.ts';
import { add, linear, linears } from '../blocks/context.ts';
import { wordRows } from '../blocks/embeddings.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { maskBias } from '../blocks/masks.ts';
import { rmsNorm } from '../blocks/norms.ts';
import { rotaryTable, rotate } from '../blocks/rotary.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';
import { type LayerKind, layerKinds } from './layer-kinds.ts';

/** @see https://arxiv.org/abs/2503.19786 */
export function gemma3(config: ConfigReader): EncoderPlan {
  const hidden = config.size('hidden_size', 2304);
  const heads = config.size('num_attention_heads', 8);
  const keyHeads = config.size('num_key_value_heads', 4);
  const headSize = config.size('head_dim', 256);
  const layers = config.size('num_hidden_layers', 26);
  const wide = config.size('intermediate_size', 9216);
  const vocabulary = config.size('vocab_size', 262_208);
  const epsilon = config.number('rms_norm_eps', 1e-6);
  const hasBias = config.flag('attention_bias', false);
  const feed = {
    hidden,
    wide,
    activation: config.activation('hidden_activation', 'gelu_pytorch_tanh'),
    hasBias: false,
  };
  const scale = 1 / Math.sqrt(config.number('query_pre_attn_scalar', 256));
  const every = config.size(['_sliding_window_pattern', 'sliding_window_pattern'], 6);
  const kinds = layerKinds(config, layers, (layer) => (layer + 1) % every === 0);
  const isCausal = !config.flag('use_bidirectional_attention', false);
  // The file gives the whole window; a causal query looks back over all of it, the other to half of it either way.
  const window = config.size('sliding_window', 4096);
  const reach = isCausal ? window - 1 : Math.floor(window / 2);
  config.none('attn_logit_softcapping');
  const turn = {
    full_attention: config.rotary(
      { key: 'rope_theta', byDefault: 1_000_000 },
      { layerType: 'full_attention' },
    ),
    sliding_attention: config.rotary(
      { key: 'rope_local_base_freq', byDefault: 10_000 },
      { layerType: 'sliding_attention', isScaled: false },
    ),
  };
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: vocabulary,
    maxTokens: config.size('max_position_embeddings', 131_072),
    positionPadding: undefined,
    linearWeights: layers * (2 * hidden * headSize * (heads + keyHeads) + 3 * hidden * wide),
    words: 'embed_tokens.weight',
    layers: { prefix: 'layers.', count: layers, key: 'num_hidden_layers' },
    async write(context) {
      const { graph } = context;
      // Gemma stores its norms' weights less one.
      const norm = (x: string, name: string, columns = hidden) =>
        rmsNorm(context, x, name, { columns, epsilon, added: 1 });
      const words = wordRows(context, { name: this.words, rows: vocabulary, columns: hidden });
      let rows = graph.node('Mul', [words, graph.scalar(Math.sqrt(hidden))]);
      const plan = planAttention(context, { heads, keyHeads, headSize });
      const tables = {
        full_attention: rotaryTable(context, headSize, turn.full_attention),
        sliding_attention: rotaryTable(context, headSize, turn.sliding_attention),
      };
      const bias: Record<LayerKind, string> = {
        full_attention: maskBias(context, { isCausal }),
        sliding_attention: maskBias(context, { isCausal, reach }),
      };
      for (const [layer, kind] of kinds.entries()) {
        const at = (part: string) => `layers.${layer}.${part}`;
        const turned = (part: string) => (x: string) =>
          rotate(context, norm(x, at(`self_attn.${part}_norm`), headSize), tables[kind], headSize);
        const parts = [heads, keyHeads, keyHeads].map((count, i) => ({
          name: at(`self_attn.${'qkv'[i]}_proj`),
          to: count * headSize,
        }));
        const projections = await linears(context, norm(rows, at('input_layernorm')), parts, {
          from: hidden,
          hasBias,
        });
        const seen = attention(context, projections, plan, {
          scale,
          bias: bias[kind],
          query: turned('q'),
          key: turned('k'),
        });
        const attended = await linear(context, seen, at('self_attn.o_proj'), {
          from: heads * headSize,
          to: hidden,
          hasBias,
        });
        rows = add(context, rows, norm(attended, at('post_attention_layernorm')));
        const names = {
          expand: [at('mlp.gate_proj'), at('mlp.up_proj')],
          down: at('mlp.down_proj'),
        } as const;
        const fed = await gatedFeedForward(context, norm(rows, at('pre_feedforward_layernorm')), names, feed);
        rows = add(context, rows, norm(fed, at('post_feedforward_layernorm')));
      }
      return norm(rows, 'norm');
    },
  };
}
