/** Writes an encoder's graph: embeddings, layers, last hidden state; all on packed rows, without padding. */
import { activate } from './activations.ts';
import { type EncoderConfig, maxTokens } from './architectures.ts';
import { type AttentionPlan, attention, packedInputs, planAttention, sequenceLength } from './attention.ts';
import { DataType, GraphBuilder } from './graph.ts';
import { relativeBias } from './relative-bias.ts';

/** Gives the graph a tensor as the graph computes with it. */
export interface TensorSource {
  /** A whole tensor in float32. */
  tensor(graph: GraphBuilder, name: string, shape: readonly number[]): string;
  /** Some rows of a table, in float32. @param index the rows' numbers, of any shape */
  rows(graph: GraphBuilder, name: string, shape: readonly number[], index: string): string;
  /** x · weightᵀ + bias for one linear module, or for several side by side in one product. */
  linear(graph: GraphBuilder, x: string, names: readonly string[], size: LinearSize): Promise<string>;
}

/** Columns that go into a linear module and come out of it. */
export interface LinearSize {
  readonly from: number;
  readonly to: number;
}

/** Says which writer made a file; part of the key under which graphs are kept. */
export const WRITER = { name: 'tsbert', version: '2' };

/**
 * Writes the graph of an encoder.
 *
 * @returns the bytes of an ONNX model: packed feeds in, last_hidden_state [tokens, hiddenSize] out
 * @throws {TensorMismatchError} when the weights do not fit the configuration
 */
export async function writeEncoder(config: EncoderConfig, source: TensorSource): Promise<Uint8Array> {
  const graph = new GraphBuilder();
  const inputs = packedInputs(graph);
  const plan = planAttention(graph, inputs, {
    heads: config.heads,
    headSize: config.hiddenSize / config.heads,
    bias: biasByDistance(graph, config, source, () => sequenceLength(graph, inputs)),
  });
  let rows = await embed(graph, config, source, inputs);
  for (let layer = 0; layer < config.layers; layer++) {
    rows = await writeLayer(graph, config, source, { rows, plan, layer });
  }
  graph.output('last_hidden_state', rows, DataType.float, ['tokens', config.hiddenSize]);
  return graph.toModel(WRITER);
}

function biasByDistance(
  graph: GraphBuilder,
  config: EncoderConfig,
  source: TensorSource,
  length: () => string,
): string | undefined {
  const buckets = config.relativeBuckets;
  if (buckets === undefined) return undefined;
  const table = source.tensor(graph, 'encoder.relative_attention_bias.weight', [buckets, config.heads]);
  return relativeBias(graph, table, length(), { buckets, maxTokens: maxTokens(config) });
}

/** Word, position and token type embeddings (every token is of type 0), summed and normalised. */
async function embed(
  graph: GraphBuilder,
  config: EncoderConfig,
  source: TensorSource,
  inputs: { inputIds: string; positionIds: string },
): Promise<string> {
  const { embeddingSize: columns, hiddenSize } = config;
  const table = (kind: string, size: number, index: string) =>
    source.rows(graph, `embeddings.${kind}_embeddings.weight`, [size, columns], index);
  let words = table('word', config.vocabularySize, inputs.inputIds);
  if (config.tokenTypes > 0) {
    const firstType = table('token_type', config.tokenTypes, graph.int64([0], []));
    words = graph.node('Add', [words, firstType]);
  }
  const positions = table('position', config.positions, inputs.positionIds);
  const sum = graph.node('Add', [words, positions]);
  const normal = layerNorm(graph, source, sum, 'embeddings.LayerNorm', { columns, epsilon: config.epsilon });
  if (columns === hiddenSize) return normal;
  return source.linear(graph, normal, ['embeddings_project'], { from: columns, to: hiddenSize });
}

async function writeLayer(
  graph: GraphBuilder,
  config: EncoderConfig,
  source: TensorSource,
  { rows, plan, layer }: { rows: string; plan: AttentionPlan; layer: number },
): Promise<string> {
  const { names, hiddenSize: hidden, intermediateSize: wide, epsilon } = config;
  const named = (part: string) => `${names.layers}.${layer}.${part}`;
  const linear = (x: string, parts: readonly string[], size: LinearSize) =>
    source.linear(graph, x, parts.map(named), size);
  const addAndNorm = (x: string, residual: string, part: string) =>
    layerNorm(graph, source, graph.node('Add', [x, residual]), named(part), { columns: hidden, epsilon });

  const projections = await linear(rows, [names.query, names.key, names.value], { from: hidden, to: hidden });
  const context = attention(graph, projections, plan);
  const attended = await linear(context, [names.attentionOutput], { from: hidden, to: hidden });
  const middle = addAndNorm(attended, rows, names.attentionNorm);
  const expanded = await linear(middle, [names.intermediate], { from: hidden, to: wide });
  const output = await linear(activate(graph, config.activation, expanded), [names.output], {
    from: wide,
    to: hidden,
  });
  return addAndNorm(output, middle, names.outputNorm);
}

function layerNorm(
  graph: GraphBuilder,
  source: TensorSource,
  x: string,
  name: string,
  { columns, epsilon }: { columns: number; epsilon: number },
): string {
  const scale = source.tensor(graph, `${name}.weight`, [columns]);
  const bias = source.tensor(graph, `${name}.bias`, [columns]);
  return graph.node('LayerNormalization', [x, scale, bias], { axis: -1, epsilon: { float: epsilon } });
}
