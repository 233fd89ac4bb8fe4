/** Measures how far one precision's embeddings are from another's, such as 8 bits from float32. */
import { createHash } from 'node:crypto';

/** Cosines between the embeddings that two precisions give for the same sentences; 1 is equality. */
export interface Agreement {
  /** The sentence on which they agree least. */
  readonly lowestCosine: number;
  readonly meanCosine: number;
}

/** Below it embeddings are not those of the model any more. */
const LEAST_COSINE = 0.98;

/** Weights that were rounded too far: the embeddings would not be those of the model. */
export class InexactWeightsError extends Error {
  override readonly name = 'InexactWeightsError';
  constructor(
    /** The model's folder. */
    readonly folder: string,
    /** What was measured. */
    readonly agreement: Agreement,
  ) {
    super(
      `In 8 bits the embeddings of ${folder} have a cosine of ${agreement.lowestCosine.toFixed(4)} to those of ` +
        `float32 on a probe sentence, and less than ${LEAST_COSINE} is refused: load it with dtype 'fp16' or 'fp32'.`,
    );
  }
}

/**
 * Lets an agreement pass only where it is close enough.
 *
 * @param folder the model's folder, for the message
 * @throws {InexactWeightsError} when a sentence has a cosine below 0.98, or none
 */
export function requireAgreement(folder: string, agreement: Agreement): Agreement {
  if (agreement.lowestCosine >= LEAST_COSINE) return agreement;
  throw new InexactWeightsError(folder, agreement);
}

/** What a model is tried with. */
export interface Trial {
  /** Token ids of each sentence. */
  readonly sentences: readonly Int32Array[];
  /**
   * What the model makes of the encoder's rows.
   * @param rows [sum of the lengths, hiddenSize]
   * @param lengths tokens of each sentence
   * @returns embeddings [sentences, dimension]
   */
  embed(rows: Float32Array, lengths: readonly number[]): Float32Array;
}

/** Gives the trial of a model, which depends on the columns of its encoder's rows. */
export type MakeTrial = (hiddenSize: number) => Promise<Trial>;

/**
 * Compares what two encoders give for the sentences of a trial.
 *
 * @param a rows of every token, [sum of the lengths, hiddenSize]
 * @param b the same of the other encoder
 */
export function measureAgreement({ sentences, embed }: Trial, a: Float32Array, b: Float32Array): Agreement {
  const lengths = sentences.map((ids) => ids.length);
  const [ofA, ofB] = [embed(a, lengths), embed(b, lengths)];
  const dimension = ofA.length / sentences.length;
  const cosines = sentences.map((_, i) => {
    const [from, to] = [i * dimension, (i + 1) * dimension];
    return cosine(ofA.subarray(from, to), ofB.subarray(from, to));
  });
  return {
    lowestCosine: Math.min(...cosines),
    meanCosine: cosines.reduce((sum, value) => sum + value, 0) / cosines.length,
  };
}

/**
 * A name for a trial, by which what it gave can be kept: another one for other sentences, and for other modules after
 * the encoder, which are known by what they make of rows that come from nowhere.
 */
export function fingerprint({ sentences, embed }: Trial, hiddenSize: number): string {
  const hash = createHash('sha256');
  for (const ids of sentences) hash.update(JSON.stringify([...ids]));
  const lengths = sentences.map((ids) => ids.length);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  hash.update(
    embed(
      Float32Array.from({ length: tokens * hiddenSize }, (_, i) => Math.sin(i)),
      lengths,
    ),
  );
  return hash.digest('hex').slice(0, 16);
}

/**
 * The trial of an encoder without tokenizer and later modules: ids spread over the vocabulary, the same ones every
 * time, and the mean of their rows.
 *
 * @param vocabularySize ids are below it
 */
export function bareTrial({
  vocabularySize,
  hiddenSize,
}: {
  vocabularySize: number;
  hiddenSize: number;
}): Trial {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * vocabularySize);
  };
  const sentences = [4, 8, 12, 16, 24, 32, 48, 64].map((length) => Int32Array.from({ length }, next));
  return { sentences, embed: (rows, lengths) => sumRows(rows, lengths, hiddenSize) };
}

/** Of the direction of the mean. */
function sumRows(rows: Float32Array, lengths: readonly number[], columns: number): Float32Array {
  const sums = new Float32Array(lengths.length * columns);
  let row = 0;
  for (const [sentence, length] of lengths.entries()) {
    for (const end = row + length; row < end; row++) {
      for (let i = 0; i < columns; i++) sums[sentence * columns + i]! += rows[row * columns + i]!;
    }
  }
  return sums;
}

/** Two embeddings of zeros agree. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, squareOfA, squareOfB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    squareOfA += a[i]! ** 2;
    squareOfB += b[i]! ** 2;
  }
  if (squareOfA === 0 && squareOfB === 0) return 1;
  return dot / Math.sqrt(squareOfA * squareOfB);
}
