import { describe, expect, it } from 'vitest';
import { loadScan } from '../../../src/embeddings/index/scan.ts';

const usearch = loadScan('usearch');
if (!usearch) console.log('skipped: usearch is not installed, or has no binary for this platform');

describe('loadScan()', () => {
  it.skipIf(!usearch)('gives an engine that reads arrays where they begin', () => {
    const values = Float32Array.of(9, 9, 1, 0, 0, 1, 0.6, 0.8);
    const query = Float32Array.of(7, 7, 0, 1).subarray(2);
    const found = usearch!(values.subarray(2), query, 2);
    expect(found.map(({ index }) => index)).toEqual([1, 2]);
    expect(found.map(({ score }) => score)).toEqual([expect.closeTo(1, 6), expect.closeTo(0.8, 6)]);
    expect(loadScan('plain')!(values.subarray(2), query, 2).map(({ index }) => index)).toEqual([1, 2]);
  });
});
