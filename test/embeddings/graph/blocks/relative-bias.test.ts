import { describe, expect, it } from 'vitest';
import { relativeBucket } from '../../../../src/embeddings/graph/blocks/relative-bias.ts';

// From MPNetEncoder.relative_position_bucket of transformers 5.23 on torch 2.13: where the bucket changes.
const CHANGES: Record<number, [distance: number, bucket: number][]> = {
  32: [
    ...[
      [-600, 15],
      [-90, 14],
      [-63, 13],
      [-45, 12],
      [-31, 11],
      [-22, 10],
      [-15, 9],
      [-11, 8],
    ],
    ...[
      [-7, 7],
      [-6, 6],
      [-5, 5],
      [-4, 4],
      [-3, 3],
      [-2, 2],
      [-1, 1],
      [0, 0],
    ],
    ...[
      [1, 17],
      [2, 18],
      [3, 19],
      [4, 20],
      [5, 21],
      [6, 22],
      [7, 23],
      [8, 24],
    ],
    ...[
      [12, 25],
      [16, 26],
      [23, 27],
      [32, 28],
      [46, 29],
      [64, 30],
      [91, 31],
    ],
  ] as [number, number][],
  16: [
    ...[
      [-600, 7],
      [-53, 6],
      [-22, 5],
      [-9, 4],
      [-3, 3],
      [-2, 2],
      [-1, 1],
      [0, 0],
    ],
    ...[
      [1, 9],
      [2, 10],
      [3, 11],
      [4, 12],
      [10, 13],
      [23, 14],
      [54, 15],
    ],
  ] as [number, number][],
};

describe('relativeBucket()', () => {
  it.each([32, 16])('equals transformers from -600 to 600 with %i buckets', (buckets) => {
    const changes = new Map(CHANGES[buckets]);
    let expected = 0;
    for (let distance = -600; distance <= 600; distance++) {
      expected = changes.get(distance) ?? expected;
      expect(relativeBucket(distance, buckets), `distance ${distance}`).toBe(expected);
    }
  });
});
