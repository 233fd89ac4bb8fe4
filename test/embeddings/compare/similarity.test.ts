import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
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
