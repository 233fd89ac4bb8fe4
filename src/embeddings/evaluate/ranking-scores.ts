/** How well the documents of a question are ranked, by the first k of them, as sentence-transformers computes it. */

/** What a search found for one question. */
export interface Ranking {
  /** For each document found, best first: whether it is relevant. */
  readonly hits: readonly boolean[];
  /** Relevant documents that there are. */
  readonly relevant: number;
}

/** 1 where a relevant document is among the first k, else 0. */
export function accuracyAt({ hits }: Ranking, k: number): number {
  return hits.slice(0, k).includes(true) ? 1 : 0;
}

/** Share of relevant documents in k. */
export function precisionAt({ hits }: Ranking, k: number): number {
  return countTrue(hits.slice(0, k)) / k;
}

/** Share of the relevant documents that are among the first k. */
export function recallAt({ hits, relevant }: Ranking, k: number): number {
  return countTrue(hits.slice(0, k)) / relevant;
}

/** One through the place of the first relevant document, else 0. */
export function reciprocalRankAt({ hits }: Ranking, k: number): number {
  const first = hits.slice(0, k).indexOf(true);
  return first < 0 ? 0 : 1 / (first + 1);
}

/** Discounted gain of the first k, beside that of the best order. */
export function ndcgAt({ hits, relevant }: Ranking, k: number): number {
  const best = new Array<boolean>(Math.min(relevant, k)).fill(true);
  return discountedGain(hits.slice(0, k)) / discountedGain(best);
}

/** Mean of the precisions at each relevant document among the first k. */
export function averagePrecisionAt({ hits, relevant }: Ranking, k: number): number {
  let found = 0;
  let sum = 0;
  for (const [i, isRelevant] of hits.slice(0, k).entries()) {
    if (isRelevant) sum += ++found / (i + 1);
  }
  return sum / Math.min(k, relevant);
}

/** The mean of some numbers. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function discountedGain(hits: readonly boolean[]): number {
  return hits.reduce((sum, isRelevant, i) => sum + (isRelevant ? 1 / Math.log2(i + 2) : 0), 0);
}

function countTrue(values: readonly boolean[]): number {
  return values.filter(Boolean).length;
}
