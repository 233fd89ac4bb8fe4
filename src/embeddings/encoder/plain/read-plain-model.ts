/** Reads a BERT or MPNet model's weights into plain numbers. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bertShape, mpnetShape, type Shape } from '../../graph/families/bert.ts';
import { ConfigReader } from '../../graph/families/config-reader.ts';
import { planEncoder } from '../../graph/families/families.ts';
import { UnsupportedModelError } from '../../weights/errors.ts';
import { readSafetensors, readTensor } from '../../weights/safetensors.ts';
import { Weights } from '../../weights/weights.ts';
import { addTo } from './matrix-math.ts';
import type { Linear, Norm, PlainLayer, PlainModel } from './plain-model.ts';

/** The kinds of model that the plain encoder computes. */
const SHAPES: Readonly<Record<string, (config: ConfigReader) => Shape>> = {
  bert: bertShape,
  mpnet: mpnetShape,
};

/**
 * Reads config.json and the tensors of a model.
 *
 * @throws {UnsupportedModelError} when it is neither BERT nor MPNet, or has another activation than gelu and relu
 * @throws {MissingWeightsError | SafetensorsError | TensorMismatchError} when the weights do not fit the configuration
 */
export async function readPlainModel(folder: string): Promise<PlainModel> {
  const config = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8'));
  const shapeOf = Object.hasOwn(SHAPES, config.model_type) ? SHAPES[config.model_type] : undefined;
  if (!shapeOf) throw new UnsupportedModelError('model_type', config.model_type, Object.keys(SHAPES));
  const { vocabularySize, words, maxTokens } = planEncoder(config);
  const weights = new Weights(await readSafetensors(folder), words);
  return readTensors(shapeOf(new ConfigReader(config)), { vocabularySize, maxTokens, weights });
}

type Read = (name: string, ...shape: number[]) => Promise<Float32Array>;

async function readTensors(
  shape: Shape,
  { vocabularySize, maxTokens, weights }: { vocabularySize: number; maxTokens: number; weights: Weights },
): Promise<PlainModel> {
  const { hidden, heads, epsilon, activation, positionPadding, buckets } = shape;
  if (activation !== 'gelu' && activation !== 'relu') {
    throw new UnsupportedModelError('hidden_act', activation, ['gelu', 'relu']);
  }
  const read: Read = async (name, ...size) => readTensor(weights.find(name, size));
  const layers: PlainLayer[] = [];
  for (let layer = 0; layer < shape.layers; layer++) layers.push(await readLayer(shape, layer, read));
  return {
    hiddenSize: hidden,
    heads,
    epsilon,
    activation,
    positionPadding,
    words: await read('embeddings.word_embeddings.weight', vocabularySize, hidden),
    positions: await readPositions(shape, maxTokens + (positionPadding ?? -1) + 1, read),
    norm: await readNorm('embeddings.LayerNorm', hidden, read),
    ...(buckets && { relativeBias: await read('encoder.relative_attention_bias.weight', buckets, heads) }),
    layers,
  };
}

/** The positions, with the first token type added: every token of a sentence is of that type. */
async function readPositions(
  { hidden, tokenTypes }: Shape,
  positions: number,
  read: Read,
): Promise<Float32Array> {
  const table = await read('embeddings.position_embeddings.weight', positions, hidden);
  if (tokenTypes === 0) return table;
  const types = await read('embeddings.token_type_embeddings.weight', tokenTypes, hidden);
  const firstType = types.subarray(0, hidden);
  for (let start = 0; start < table.length; start += hidden) {
    addTo(table.subarray(start, start + hidden), firstType);
  }
  return table;
}

async function readLayer({ names, hidden, wide }: Shape, layer: number, read: Read): Promise<PlainLayer> {
  const at = (part: string) => `${names.layers}${layer}.${part}`;
  const linear = async (part: string, from: number, to: number): Promise<Linear> => ({
    weight: await read(`${at(part)}.weight`, to, from),
    bias: await read(`${at(part)}.bias`, to),
  });
  const [query, key, value] = names.projections;
  return {
    query: await linear(query, hidden, hidden),
    key: await linear(key, hidden, hidden),
    value: await linear(value, hidden, hidden),
    attentionOutput: await linear(names.attentionOutput, hidden, hidden),
    attentionNorm: await readNorm(at(names.attentionNorm), hidden, read),
    intermediate: await linear(names.up, hidden, wide),
    output: await linear(names.down, wide, hidden),
    outputNorm: await readNorm(at(names.outputNorm), hidden, read),
  };
}

async function readNorm(name: string, size: number, read: Read): Promise<Norm> {
  return { weight: await read(`${name}.weight`, size), bias: await read(`${name}.bias`, size) };
}
