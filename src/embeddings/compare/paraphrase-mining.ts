/** Finds the most alike pairs among many sentences. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Embeddings } from './embedding-values.ts';
import { forEachScoreChunk, type ScoreFunction } from './score-chunks.ts';
import { cosSim } from './similarity.ts';
import { topScores } from './top-scores.ts';
import { requirePositiveInteger } from './transform-embeddings.ts';

/** A pair of sentences, the lower number first. */
export type ParaphrasePair = [score: number, i: number, j: number];

/** Options of {@link paraphraseMiningEmbeddings}. */
export interface MiningOptions {
  /** Partners looked at for each sentence. Default: 100. */
  topK?: number;
  /** Most entries kept, where each pair may count twice (i with j, j with i). Default: 500,000. */
  maxPairs?: number;
  /** What to rank by. Default: {@link cosSim}. */
  scoreFunction?: ScoreFunction;
  /** Sentences compared at once. Default: 5,000. */
  queryChunkSize?: number;
  /** Sentences they are compared with at once. Default: 100,000. */
  corpusChunkSize?: number;
}

/** Makes embeddings of sentences [n, dim], as SentenceTransformer does. */
export interface SentenceEncoder<EncodeOptions> {
  encode(sentences: readonly string[], options?: EncodeOptions): Promise<Tensor2D>;
}

/**
 * Encodes sentences and ranks their pairs.
 *
 * @param model encodes the sentences
 * @param sentences two or more
 * @param options those of the mining, and any that the model's encode() takes
 * @returns pairs [score, i, j] with i < j, most alike first
 * @throws what the model's encode() and {@link paraphraseMiningEmbeddings} throw
 * @example for (const [score, i, j] of await paraphraseMining(model, sentences)) console.log(score, i, j);
 * @see sentence_transformers.util.paraphrase_mining
 */
export async function paraphraseMining<EncodeOptions extends object>(
  model: SentenceEncoder<EncodeOptions>,
  sentences: readonly string[],
  options?: MiningOptions & EncodeOptions,
): Promise<ParaphrasePair[]> {
  const { topK, maxPairs, scoreFunction, queryChunkSize, corpusChunkSize, ...encodeOptions } = options ?? {};
  const embeddings = await model.encode(sentences, encodeOptions as EncodeOptions);
  const pairs = paraphraseMiningEmbeddings(embeddings, options);
  embeddings.dispose();
  return pairs;
}

/**
 * Ranks the pairs of embeddings by likeness.
 *
 * @param embeddings [n, dim]
 * @returns pairs [score, i, j] with i < j, most alike first
 * @throws {RangeError} when an option is no whole number above 0
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example paraphraseMiningEmbeddings([[1, 0], [0, 1], [1, 0.1]])[0]; // [0.9950372, 0, 2]
 * @see sentence_transformers.util.paraphrase_mining_embeddings
 */
export function paraphraseMiningEmbeddings(
  embeddings: Embeddings,
  options: MiningOptions = {},
): ParaphrasePair[] {
  const { topK = 100, maxPairs = 500_000, scoreFunction = cosSim } = options;
  const { queryChunkSize = 5000, corpusChunkSize = 100_000 } = options;
  for (const [name, value] of Object.entries({ topK, maxPairs, queryChunkSize, corpusChunkSize })) {
    requirePositiveInteger(value, name);
  }
  const kept = new BestPairs(maxPairs);
  const sizes = { queryChunkSize, corpusChunkSize };
  forEachScoreChunk(embeddings, embeddings, scoreFunction, sizes, (chunk) => {
    chunk.rows.forEach((scores, row) => {
      const i = chunk.queryStart + row;
      // One more than asked for: a sentence is its own best partner.
      for (const { index, score } of topScores(scores, topK + 1))
        kept.add(score, i, chunk.corpusStart + index);
    });
  });
  return kept.unique();
}

/** Keeps the best directed pairs, as the reference's priority queue does. */
class BestPairs {
  readonly #maxPairs: number;
  #pairs: ParaphrasePair[] = [];
  #added = 0;
  /** Pairs below it need not be kept. The reference starts at -1, the lowest cosine. */
  #lowest = -1;

  constructor(maxPairs: number) {
    this.#maxPairs = maxPairs;
  }

  add(score: number, i: number, j: number): void {
    if (i === j || score <= this.#lowest) return;
    this.#pairs.push([score, i, j]);
    this.#added++;
    if (this.#pairs.length >= 2 * this.#maxPairs) this.#cut();
  }

  /** The reference drops one for each that is added from the maxPairs-th on, so one less than maxPairs remain. */
  #cut(): void {
    if (this.#added < this.#maxPairs) return;
    this.#pairs.sort(byRank);
    this.#lowest = this.#pairs[this.#maxPairs - 1]?.[0] ?? this.#lowest;
    this.#pairs.length = Math.min(this.#pairs.length, this.#maxPairs - 1);
  }

  unique(): ParaphrasePair[] {
    this.#cut();
    const seen = new Map<string, ParaphrasePair>();
    // From the lowest: where i with j and j with i differ by a rounding, the reference keeps the lower score.
    for (const [score, i, j] of this.#pairs.sort(byRank).reverse()) {
      const pair: ParaphrasePair = [score, Math.min(i, j), Math.max(i, j)];
      const key = `${pair[1]} ${pair[2]}`;
      if (!seen.has(key)) seen.set(key, pair);
    }
    return [...seen.values()].sort((a, b) => b[0] - a[0]);
  }
}

/** Best first; of equal scores the higher numbers, as tuples compare in Python. */
function byRank(a: ParaphrasePair, b: ParaphrasePair): number {
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}
