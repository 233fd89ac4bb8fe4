import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { POOLING_MODES, Pooling, type PoolingMode } from '../../../src/embeddings/modules/pooling.ts';
import { fixture } from '../reference.ts';

/** Two sentences of 4 and 2 tokens; each token's row is its position, counted from 1, and its negative tenfold. */
const lengths = [4, 2];
const tokens = Float32Array.of(1, -10, 2, -20, 3, -30, 4, -40, 1, -10, 2, -20);

function pool(modes: readonly PoolingMode[], promptLength?: number): number[] {
  const pooling = new Pooling({ tokenDimension: 2, modes, includePrompt: promptLength === undefined });
  return [...pooling.apply(tokens, lengths, promptLength ?? 0)].map((value) => Number(value.toFixed(4)));
}

describe('Pooling', () => {
  it('pools by hand', () => {
    expect(pool(['cls'])).toEqual([1, -10, 1, -10]);
    expect(pool(['lasttoken'])).toEqual([4, -40, 2, -20]);
    expect(pool(['max'])).toEqual([4, -10, 2, -10]);
    expect(pool(['mean'])).toEqual([2.5, -25, 1.5, -15]);
    // The sum over the root of the length: 10 / 2, 3 / √2.
    expect(pool(['mean_sqrt_len_tokens'])).toEqual([5, -50, 2.1213, -21.2132]);
    // Weights 1, 2, 3, 4: (1 + 4 + 9 + 16) / 10 and (1 + 4) / 3.
    expect(pool(['weightedmean'])).toEqual([3, -30, 1.6667, -16.6667]);
  });

  it('leaves the prompt out', () => {
    expect(pool(['cls'], 1)).toEqual([2, -20, 2, -20]);
    expect(pool(['mean'], 1)).toEqual([3, -30, 2, -20]);
    // The weights keep their places: (4 + 9 + 16) / 9 and 4 / 2.
    expect(pool(['weightedmean'], 1)).toEqual([3.2222, -32.2222, 2, -20]);
  });

  it('concatenates in the order of the modes', () => {
    const pooling = new Pooling({ tokenDimension: 2, modes: ['max', 'cls'], includePrompt: true });
    expect(pooling.dimension).toBe(4);
    expect([...pooling.apply(tokens, lengths, 0)]).toEqual([4, -10, 1, -10, 2, -10, 1, -10]);
  });

  it('equals Python in every mode, also where nothing but the prompt is there', () => {
    const python = JSON.parse(readFileSync(fixture('pooling.json'), 'utf8'));
    const tested = new Set<string>();
    for (const { modes, prompt_length, pooled } of python.cases) {
      const pooling = new Pooling({
        tokenDimension: python.dimension,
        modes,
        includePrompt: prompt_length === 0,
      });
      const actual = pooling.apply(Float32Array.from(python.tokens.flat()), python.lengths, prompt_length);
      pooled.flat().forEach((value: number, i: number) => {
        // JSON has no infinity: the fixture writes -1e30 in its place.
        const given = actual[i] === Number.NEGATIVE_INFINITY ? -1e30 : actual[i]!;
        expect(given / Math.max(1, Math.abs(value))).toBeCloseTo(value / Math.max(1, Math.abs(value)), 5);
      });
      for (const mode of modes) tested.add(mode);
    }
    expect([...tested].sort()).toEqual([...POOLING_MODES].sort());
  });
});
