/** Judges the blanks of the classification notebook. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../work/classifier.ts';
import { type Finding, type Given, right, wrong } from '../work/finding.ts';

/** A classifier that learned knows nearly all that it was shown. */
const LEARNED = 0.9;

interface Work {
  classifier: Classifier;
  trainEmbeddings: Tensor2D;
  trainTopics: readonly string[];
  testEmbeddings: Tensor2D;
  testTopics: readonly string[];
  predicted: readonly string[];
}

const shareOf = (given: readonly string[], wanted: readonly string[]) =>
  given.filter((label, i) => label === wanted[i]).length / wanted.length;

/** Whether this is a classifier that learned the training sentences. */
export async function judgeClassifier(classifier: unknown, given: Given): Promise<Finding> {
  const { trainEmbeddings, trainTopics } = given as unknown as Work;
  if (typeof (classifier as Partial<Classifier> | undefined)?.classify !== 'function') {
    return wrong('This is no classifier. Assign what trainClassifier gives back.');
  }
  const known = shareOf((classifier as Classifier).classify(trainEmbeddings), trainTopics);
  if (known < LEARNED) {
    return wrong(
      'It did not learn the training sentences. Pass trainEmbeddings and trainTopics to trainClassifier.',
    );
  }
  return right(
    `It tells ${Math.round(known * 100)} % of the sentences that it was shown. Those are not the test.`,
  );
}

/** Whether these are the classifier's topics for the test sentences. */
export async function judgePredictions(predicted: unknown, given: Given): Promise<Finding> {
  const { classifier, testEmbeddings, testTopics } = given as unknown as Work;
  if (!Array.isArray(predicted))
    return wrong('This is no list of topics. Assign what classifier.classify gives back.');
  if (predicted.length !== testTopics.length) {
    return wrong(
      `There are ${testTopics.length} test sentences and ${predicted.length} topics. Classify testEmbeddings.`,
    );
  }
  if (shareOf(predicted, testTopics) === 1 && shareOf(classifier.classify(testEmbeddings), testTopics) < 1) {
    return wrong('These are the right topics, not the classifier’s. Let it classify testEmbeddings.');
  }
  return shareOf(predicted, classifier.classify(testEmbeddings)) === 1
    ? right(`${predicted.length} sentences have a topic.`)
    : wrong('The classifier gives other topics for the test sentences. Let it classify testEmbeddings.');
}

/** Whether this is the share of right predictions. */
export async function judgeAccuracy(accuracy: unknown, given: Given): Promise<Finding> {
  const { predicted, testTopics } = given as unknown as Work;
  const expected = shareOf(predicted, testTopics);
  if (typeof accuracy !== 'number' || Number.isNaN(accuracy))
    return wrong('Accuracy is a number from 0 to 1.');
  if (Math.abs(accuracy - expected) < 1e-9)
    return right(`${Math.round(expected * 100)} % of the test sentences got their topic.`);
  if (Math.abs(accuracy - expected * testTopics.length) < 1e-9) {
    return wrong('This is the number of right topics. Divide it by the number of test sentences.');
  }
  if (Math.abs(accuracy - expected * 100) < 1e-6)
    return wrong('This is in per cent. Leave it between 0 and 1.');
  if (Math.abs(accuracy - (1 - expected)) < 1e-9)
    return wrong('This is the share of wrong topics. Count those that are equal.');
  return wrong('This is not the share of test sentences whose predicted topic is the right one.');
}
