import { describe, expect, it } from 'vitest';
import { TripletEvaluator } from '../../../src/embeddings/evaluate/triplet.ts';
import { expectMetrics, python, tableModel } from './table-model.ts';

const { first, second, third } = python;

describe('TripletEvaluator', () => {
  it("evaluate() equals Python by the model's similarity, and by all with a margin", async () => {
    expectMetrics(await new TripletEvaluator(first, second, third).evaluate(tableModel), python.triplet);
    const options = {
      similarityFnNames: ['cosine', 'dot', 'euclidean', 'manhattan'] as const,
      margin: 0.3,
      name: 'nli',
    };
    expectMetrics(
      await new TripletEvaluator(first, second, third, options).evaluate(tableModel),
      python.triplet_all,
    );
  });

  it('constructor() refuses lists of different lengths, and none', () => {
    expect(() => new TripletEvaluator(['a'], ['b'], [])).toThrow(/1 anchors and 1 positives and 0 negatives/);
    expect(() => new TripletEvaluator([], [], [])).toThrow(RangeError);
  });

  it('evaluate() refuses a similarity that there is not', async () => {
    const options = { similarityFnNames: ['cos' as 'cosine'] };
    const evaluator = new TripletEvaluator(first, second, third, options);
    await expect(evaluator.evaluate(tableModel)).rejects.toThrow(/no similarity 'cos'/);
  });
});
