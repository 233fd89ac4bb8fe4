/** Whether comparisons stay right when a corpus takes most of what the WebAssembly backend can hold. */

import { createRequire } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { tfjs } from '../../../src/embeddings/backend.ts';

/** Bytes that the capped heap may hold, in place of 4 GiB. */
const CAP = 300 * 2 ** 20;
const DIM = 768;
/** 92 MB: with its squares, quotients and transpose it would take more than the cap. */
const ROWS = 30_000;
const CHECKED_ROWS = [0, 1, 4999, 15_000, ROWS - 1];

type Wasm = { _malloc(bytes: number): number; _free(address: number): void };

/** Lets a heap fail at the cap, as Emscripten's does at 4 GiB: by the address 0. */
function capHeap(wasm: Wasm): void {
  wasm._free(wasm._malloc(1)); // The first call puts the real functions in their places.
  const [malloc, free] = [wasm._malloc.bind(wasm), wasm._free.bind(wasm)];
  const sizes = new Map<number, number>();
  let held = 0;
  wasm._malloc = (bytes) => {
    if (held + bytes > CAP) return 0;
    const address = malloc(bytes);
    sizes.set(address, bytes);
    held += bytes;
    return address;
  };
  wasm._free = (address) => {
    held -= sizes.get(address) ?? 0;
    sizes.delete(address);
    free(address);
  };
}

/** Numbers from -0.5 to 0.5, the same on every run. */
function randomRows(rows: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: rows * DIM }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
}

/** The cosine by plain arithmetic. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    lengthA += a[i]! ** 2;
    lengthB += b[i]! ** 2;
  }
  return product / Math.sqrt(lengthA * lengthB);
}

describe('on a WebAssembly heap that is nearly full', () => {
  const values = randomRows(ROWS, 7);
  const rowOf = (row: number) => values.subarray(row * DIM, (row + 1) * DIM);
  let tf: typeof Tfjs;
  let corpus: Tfjs.Tensor2D;
  let library: typeof import('../../../src/index.ts');

  beforeAll(async () => {
    // By require, as the library does: an import would be another tfjs.
    tf = tfjs();
    createRequire(import.meta.url)('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend('wasm');
    capHeap((tf.backend() as unknown as { wasm: Wasm }).wasm);
    library = await import('../../../src/index.ts');
    expect((await library.readyBackend()).name).toBe('wasm');
    corpus = tf.tensor2d(values, [ROWS, DIM]);
  });

  it('semanticSearch() finds the same as plain arithmetic, four times in a row', () => {
    for (let round = 0; round < 4; round++) {
      const query = randomRows(1, 100 + round);
      const expected = Array.from({ length: ROWS }, (_, row) => ({ row, score: cosine(query, rowOf(row)) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 5);
      const [hits] = library.semanticSearch(query, corpus, { topK: 5 });
      expect(hits!.map(({ corpusId }) => corpusId)).toEqual(expected.map(({ row }) => row));
      hits!.forEach(({ score }, i) => {
        expect(score).toBeCloseTo(expected[i]!.score, 5);
      });
    }
  });

  it.each(['cosSim', 'pairwiseCosSim'] as const)('%s() equals plain arithmetic', (name) => {
    const a = randomRows(name === 'cosSim' ? 2 : ROWS, 5);
    const query = tf.tensor2d(a, [a.length / DIM, DIM]);
    const scores = library[name](query, corpus);
    const found = scores.dataSync();
    for (const row of CHECKED_ROWS) {
      const mine = name === 'cosSim' ? 0 : row;
      expect(found[row]).toBeCloseTo(cosine(a.subarray(mine * DIM, (mine + 1) * DIM), rowOf(row)), 5);
    }
    tf.dispose([query, scores]);
  });

  it('communityDetection() and paraphraseMiningEmbeddings() find a pair far apart', () => {
    const rows = values.slice(0, 3000 * DIM);
    rows.copyWithin(2999 * DIM, 17 * DIM, 18 * DIM);
    const some = tf.tensor2d(rows, [3000, DIM]);
    const [pair] = library.paraphraseMiningEmbeddings(some, { topK: 1 });
    expect(pair).toEqual([expect.closeTo(1, 5), 17, 2999]);
    expect(library.communityDetection(some, { minCommunitySize: 2, threshold: 0.9 })).toEqual([[17, 2999]]);
    some.dispose();
  });

  it('refuses a tensor that has no room, and is right afterwards', () => {
    expect(() => tf.ones([ROWS * 4, DIM])).toThrow(library.BackendMemoryError);
    expect(library.cosSim([3, 4], [4, 3]).dataSync()[0]).toBeCloseTo(0.96, 6);
  });
});
