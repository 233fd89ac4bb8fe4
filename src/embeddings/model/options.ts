/** What a caller may ask for when loading a model and when encoding. */

import type { Precision } from '../compare/quantize-embeddings.ts';
import type { SimilarityName } from '../configuration.ts';
import type { WeightsSource } from '../encoder/load-encoder.ts';
import type { Dtype } from '../weights/dtype.ts';

/** Options of `SentenceTransformer.load()`. */
export interface LoadOptions {
  /** Take the small bundled model, with a visible notice, where the real one is not to be had. Default: false. */
  standIn?: boolean;
  /**
   * Precision of the weights: `fp32`, `fp16`, `q8`, or `auto`, which is q8 where this processor gains by it and the
   * embeddings stay close to those of fp32. Default: `fp32`.
   */
  dtype?: Dtype;
  /** Which weights to run: the model's safetensors, or its own ONNX export. Default: safetensors where there are. */
  weights?: WeightsSource;
  /** A branch, tag or commit of the model's repository. Default: `main`. */
  revision?: string;
  /** The Hugging Face cache. Default: as the environment says. */
  cacheDir?: string;
  /** Keep only the first dimensions of each embedding. Default: as the model says, else all. */
  truncateDim?: number;
  /** Texts to put before a sentence, by name; they add to the model's own and replace those of the same name. */
  prompts?: Readonly<Record<string, string>>;
  /** The prompt to use where encode() names none. Default: as the model says, else none. */
  defaultPromptName?: string;
  /** What similarity() computes. Default: as the model says, else `cosine`. */
  similarityFnName?: SimilarityName;
}

/** Options of `encode()`. */
export interface EncodeOptions {
  /** Most sentences of a batch; a batch also ends at about 256 tokens (1,024 of an ONNX export). Default: 64. */
  batchSize?: number;
  /** Scale each embedding to length 1. Default: false. */
  normalizeEmbeddings?: boolean;
  /** Draw a progress bar. Default: where somebody looks (notebook, terminal) and the work outlasts a second. */
  showProgressBar?: boolean;
  /** Text to put before each sentence. */
  prompt?: string;
  /** Name of the model's prompt to put before each sentence; `prompt` goes before it. */
  promptName?: string;
  /** Keep only the first dimensions of each embedding. Default: as the model was loaded. */
  truncateDim?: number;
  /** How the numbers are stored; see `quantizeEmbeddings()`. Default: `float32`. */
  precision?: Precision;
  /** `tensor`, or `array` for plain lists of numbers, one for each sentence. Default: `tensor`. */
  as?: 'tensor';
}

/** Options of `encode()` that ask for plain lists of numbers. */
export type ArrayEncodeOptions = Omit<EncodeOptions, 'as'> & { as: 'array' };

/** The names of {@link LoadOptions}. */
export const LOAD_OPTIONS: Readonly<Record<keyof LoadOptions, true>> = {
  standIn: true,
  dtype: true,
  weights: true,
  revision: true,
  cacheDir: true,
  truncateDim: true,
  prompts: true,
  defaultPromptName: true,
  similarityFnName: true,
};

/** The names of {@link EncodeOptions} that embeddings of tokens take as well. */
export const ENCODE_TOKENS_OPTIONS = {
  batchSize: true,
  showProgressBar: true,
  prompt: true,
  promptName: true,
} as const;

/** The names of {@link EncodeOptions}. */
export const ENCODE_OPTIONS: Readonly<Record<keyof EncodeOptions, true>> = {
  ...ENCODE_TOKENS_OPTIONS,
  normalizeEmbeddings: true,
  truncateDim: true,
  precision: true,
  as: true,
};

/** The options of `connect()`. */
export const CONNECT_OPTIONS = {
  model: true,
  apiKey: true,
  truncateDim: true,
  prompts: true,
  defaultPromptName: true,
  similarityFnName: true,
} as const;
