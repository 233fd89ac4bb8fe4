import { describe, expect, it } from 'vitest';
import { inverseFrequencies } from '../../../../src/embeddings/graph/blocks/rotary.ts';

/** Computed with torch 2.13 in float32. */
describe('inverseFrequencies()', () => {
  const close = (actual: Float32Array, expected: readonly number[]) => {
    expected.forEach((value, i) => {
      expect(Math.abs(actual[i]! / value - 1)).toBeLessThan(2e-7);
    });
  };

  it('is a geometric row', () => {
    const expected = [1, 0.10000000149011612, 0.009999999776482582, 0.0010000000474974513];
    close(inverseFrequencies(8, { theta: 10_000 }), expected);
    const wide = inverseFrequencies(64, { theta: 160_000 });
    close(
      Float32Array.of(wide[1]!, wide[15]!, wide[31]!),
      [0.687656044960022, 0.0036355385091155767, 9.088847036764491e-6],
    );
  });

  it('is divided by the factor of linear scaling', () => {
    const rule = { theta: 10_000, scaling: { kind: 'linear', factor: 2 } } as const;
    close(
      inverseFrequencies(8, rule),
      [0.5, 0.05000000074505806, 0.004999999888241291, 0.0005000000237487257],
    );
  });

  it('scales by ntk as GTE’s own code does: a wider base, and all slower by factor^(2 / size)', () => {
    const rule = { theta: 10_000, scaling: { kind: 'ntk', factor: 2 } } as const;
    close(
      inverseFrequencies(8, rule),
      [0.8408964276313782, 0.0707106813788414, 0.005946035962551832, 0.0005000000237487257],
    );
    const wide = inverseFrequencies(64, { theta: 20_000, scaling: { kind: 'ntk', factor: 8 } });
    close(
      Float32Array.of(wide[0]!, wide[1]!, wide[15]!, wide[31]!),
      [0.9370837807655334, 0.6443912982940674, 0.0034068040549755096, 8.51701133797178e-6],
    );
  });
});
