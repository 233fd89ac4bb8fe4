/** Encodes more sentences than fit into memory: takes them as they come, and hands out batch by batch. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { requirePositiveInteger } from '../compare/transform-embeddings.ts';
import type { EncodeOptions } from './options.ts';

/** A sentence with a name of its own. */
export interface NamedSentence {
  readonly id: string | number;
  readonly text: string;
}

/** Sentences that come one by one: a list, a generator, a file's lines, a database's rows. */
export type SentenceSource = Iterable<string | NamedSentence> | AsyncIterable<string | NamedSentence>;

/** Options of `encodeStream()`. */
export interface StreamOptions
  extends Pick<EncodeOptions, 'normalizeEmbeddings' | 'prompt' | 'promptName' | 'truncateDim'> {
  /** Sentences of a batch that is handed out. Default: 256. */
  batchSize?: number;
  /** Ends the stream with the signal's reason, once the batch at work is done. */
  signal?: AbortSignal;
}

/** A batch of a stream. Its embeddings are plain numbers: there is nothing to dispose of. */
export interface EncodedBatch {
  /** The sentences' names, or their numbers in the stream, from 0. */
  readonly ids: readonly (string | number)[];
  readonly sentences: readonly string[];
  /** One for each sentence; `EmbeddingIndex.add()` and `cosSim()` take them as they are. */
  readonly embeddings: readonly Float32Array[];
}

/** What encodes: a model. */
interface BatchEncoder {
  encode(sentences: readonly string[], options: EncodeOptions): Promise<Tensor2D>;
}

const DEFAULT_BATCH_SIZE = 256;

/** The generator behind {@link SentenceTransformer.encodeStream}. */
export async function* encodeStream(
  model: BatchEncoder,
  source: SentenceSource,
  options: StreamOptions,
): AsyncGenerator<EncodedBatch, void, undefined> {
  const { batchSize = DEFAULT_BATCH_SIZE, signal, ...encodeOptions } = options;
  requirePositiveInteger(batchSize, 'batchSize');
  requireSource(source);
  for await (const batch of batches(source, batchSize)) {
    signal?.throwIfAborted();
    const sentences = batch.map(({ text }) => text);
    const embeddings = await encodeRows(model, sentences, encodeOptions);
    signal?.throwIfAborted();
    yield { ids: batch.map(({ id }) => id), sentences, embeddings };
  }
  signal?.throwIfAborted();
}

async function encodeRows(
  model: BatchEncoder,
  sentences: readonly string[],
  options: EncodeOptions,
): Promise<Float32Array[]> {
  const tensor = await model.encode(sentences, { ...options, as: 'tensor', showProgressBar: false });
  const values = await tensor.data<'float32'>();
  const dim = tensor.shape[1];
  tensor.dispose();
  return sentences.map((_, i) => values.subarray(i * dim, (i + 1) * dim));
}

async function* batches(source: SentenceSource, size: number): AsyncGenerator<NamedSentence[]> {
  let batch: NamedSentence[] = [];
  let count = 0;
  for await (const item of source) {
    batch.push(toNamed(item, count++));
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function toNamed(item: unknown, number: number): NamedSentence {
  if (typeof item === 'string') return { id: number, text: item };
  const { id, text } = (item ?? {}) as Partial<Record<'id' | 'text', unknown>>;
  if (typeof text === 'string' && (typeof id === 'string' || typeof id === 'number')) return { id, text };
  throw new TypeError(`Cannot encode item ${number} of the stream. Give text, or { id, text }.`);
}

/** Text is iterable too, letter by letter, which nobody means. */
function requireSource(source: unknown): void {
  const isSource =
    typeof source === 'object' &&
    source !== null &&
    (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (isSource) return;
  throw new TypeError(
    'Cannot encode this as a stream. Give a list, a generator or an async iterable of sentences.',
  );
}
