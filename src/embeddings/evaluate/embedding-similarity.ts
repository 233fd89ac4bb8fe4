/** Judges a model by pairs of sentences that people have scored. */
import { SIMILARITIES } from '../compare/similarity.ts';
import { requireKnownOptions } from '../known-options.ts';
import { pearson, spearman } from './correlation.ts';
import {
  EVALUATION_OPTIONS,
  type EvaluatedModel,
  type EvaluationOptions,
  encodingOf,
  type Metrics,
  requireSameLength,
  similaritiesOf,
  takeValues,
  withName,
} from './evaluation.ts';

/**
 * How far a model's similarities of sentence pairs follow the scores that people gave them.
 *
 * @example
 * const evaluator = new EmbeddingSimilarityEvaluator(
 *   ['A dog barks.', 'A dog barks.', 'It rains.'],
 *   ['A hound bays.', 'The sun shines.', 'The sun shines.'],
 *   [0.9, 0.1, 0.4],
 * );
 * const metrics = await evaluator.evaluate(model);
 * Object.keys(metrics); // ['pearson_cosine', 'spearman_cosine']
 * @see sentence_transformers.sentence_transformer.evaluation.EmbeddingSimilarityEvaluator
 */
export class EmbeddingSimilarityEvaluator {
  readonly #sentences1: readonly string[];
  readonly #sentences2: readonly string[];
  readonly #scores: readonly number[];
  readonly #options: EvaluationOptions;

  /**
   * @param sentences1 the first sentence of each pair
   * @param sentences2 the second
   * @param scores how alike they are, on any scale: the higher, the more
   * @throws {RangeError} when the lists differ in length, or all scores are the same or one is no number
   * @throws {TypeError} when there is no such option
   */
  constructor(
    sentences1: readonly string[],
    sentences2: readonly string[],
    scores: readonly number[],
    options: EvaluationOptions = {},
  ) {
    requireKnownOptions(options, EVALUATION_OPTIONS, 'EmbeddingSimilarityEvaluator');
    requireSameLength({ sentences1, sentences2, scores });
    if (!scores.every(Number.isFinite) || new Set(scores).size === 1) {
      throw new RangeError(
        'No order follows from the scores. Give finite numbers, two different ones at least.',
      );
    }
    this.#sentences1 = sentences1;
    this.#sentences2 = sentences2;
    this.#scores = scores;
    this.#options = options;
  }

  /**
   * @returns `pearson_cosine` and `spearman_cosine`, from -1 to 1, or those of the similarities that were named, with
   *   `pearson_max` and `spearman_max` of several; NaN where the model finds all pairs equally alike
   */
  async evaluate(model: EvaluatedModel): Promise<Metrics> {
    const names = similaritiesOf(this.#options, model);
    const a = await model.encode(this.#sentences1, encodingOf(this.#options));
    const b = await model.encode(this.#sentences2, encodingOf(this.#options));
    const rows = names.map((name) => {
      const found = takeValues(SIMILARITIES[name].pairs(a, b));
      return { name, pearson: pearson(this.#scores, found), spearman: spearman(this.#scores, found) };
    });
    for (const tensor of [a, b]) tensor.dispose();
    const metrics: Metrics = {};
    for (const row of rows) {
      metrics[`pearson_${row.name}`] = row.pearson;
      metrics[`spearman_${row.name}`] = row.spearman;
    }
    if (rows.length > 1) {
      metrics.pearson_max = Math.max(...rows.map((row) => row.pearson));
      metrics.spearman_max = Math.max(...rows.map((row) => row.spearman));
    }
    return withName(metrics, this.#options.name);
  }
}
