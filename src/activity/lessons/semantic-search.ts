/** The exercise on searching by meaning. */

import { judgeEmbeddings } from '../judges/embeddings.ts';
import { judgeSearch } from '../judges/search.ts';
import type { Blank, Lesson } from '../work/finding.ts';

const encode: Blank = {
  number: 1,
  answer: 'corpusEmbeddings',
  given: ['model', 'corpus'],
  kind: 'value',
  task: 'call the method encode of model with the corpus, and wait for it with await.',
  hints: [
    'A method is called as object.method(argument). The object is model, the method encode.',
    'The argument is the whole list, corpus. It takes a moment: await stands before the call.',
    'Write await, then model.encode with corpus in its parentheses.',
  ],
  solution: 'const corpusEmbeddings = await model.encode(corpus);',
  reason: 'The corpus is encoded once. Every query is then compared with the same embeddings.',
  judge: (value, { model, corpus }) => judgeEmbeddings(value, { model, sentences: corpus }),
};

const search: Blank = {
  number: 2,
  answer: 'search',
  given: ['model', 'corpus'],
  kind: 'function',
  task: "call semanticSearch with the query's embedding, the embeddings of the corpus, and { topK }.",
  hints: [
    'semanticSearch takes three arguments: the queries, what is searched, and the options.',
    'The first is queryEmbedding, the second corpusEmbeddings.',
    'The third is { topK }. Write the three between the parentheses of semanticSearch, with commas.',
  ],
  solution: 'const results = semanticSearch(queryEmbedding, corpusEmbeddings, { topK });',
  reason: 'It compares the query with every embedding of the corpus, and keeps the topK best.',
  judge: judgeSearch,
};

/** @see notebooks/source/semantic-search.md */
export const semanticSearchLesson: Lesson = { name: 'semantic-search', blanks: [encode, search] };
