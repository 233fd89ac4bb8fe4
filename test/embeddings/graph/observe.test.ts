import { describe, expect, it } from 'vitest';
import { farthestInputs, readMagnitudes } from '../../../src/embeddings/graph/observe.ts';

describe('readMagnitudes()', () => {
  it('finds the linear modules among the outputs, and the larger number where layers share one', () => {
    const outputs = {
      last_hidden_state: Float32Array.of(9),
      'magnitudes:1:shared': Float32Array.of(1, 2),
      'magnitudes:2:shared': Float32Array.of(3, 1),
    };
    expect([...readMagnitudes(outputs)]).toEqual([['shared', Float32Array.of(3, 2)]]);
  });
});

describe('farthestInputs()', () => {
  it('takes one input in 32, in rising order', () => {
    const magnitudes = Float32Array.from({ length: 96 }, (_, i) => (i === 70 ? 30 : i === 4 ? 20 : i % 7));
    expect([...farthestInputs(magnitudes)]).toEqual([4, 6, 70]);
  });

  it('takes eight of many', () => {
    expect([...farthestInputs(Float32Array.from({ length: 768 }, (_, i) => i))]).toEqual([
      760, 761, 762, 763, 764, 765, 766, 767,
    ]);
  });

  it('takes none where there are few, or where nothing is known', () => {
    expect([...farthestInputs(new Float32Array(31))]).toEqual([]);
    expect([...farthestInputs(undefined)]).toEqual([]);
  });
});
