/** DeBERTa v1, v2 and v3: attention to contents and to distances, each with its own projections. */
import { UnsupportedModelError } from '../../weights/errors.ts';
import { type AttentionOptions, attention, planAttention } from '../blocks/attention.ts';
import { add, type GraphContext, linear, linears } from '../blocks/context.ts';
import { positionScores, type RelativeRule, relativeRows } from '../blocks/disentangled.ts';
import { bertEmbeddings } from '../blocks/embeddings.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { maskBias } from '../blocks/masks.ts';
import { layerNorm } from '../blocks/norms.ts';
import type { ConfigReader } from './config-reader.ts';
import type { EncoderPlan } from './encoder-plan.ts';

const POSITION_KINDS = ['c2p', 'p2c'] as const;
type PositionKind = (typeof POSITION_KINDS)[number];

/** What both versions have. */
interface Shape {
  readonly hidden: number;
  readonly heads: number;
  readonly headSize: number;
  readonly layers: number;
  readonly epsilon: number;
  readonly rule: RelativeRule | undefined;
  readonly kinds: readonly PositionKind[];
  /** Whether the table of distances is normalised. */
  readonly hasTableNorm: boolean;
  /** Writes a layer's queries, keys and values, and says what attention does with them. */
  project(
    context: GraphContext,
    rows: string,
    at: string,
  ): Promise<{ projections: string; changes: Pick<AttentionOptions, 'query' | 'value'> }>;
  /** Projects the table of distances for one kind. */
  projectTable(context: GraphContext, table: string, at: string, kind: PositionKind): Promise<string>;
}

/** DeBERTa v1: each head's query, key and value stand together, with biases for queries and values alone. */
export function deberta(config: ConfigReader): EncoderPlan {
  config.only('talking_head', false);
  const sizes = readSizes(config);
  const { hidden, heads, headSize } = sizes;
  const plain = { from: hidden, to: hidden };
  return plan(
    config,
    {
      ...sizes,
      rule: readRule(config, sizes.span, false),
      hasTableNorm: false,
      async project(context, rows, at) {
        const size = { from: hidden, to: 3 * hidden, hasBias: false };
        const biased = (part: 'q' | 'v') => (x: string) => {
          const bias = context.source.tensor(context.graph, `${at}.${part}_bias`, [hidden]);
          return add(
            context,
            x,
            context.graph.node('Reshape', [bias, context.graph.int64([1, heads, 1, headSize])]),
          );
        };
        const projections = await linear(context, rows, `${at}.in_proj`, size);
        return { projections, changes: { query: biased('q'), value: biased('v') } };
      },
      projectTable: (context, table, at, kind) =>
        kind === 'c2p'
          ? linear(context, table, `${at}.pos_proj`, { ...plain, hasBias: false })
          : linear(context, table, `${at}.pos_q_proj`, plain),
    },
    true,
  );
}

/** DeBERTa v2 and v3: far distances share rows, and positions may share the projections of contents. */
export function debertaV2(config: ConfigReader): EncoderPlan {
  config.only('conv_kernel_size', 0);
  const sizes = readSizes(config);
  const { hidden } = sizes;
  const buckets = config.number('position_buckets', -1);
  const isShared = config.flag('share_att_key', false);
  const names = isShared
    ? { c2p: 'key_proj', p2c: 'query_proj' }
    : { c2p: 'pos_key_proj', p2c: 'pos_query_proj' };
  const norms = String(config.value('norm_rel_ebd') ?? 'none').toLowerCase();
  return plan(
    config,
    {
      ...sizes,
      rule: readRule(config, buckets > 0 ? buckets : sizes.span, buckets > 0, sizes.span),
      hasTableNorm: norms.split('|').some((name) => name.trim() === 'layer_norm'),
      async project(context, rows, at) {
        const parts = ['query_proj', 'key_proj', 'value_proj'].map((part) => ({
          name: `${at}.${part}`,
          to: hidden,
        }));
        return { projections: await linears(context, rows, parts, { from: hidden }), changes: {} };
      },
      projectTable: (context, table, at, kind) =>
        linear(context, table, `${at}.${names[kind]}`, { from: hidden, to: hidden }),
    },
    false,
  );
}

function readSizes(config: ConfigReader) {
  const hidden = config.size('hidden_size');
  config.only('embedding_size', hidden);
  const heads = config.heads('num_attention_heads', hidden);
  config.only('attention_head_size', hidden / heads);
  const span = config.number('max_relative_positions', -1);
  return {
    hidden,
    heads,
    headSize: hidden / heads,
    layers: config.size('num_hidden_layers'),
    epsilon: config.number('layer_norm_eps', 1e-7),
    kinds: readKinds(config.value('pos_att_type')),
    span: span > 0 ? span : config.size('max_position_embeddings', 512),
  };
}

/** A list, or names with bars between them. */
function readKinds(value: unknown): PositionKind[] {
  const given = typeof value === 'string' ? value.toLowerCase().split('|') : (value ?? []);
  const kinds = Array.isArray(given) ? given.map((kind) => String(kind).trim()) : [String(given)];
  const known = kinds.filter((kind): kind is PositionKind => POSITION_KINDS.includes(kind as PositionKind));
  if (known.length === kinds.length) return known;
  throw new UnsupportedModelError('pos_att_type', value, POSITION_KINDS);
}

function readRule(
  config: ConfigReader,
  span: number,
  hasBuckets: boolean,
  maxDistance = span,
): RelativeRule | undefined {
  if (!config.flag('relative_attention', false)) return undefined;
  return { span, maxDistance, hasBuckets };
}

function plan(config: ConfigReader, shape: Shape, isInterleaved: boolean): EncoderPlan {
  const { hidden, heads, headSize, layers, epsilon, rule, kinds } = shape;
  const wide = config.size('intermediate_size');
  const vocabulary = config.size('vocab_size');
  const feed = { hidden, wide, activation: config.activation('hidden_act', 'gelu') };
  const positions = config.flag('position_biased_input', true)
    ? config.size('max_position_embeddings', 512)
    : 0;
  const tokenTypes = config.size('type_vocab_size', 0);
  const scale = 1 / Math.sqrt(headSize * (1 + kinds.length));
  return {
    hiddenSize: hidden,
    heads,
    vocabularySize: vocabulary,
    maxTokens: positions > 0 ? positions : Number.POSITIVE_INFINITY,
    positionPadding: undefined,
    linearWeights: layers * (4 * hidden * hidden + 2 * hidden * wide),
    words: 'embeddings.word_embeddings.weight',
    layers: { prefix: 'encoder.layer.', count: layers, key: 'num_hidden_layers' },
    async write(context) {
      const tables = { prefix: 'embeddings', norm: 'embeddings.LayerNorm', columns: hidden };
      let rows = bertEmbeddings(context, { ...tables, vocabulary, positions, tokenTypes, epsilon });
      const heading = planAttention(context, { heads, headSize, isInterleaved });
      const bias = maskBias(context);
      const relative = rule && relativeTable(context, rule, shape);
      for (let layer = 0; layer < layers; layer++) {
        const at = (part: string) => `encoder.layer.${layer}.${part}`;
        const norm = (x: string, part: string) =>
          layerNorm(context, x, at(part), { columns: hidden, epsilon });
        const { projections, changes } = await shape.project(context, rows, at('attention.self'));
        const moreScores =
          relative && (await layerScores(context, relative, shape, { at: at('attention.self'), scale }));
        const seen = attention(context, projections, heading, { scale, bias, ...changes, ...moreScores });
        const attended = await linear(context, seen, at('attention.output.dense'), {
          from: hidden,
          to: hidden,
        });
        const middle = norm(add(context, attended, rows), 'attention.output.LayerNorm');
        const names = { up: at('intermediate.dense'), down: at('output.dense') };
        rows = norm(
          add(context, await feedForward(context, middle, names, feed), middle),
          'output.LayerNorm',
        );
      }
      return rows;
    },
  };
}

/** The table of distances, and which of its rows belong to each query and key. */
interface RelativeTable {
  readonly table: string;
  readonly rows: string;
}

function relativeTable(
  context: GraphContext,
  rule: RelativeRule,
  { hidden, epsilon, hasTableNorm }: Shape,
): RelativeTable {
  const { graph, source } = context;
  const stored = source.tensor(graph, 'encoder.rel_embeddings.weight', [2 * rule.span, hidden]);
  const norm = { columns: hidden, epsilon };
  const table = hasTableNorm ? layerNorm(context, stored, 'encoder.LayerNorm', norm) : stored;
  return { table, rows: relativeRows(context, rule) };
}

/** The scores with positions that a layer adds to those of contents. */
async function layerScores(
  context: GraphContext,
  { table, rows }: RelativeTable,
  shape: Shape,
  { at, scale }: { at: string; scale: number },
): Promise<Pick<AttentionOptions, 'moreScores'>> {
  const { graph } = context;
  if (shape.kinds.length === 0) return {};
  const projected: Partial<Record<PositionKind, string>> = {};
  for (const kind of shape.kinds) projected[kind] = await shape.projectTable(context, table, at, kind);
  const moreScores = (query: string, key: string) => {
    const scores: string[] = [];
    if (projected.c2p) scores.push(positionScores(context, query, projected.c2p, rows, shape));
    if (projected.p2c) {
      const byKey = graph.node('Transpose', [rows], { perm: [1, 0] });
      const scored = positionScores(context, key, projected.p2c, byKey, shape);
      scores.push(graph.node('Transpose', [scored], { perm: [0, 1, 3, 2] }));
    }
    const sum = scores.reduce((a, b) => add(context, a, b));
    return graph.node('Mul', [sum, graph.scalar(scale)]);
  };
  return { moreScores };
}
