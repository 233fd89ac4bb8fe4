/** What every encoder offers: token ids in, one row of the last hidden state for each token out. */

import type { WeightsDtype } from '../weights/dtype.ts';
import type { Agreement } from './agreement.ts';

/** Runs the encoder of a model; pooling and the later modules work on the rows it returns. */
export interface Encoder {
  /** Columns of a row. */
  readonly hiddenSize: number;
  /** The longest sentence that it has positions for, in tokens; Infinity where it needs none, or does not say. */
  readonly maxTokens: number;
  /** What its weights are rounded to. */
  readonly dtype: WeightsDtype;
  /** For q8: how far its embeddings are from fp32's, measured on this model; undefined where it was not measured. */
  readonly agreement?: Agreement | undefined;
  /**
   * Divides sentences into the batches that it runs best.
   *
   * @param lengths tokens of each sentence
   * @param mostSentences of a batch; without it as many as it likes
   * @returns the sentences' numbers, batch by batch
   */
  planBatches(lengths: readonly number[], mostSentences?: number): readonly (readonly number[])[];
  /**
   * Runs one batch: the last hidden state of every real token; padding is the encoder's own affair and never comes
   * out.
   *
   * @param sentences token ids of each sentence, special tokens included, already truncated
   * @param types token types of each sentence, where it was loaded for pairs; without them all are 0
   * @returns rows [sum of the sentences' lengths, hiddenSize], sentence after sentence
   */
  run(sentences: readonly Int32Array[], types?: readonly Int32Array[]): Promise<Float32Array>;
  /** Frees the weights; it cannot run afterwards. */
  dispose(): Promise<void>;
}
