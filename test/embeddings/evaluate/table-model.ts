/** A model whose embeddings are given, and what sentence-transformers' evaluators find of them. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { readyBackend, tfjs } from '../../../src/embeddings/backend.ts';
import type { EvaluatedModel, Metrics } from '../../../src/embeddings/evaluate/evaluation.ts';
import { fixture } from '../reference.ts';

/** What Python read and found; see make-evaluations.py. */
export const python = JSON.parse(readFileSync(fixture('evaluations.json'), 'utf8'));

const encode = async (sentences: readonly string[]) => {
  await readyBackend();
  return tfjs().tensor2d(sentences.map((sentence) => python.table[sentence] as number[]));
};

export const tableModel: EvaluatedModel = {
  similarityFnName: 'cosine',
  encode,
  encodeQuery: encode,
  encodeDocument: encode,
};

/** Expects the same names in the same order, and numbers equal to five decimals. */
export function expectMetrics(actual: Metrics, expected: Metrics): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) expect(actual[name], name).toBeCloseTo(value, 5);
}
