import { describe, expect, it } from 'vitest';
import { resolveDtype } from '../../../src/embeddings/weights/dtype.ts';

describe('resolveDtype()', () => {
  it('takes auto for fp32, so that numbers do not depend on the machine', () => {
    expect(['auto', 'fp32', 'fp16', 'q8'].map(resolveDtype)).toEqual(['fp32', 'fp32', 'fp16', 'q8']);
  });

  it.each(['int8', 'FP32', '', undefined, 8])('refuses %s and names the others', (dtype) => {
    expect(() => resolveDtype(dtype)).toThrow(RangeError);
    expect(() => resolveDtype(dtype)).toThrow("Choose one of 'auto', 'fp32', 'fp16', 'q8'.");
  });
});
