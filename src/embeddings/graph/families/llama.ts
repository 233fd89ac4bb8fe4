/** The layers of Llama, in the encoders made of them: Qwen2, Qwen3, Mistral (causal), EuroBERT (both directions). */
import { UnsupportedModelError } from '../../weights/errors.ts';
import { type AttentionOptions, attention, planAttention } from '../blocks/attention.ts';
import { add, type GraphContext, linear, linears } from '../blocks/context.ts';
import { wordRows } from '../blocks/embeddings.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { maskBias } from '../blocks/masks.ts';
import { rmsNorm } from '../blocks/norms.ts';
import { rotaryTable, rotate } from '../blocks/rotary.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';
import { type LayerKind, layerKinds } from './layer-kinds.ts';

/** What distinguishes the members of the family. */
interface Variant {
  readonly isCausal: boolean;
  /** Whether queries, keys and values have a bias. */
  readonly hasBias: boolean;
  /** Whether attention's output has one. */
  readonly hasOutputBias?: boolean;
  readonly hasFeedForwardBias?: boolean;
  /** Whether queries and keys are normalised, each head by itself. */
  readonly hasHeadNorms?: boolean;
  readonly headSize?: number;
  readonly epsilon: number;
  readonly theta: number;
  readonly kinds: readonly LayerKind[];
}

/** gte-Qwen2: biases on queries, keys and values. */
export function qwen2(config: ConfigReader): EncoderPlan {
  return plan(config, { ...causal(config), hasBias: true });
}

/** Qwen3-Embedding: heads of their own size, normalised. */
export function qwen3(config: ConfigReader): EncoderPlan {
  const hasBias = config.flag('attention_bias', false);
  const own = { hasBias, hasOutputBias: hasBias, hasHeadNorms: true, headSize: config.size('head_dim', 128) };
  return plan(config, { ...causal(config), ...own });
}

/** e5-mistral: every layer sees a window. */
export function mistral(config: ConfigReader): EncoderPlan {
  const layers = config.size('num_hidden_layers');
  const hasWindow = config.value('sliding_window') !== undefined;
  const kinds = layerKinds(config, layers, () => !hasWindow);
  return plan(config, { ...causal(config), kinds });
}

/** EuroBERT: sees both directions. */
export function eurobert(config: ConfigReader): EncoderPlan {
  const hasBias = config.flag('attention_bias', false);
  return plan(config, {
    ...causal(config),
    isCausal: false,
    hasBias,
    hasOutputBias: hasBias,
    hasFeedForwardBias: config.flag('mlp_bias', false),
    epsilon: config.number('rms_norm_eps', 1e-5),
  });
}

/** Sliding layers come from `max_window_layers` on, where the file asks for them at all. */
function causal(config: ConfigReader): Variant {
  const isCausal = config.flag('is_causal', true);
  const hasWindows = config.flag('use_sliding_window', false);
  const firstWindow = hasWindows ? config.size('max_window_layers', 28) : Number.POSITIVE_INFINITY;
  return {
    isCausal,
    hasBias: false,
    epsilon: config.number('rms_norm_eps', 1e-6),
    theta: 10_000,
    kinds: layerKinds(config, config.size('num_hidden_layers'), (layer) => layer < firstWindow),
  };
}

function plan(config: ConfigReader, variant: Variant): EncoderPlan {
  const hidden = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const headSize = variant.headSize ?? config.size('head_dim', hidden / heads);
  const keyHeads = config.size('num_key_value_heads', heads);
  if (!(heads % keyHeads === 0))
    throw new UnsupportedModelError('num_key_value_heads', keyHeads, [`a divisor of ${heads}`]);
  const wide = config.size('intermediate_size');
  const vocabulary = config.size('vocab_size');
  const activation = config.activation('hidden_act', 'silu');
  const turn = config.rotary({ key: 'rope_theta', byDefault: variant.theta });
  const reach = variant.kinds.includes('sliding_attention')
    ? config.size('sliding_window', 4096) - 1
    : undefined;
  const { hasBias, hasOutputBias = false, epsilon, kinds } = variant;
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: vocabulary,
    maxTokens: config.size('max_position_embeddings'),
    positionPadding: undefined,
    linearWeights: kinds.length * (2 * hidden * headSize * (heads + keyHeads) + 3 * hidden * wide),
    words: 'embed_tokens.weight',
    layers: { prefix: 'layers.', count: kinds.length, key: 'num_hidden_layers' },
    async write(context) {
      const norm = (x: string, name: string) => rmsNorm(context, x, name, { columns: hidden, epsilon });
      let rows = wordRows(context, { name: this.words, rows: vocabulary, columns: hidden });
      const heading = planAttention(context, { heads, keyHeads, headSize });
      const table = rotaryTable(context, headSize, turn);
      const bias = {
        full_attention: maskBias(context, { isCausal: variant.isCausal }),
        sliding_attention: maskBias(context, { isCausal: variant.isCausal, reach }),
      };
      for (const [layer, kind] of kinds.entries()) {
        const at = `layers.${layer}`;
        const turned = (part: 'q' | 'k') => (x: string) =>
          rotate(
            context,
            headNorm(context, x, `${at}.self_attn.${part}_norm`, variant, headSize),
            table,
            headSize,
          );
        const options: AttentionOptions = {
          scale: 1 / Math.sqrt(headSize),
          bias: bias[kind],
          query: turned('q'),
          key: turned('k'),
        };
        const parts = [
          { name: `${at}.self_attn.q_proj`, to: heads * headSize },
          { name: `${at}.self_attn.k_proj`, to: keyHeads * headSize },
          { name: `${at}.self_attn.v_proj`, to: keyHeads * headSize },
        ];
        const normal = norm(rows, `${at}.input_layernorm`);
        const projections = await linears(context, normal, parts, { from: hidden, hasBias });
        const seen = attention(context, projections, heading, options);
        const size = { from: heads * headSize, to: hidden, hasBias: hasOutputBias };
        rows = add(context, rows, await linear(context, seen, `${at}.self_attn.o_proj`, size));
        const middle = norm(rows, `${at}.post_attention_layernorm`);
        rows = add(
          context,
          rows,
          await feed(context, middle, `${at}.mlp`, {
            hidden,
            wide,
            activation,
            hasBias: variant.hasFeedForwardBias ?? false,
          }),
        );
      }
      return norm(rows, 'norm');
    },
  };
}

function headNorm(
  context: GraphContext,
  x: string,
  name: string,
  { hasHeadNorms = false, epsilon }: Variant,
  headSize: number,
): string {
  return hasHeadNorms ? rmsNorm(context, x, name, { columns: headSize, epsilon }) : x;
}

/** SwiGLU under the names of Llama. */
function feed(
  context: GraphContext,
  x: string,
  at: string,
  size: { hidden: number; wide: number; activation: string; hasBias: boolean },
): Promise<string> {
  const names = { expand: [`${at}.gate_proj`, `${at}.up_proj`], down: `${at}.down_proj` } as const;
  return gatedFeedForward(context, x, names, size);
}
