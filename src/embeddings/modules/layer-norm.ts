/** Layer normalisation of sentence embeddings. */
import type { EmbeddingModule } from './embedding-module.ts';

/** torch.nn.LayerNorm's default; the module's configuration cannot change it. */
const EPSILON = 1e-5;

/** The LayerNorm module: each embedding to mean 0 and variance 1, then scaled and shifted by column. */
export class LayerNorm implements EmbeddingModule {
  readonly dimension: number;
  readonly #weight: Float32Array;
  readonly #bias: Float32Array;

  /** @param weights weight and bias: [dimension] */
  constructor(weights: { weight: Float32Array; bias: Float32Array }) {
    this.dimension = weights.weight.length;
    this.#weight = weights.weight;
    this.#bias = weights.bias;
  }

  apply(embeddings: Float32Array): Float32Array {
    const { dimension } = this;
    for (let start = 0; start < embeddings.length; start += dimension) {
      this.#normalizeRow(embeddings.subarray(start, start + dimension));
    }
    return embeddings;
  }

  #normalizeRow(row: Float32Array): void {
    let sum = 0;
    for (const value of row) sum += value;
    const mean = sum / row.length;
    let squares = 0;
    for (const value of row) squares += (value - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / row.length + EPSILON);
    for (let i = 0; i < row.length; i++) {
      row[i] = (row[i]! - mean) * scale * this.#weight[i]! + this.#bias[i]!;
    }
  }

  toString(): string {
    const inner = `(norm): LayerNorm((${this.dimension},), eps=1e-05, elementwise_affine=True)`;
    return `LayerNorm(\n    ${inner}\n  )`;
  }
}
