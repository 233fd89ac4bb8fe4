import { describe, expect, it } from 'vitest';
import { measureAgreement, probeSentences } from '../../../src/embeddings/encoder/agreement.ts';
import type { Encoder } from '../../../src/embeddings/encoder/encoder.ts';

/** An encoder that gives each token the row which `rowOf` makes of its id. */
function fake(rowOf: (id: number) => [number, number]): Encoder {
  return {
    hiddenSize: 2,
    maxTokens: 512,
    dtype: 'fp32',
    planBatches: () => [],
    run: async (sentences) => Float32Array.from(sentences.flatMap((ids) => [...ids].flatMap(rowOf))),
    dispose: async () => undefined,
  };
}

describe('measureAgreement()', () => {
  const sentences = [Int32Array.of(1, 1), Int32Array.of(2)];

  it('is 1 for the same encoder', async () => {
    const encoder = fake((id) => [id, 1]);
    expect(await measureAgreement(encoder, encoder, sentences)).toEqual({ lowestCosine: 1, meanCosine: 1 });
  });

  it('compares pooled sentences and names the worst', async () => {
    const a = fake(() => [1, 0]);
    const b = fake((id) => (id === 1 ? [1, 0] : [0, 1]));
    expect(await measureAgreement(a, b, sentences)).toEqual({ lowestCosine: 0, meanCosine: 0.5 });
  });
});

describe('probeSentences()', () => {
  it('gives the same ids of the vocabulary every time', () => {
    const sentences = probeSentences(100);
    expect(probeSentences(100)).toEqual(sentences);
    for (const id of sentences.flatMap((ids) => [...ids])) expect(id).toBeLessThan(100);
    expect(new Set(sentences.flatMap((ids) => [...ids])).size).toBeGreaterThan(50);
  });
});
