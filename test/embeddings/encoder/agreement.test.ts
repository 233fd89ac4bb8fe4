import { describe, expect, it } from 'vitest';
import {
  bareTrial,
  fingerprint,
  InexactWeightsError,
  measureAgreement,
  requireAgreement,
  type Trial,
} from '../../../src/embeddings/encoder/agreement.ts';

/** Two sentences of two and of one token; their embeddings are their first rows. */
const trial: Trial = {
  sentences: [Int32Array.of(1, 1), Int32Array.of(2)],
  embed: (rows) => Float32Array.of(rows[0]!, rows[1]!, rows[4]!, rows[5]!),
};

describe('measureAgreement()', () => {
  it('is 1 for the same rows', () => {
    const rows = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect(measureAgreement(trial, rows, rows)).toEqual({ lowestCosine: 1, meanCosine: 1 });
  });

  it('compares what the model makes of the rows and names the worst', () => {
    const [a, b] = [Float32Array.of(1, 0, 9, 9, 0, 2), Float32Array.of(1, 0, -9, 0, 3, 0)];
    expect(measureAgreement(trial, a, b)).toEqual({ lowestCosine: 0, meanCosine: 0.5 });
  });
});

describe('requireAgreement()', () => {
  it('lets 0.98 pass', () => {
    const agreement = { lowestCosine: 0.98, meanCosine: 0.99 };
    expect(requireAgreement('/models/a', agreement)).toBe(agreement);
  });

  it.each([0.9799, -1, Number.NaN])('refuses %d and names the remedy', (lowestCosine) => {
    const require = () => requireAgreement('/models/a', { lowestCosine, meanCosine: 0.99 });
    expect(require).toThrow(InexactWeightsError);
    expect(require).toThrow(
      /\/models\/a have a cosine of .* less than 0\.98 is refused: load it with dtype 'fp16' or 'fp32'/,
    );
  });
});

describe('fingerprint()', () => {
  it('is another one for other sentences and for other modules', () => {
    const others: Trial[] = [
      { ...trial, sentences: [Int32Array.of(1, 1), Int32Array.of(3)] },
      { ...trial, embed: (rows) => Float32Array.of(rows[2]!, rows[3]!, rows[4]!, rows[5]!) },
    ];
    expect(fingerprint({ ...trial }, 2)).toBe(fingerprint(trial, 2));
    expect(new Set([trial, ...others].map((one) => fingerprint(one, 2))).size).toBe(3);
  });
});

describe('bareTrial()', () => {
  it('gives the same ids of the vocabulary every time', () => {
    const size = { vocabularySize: 100, hiddenSize: 2 };
    const { sentences } = bareTrial(size);
    expect(bareTrial(size).sentences).toEqual(sentences);
    for (const id of sentences.flatMap((ids) => [...ids])) expect(id).toBeLessThan(100);
    expect(new Set(sentences.flatMap((ids) => [...ids])).size).toBeGreaterThan(50);
  });

  it('embeds in the direction of the mean', () => {
    const { embed } = bareTrial({ vocabularySize: 100, hiddenSize: 2 });
    expect([...embed(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 1])]).toEqual([4, 6, 5, 6]);
  });
});
