/** A BERT or MPNet encoder as plain numbers: what the plain encoder computes with, in Node and in a page. */

/** y = x · weightᵀ + bias. */
export interface Linear {
  /** [to, from], row-major, as torch keeps it. */
  readonly weight: Float32Array;
  /** [to] */
  readonly bias: Float32Array;
}

/** Scale and shift after a LayerNorm, each [hiddenSize]. */
export interface Norm {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** One layer of the encoder. */
export interface PlainLayer {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attentionOutput: Linear;
  readonly attentionNorm: Norm;
  readonly intermediate: Linear;
  readonly output: Linear;
  readonly outputNorm: Norm;
}

/** A whole encoder. */
export interface PlainModel {
  readonly hiddenSize: number;
  readonly heads: number;
  /** LayerNorm's epsilon. */
  readonly epsilon: number;
  /** [vocabulary, hiddenSize] */
  readonly words: Float32Array;
  /** What a token's position adds, [positions, hiddenSize]. */
  readonly positions: Float32Array;
  /** The id that positions skip, where they count from the id after it; undefined where they count from 0. */
  readonly positionPadding: number | undefined;
  readonly activation: 'gelu' | 'relu';
  readonly norm: Norm;
  /** MPNet's bias for each bucket of distances and each head, [buckets, heads]. */
  readonly relativeBias?: Float32Array | undefined;
  readonly layers: readonly PlainLayer[];
}

/** Tokens of the longest sentence that the model has positions for. */
export function longestSentence({ positions, hiddenSize, positionPadding = -1 }: PlainModel): number {
  return positions.length / hiddenSize - (positionPadding + 1);
}
