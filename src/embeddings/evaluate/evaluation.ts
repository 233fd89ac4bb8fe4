/** What every evaluator asks of a model, takes as options and checks. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { requireSimilarity } from '../compare/similarity.ts';
import type { SimilarityName } from '../configuration.ts';

/** How the sentences of an evaluation are encoded. */
export interface EvaluationEncoding {
  /** Most sentences of a batch. Default: as `encode()` has it. */
  batchSize?: number;
  /** Draw progress bars. Default: as `encode()` has it. */
  showProgressBar?: boolean;
  /** Keep only the first dimensions of each embedding. Default: as the model was loaded. */
  truncateDim?: number;
}

/** Options of every evaluator. */
export interface EvaluationOptions extends EvaluationEncoding {
  /** What the metrics' names begin with, such as `sts-dev`. Default: nothing. */
  name?: string;
  /** The similarities to judge by. Default: the model's own. */
  similarityFnNames?: readonly SimilarityName[];
}

/** What is evaluated: a `SentenceTransformer`, or what encodes as it does. */
export interface EvaluatedModel {
  readonly similarityFnName: SimilarityName;
  encode(sentences: readonly string[], options: EvaluationEncoding): Promise<Tensor2D>;
  encodeQuery(sentences: readonly string[], options: EvaluationEncoding): Promise<Tensor2D>;
  encodeDocument(sentences: readonly string[], options: EvaluationEncoding): Promise<Tensor2D>;
}

/** Numbers of an evaluation, by Python's names, such as `cosine_accuracy`. */
export type Metrics = Record<string, number>;

/** The names of {@link EvaluationOptions}. */
export const EVALUATION_OPTIONS: Readonly<Record<keyof EvaluationOptions, true>> = {
  batchSize: true,
  showProgressBar: true,
  truncateDim: true,
  name: true,
  similarityFnNames: true,
};

/** Those of the options that encode() takes. */
export function encodingOf(options: EvaluationEncoding): EvaluationEncoding {
  const { batchSize, showProgressBar, truncateDim } = options;
  return {
    ...(batchSize !== undefined && { batchSize }),
    ...(showProgressBar !== undefined && { showProgressBar }),
    ...(truncateDim !== undefined && { truncateDim }),
  };
}

/** The similarities to judge by. */
export function similaritiesOf(options: EvaluationOptions, model: EvaluatedModel): readonly SimilarityName[] {
  const names = options.similarityFnNames ?? [];
  for (const name of names) requireSimilarity(name);
  return names.length > 0 ? names : [model.similarityFnName];
}

/**
 * Checks that lists belong together.
 *
 * @throws {RangeError} when they are empty, or of different lengths
 */
export function requireSameLength(lists: Readonly<Record<string, readonly unknown[]>>): void {
  const lengths = Object.entries(lists).map(([name, list]) => `${list.length} ${name}`);
  const [first = 0, ...others] = Object.values(lists).map((list) => list.length);
  if (first > 0 && others.every((length) => length === first)) return;
  throw new RangeError(`There are ${lengths.join(' and ')}. Give as many of each, and one at least.`);
}

/** Puts an evaluation's name before each metric's. */
export function withName(metrics: Metrics, name = ''): Metrics {
  if (name === '') return metrics;
  return Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [`${name}_${metric}`, value]));
}

/** The numbers of a tensor, which is freed. */
export function takeValues(tensor: Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>();
  tensor.dispose();
  return values;
}
