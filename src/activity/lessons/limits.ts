/** The exercise on what a model does not know. */

import { judgePairScores, judgeTrap } from '../judges/opposites.ts';
import type { Lesson } from '../work/finding.ts';

/** @see notebooks/source/limits.md */
export const limits: Lesson = {
  name: 'limits',
  blanks: [
    {
      number: 1,
      answer: 'scores',
      given: ['model', 'pairs'],
      kind: 'value',
      task: 'call pairwiseCosSim with the embeddings of the first and of the second sentences.',
      hints: [
        'pairwiseCosSim takes two lists of embeddings and compares them one by one.',
        'The two lists are first and second. No await is needed.',
        'Write pairwiseCosSim, and first and second in its parentheses, with a comma.',
      ],
      solution: 'const scores = pairwiseCosSim(first, second);',
      reason: 'cosSim would compare every sentence with every other; here each meets only its own partner.',
      judge: judgePairScores,
    },
    {
      number: 2,
      answer: 'trap',
      given: ['model'],
      kind: 'value',
      task: 'write two sentences that mean the opposite and that the model scores at least 0.7.',
      hints: [
        "Two sentences in a list look like this: ['one sentence', 'the other sentence'].",
        'Which kind of pair scored highest above? Take one of them as a pattern.',
        "Take a sentence, and put 'not' or 'never' into its copy.",
      ],
      solution: "const trap = ['The shop is open on Sunday.', 'The shop is not open on Sunday.'];",
      reason:
        'One word turns the meaning round, and the rest of the sentence stays. Most of the embedding stays, too.',
      judge: judgeTrap,
    },
  ],
};
