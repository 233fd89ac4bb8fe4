/** The encoder of T5 (sentence-t5, gtr-t5): a bias by distance in place of positions, no scaling, RMSNorm before. */
import { UnsupportedModelError } from '../../weights/errors.ts';
import { requireActivation } from '../blocks/activations.ts';
import { attention, planAttention } from '../blocks/attention.ts';
import { add, linear, linears } from '../blocks/context.ts';
import { wordRows } from '../blocks/embeddings.ts';
import { feedForward, gatedFeedForward } from '../blocks/feed-forward.ts';
import { maskBias } from '../blocks/masks.ts';
import { rmsNorm } from '../blocks/norms.ts';
import { DEFAULT_MAX_DISTANCE, relativeBias } from '../blocks/relative-bias.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';

/** @see https://arxiv.org/abs/1910.10683 */
export function t5(config: ConfigReader): EncoderPlan {
  const hidden = config.size('d_model', 512);
  const heads = config.size('num_heads', 8);
  const headSize = config.size('d_kv', 64);
  const inner = heads * headSize;
  const layers = config.size('num_layers', 6);
  const wide = config.size('d_ff', 2048);
  const vocabulary = config.size('vocab_size', 32_128);
  const epsilon = config.number('layer_norm_epsilon', 1e-6);
  const buckets = config.size('relative_attention_num_buckets', 32);
  const maxDistance = config.size('relative_attention_max_distance', DEFAULT_MAX_DISTANCE);
  const { isGated, activation } = readProjection(config.value('feed_forward_proj') ?? 'relu');
  const feed = { hidden, wide, activation, hasBias: false };
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: vocabulary,
    maxTokens: Number.POSITIVE_INFINITY,
    positionPadding: undefined,
    linearWeights: layers * (4 * hidden * inner + (isGated ? 3 : 2) * hidden * wide),
    words: 'shared.weight',
    layers: { prefix: 'encoder.block.', count: layers, key: 'num_layers' },
    async write(context) {
      const norm = (x: string, name: string) => rmsNorm(context, x, name, { columns: hidden, epsilon });
      let rows = wordRows(context, { name: this.words, rows: vocabulary, columns: hidden });
      const plan = planAttention(context, { heads, headSize });
      const name = 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight';
      const bias = add(
        context,
        relativeBias(context, { name, buckets, heads }, maxDistance),
        maskBias(context),
      );
      for (let layer = 0; layer < layers; layer++) {
        const at = (part: string) => `encoder.block.${layer}.layer.${part}`;
        const parts = ['q', 'k', 'v'].map((part) => ({ name: at(`0.SelfAttention.${part}`), to: inner }));
        const normal = norm(rows, at('0.layer_norm'));
        const projections = await linears(context, normal, parts, { from: hidden, hasBias: false });
        const seen = attention(context, projections, plan, { scale: 1, bias });
        const size = { from: inner, to: hidden, hasBias: false };
        rows = add(context, rows, await linear(context, seen, at('0.SelfAttention.o'), size));
        const middle = norm(rows, at('1.layer_norm'));
        const dense = (part: string) => at(`1.DenseReluDense.${part}`);
        const fed = isGated
          ? await gatedFeedForward(
              context,
              middle,
              { expand: [dense('wi_0'), dense('wi_1')], down: dense('wo') },
              feed,
            )
          : await feedForward(context, middle, { up: dense('wi'), down: dense('wo') }, feed);
        rows = add(context, rows, fed);
      }
      return norm(rows, 'encoder.final_layer_norm');
    },
  };
}

/** `relu` or `gated-silu`; the name `gated-gelu` stands for the approximation by tanh, for old files' sake. */
function readProjection(value: unknown): { isGated: boolean; activation: string } {
  const [first, second, ...more] = String(value).split('-');
  const isGated = second !== undefined;
  if (more.length > 0 || (isGated && first !== 'gated')) {
    throw new UnsupportedModelError('feed_forward_proj', value, [
      'an activation',
      'gated- and an activation',
    ]);
  }
  const activation = value === 'gated-gelu' ? 'gelu_new' : isGated ? second : first;
  return { isGated, activation: requireActivation(activation, 'feed_forward_proj') };
}
