/** Cosines of every pair, by hand. */
import { describe, expect, it } from 'vitest';
import { similaritiesOf } from '../../src/playground/similarities.ts';

describe('similaritiesOf()', () => {
  it('gives the cosine of every pair, and 0 to a row of zeros', () => {
    const rows = [Float32Array.of(3, 4), Float32Array.of(10, 0), Float32Array.of(0, 0)];
    const rounded = similaritiesOf(rows).map((row) => row.map((value) => Number(value.toFixed(6))));
    expect(rounded).toEqual([
      [1, 0.6, 0],
      [0.6, 1, 0],
      [0, 0, 0],
    ]);
  });
});
