import { describe, expect, it } from 'vitest';
import type { Encoder } from '../../../src/embeddings/encoder/encoder.ts';
import { measureGain, processorName } from '../../../src/embeddings/encoder/gain.ts';

describe('measureGain()', () => {
  it('is the ratio of the least times, after a first run that does not count', async () => {
    let clock = 0;
    const fake = (times: number[]): Encoder => ({
      hiddenSize: 1,
      maxTokens: 512,
      dtype: 'fp32',
      planBatches: () => [],
      async run() {
        clock += times.shift()!;
        return new Float32Array(0);
      },
      async dispose() {},
    });
    const [exact, quantized] = [fake([900, 40, 30, 60]), fake([800, 15, 10, 12])];
    expect(await measureGain({ exact, quantized }, [Int32Array.of(1)], () => clock)).toBe(3);
  });
});

describe('processorName()', () => {
  it('is a file name, the same each time', () => {
    expect(processorName()).toMatch(/^[0-9a-f]{16}$/);
    expect(processorName()).toBe(processorName());
  });
});
