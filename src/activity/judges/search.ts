/** Judges the blank of the search notebook: the hits for a query. */
import { BlankError } from '../work/blank.ts';
import { type Finding, type Given, right, wrong } from '../work/finding.ts';
import { cosine, rowsOf } from '../work/numbers.ts';
import type { Work } from './embeddings.ts';

/** Cosines in float32, computed in another order of additions. */
const TOLERANCE = 1e-4;
const TOP_K = 3;
const QUERIES = ['bad weather', 'What do animals eat?'];
/** Queries of no notebook, for grading. */
const HIDDEN = ['an evening at the theatre', 'saving money for later'];

/** What the learner wrote: a query in, its hits out, best first. */
type Search = (query: string, topK: number) => unknown;

/**
 * Whether the function finds the nearest sentences, by ranking all of them here for queries of the judge's own.
 * @param given the learner's model and the sentences that are searched
 */
export async function judgeSearch(answer: unknown, given: Given, strictly: boolean): Promise<Finding> {
  const { model, corpus: texts } = given as unknown as { model: Work['model']; corpus: readonly string[] };
  if (typeof answer !== 'function') {
    return wrong('search is no function any more. Restore the cell and fill in its blank only.');
  }
  const corpus = rowsOf(await model.encode(texts)) ?? [];
  const queries = strictly ? [...QUERIES, ...HIDDEN] : QUERIES;
  for (const query of queries) {
    const [embedding = []] = rowsOf(await model.encode([query])) ?? [];
    const scores = corpus.map((row) => cosine(row, embedding)).sort((a, b) => b - a);
    const hint = await tryOn(answer as Search, query, scores.slice(0, TOP_K));
    if (hint) return wrong(hint);
  }
  return right(`The best ${TOP_K} hits of ${queries.length} other queries were found too.`);
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
    if (error instanceof BlankError) throw error;
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
    : 'These are not the nearest sentences. The query comes first, then what is searched: queryEmbedding, corpusEmbeddings.';
}
