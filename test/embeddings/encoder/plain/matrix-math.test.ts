/** The operations of the plain encoder, by hand. */
import { describe, expect, it } from 'vitest';
import {
  applyLinear,
  erf,
  gelu,
  normalizeRows,
  softmax,
} from '../../../../src/embeddings/encoder/plain/matrix-math.ts';

describe('applyLinear()', () => {
  const linear = { weight: Float32Array.of(1, 2, 3, 4, 5, 6), bias: Float32Array.of(10, 20, 30) };

  it.each([1, 3, 4, 5, 9])('multiplies %d rows, in fours and the rest alone', (rows) => {
    const x = Float32Array.from({ length: rows * 2 }, (_, i) => i - 3);
    const expected = Array.from({ length: rows }, (_, row) => {
      const [a, b] = [x[row * 2]!, x[row * 2 + 1]!];
      return [10 + a + 2 * b, 20 + 3 * a + 4 * b, 30 + 5 * a + 6 * b];
    });
    expect([...applyLinear(x, linear)]).toEqual(expected.flat());
  });
});

describe('normalizeRows()', () => {
  it('gives each row mean 0 and variance 1, scaled and shifted', () => {
    const norm = { weight: Float32Array.of(1, 2), bias: Float32Array.of(0, 5) };
    const [a, b, c, d] = normalizeRows(Float32Array.of(1, 3, -4, 4), norm, 0);
    expect([a, b, c, d]).toEqual([-1, 7, -1, 7]);
  });
});

describe('erf() and gelu()', () => {
  // math.erf of Python 3.11, and torch.nn.functional.gelu.
  it.each([
    [0, 0],
    [0.1, 0.1124629160182849],
    [-0.5, -0.5204998778130465],
    [1, 0.8427007929497149],
    [2.5, 0.999593047982555],
    [-6, -1],
  ])('erf(%d) is %d', (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThan(1.5e-7);
  });

  it('gelu() weights a number by how probable a smaller one is', () => {
    const [a, b, c] = gelu(Float32Array.of(-1, 0, 2));
    expect(a).toBeCloseTo(-0.15865526, 6);
    expect(b).toBe(0);
    expect(c).toBeCloseTo(1.9544997, 6);
  });
});

describe('softmax()', () => {
  it('adds up to 1, and does not overflow', () => {
    const scores = Float32Array.of(1000, 1000 + Math.log(3));
    softmax(scores);
    expect(scores[0]).toBeCloseTo(0.25, 5);
    expect(scores[1]).toBeCloseTo(0.75, 5);
  });
});
