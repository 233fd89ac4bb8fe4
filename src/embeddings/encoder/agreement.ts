/** Measures how far one encoder's embeddings are from another's, such as 8 bits from float32. */
import type { Encoder } from './encoder.ts';

/** Cosines between the mean-pooled embeddings that two encoders give for the same sentences; 1 is equality. */
export interface Agreement {
  /** The sentence on which they agree least. */
  readonly lowestCosine: number;
  readonly meanCosine: number;
}

/**
 * Runs sentences through both encoders and compares.
 *
 * @param sentences token ids of each
 */
export async function measureAgreement(
  a: Encoder,
  b: Encoder,
  sentences: readonly Int32Array[],
): Promise<Agreement> {
  const [rowsOfA, rowsOfB] = [await a.run(sentences), await b.run(sentences)];
  let start = 0;
  const cosines = sentences.map((ids) => {
    const [from, to] = [start * a.hiddenSize, (start + ids.length) * a.hiddenSize];
    start += ids.length;
    return cosine(
      sumRows(rowsOfA.subarray(from, to), a.hiddenSize),
      sumRows(rowsOfB.subarray(from, to), b.hiddenSize),
    );
  });
  return {
    lowestCosine: Math.min(...cosines),
    meanCosine: cosines.reduce((sum, value) => sum + value, 0) / cosines.length,
  };
}

/**
 * Sentences to measure with where no text is at hand: ids spread over the vocabulary, the same ones every time.
 *
 * @param vocabularySize ids are below it
 */
export function probeSentences(vocabularySize: number): Int32Array[] {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * vocabularySize);
  };
  return [4, 8, 12, 16, 24, 32, 48, 64].map((length) => Int32Array.from({ length }, next));
}

function sumRows(rows: Float32Array, columns: number): Float64Array {
  const sum = new Float64Array(columns);
  for (let i = 0; i < rows.length; i++) sum[i % columns]! += rows[i]!;
  return sum;
}

function cosine(a: Float64Array, b: Float64Array): number {
  let [dot, lengthA, lengthB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    lengthA += a[i]! ** 2;
    lengthB += b[i]! ** 2;
  }
  return dot / Math.sqrt(lengthA * lengthB);
}
