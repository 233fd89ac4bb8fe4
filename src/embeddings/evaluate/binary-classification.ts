/** Judges a model by pairs of sentences that mean the same or do not. */
import { SIMILARITIES } from '../compare/similarity.ts';
import type { SimilarityName } from '../configuration.ts';
import { requireKnownOptions } from '../known-options.ts';
import {
  averagePrecision,
  bestAccuracy,
  bestF1,
  byFallingScore,
  type Judged,
  matthewsCorrelation,
} from './classification-scores.ts';
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
 * How well a threshold of a model's similarity tells pairs that mean the same from others.
 *
 * Of the Euclidean and Manhattan similarities, thresholds are distances: pairs below them mean the same.
 *
 * @example
 * const evaluator = new BinaryClassificationEvaluator(
 *   ['A dog barks.', 'A dog barks.', 'It rains.'],
 *   ['A hound bays.', 'The sun shines.', 'The sun shines.'],
 *   [1, 0, 0],
 * );
 * const metrics = await evaluator.evaluate(model);
 * metrics.cosine_ap; // 1
 * @see sentence_transformers.sentence_transformer.evaluation.BinaryClassificationEvaluator
 */
export class BinaryClassificationEvaluator {
  readonly #sentences1: readonly string[];
  readonly #sentences2: readonly string[];
  readonly #labels: readonly number[];
  readonly #options: EvaluationOptions;

  /**
   * @param sentences1 the first sentence of each pair
   * @param sentences2 the second
   * @param labels 1 where they mean the same, else 0
   * @throws {RangeError} when the lists differ in length or are empty, or a label is something else
   * @throws {TypeError} when there is no such option
   */
  constructor(
    sentences1: readonly string[],
    sentences2: readonly string[],
    labels: readonly number[],
    options: EvaluationOptions = {},
  ) {
    requireKnownOptions(options, EVALUATION_OPTIONS, 'BinaryClassificationEvaluator');
    requireSameLength({ sentences1, sentences2, labels });
    const wrong = labels.findIndex((label) => label !== 0 && label !== 1);
    if (wrong >= 0) throw new RangeError(`Label ${wrong} is ${labels[wrong]}. Give 1 or 0.`);
    this.#sentences1 = sentences1;
    this.#sentences2 = sentences2;
    this.#labels = labels;
    this.#options = options;
  }

  /**
   * @returns for each similarity, such as `cosine`: `cosine_accuracy`, `cosine_accuracy_threshold`, `cosine_f1`,
   *   `cosine_f1_threshold`, `cosine_precision`, `cosine_recall`, `cosine_ap` (average precision) and `cosine_mcc`
   *   (Matthews' correlation); of several similarities also the largest of each, such as `max_ap`
   */
  async evaluate(model: EvaluatedModel): Promise<Metrics> {
    const names = similaritiesOf(this.#options, model);
    const a = await model.encode(this.#sentences1, encodingOf(this.#options));
    const b = await model.encode(this.#sentences2, encodingOf(this.#options));
    const found = names.map((name) => this.#judge(name, takeValues(SIMILARITIES[name].pairs(a, b))));
    for (const tensor of [a, b]) tensor.dispose();
    const metrics: Metrics = Object.assign({}, ...found.map((scores, i) => withName(scores, names[i])));
    if (names.length > 1) {
      for (const key of Object.keys(found[0]!)) {
        metrics[`max_${key}`] = Math.max(...found.map((scores) => scores[key]!));
      }
    }
    return withName(metrics, this.#options.name);
  }

  #judge(name: SimilarityName, similarities: Float32Array): Metrics {
    // Python judges by distances, the negative similarities; so a threshold turns its sign.
    const sign = name === 'euclidean' || name === 'manhattan' ? -1 : 1;
    const pairs: Judged[] = this.#labels.map((label, i) => ({
      score: similarities[i]!,
      isSame: label === 1,
    }));
    const ranked = byFallingScore(pairs);
    const { accuracy, threshold } = bestAccuracy(ranked);
    const best = bestF1(ranked);
    return {
      accuracy,
      accuracy_threshold: threshold === undefined ? -1 : sign * threshold,
      f1: best.f1,
      f1_threshold: sign * best.threshold,
      precision: best.precision,
      recall: best.recall,
      ap: averagePrecision(ranked),
      mcc: matthewsCorrelation(ranked, best.threshold),
    };
  }
}
