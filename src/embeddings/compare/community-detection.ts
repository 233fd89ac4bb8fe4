/** Finds groups of sentences that are alike. */

import type { Embeddings } from './embedding-values.ts';
import { forEachScoreChunk } from './score-chunks.ts';
import { cosSim } from './similarity.ts';
import { requirePositiveInteger } from './transform-embeddings.ts';

/** Options of {@link communityDetection}. */
export interface CommunityOptions {
  /** Least cosine similarity with the centre of a community. Default: 0.75. */
  threshold?: number;
  /** Fewest members of a community. Default: 10. */
  minCommunitySize?: number;
  /** Embeddings compared at once. Default: 1,024. */
  batchSize?: number;
}

/**
 * Groups embeddings around those that have many near ones. Communities do not overlap; some embeddings are in none.
 *
 * @param embeddings [n, dim]
 * @returns the communities, largest first; of each the rows, nearest to its centre first, which is the first itself
 * @throws {RangeError} when a count is no whole number above 0
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example communityDetection([[1, 0], [1, 0.1], [0, 1]], { minCommunitySize: 2 }); // [[0, 1]]
 * @see sentence_transformers.util.community_detection
 */
export function communityDetection(embeddings: Embeddings, options: CommunityOptions = {}): number[][] {
  const { threshold = 0.75, minCommunitySize = 10, batchSize = 1024 } = options;
  requirePositiveInteger(minCommunitySize, 'minCommunitySize');
  requirePositiveInteger(batchSize, 'batchSize');
  const candidates: number[][] = [];
  let count = 0;
  const sizes = { queryChunkSize: batchSize, corpusChunkSize: Number.MAX_SAFE_INTEGER };
  forEachScoreChunk(embeddings, embeddings, cosSim, sizes, ({ rows }) => {
    for (const scores of rows) {
      count = scores.length;
      const near = membersOf(scores, Math.fround(threshold));
      if (near.length >= Math.min(minCommunitySize, count)) candidates.push(near);
    }
  });
  return withoutOverlap(candidates.sort(largestFirst), count, Math.min(minCommunitySize, count));
}

/** The rows at or above the threshold, nearest first. */
function membersOf(scores: Float32Array, threshold: number): number[] {
  const members: number[] = [];
  scores.forEach((score, row) => {
    if (score >= threshold) members.push(row);
  });
  return members.sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** Gives every row to the first community that claims it; those that lose too many fall away. */
function withoutOverlap(candidates: readonly number[][], count: number, minSize: number): number[][] {
  const used = new Uint8Array(count);
  const communities: number[][] = [];
  for (const candidate of candidates) {
    const free = candidate.filter((row) => used[row] === 0);
    if (free.length < minSize) continue;
    communities.push(free);
    for (const row of free) used[row] = 1;
  }
  return communities.sort(largestFirst);
}

function largestFirst(a: readonly number[], b: readonly number[]): number {
  return b.length - a.length;
}
