/** Judges a model by sentences of which one is nearer than the other. */
import { SIMILARITIES } from '../compare/similarity.ts';
import { requireKnownOptions } from '../known-options.ts';
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

/** Options of {@link TripletEvaluator}. */
export interface TripletOptions extends EvaluationOptions {
  /** By how much the positive must be the more alike. Default: 0. */
  margin?: number;
}

/**
 * How often a model finds a sentence more alike to its positive than to its negative.
 *
 * @example
 * const evaluator = new TripletEvaluator(['A dog barks.'], ['A hound bays.'], ['The sun shines.']);
 * await evaluator.evaluate(model); // { cosine_accuracy: 1 }
 * @see sentence_transformers.sentence_transformer.evaluation.TripletEvaluator
 */
export class TripletEvaluator {
  readonly #anchors: readonly string[];
  readonly #positives: readonly string[];
  readonly #negatives: readonly string[];
  readonly #options: TripletOptions;

  /**
   * @param anchors sentences, encoded as queries
   * @param positives for each one that is near, encoded as a document
   * @param negatives for each one that is far, encoded as a document
   * @throws {RangeError} when the lists differ in length or are empty, or the margin is no finite number
   * @throws {TypeError} when there is no such option
   */
  constructor(
    anchors: readonly string[],
    positives: readonly string[],
    negatives: readonly string[],
    options: TripletOptions = {},
  ) {
    requireKnownOptions(options, { ...EVALUATION_OPTIONS, margin: true }, 'TripletEvaluator');
    requireSameLength({ anchors, positives, negatives });
    if (!Number.isFinite(options.margin ?? 0))
      throw new RangeError('margin is no finite number. Give one, such as 0.1.');
    this.#anchors = anchors;
    this.#positives = positives;
    this.#negatives = negatives;
    this.#options = options;
  }

  /** @returns `cosine_accuracy`, from 0 to 1, or that of each similarity named, with `max_accuracy` of several */
  async evaluate(model: EvaluatedModel): Promise<Metrics> {
    const names = similaritiesOf(this.#options, model);
    const encoding = encodingOf(this.#options);
    const anchors = await model.encodeQuery(this.#anchors, encoding);
    const positives = await model.encodeDocument(this.#positives, encoding);
    const negatives = await model.encodeDocument(this.#negatives, encoding);
    const margin = Math.fround(this.#options.margin ?? 0);
    const accuracies = names.map((name) => {
      const near = takeValues(SIMILARITIES[name].pairs(anchors, positives));
      const far = takeValues(SIMILARITIES[name].pairs(anchors, negatives));
      return near.filter((score, i) => score > Math.fround(far[i]! + margin)).length / near.length;
    });
    for (const tensor of [anchors, positives, negatives]) tensor.dispose();
    const metrics: Metrics = Object.fromEntries(names.map((name, i) => [`${name}_accuracy`, accuracies[i]!]));
    if (names.length > 1) metrics.max_accuracy = Math.max(...accuracies);
    return withName(metrics, this.#options.name);
  }
}
