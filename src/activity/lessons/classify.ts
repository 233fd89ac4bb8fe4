/** The exercise that classifies sentences by their embeddings. */

import { judgeAccuracy, judgeClassifier, judgePredictions } from '../judges/classify.ts';
import type { Lesson } from '../work/finding.ts';

/** @see notebooks/source/classify.md */
export const classify: Lesson = {
  name: 'classify',
  blanks: [
    {
      number: 1,
      answer: 'classifier',
      given: ['trainEmbeddings', 'trainTopics'],
      kind: 'value',
      task: 'call trainClassifier with the embeddings and the topics of the training sentences.',
      hints: [
        'trainClassifier takes two arguments: embeddings, and the right answer for each.',
        'The first is trainEmbeddings, the second trainTopics. No await is needed.',
        'Write trainClassifier, and trainEmbeddings and trainTopics in its parentheses, with a comma.',
      ],
      solution: 'const classifier = trainClassifier(trainEmbeddings, trainTopics);',
      reason: 'A classifier learns from examples with their answers. The test sentences stay hidden from it.',
      judge: judgeClassifier,
    },
    {
      number: 2,
      answer: 'predicted',
      given: ['classifier', 'testEmbeddings', 'testTopics'],
      kind: 'value',
      task: 'let the classifier classify the embeddings of the test sentences.',
      hints: [
        'A method is called as object.method(argument). The object is classifier, the method classify.',
        'The argument is testEmbeddings: sentences that it has never seen.',
        'Write classifier.classify, and testEmbeddings in its parentheses.',
      ],
      solution: 'const predicted = classifier.classify(testEmbeddings);',
      reason: 'What counts is how it does with new sentences.',
      judge: judgePredictions,
    },
    {
      number: 3,
      answer: 'accuracy',
      given: ['predicted', 'testTopics'],
      kind: 'value',
      task: 'divide the number of right topics by the number of test sentences.',
      hints: [
        'right counts the topics that agree. A share is a number divided by the number of all.',
        'The number of all is testTopics.length.',
        'Write right, a slash, and testTopics.length.',
      ],
      solution: 'const accuracy = right / testTopics.length;',
      reason: 'Accuracy is the share of right answers. By guessing among twelve topics it would be 0.08.',
      judge: judgeAccuracy,
    },
  ],
};
