/** What every encoder offers: token ids in, one row of the last hidden state for each token out. */

/** Runs the encoder of a model; pooling and the later modules work on the rows it returns. */
export interface Transformer {
  /** Columns of a row. */
  readonly hiddenSize: number;
  /**
   * The last hidden state of every real token; padding is the encoder's own affair and never comes out.
   * @param sentences token ids of each sentence, special tokens included, already truncated
   * @returns rows [sum of the sentences' lengths, hiddenSize], sentence after sentence
   */
  run(sentences: readonly Int32Array[]): Promise<Float32Array>;
  /** Frees the weights; the transformer cannot run afterwards. */
  dispose(): Promise<void>;
}
