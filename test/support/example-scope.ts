/** The names that the examples of docstrings take for granted, as their readers would: a model, sentences, a notebook. */
import { CrossEncoder, SentenceTransformer } from '../../src/index.ts';
import { parseNotebook } from '../../src/notebook.ts';

export { readFile, writeFile } from 'node:fs/promises';
export { dirname } from 'node:path';

export { fakeLanceDb as lancedb } from './fake-lancedb.ts';

export const path = 'a.ipynb';
export const text = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { id: 'one', cell_type: 'code', source: '1 + 1', metadata: {}, outputs: [], execution_count: null },
  ],
});
export const notebook = parseNotebook(text, path);

export const sentences = ['A dog barks.', 'A hound bays.', 'It rains.', 'The sun shines.'];
export const corpus = sentences;
export const documents = sentences;
export const model = await SentenceTransformer.load('all-mpnet-base-v2', { standIn: true });
export const bert = await SentenceTransformer.load('bert-base-nli-mean-tokens', { standIn: true });
export const mpnet = model;
export const reranker = await CrossEncoder.load('cross-encoder/ms-marco-MiniLM-L6-v2');
export const embeddings = await model.encode(sentences);
export const corpusEmbeddings = embeddings;
export const questions = await model.encodeQuery(['Which animal barks?', 'How is the weather?']);
export const answers = await model.encodeDocument(['A dog barks.', 'It rains.']);
export const a = bert.similarity(await bert.encode(sentences), await bert.encode(sentences));
export const b = model.similarity(embeddings, embeddings);
