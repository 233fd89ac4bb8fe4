/** Packing tensors: there and back, exact or in steps. */
import { describe, expect, it } from 'vitest';
import { packTensors, unpackTensors } from '../../../../src/embeddings/encoder/plain/pack-tensors.ts';

describe('packTensors() and unpackTensors()', () => {
  it('give back plain data and exact tensors as they were', () => {
    const value = { name: 'é', list: [1, null, { a: Float32Array.of(0.1, -2) }], empty: new Float32Array(0) };
    expect(unpackTensors(packTensors(value, () => undefined))).toEqual(value);
  });

  it('round to steps of the largest value in each group of 256', () => {
    const tensor = Float32Array.from({ length: 300 }, (_, i) => (i < 256 ? i / 255 : 10 * (i - 255)));
    const { tensor: back } = unpackTensors(packTensors({ tensor }, () => 3)) as { tensor: Float32Array };
    expect(back[255]).toBeCloseTo(1, 6);
    expect(back[100]).toBeCloseTo(1 / 3, 6);
    expect(back[299]).toBeCloseTo(440, 3);
    expect(back[257]).toBe(0);
    expect(back[275]).toBeCloseTo(440 / 3, 3);
  });

  it('keep a group of zeros, and one byte a number', () => {
    const packed = packTensors({ big: new Float32Array(1024) }, () => 31);
    expect((unpackTensors(packed) as { big: Float32Array }).big).toEqual(new Float32Array(1024));
    expect(packed.length).toBeLessThan(1024 + 16 + 80);
  });
});
