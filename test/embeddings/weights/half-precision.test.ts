import { describe, expect, it } from 'vitest';
import { brainToFloat, floatToHalf, halfToFloat } from '../../../src/embeddings/weights/half-precision.ts';

// Bits and values from the examples of IEEE 754-2008's binary16.
const EXAMPLES: [number, number][] = [
  [0x0000, 0],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3555, 0.333251953125],
  [0x3c00, 1],
  [0xc000, -2],
  [0x7bff, 65504],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0xfc00, Number.NEGATIVE_INFINITY],
];

describe('halfToFloat()', () => {
  it.each(EXAMPLES)('reads 0x%s as %s', (bits, value) => {
    expect(halfToFloat(Uint16Array.of(bits))[0]).toBe(value);
  });

  it('keeps what is not a number', () => {
    expect(halfToFloat(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });
});

describe('floatToHalf()', () => {
  it('turns every half precision number back into its bits', () => {
    const finite = Uint16Array.from({ length: 0x7c01 }, (_, bits) => bits);
    expect(floatToHalf(halfToFloat(finite))).toEqual(finite);
    const negative = finite.map((bits) => bits | 0x8000);
    expect(floatToHalf(halfToFloat(negative))).toEqual(negative);
  });

  it('rounds to the nearest, in a tie to the even', () => {
    const step = 2 ** -10;
    const values = Float32Array.of(1 + step * 0.49, 1 + step * 0.5, 1 + step * 1.5, 1 + step * 0.51);
    expect([...halfToFloat(floatToHalf(values))]).toEqual([1, 1, 1 + 2 * step, 1 + step]);
  });

  it('rounds the largest to infinity and the smallest to zero', () => {
    const values = Float32Array.of(65519, 65520, 1e30, 2 ** -25, 2 ** -25 * 1.01, 1e-30);
    expect([...floatToHalf(values)]).toEqual([0x7bff, 0x7c00, 0x7c00, 0, 1, 0]);
    expect(floatToHalf(Float32Array.of(Number.NaN))[0]).toBe(0x7e00);
  });
});

describe('brainToFloat()', () => {
  it('reads the upper half of a float32', () => {
    expect([...brainToFloat(Uint16Array.of(0x3f80, 0xc000, 0x4049))]).toEqual([1, -2, 3.140625]);
  });
});
