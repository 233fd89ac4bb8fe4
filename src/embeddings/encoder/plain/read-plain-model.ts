/** Reads a BERT or MPNet model's weights into plain numbers. */
import type { EncoderConfig } from '../../graph/architectures.ts';
import { UnsupportedModelError } from '../../weights/errors.ts';
import { readTensor } from '../../weights/safetensors.ts';
import type { Weights } from '../../weights/weights.ts';
import { addTo } from './matrix-math.ts';
import type { Linear, Norm, PlainLayer, PlainModel } from './plain-model.ts';

/** The kinds of model that the plain encoder computes. */
const MODEL_TYPES = ['bert', 'mpnet'];

/**
 * Reads the tensors of a model.
 *
 * @throws {UnsupportedModelError} when it is neither BERT nor MPNet, or has another activation than gelu and relu
 * @throws {TensorMismatchError} when the weights do not fit the configuration
 */
export async function readPlainModel(config: EncoderConfig, weights: Weights): Promise<PlainModel> {
  if (!MODEL_TYPES.includes(config.modelType)) {
    throw new UnsupportedModelError('model_type', config.modelType, MODEL_TYPES);
  }
  const { hiddenSize, heads, epsilon, activation, positionPadding, relativeBuckets } = config;
  if (activation !== 'gelu' && activation !== 'relu') {
    throw new UnsupportedModelError('hidden_act', activation, ['gelu', 'relu']);
  }
  const read = async (name: string, ...shape: number[]) => readTensor(weights.find(name, shape));
  const layers: PlainLayer[] = [];
  for (let layer = 0; layer < config.layers; layer++) layers.push(await readLayer(config, layer, read));
  return {
    hiddenSize,
    heads,
    epsilon,
    activation,
    positionPadding,
    words: await read('embeddings.word_embeddings.weight', config.vocabularySize, hiddenSize),
    positions: await readPositions(config, read),
    norm: await readNorm('embeddings.LayerNorm', hiddenSize, read),
    ...(relativeBuckets && {
      relativeBias: await read('encoder.relative_attention_bias.weight', relativeBuckets, heads),
    }),
    layers,
  };
}

type Read = (name: string, ...shape: number[]) => Promise<Float32Array>;

/** The positions, with the first token type added: every token of a sentence is of that type. */
async function readPositions(config: EncoderConfig, read: Read): Promise<Float32Array> {
  const { hiddenSize, positions, tokenTypes } = config;
  const table = await read('embeddings.position_embeddings.weight', positions, hiddenSize);
  if (tokenTypes === 0) return table;
  const types = await read('embeddings.token_type_embeddings.weight', tokenTypes, hiddenSize);
  const firstType = types.subarray(0, hiddenSize);
  for (let start = 0; start < table.length; start += hiddenSize) {
    addTo(table.subarray(start, start + hiddenSize), firstType);
  }
  return table;
}

async function readLayer(config: EncoderConfig, layer: number, read: Read): Promise<PlainLayer> {
  const { names, hiddenSize: hidden, intermediateSize: wide } = config;
  const linear = async (part: string, from: number, to: number): Promise<Linear> => ({
    weight: await read(`${names.layers}.${layer}.${part}.weight`, to, from),
    bias: await read(`${names.layers}.${layer}.${part}.bias`, to),
  });
  const norm = (part: string) => readNorm(`${names.layers}.${layer}.${part}`, hidden, read);
  return {
    query: await linear(names.query, hidden, hidden),
    key: await linear(names.key, hidden, hidden),
    value: await linear(names.value, hidden, hidden),
    attentionOutput: await linear(names.attentionOutput, hidden, hidden),
    attentionNorm: await norm(names.attentionNorm),
    intermediate: await linear(names.intermediate, hidden, wide),
    output: await linear(names.output, wide, hidden),
    outputNorm: await norm(names.outputNorm),
  };
}

async function readNorm(name: string, size: number, read: Read): Promise<Norm> {
  return { weight: await read(`${name}.weight`, size), bias: await read(`${name}.bias`, size) };
}
