/** ALBERT: BERT whose layers share their weights, with narrow embedding tables. */
import { attention, planAttention } from '../blocks/attention.ts';
import { add, linear, linears } from '../blocks/context.ts';
import { bertEmbeddings } from '../blocks/embeddings.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { maskBias } from '../blocks/masks.ts';
import { layerNorm } from '../blocks/norms.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';

/** @see https://arxiv.org/abs/1909.11942 */
export function albert(config: ConfigReader): EncoderPlan {
  config.only('position_embedding_type', 'absolute');
  const hidden = config.size('hidden_size', 4096);
  const narrow = config.size('embedding_size', 128);
  const heads = config.heads('num_attention_heads', hidden, 64);
  const layers = config.size('num_hidden_layers', 12);
  const groups = config.size('num_hidden_groups', 1);
  const inGroup = config.size('inner_group_num', 1);
  const wide = config.size('intermediate_size', 16_384);
  const vocabulary = config.size('vocab_size', 30_000);
  const positions = config.size('max_position_embeddings', 512);
  const tokenTypes = config.size('type_vocab_size', 2);
  const epsilon = config.number('layer_norm_eps', 1e-12);
  const feed = { hidden, wide, activation: config.activation('hidden_act', 'gelu_new') };
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: vocabulary,
    maxTokens: positions,
    positionPadding: undefined,
    linearWeights: layers * inGroup * (4 * hidden * hidden + 2 * hidden * wide),
    words: 'embeddings.word_embeddings.weight',
    layers: { prefix: 'encoder.albert_layer_groups.', count: groups, key: 'num_hidden_groups' },
    async write(context) {
      const tables = { prefix: 'embeddings', norm: 'embeddings.LayerNorm', columns: narrow };
      const embedded = bertEmbeddings(context, { ...tables, vocabulary, positions, tokenTypes, epsilon });
      let rows = await linear(context, embedded, 'encoder.embedding_hidden_mapping_in', {
        from: narrow,
        to: hidden,
      });
      const headSize = hidden / heads;
      const plan = planAttention(context, { heads, headSize });
      const options = { scale: 1 / Math.sqrt(headSize), bias: maskBias(context) };
      for (let step = 0; step < layers * inGroup; step++) {
        const group = Math.trunc(Math.floor(step / inGroup) / (layers / groups));
        const at = (part: string) =>
          `encoder.albert_layer_groups.${group}.albert_layers.${step % inGroup}.${part}`;
        const norm = (x: string, part: string) =>
          layerNorm(context, x, at(part), { columns: hidden, epsilon });
        const parts = ['query', 'key', 'value'].map((part) => ({
          name: at(`attention.${part}`),
          to: hidden,
        }));
        const projections = await linears(context, rows, parts, { from: hidden });
        const seen = attention(context, projections, plan, options);
        const attended = await linear(context, seen, at('attention.dense'), { from: hidden, to: hidden });
        const middle = norm(add(context, attended, rows), 'attention.LayerNorm');
        const fed = await feedForward(context, middle, { up: at('ffn'), down: at('ffn_output') }, feed);
        rows = norm(add(context, fed, middle), 'full_layer_layer_norm');
      }
      return rows;
    },
  };
}
