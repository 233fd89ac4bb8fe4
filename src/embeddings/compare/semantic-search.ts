/** Finds the embeddings of a corpus that are nearest to queries. */

import type { Embeddings } from './embedding-values.ts';
import { forEachScoreChunk, type ScoreFunction } from './score-chunks.ts';
import { cosSim } from './similarity.ts';
import { topScores } from './top-scores.ts';
import { requirePositiveInteger } from './transform-embeddings.ts';

/** One hit of a search. */
export interface SearchHit {
  /** The row of the corpus. */
  readonly corpusId: number;
  readonly score: number;
}

/** Options of {@link semanticSearch}. */
export interface SearchOptions {
  /** Hits for each query. Default: 10. */
  topK?: number;
  /** What to rank by. Default: {@link cosSim}. */
  scoreFunction?: ScoreFunction;
  /** Queries compared at once. Default: 100. */
  queryChunkSize?: number;
  /** Rows of the corpus compared at once. Default: 500,000. */
  corpusChunkSize?: number;
}

/**
 * Ranks a corpus for each query.
 *
 * @param queryEmbeddings [n, dim], or one [dim]
 * @param corpusEmbeddings [m, dim]
 * @returns for each query its hits, best first; of equal scores the first of the corpus
 * @throws {RangeError} when the dimensions differ or an option is no whole number above 0
 * @throws {ScoreRangeError} when an embedding is not finite, or the backend fails
 * @throws {TypeError} when something else than embeddings is given
 * @example
 * const [hits] = semanticSearch(await model.encode('What do dogs eat?'), corpusEmbeddings, { topK: 3 });
 * for (const { corpusId, score } of hits!) console.log(score.toFixed(2), corpus[corpusId]);
 * @see sentence_transformers.util.semantic_search
 */
export function semanticSearch(
  queryEmbeddings: Embeddings,
  corpusEmbeddings: Embeddings,
  options: SearchOptions = {},
): SearchHit[][] {
  const { topK = 10, scoreFunction = cosSim, queryChunkSize = 100, corpusChunkSize = 500_000 } = options;
  for (const [name, value] of Object.entries({ topK, queryChunkSize, corpusChunkSize })) {
    requirePositiveInteger(value, name);
  }
  const hits: SearchHit[][] = [];
  const sizes = { queryChunkSize, corpusChunkSize };
  forEachScoreChunk(queryEmbeddings, corpusEmbeddings, scoreFunction, sizes, (chunk) => {
    chunk.rows.forEach((scores, row) => {
      const found = topScores(scores, topK).map(({ index, score }) => ({
        corpusId: chunk.corpusStart + index,
        score,
      }));
      const query = chunk.queryStart + row;
      // Sorting is stable: earlier chunks keep the first place among equal scores.
      const all = [...(hits[query] ?? []), ...found].sort((a, b) => b.score - a.score);
      hits[query] = all.slice(0, topK);
    });
  });
  return hits;
}
