/** Communities at their threshold: what the rounding of float32 must not decide. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readyBackend } from '../../../src/embeddings/backend.ts';
import { communityDetection } from '../../../src/embeddings/compare/community-detection.ts';
import { cosSim } from '../../../src/embeddings/compare/similarity.ts';

describe('communityDetection()', () => {
  beforeAll(() => readyBackend());

  it('compares with the threshold in float32, as torch does: 0.9 holds a score that prints as 0.9', () => {
    // cos = 0.9 in float32, which is a little less than 0.9 in float64.
    const pair = Array.from({ length: 400 }, (_, i) => [
      [1, 0],
      [0.9, Math.sqrt(0.19) + (i - 200) * 1e-8],
    ]).find(([a, b]) => cosSim(a!, b!).dataSync()[0] === Math.fround(0.9));
    expect(pair).toBeDefined();
    expect(communityDetection(pair!, { threshold: 0.9, minCommunitySize: 2 })).toEqual([[0, 1]]);
    expect(communityDetection(pair!, { threshold: 0.9000002, minCommunitySize: 2 })).toEqual([]);
  });
});
