/** The exercise that draws a map of sentences and finds groups in it. */

import { judgeEmbeddings } from '../judges/embeddings.ts';
import { judgeGroups, judgePositions } from '../judges/map.ts';
import type { Blank, Lesson } from '../work/finding.ts';

const encode: Blank = {
  number: 1,
  answer: 'embeddings',
  given: ['model', 'sentences'],
  kind: 'value',
  task: 'call the method encode of model with the sentences, and wait for it with await.',
  hints: [
    'A method is called as object.method(argument). The object is model, the method encode.',
    'The argument is the whole list, sentences. It takes a moment: await stands before the call.',
    'Write await, then model.encode with sentences in its parentheses.',
  ],
  solution: 'const embeddings = await model.encode(sentences);',
  reason: 'encode takes a list and gives back a matrix with a row for each sentence.',
  judge: judgeEmbeddings,
};

const positions: Blank = {
  number: 2,
  answer: 'positions',
  given: ['embeddings'],
  kind: 'value',
  task: 'call the function pca with the embeddings.',
  hints: [
    'pca is a function: its argument stands in parentheses behind its name.',
    'The argument is the matrix of blank 1. No await is needed.',
    'Write pca, and embeddings in its parentheses.',
  ],
  solution: 'const positions = pca(embeddings);',
  reason:
    'pca finds the two directions in which the embeddings differ most. Along them every sentence has two numbers.',
  judge: judgePositions,
};

const groups: Blank = {
  number: 3,
  answer: 'groups',
  given: ['embeddings'],
  kind: 'value',
  task: 'call communityDetection with the embeddings, the threshold 0.4 and groups of at least 4.',
  hints: [
    'communityDetection takes two arguments: the embeddings, and an object with the options.',
    'The options are { threshold: …, minCommunitySize: … }.',
    'Write communityDetection(embeddings, …), with { threshold: 0.4, minCommunitySize: 4 } in place of the dots.',
  ],
  solution: 'const groups = communityDetection(embeddings, { threshold: 0.4, minCommunitySize: 4 });',
  reason:
    'Sentences that are at least 0.4 similar to a centre form a group; smaller groups than 4 are left out.',
  judge: judgeGroups,
};

/** @see notebooks/source/sentence-map.md */
export const sentenceMap: Lesson = { name: 'sentence-map', blanks: [encode, positions, groups] };
