/** The encoders a graph can be written for: what their config.json says and what they call their tensors. */

import { UnsupportedModelError } from '../weights/errors.ts';
import { requireActivation } from './activations.ts';

/** What the graph of an encoder depends on, whatever its family calls it. */
export interface EncoderConfig {
  readonly modelType: string;
  readonly hiddenSize: number;
  /** Columns of the embedding tables; electra projects them to hiddenSize. */
  readonly embeddingSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly vocabularySize: number;
  /** Rows of the position table. */
  readonly positions: number;
  /** Rows of the token type table; 0 where the family has none. */
  readonly tokenTypes: number;
  /** LayerNorm's epsilon. */
  readonly epsilon: number;
  /** One of ACTIVATIONS. */
  readonly activation: string;
  /** The id that positions skip, where they count from the id after it; undefined where they count from 0. */
  readonly positionPadding: number | undefined;
  /** Buckets of the bias that attention adds by distance (MPNet); undefined where there is none. */
  readonly relativeBuckets: number | undefined;
  readonly names: TensorNames;
}

/** A layer's tensors, by the part they play; `.weight` and `.bias` follow. */
export interface TensorNames {
  /** Followed by the layer's number. */
  readonly layers: string;
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

const BERT_NAMES: TensorNames = {
  layers: 'encoder.layer',
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  intermediate: 'intermediate.dense',
  output: 'output.dense',
  outputNorm: 'output.LayerNorm',
};
const MPNET_NAMES: TensorNames = {
  ...BERT_NAMES,
  query: 'attention.attn.q',
  key: 'attention.attn.k',
  value: 'attention.attn.v',
  attentionOutput: 'attention.attn.o',
  attentionNorm: 'attention.LayerNorm',
};
const DISTILBERT_NAMES: TensorNames = {
  layers: 'transformer.layer',
  query: 'attention.q_lin',
  key: 'attention.k_lin',
  value: 'attention.v_lin',
  attentionOutput: 'attention.out_lin',
  attentionNorm: 'sa_layer_norm',
  intermediate: 'ffn.lin1',
  output: 'ffn.lin2',
  outputNorm: 'output_layer_norm',
};

/** How a family departs from BERT. */
interface Family {
  readonly names: TensorNames;
  /** 'padding': positions count real tokens from the id after the padding's. */
  readonly positions: 'zero' | 'padding';
}
const FAMILIES: Readonly<Record<string, Family>> = {
  bert: { names: BERT_NAMES, positions: 'zero' },
  electra: { names: BERT_NAMES, positions: 'zero' },
  distilbert: { names: DISTILBERT_NAMES, positions: 'zero' },
  mpnet: { names: MPNET_NAMES, positions: 'padding' },
  roberta: { names: BERT_NAMES, positions: 'padding' },
  'xlm-roberta': { names: BERT_NAMES, positions: 'padding' },
  camembert: { names: BERT_NAMES, positions: 'padding' },
};

/** The values of config.json's model_type for which a graph can be written. */
export const SUPPORTED_MODEL_TYPES: readonly string[] = Object.keys(FAMILIES);

/** MPNet's position padding is a constant of the model, whatever pad_token_id says. */
const MPNET_POSITION_PADDING = 1;

/**
 * Reads a parsed config.json.
 *
 * @throws {UnsupportedModelError} when the family, its activation or its kind of positions is not supported
 * @throws {TypeError} when a size is missing
 */
export function readEncoderConfig(config: Readonly<Record<string, unknown>>): EncoderConfig {
  const modelType = String(config.model_type);
  const family = Object.hasOwn(FAMILIES, modelType) ? FAMILIES[modelType] : undefined;
  if (family === undefined) {
    throw new UnsupportedModelError('model_type', config.model_type, SUPPORTED_MODEL_TYPES);
  }
  rejectVariants(config);
  const shape = modelType === 'distilbert' ? distilbertShape(config) : bertShape(config, modelType);
  return { modelType, names: family.names, ...shape, ...positionsOf(config, modelType, family) };
}

/** Settings that would change the computation into one the graph does not do. */
function rejectVariants(config: Readonly<Record<string, unknown>>): void {
  const positions = config.position_embedding_type ?? 'absolute';
  if (positions !== 'absolute') {
    throw new UnsupportedModelError('position_embedding_type', positions, ['absolute']);
  }
  if (config.is_decoder === true) throw new UnsupportedModelError('is_decoder', true, ['false']);
}

type Shape = Omit<EncoderConfig, 'modelType' | 'names' | 'positionPadding' | 'relativeBuckets'>;

function bertShape(config: Readonly<Record<string, unknown>>, modelType: string): Shape {
  const hiddenSize = size(config, 'hidden_size');
  return {
    hiddenSize,
    embeddingSize: modelType === 'electra' ? size(config, 'embedding_size', 128) : hiddenSize,
    layers: size(config, 'num_hidden_layers'),
    heads: headsOf(config, 'num_attention_heads', hiddenSize),
    intermediateSize: size(config, 'intermediate_size'),
    vocabularySize: size(config, 'vocab_size'),
    positions: size(config, 'max_position_embeddings', 512),
    tokenTypes: modelType === 'mpnet' ? 0 : size(config, 'type_vocab_size', 2),
    epsilon: Number(config.layer_norm_eps ?? 1e-12),
    activation: requireActivation(config.hidden_act ?? 'gelu', 'hidden_act'),
  };
}

function distilbertShape(config: Readonly<Record<string, unknown>>): Shape {
  const hiddenSize = size(config, 'dim', 768);
  return {
    hiddenSize,
    embeddingSize: hiddenSize,
    layers: size(config, 'n_layers', 6),
    heads: headsOf(config, 'n_heads', hiddenSize, 12),
    intermediateSize: size(config, 'hidden_dim', 3072),
    vocabularySize: size(config, 'vocab_size'),
    positions: size(config, 'max_position_embeddings', 512),
    tokenTypes: 0,
    epsilon: 1e-12,
    activation: requireActivation(config.activation ?? 'gelu', 'activation'),
  };
}

function positionsOf(
  config: Readonly<Record<string, unknown>>,
  modelType: string,
  family: Family,
): Pick<EncoderConfig, 'positionPadding' | 'relativeBuckets'> {
  if (modelType === 'mpnet') {
    return {
      positionPadding: MPNET_POSITION_PADDING,
      relativeBuckets: size(config, 'relative_attention_num_buckets', 32),
    };
  }
  const positionPadding = family.positions === 'padding' ? Number(config.pad_token_id ?? 1) : undefined;
  return { positionPadding, relativeBuckets: undefined };
}

function headsOf(
  config: Readonly<Record<string, unknown>>,
  key: string,
  hiddenSize: number,
  byDefault?: number,
): number {
  const heads = size(config, key, byDefault);
  if (hiddenSize % heads !== 0) {
    throw new RangeError(
      `config.json asks for ${heads} attention heads (${key}) and ${hiddenSize} hidden units, ` +
        'which heads must divide. Check that config.json is the model’s own.',
    );
  }
  return heads;
}

function size(config: Readonly<Record<string, unknown>>, key: string, byDefault?: number): number {
  const value = config[key] ?? byDefault;
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw new TypeError(
    `config.json should give ${key} as a whole number and gives ${JSON.stringify(value)}. ` +
      'Download the model again, or correct the file.',
  );
}

/** The longest sentence, in tokens, for which the model has positions. */
export function maxTokens(config: EncoderConfig): number {
  return config.positions - firstPosition(config);
}

/** The position of a sentence's first token. */
export function firstPosition(config: EncoderConfig): number {
  return config.positionPadding === undefined ? 0 : config.positionPadding + 1;
}
