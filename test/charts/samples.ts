/** The activity's sentences and similarities, for chart tests. */
import { readFileSync } from 'node:fs';

interface Expected {
  sentences: string[];
  models: Record<string, { lowerTriangle: number[][] }>;
}

const expected: Expected = JSON.parse(
  readFileSync(new URL('../fixtures/activity-expected.json', import.meta.url), 'utf8'),
);

export const { sentences } = expected;

/** Similarities as the activity keeps them: zeros above the diagonal. */
export function activitySimilarities(model: 'bert-base-nli-mean-tokens' | 'all-mpnet-base-v2'): number[][] {
  const { lowerTriangle } = expected.models[`sentence-transformers/${model}`]!;
  return lowerTriangle.map((row) => [...row, ...Array<number>(sentences.length - row.length).fill(0)]);
}

/** A similarity matrix [count, count] of made-up values between 0 and 1. */
export function madeUpSimilarities(count: number): number[][] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) => (i === j ? 1 : Math.abs(Math.sin(i * 7 + j * 3)))),
  );
}
