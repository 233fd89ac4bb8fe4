import { describe, expect, it } from 'vitest';
import { pearson, spearman } from '../../../src/embeddings/evaluate/correlation.ts';

describe('pearson()', () => {
  it('is 1 on a rising line, -1 on a falling one, and NaN where nothing changes', () => {
    expect(pearson([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
    expect(pearson([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(pearson([1, 2, 3], [4, 4, 4])).toBeNaN();
  });
});

describe('spearman()', () => {
  it('sees the order alone, and gives equal values the mean of their places', () => {
    expect(spearman([1, 2, 3], [1, 100, 101])).toBeCloseTo(1, 12);
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: by hand 4.5 / sqrt(4.5 * 5).
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });
});
