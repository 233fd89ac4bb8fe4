/** Runs sentences through a model's parts: tokens, batches, encoder, pooling, later modules. */
import { setImmediate } from 'node:timers/promises';
import type { Encoder } from '../encoder/encoder.ts';
import { NaNEmbeddingError } from '../errors.ts';
import type { LoadedModules } from '../modules/load.ts';
import type { SentenceTokenizer } from './tokenize.ts';

/** What a model is made of. */
export interface ModelParts extends LoadedModules {
  readonly tokenizer: SentenceTokenizer;
  readonly encoder: Encoder;
}

/** Sentences ready to run. */
export interface TokenizedSentences {
  /** Token ids of each sentence, in the order they were given. */
  readonly ids: readonly Int32Array[];
  /** Tokens at the start of each that belong to the prompt. */
  readonly promptLength: number;
}

/** Told after every batch. */
export type OnBatch = (done: number, total: number) => void;

/** Sentences tokenised between two breaths of the event loop. */
const SENTENCES_PER_BREATH = 256;

/**
 * Tokenises sentences, each with the prompt before it.
 *
 * @returns token ids of each sentence, in order
 */
export async function tokenizeSentences(
  tokenizer: SentenceTokenizer,
  sentences: readonly string[],
  prompt: string,
): Promise<TokenizedSentences> {
  const ids: Int32Array[] = [];
  for (const sentence of sentences) {
    ids.push(tokenizer.encode(prompt + sentence));
    if (ids.length % SENTENCES_PER_BREATH === 0) await setImmediate();
  }
  return { ids, promptLength: prompt === '' ? 0 : tokenizer.promptLength(prompt) };
}

/**
 * Sentence embeddings.
 *
 * @param batchSize most sentences of a batch
 * @returns [ids.length, dimension], row-major, in the order of the sentences
 */
export async function embedSentences(
  parts: ModelParts,
  { ids, promptLength }: TokenizedSentences,
  batchSize: number,
  onBatch: OnBatch,
): Promise<Float32Array> {
  const { pooling, rest } = parts;
  const dimension = outputDimension(parts);
  const embeddings = new Float32Array(ids.length * dimension);
  await forEachBatch(parts, ids, batchSize, onBatch, (batch, rows, lengths) => {
    let pooled = pooling.apply(rows, lengths, promptLength);
    for (const module of rest) pooled = module.apply(pooled, batch.length);
    batch.forEach((sentence, i) => {
      const embedding = pooled.subarray(i * dimension, (i + 1) * dimension);
      if (embedding.some(Number.isNaN)) throw new NaNEmbeddingError(sentence);
      embeddings.set(embedding, sentence * dimension);
    });
  });
  return embeddings;
}

/**
 * Token embeddings: the last hidden state.
 *
 * @returns for each sentence [tokens, hiddenSize], row-major
 */
export async function embedTokens(
  parts: ModelParts,
  { ids }: TokenizedSentences,
  batchSize: number,
  onBatch: OnBatch,
): Promise<Float32Array[]> {
  const { hiddenSize } = parts.encoder;
  const embeddings: Float32Array[] = new Array(ids.length);
  await forEachBatch(parts, ids, batchSize, onBatch, (batch, rows, lengths) => {
    let start = 0;
    batch.forEach((sentence, i) => {
      const end = start + lengths[i]! * hiddenSize;
      embeddings[sentence] = rows.slice(start, end);
      if (embeddings[sentence].some(Number.isNaN)) throw new NaNEmbeddingError(sentence);
      start = end;
    });
  });
  return embeddings;
}

/** Columns of a sentence embedding. */
export function outputDimension({ pooling, rest }: LoadedModules): number {
  return rest.at(-1)?.dimension ?? pooling.dimension;
}

/** Runs the batches that the encoder plans, and lets the event loop breathe after each. */
async function forEachBatch(
  { encoder }: ModelParts,
  ids: readonly Int32Array[],
  batchSize: number,
  onBatch: OnBatch,
  take: (batch: readonly number[], rows: Float32Array, lengths: readonly number[]) => void,
): Promise<void> {
  const allLengths = ids.map((sentence) => sentence.length);
  const batches = encoder.planBatches(allLengths, batchSize);
  const start = (batch: readonly number[] | undefined) =>
    batch && encoder.run(batch.map((sentence) => ids[sentence]!));
  onBatch(0, batches.length);
  let next = start(batches[0]);
  for (const [done, batch] of batches.entries()) {
    const current = next!;
    // The next batch starts before this one ends, so that the encoder's thread need not wait for the pooling.
    next = start(batches[done + 1]);
    next?.catch(() => {}); // It is awaited in its turn, unless this batch fails first.
    const lengths = batch.map((sentence) => allLengths[sentence]!);
    take(batch, await current, lengths);
    onBatch(done + 1, batches.length);
    await setImmediate();
  }
}
