/** A logistic regression on embeddings, trained with tfjs: the plainest classifier there is. */
import * as tf from '@tensorflow/tfjs-core';

/** Steps downhill; the loss is convex, so that more of them change little. */
const STEPS = 300;
const MOMENTUM = 0.9;
/** How strongly weights are held near 0. */
const DECAY = 1e-4;

/** Tells the label of an embedding. */
export interface Classifier {
  /** The labels that it knows, in order. */
  readonly labels: readonly string[];
  /** @param embeddings [n, dim] @returns the likeliest label of each row */
  classify(embeddings: tf.Tensor2D): string[];
}

/**
 * Trains a logistic regression by gradient descent with momentum: the gradient of the cross entropy is
 * `xᵀ (softmax(x w) - wanted) / n`. It starts from zeros, so that training again gives the same.
 * @param embeddings [n, dim]
 * @param labels the right label of each row
 * @throws {RangeError} when there is not one label for each row, or only one kind of label
 * @example
 * const classifier = trainClassifier(embeddings, ['animals', 'animals', 'weather', 'weather']);
 * classifier.classify(embeddings) // ['animals', 'animals', 'weather', 'weather']
 * @see https://en.wikipedia.org/wiki/Multinomial_logistic_regression
 */
export function trainClassifier(embeddings: tf.Tensor2D, labels: readonly string[]): Classifier {
  const [rows] = embeddings.shape;
  if (labels.length !== rows) {
    throw new RangeError(`There are ${rows} embeddings, but ${labels.length} labels. Give one for each.`);
  }
  const names = [...new Set(labels)];
  if (names.length < 2) throw new RangeError('All labels are the same: there is nothing to tell apart.');
  const weights = tf.tidy(() => descend(withOnes(embeddings), oneHot(labels, names)));
  return {
    labels: names,
    classify: (x) => {
      const best = tf.tidy(() => tf.argMax(tf.matMul(withOnes(x), weights), 1).dataSync());
      return Array.from(best, (index) => names[index]!);
    },
  };
}

/** @returns weights [dim, labels] */
function descend(x: tf.Tensor2D, wanted: tf.Tensor2D): tf.Tensor2D {
  const [rows, dim] = x.shape;
  // The loss bends by half the longest row's squared length at most: longer steps could overshoot.
  const longest = tf.max(tf.sum(tf.square(x), 1)).dataSync()[0]!;
  const rate = 2 / longest;
  let weights = tf.zeros([dim, wanted.shape[1]]) as tf.Tensor2D;
  let step = tf.zerosLike(weights);
  for (let i = 0; i < STEPS; i++) {
    [weights, step] = tf.tidy(() => {
      const error = tf.div(tf.sub(tf.softmax(tf.matMul(x, weights)), wanted), rows);
      const slope = tf.add(tf.matMul(x, error as tf.Tensor2D, true), tf.mul(DECAY, weights));
      const next = tf.sub(tf.mul(MOMENTUM, step), tf.mul(rate, slope)) as tf.Tensor2D;
      return [tf.add(weights, next) as tf.Tensor2D, next];
    });
  }
  return weights;
}

/** A column of ones behind the others: its weight is the label's own. */
function withOnes(x: tf.Tensor2D): tf.Tensor2D {
  return tf.concat([x, tf.ones([x.shape[0], 1])], 1) as tf.Tensor2D;
}

function oneHot(labels: readonly string[], names: readonly string[]): tf.Tensor2D {
  const rows = labels.map((label) => names.map((name) => Number(name === label)));
  return tf.tensor2d(rows);
}
