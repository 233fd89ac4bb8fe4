import { describe, expect, it } from 'vitest';
import { BinaryClassificationEvaluator } from '../../../src/embeddings/evaluate/binary-classification.ts';
import { expectMetrics, python, tableModel } from './table-model.ts';

const { first, second, labels } = python;

describe('BinaryClassificationEvaluator', () => {
  it("evaluate() equals Python by the model's similarity, and by all", async () => {
    expectMetrics(
      await new BinaryClassificationEvaluator(first, second, labels).evaluate(tableModel),
      python.binary,
    );
    const options = {
      similarityFnNames: ['cosine', 'dot', 'euclidean', 'manhattan'] as const,
      name: 'pairs',
    };
    expectMetrics(
      await new BinaryClassificationEvaluator(first, second, labels, options).evaluate(tableModel),
      python.binary_all,
    );
  });

  it('evaluate() equals Python where no pair means the same, and where every one does', async () => {
    const all = (label: number) =>
      new BinaryClassificationEvaluator(
        first,
        second,
        first.map(() => label),
      ).evaluate(tableModel);
    expectMetrics(await all(0), python.binary_none);
    expectMetrics(await all(1), python.binary_every);
  });

  it('constructor() refuses labels that are no labels, and lists of different lengths', () => {
    expect(() => new BinaryClassificationEvaluator(['a'], ['b'], [0.5])).toThrow(/Label 0 is 0.5/);
    expect(() => new BinaryClassificationEvaluator(['a'], ['b'], [])).toThrow(RangeError);
  });
});
