import { describe, expect, it } from 'vitest';
import { toPrecision } from '../../../src/embeddings/weights/dtype.ts';

describe('toPrecision()', () => {
  it('takes auto for fp32, so that numbers do not depend on the machine', () => {
    expect(['auto', 'fp32', 'fp16', 'q8'].map(toPrecision)).toEqual(['fp32', 'fp32', 'fp16', 'q8']);
  });

  it.each(['int8', 'FP32', '', undefined, 8])('refuses %s and names the others', (dtype) => {
    expect(() => toPrecision(dtype)).toThrow(RangeError);
    expect(() => toPrecision(dtype)).toThrow("Choose one of 'auto', 'fp32', 'fp16', 'q8'.");
  });
});
