/** Checks the blank of the search notebook: the hits for a query. */
import { hasBlank, recordVerdict } from './blanks.ts';
import type { Work } from './check-embeddings.ts';
import { cosine, rowsOf } from './numbers.ts';
import { Verdict } from './shown.ts';

/** Cosines in float32, computed in another order of additions. */
const TOLERANCE = 1e-4;
const TOP_K = 3;
const QUERIES = ['bad weather', 'What do animals eat?'];

/** What the learner wrote: a query in, its hits out, best first. */
export type Search = (query: string, topK: number) => unknown;

/**
 * Whether the function finds the nearest sentences, by ranking all of them here for queries of the check's own.
 * @param blank the blank's number
 * @param work the learner's model and the sentences that are searched
 */
export async function checkSearch(blank: number, search: Search, work: Work): Promise<Verdict> {
  return recordVerdict(blank, await judge(blank, search, work));
}

async function judge(blank: number, search: Search, { model, sentences }: Work): Promise<Verdict> {
  if (typeof search === 'function' && hasBlank(search.toString())) {
    return new Verdict(
      'open',
      `Blank ${blank}: call semanticSearch with the query's embedding, the embeddings of the corpus and { topK }, in place of '...' (quotes included).`,
    );
  }
  if (typeof search !== 'function') {
    return new Verdict(
      'wrong',
      'search is no function any more. Restore the cell and fill in its blank only.',
    );
  }
  const corpus = rowsOf(await model.encode(sentences)) ?? [];
  for (const query of QUERIES) {
    const [embedding = []] = rowsOf(await model.encode([query])) ?? [];
    const scores = corpus.map((row) => cosine(row, embedding)).sort((a, b) => b - a);
    const hint = await tryOn(search, query, scores.slice(0, TOP_K));
    if (hint) return new Verdict('wrong', hint);
  }
  return new Verdict('right', `The best ${TOP_K} hits of ${QUERIES.length} other queries were found too.`);
}

/** @returns what is wrong with the hits; undefined when nothing is */
async function tryOn(
  search: Search,
  query: string,
  expected: readonly number[],
): Promise<string | undefined> {
  let hits: unknown;
  try {
    hits = await search(query, TOP_K);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `The search ends with an error (${message}). results should be what semanticSearch gives back.`;
  }
  const scores = Array.isArray(hits) ? hits.map((hit: { score?: unknown } | undefined) => hit?.score) : [];
  if (scores.length === 0 || scores.some((score) => typeof score !== 'number')) {
    return 'search gives back no hits. Assign the result of semanticSearch to results; the last line takes its first row.';
  }
  if (scores.length !== expected.length) {
    return `search gives ${scores.length} hits where ${expected.length} were asked for. Pass { topK } on to semanticSearch.`;
  }
  const agree = expected.every((score, i) => Math.abs(score - (scores[i] as number)) <= TOLERANCE);
  return agree
    ? undefined
    : 'These are not the nearest sentences. Search corpusEmbeddings with queryEmbedding.';
}
