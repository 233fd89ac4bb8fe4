import { readFileSync } from 'node:fs';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readyBackend, tfjs } from '../../../src/embeddings/backend.ts';
import {
  cosSim,
  dotScore,
  euclideanSim,
  manhattanSim,
  pairwiseCosSim,
  pairwiseDotScore,
  pairwiseEuclideanSim,
  pairwiseManhattanSim,
} from '../../../src/embeddings/compare/similarity.ts';
import { expectClose, fixture, readReference } from '../reference.ts';

const python = JSON.parse(readFileSync(fixture('util.json'), 'utf8'));
const { corpus, queries } = python as { corpus: number[][]; queries: number[][] };

/** Our functions and Python's names. */
const all = [
  { compare: cosSim, reference: 'cos_sim' },
  { compare: dotScore, reference: 'dot_score' },
  { compare: euclideanSim, reference: 'euclidean_sim' },
  { compare: manhattanSim, reference: 'manhattan_sim' },
] as const;
const pairwise = [
  { compare: pairwiseCosSim, reference: 'pairwise_cos_sim' },
  { compare: pairwiseDotScore, reference: 'pairwise_dot_score' },
  { compare: pairwiseEuclideanSim, reference: 'pairwise_euclidean_sim' },
  { compare: pairwiseManhattanSim, reference: 'pairwise_manhattan_sim' },
] as const;

beforeAll(() => readyBackend());

describe.each(all)('$compare.name()', ({ compare, reference }) => {
  it('equals Python', () => {
    expectClose(compare(queries, corpus), python[reference]);
  });

  it('takes tensors and single embeddings', () => {
    const tf = tfjs();
    const one = compare(tf.tensor1d(queries[1]!), tf.tensor2d(corpus));
    expectClose(one, [python[reference][1]]);
  });
});

describe.each(pairwise)('$compare.name()', ({ compare, reference }) => {
  it('equals Python', () => {
    expectClose(compare(queries, corpus.slice(0, 3)), python[reference]);
  });
});

describe('cosSim()', () => {
  it('gives 0 for a row of zeros', () => {
    expectClose(cosSim(new Array(10).fill(0), corpus), python.cos_sim_zero);
  });

  it('equals Python on a model', () => {
    const { five } = readReference('tiny-bert-nli-mean-tokens');
    expectClose(cosSim(five.embeddings, five.embeddings), five.cos_sim);
  });

  it('takes typed arrays and integer tensors', () => {
    expectClose(cosSim(Float32Array.of(3, 4), [Float32Array.of(4, 3)]), [[0.96]]);
    expectClose(cosSim(tfjs().tensor2d([[3, 4]], [1, 2], 'int32'), [4, 3]), [[0.96]]);
  });

  it('frees what it makes on the way', () => {
    const before = tfjs().memory().numTensors;
    cosSim(queries, corpus).dispose();
    euclideanSim(queries, corpus).dispose();
    pairwiseCosSim(queries, queries).dispose();
    expect(tfjs().memory().numTensors).toBe(before);
  });

  it('names both dimensions when they differ', () => {
    expect(() => cosSim([1, 2, 3], [[1, 2]])).toThrow(
      new RangeError('Cannot compare embeddings: 3 and 2 dimensions. Encode both with one model.'),
    );
  });

  it('says what it was given when that is no embedding', () => {
    const message = (value: unknown) => {
      try {
        cosSim(value as number[], [1]);
      } catch (error) {
        return (error as Error).message;
      }
    };
    const remedy = 'Give embeddings: what model.encode() returns, or rows of numbers.';
    expect(message('a dog')).toBe(`Cannot compare the text "a dog". ${remedy}`);
    expect(message(Promise.resolve())).toBe(
      `Cannot compare a Promise (write 'await' before the call that makes it). ${remedy}`,
    );
    expect(message(undefined)).toBe(`Cannot compare undefined. ${remedy}`);
    expect(message(['a', 'b'])).toBe(`Cannot compare a list with the text "a" in it. ${remedy}`);
    expect(message([[1], 2])).toBe(`Cannot compare a list with number at 1. ${remedy}`);
    expect(message([[1], [1, 2]])).toBe(
      'Embedding 1 has 2 numbers and the first has 1. Give rows of one length.',
    );
  });
});

describe('pairwiseCosSim()', () => {
  it('needs as many rows of each', () => {
    expect(() => pairwiseCosSim(queries, corpus)).toThrow(/3 and 40 rows/);
  });
});

describe('scoreInBlocks()', () => {
  it.each([
    {
      compare: cosSim,
      plain: (a: number[], b: number[]) => dotOf(a, b) / Math.sqrt(dotOf(a, a) * dotOf(b, b)),
    },
    {
      compare: euclideanSim,
      plain: (a: number[], b: number[]) => -Math.hypot(...a.map((v, i) => v - b[i]!)),
    },
  ])('puts the blocks of $compare.name() in their places', ({ compare, plain }) => {
    const rows = (count: number, step: number) =>
      Array.from({ length: count }, (_, i) => [Math.sin(i * step), Math.cos(i), 1 + (i % 7)]);
    const [a, b] = [rows(9, 0.7), rows(1_500_000, 0.3)];
    const found = compare(a, b);
    expect(found.shape).toEqual([9, 1_500_000]);
    const values = found.dataSync();
    for (const [i, j] of [
      [0, 0],
      [3, 1_398_101],
      [4, 1_398_102],
      [8, 1_499_999],
    ] as const) {
      expect(values[i * 1_500_000 + j]).toBeCloseTo(plain(a[i]!, b[j]!), 2);
    }
    found.dispose();
  });
});

function dotOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

describe('a score that cannot be', () => {
  it('is an error that names both rows', () => {
    const error = expect.objectContaining({ name: 'ScoreRangeError', rows: [0, 1] });
    expect(() =>
      cosSim(
        [1, 0],
        [
          [1, 0],
          [Number.NaN, 0],
        ],
      ),
    ).toThrow(error);
    expect(() =>
      dotScore(
        [3e38, 3e38],
        [
          [1, 0],
          [3e38, 0],
        ],
      ),
    ).toThrow(error);
    expect(() =>
      pairwiseDotScore(
        [
          [1, 0],
          [1, 1],
        ],
        [
          [1, 0],
          [Number.POSITIVE_INFINITY, 0],
        ],
      ),
    ).toThrow(expect.objectContaining({ name: 'ScoreRangeError', rows: [1, 1] }));
  });

  it('is an error too where the backend computes it', () => {
    const tf = tfjs();
    const broken = vi.spyOn(tf.engine(), 'runKernel').mockImplementation((...args) => {
      const result = tf.engine().constructor.prototype.runKernel.apply(tf.engine(), args);
      return args[0] === 'BatchMatMul' ? tf.fill((result as { shape: number[] }).shape, 784_898) : result;
    });
    try {
      expect(() => cosSim([1, 0], [[1, 0]])).toThrow(/Rows 0 and 0 have the impossible score 784898/);
    } finally {
      broken.mockRestore();
    }
  });

  it('is refused as a result that no backend holds', () => {
    const many = tfjs().zeros([40_000, 1]) as Tensor2D;
    expect(() => cosSim(many, many)).toThrow(/40000 with 40000 embeddings would take 6\.4 GB/);
    many.dispose();
  });
});
