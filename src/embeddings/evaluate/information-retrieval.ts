/** Judges a model by questions and the documents that answer them. */
import { semanticSearch } from '../compare/semantic-search.ts';
import { SIMILARITIES } from '../compare/similarity.ts';
import { requirePositiveInteger } from '../compare/transform-embeddings.ts';
import { requireKnownOptions } from '../known-options.ts';
import {
  EVALUATION_OPTIONS,
  type EvaluatedModel,
  type EvaluationOptions,
  encodingOf,
  type Metrics,
  similaritiesOf,
  withName,
} from './evaluation.ts';
import {
  accuracyAt,
  averagePrecisionAt,
  meanOf,
  ndcgAt,
  precisionAt,
  type Ranking,
  recallAt,
  reciprocalRankAt,
} from './ranking-scores.ts';

/** Options of {@link InformationRetrievalEvaluator}. */
export interface RetrievalOptions extends EvaluationOptions {
  /** Most documents that are looked at, for each accuracy. Default: [1, 3, 5, 10]. */
  accuracyAtK?: readonly number[];
  /** The same for each precision and recall. Default: [1, 3, 5, 10]. */
  precisionRecallAtK?: readonly number[];
  /** The same for the normalized discounted cumulative gain. Default: [10]. */
  ndcgAtK?: readonly number[];
  /** The same for the mean reciprocal rank. Default: [10]. */
  mrrAtK?: readonly number[];
  /** The same for the mean average precision. Default: [100]. */
  mapAtK?: readonly number[];
}

const CUT_OPTIONS = {
  accuracyAtK: true,
  precisionRecallAtK: true,
  ndcgAtK: true,
  mrrAtK: true,
  mapAtK: true,
} as const;

/**
 * How high a model ranks the documents that answer a question.
 *
 * @example
 * const evaluator = new InformationRetrievalEvaluator(
 *   { q1: 'Which animal barks?' },
 *   { d1: 'A dog barks.', d2: 'The sun shines.' },
 *   { q1: ['d1'] },
 * );
 * const metrics = await evaluator.evaluate(model);
 * metrics['cosine_accuracy@1']; // 1
 * @see sentence_transformers.sentence_transformer.evaluation.InformationRetrievalEvaluator
 */
export class InformationRetrievalEvaluator {
  readonly #queries: readonly (readonly [id: string, text: string])[];
  readonly #corpus: readonly (readonly [id: string, text: string])[];
  readonly #relevant: readonly ReadonlySet<string>[];
  readonly #cuts: Record<keyof typeof CUT_OPTIONS, readonly number[]>;
  readonly #options: RetrievalOptions;

  /**
   * @param queries questions by their ids; those without relevant documents are left out
   * @param corpus documents by their ids
   * @param relevantDocs ids of the documents that answer a question, by its id; those that the corpus lacks count as
   *   not found
   * @throws {RangeError} when no question has a relevant document, the corpus is empty, or an option has no such value
   * @throws {TypeError} when there is no such option, or a question's relevant documents are one text
   */
  constructor(
    queries: Readonly<Record<string, string>>,
    corpus: Readonly<Record<string, string>>,
    relevantDocs: Readonly<Record<string, Iterable<string>>>,
    options: RetrievalOptions = {},
  ) {
    requireKnownOptions(options, { ...EVALUATION_OPTIONS, ...CUT_OPTIONS }, 'InformationRetrievalEvaluator');
    this.#queries = Object.entries(queries).filter(([id]) => relevantTo(id, relevantDocs).size > 0);
    this.#relevant = this.#queries.map(([id]) => relevantTo(id, relevantDocs));
    // Of equal scores the search gives the first of the corpus, and Python the smaller id.
    this.#corpus = Object.entries(corpus).sort(([a], [b]) => (a < b ? -1 : 1));
    if (this.#queries.length === 0)
      throw new RangeError('No question has a relevant document. Give one at least.');
    if (this.#corpus.length === 0) throw new RangeError('The corpus is empty. Give one document at least.');
    this.#cuts = cutsOf(options);
    this.#options = options;
  }

  /**
   * @returns by each similarity, such as `cosine`: `cosine_accuracy@1`, `cosine_precision@1`, `cosine_recall@1`,
   *   `cosine_ndcg@10`, `cosine_mrr@10`, `cosine_map@100`, and so on for each number, from 0 to 1
   */
  async evaluate(model: EvaluatedModel): Promise<Metrics> {
    const names = similaritiesOf(this.#options, model);
    const texts = (entries: readonly (readonly [string, string])[]) => entries.map(([, text]) => text);
    const queries = await model.encodeQuery(texts(this.#queries), encodingOf(this.#options));
    const corpus = await model.encodeDocument(texts(this.#corpus), encodingOf(this.#options));
    const topK = Math.max(...Object.values(this.#cuts).flat());
    const metrics: Metrics = {};
    for (const name of names) {
      const found = semanticSearch(queries, corpus, { topK, scoreFunction: SIMILARITIES[name].all });
      const rankings = found.map((hits, i) => {
        const relevant = this.#relevant[i]!;
        return {
          hits: hits.map(({ corpusId }) => relevant.has(this.#corpus[corpusId]![0])),
          relevant: relevant.size,
        };
      });
      Object.assign(metrics, withName(this.#judge(rankings), name));
    }
    for (const tensor of [queries, corpus]) tensor.dispose();
    return withName(metrics, this.#options.name);
  }

  #judge(rankings: readonly Ranking[]): Metrics {
    const { accuracyAtK, precisionRecallAtK, ndcgAtK, mrrAtK, mapAtK } = this.#cuts;
    const rows = [
      ['accuracy', accuracyAtK, accuracyAt],
      ['precision', precisionRecallAtK, precisionAt],
      ['recall', precisionRecallAtK, recallAt],
      ['ndcg', ndcgAtK, ndcgAt],
      ['mrr', mrrAtK, reciprocalRankAt],
      ['map', mapAtK, averagePrecisionAt],
    ] as const;
    return Object.fromEntries(
      rows.flatMap(([name, cuts, score]) =>
        cuts.map((k) => [`${name}@${k}`, meanOf(rankings.map((ranking) => score(ranking, k)))]),
      ),
    );
  }
}

function cutsOf(options: RetrievalOptions): Record<keyof typeof CUT_OPTIONS, readonly number[]> {
  const cuts = {
    accuracyAtK: options.accuracyAtK ?? [1, 3, 5, 10],
    precisionRecallAtK: options.precisionRecallAtK ?? [1, 3, 5, 10],
    ndcgAtK: options.ndcgAtK ?? [10],
    mrrAtK: options.mrrAtK ?? [10],
    mapAtK: options.mapAtK ?? [100],
  };
  for (const [name, numbers] of Object.entries(cuts)) {
    if (!Array.isArray(numbers)) throw new TypeError(`${name} is no list. Give one, such as [10].`);
    for (const number of numbers) requirePositiveInteger(number, name);
  }
  if (Object.values(cuts).every((numbers) => numbers.length === 0)) {
    throw new RangeError('There is nothing to measure. Give one number of documents at least.');
  }
  return cuts;
}

/** The ids of a question's documents; one text would be read letter by letter, which nobody means. */
function relevantTo(id: string, relevantDocs: Readonly<Record<string, Iterable<string>>>): Set<string> {
  const ids = Object.hasOwn(relevantDocs, id) ? relevantDocs[id]! : [];
  if (typeof ids !== 'string') return new Set(ids);
  throw new TypeError(
    `The relevant documents of ${id} are one text. Give a list of ids, such as ['${ids}'].`,
  );
}
