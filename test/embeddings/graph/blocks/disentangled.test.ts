import { describe, expect, it } from 'vitest';
import { relativeRow } from '../../../../src/embeddings/graph/blocks/disentangled.ts';

/** Where the row changes: from make_log_bucket_position of transformers 5.24 on torch 2.13, 16 buckets, 512 places. */
const CHANGES: readonly (readonly [distance: number, row: number])[] = [
  ...([
    [-511, 1],
    [-282, 2],
    [-155, 3],
    [-86, 4],
    [-47, 5],
    [-26, 6],
    [-14, 7],
    [-8, 8],
    [-7, 9],
    [-6, 10],
  ] as const),
  ...([
    [-5, 11],
    [-4, 12],
    [-3, 13],
    [-2, 14],
    [-1, 15],
    [0, 16],
    [1, 17],
    [2, 18],
    [3, 19],
    [4, 20],
  ] as const),
  ...([
    [5, 21],
    [6, 22],
    [7, 23],
    [8, 24],
    [9, 25],
    [15, 26],
    [27, 27],
    [48, 28],
    [87, 29],
    [156, 30],
  ] as const),
  [283, 31],
];

describe('relativeRow()', () => {
  it('equals DeBERTa v2 where far distances share rows', () => {
    const rule = { span: 16, maxDistance: 512, hasBuckets: true };
    let next = 0;
    let expected = 0;
    for (let distance = -600; distance <= 600; distance++) {
      if (CHANGES[next]?.[0] === distance) expected = CHANGES[next++]![1];
      expect(relativeRow(distance, rule), `${distance}`).toBe(expected);
    }
  });

  it('is the distance itself where they do not, up to the table’s ends', () => {
    const rule = { span: 4, maxDistance: 4, hasBuckets: false };
    expect([-9, -4, -1, 0, 3, 4, 9].map((distance) => relativeRow(distance, rule))).toEqual([
      0, 0, 3, 4, 7, 7, 7,
    ]);
  });
});
