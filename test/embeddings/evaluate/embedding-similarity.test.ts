import { describe, expect, it } from 'vitest';
import { EmbeddingSimilarityEvaluator } from '../../../src/embeddings/evaluate/embedding-similarity.ts';
import { expectMetrics, python, tableModel } from './table-model.ts';

const { first, second, scores } = python;

describe('EmbeddingSimilarityEvaluator', () => {
  it("evaluate() equals Python by the model's similarity, and by all", async () => {
    expectMetrics(
      await new EmbeddingSimilarityEvaluator(first, second, scores).evaluate(tableModel),
      python.similarity,
    );
    const options = {
      similarityFnNames: ['cosine', 'dot', 'euclidean', 'manhattan'] as const,
      name: 'sts',
    };
    expectMetrics(
      await new EmbeddingSimilarityEvaluator(first, second, scores, options).evaluate(tableModel),
      python.similarity_all,
    );
  });

  it('constructor() refuses what gives no answer', () => {
    const make = (given: number[], options = {}) =>
      new EmbeddingSimilarityEvaluator(['a', 'b'], ['c', 'd'], given, options);
    expect(() => make([1])).toThrow(/2 sentences1 and 2 sentences2 and 1 scores/);
    expect(() => make([1, 1])).toThrow(RangeError);
    expect(() => make([1, Number.NaN])).toThrow(RangeError);
    expect(() => make([1, 2], { batch_size: 3 })).toThrow(/Write batchSize/);
  });
});
