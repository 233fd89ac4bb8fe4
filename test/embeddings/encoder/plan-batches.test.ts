import { describe, expect, it } from 'vitest';
import { planBatches } from '../../../src/embeddings/encoder/plan-batches.ts';

describe('planBatches()', () => {
  it('takes the longest first and fills the budget', () => {
    expect(planBatches([2, 9, 3], 6)).toEqual([[1], [2, 0]]);
  });

  it('keeps the order of equals', () => {
    expect(planBatches([4, 4, 4, 4], 8)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('takes no sentences into no batches', () => {
    expect(planBatches([], 8)).toEqual([]);
  });

  it('bounds what attention pads: short sentences do not join a long one', () => {
    const lengths = [500, ...Array<number>(300).fill(1)];
    for (const batch of planBatches(lengths, 512)) {
      const longest = Math.max(...batch.map((i) => lengths[i]!));
      expect(longest * batch.length).toBeLessThanOrEqual(1024);
    }
  });

  it('takes every sentence once, whatever the lengths', () => {
    const lengths = Array.from({ length: 200 }, (_, i) => 1 + ((i * 7919) % 150));
    const batches = planBatches(lengths, 256);
    expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    for (const batch of batches) {
      // The longest sentence has 150 tokens: a batch goes beyond its budget by half of one at most.
      expect(batch.reduce((sum, i) => sum + lengths[i]!, 0)).toBeLessThanOrEqual(256 * 1.05 + 75);
    }
  });

  it('leaves no small batch over', () => {
    expect(planBatches(Array(30).fill(10), 256)).toHaveLength(1);
  });

  it('ends a batch at the most sentences that are asked for', () => {
    expect(planBatches([4, 4, 4], 100, 2)).toEqual([[0, 1], [2]]);
  });
});
