/** Runs where TSBERT_LANCEDB names a folder in which `npm install @lancedb/lancedb` was run: it takes 180 MB. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddingIndex } from '../../../src/embeddings/index/embedding-index.ts';
import { type LanceDb, LanceIndex } from '../../../src/embeddings/index/lance-index.ts';

const home = process.env.TSBERT_LANCEDB;
if (!home)
  console.log('skipped: LanceIndex needs TSBERT_LANCEDB, a folder where @lancedb/lancedb is installed');

const DIM = 32;

/** Points around some centres, as embeddings of texts on some subjects are; the same on every run. */
function clusteredRows(rows: number): Float32Array[] {
  let state = 11;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const centres = Array.from({ length: 50 }, () => Array.from({ length: DIM }, next));
  return Array.from({ length: rows }, (_, i) =>
    Float32Array.from(centres[i % 50]!, (middle) => middle + 0.8 * next()),
  );
}

describe.skipIf(!home)('LanceIndex', () => {
  const rows = clusteredRows(20_000);
  let folder: string;
  let lancedb: LanceDb;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'tsbert-lance-'));
    lancedb = createRequire(path.join(path.resolve(home!), 'package.json'))('@lancedb/lancedb') as LanceDb;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('keeps ids and metadata, removes, refuses what is taken, and opens again', async () => {
    const index = await LanceIndex.open(folder, { lancedb, dimension: 2, table: 'small' });
    expect(await index.search([1, 0])).toEqual([[]]);
    await index.add(
      [
        [1, 0],
        [0, 2],
        [0, 0],
      ],
      { ids: ["it's", 7, '7'], metadata: [{ text: 'ü' }, undefined, [1]] },
    );
    await expect(index.add([[1, 1]], { ids: [7] })).rejects.toThrow('1 of the ids are taken');
    const [hits] = await index.search([3, 0.1], { topK: 2 });
    expect(hits![0]).toEqual({ id: "it's", score: expect.closeTo(0.9994, 3), metadata: { text: 'ü' } });
    expect(hits![1]!.id).toBe(7);
    expect(await index.remove(["it's", 'nobody'])).toBe(1);
    const again = await LanceIndex.open(folder, { lancedb, dimension: 2, table: 'small' });
    expect(again.size).toBe(2);
    await expect(LanceIndex.open(folder, { lancedb, dimension: 3, table: 'small' })).rejects.toThrow(
      '2 dimensions',
    );
  });

  it('finds what EmbeddingIndex finds, and by its IVF index 95 of 100 of it', async () => {
    const exact = new EmbeddingIndex({ dimension: DIM });
    await exact.add(rows);
    const index = await LanceIndex.open(folder, { lancedb, dimension: DIM, table: 'large', probes: 20 });
    await index.add(rows);
    const queries = rows.slice(100, 150).map((row) => row.map((value, i) => value + 0.1 * Math.sin(i)));
    const expected = (await exact.search(queries)).map((hits) => hits.map(({ id }) => id));
    const recall = async () => {
      const found = (await index.search(queries)).map((hits) => hits.map(({ id }) => id));
      return (
        found.flatMap((ids, i) => ids.filter((id) => expected[i]!.includes(id))).length /
        (10 * queries.length)
      );
    };
    expect(await recall()).toBeGreaterThan(0.995);
    await index.buildIvf({ partitions: 64 });
    const byIvf = await recall();
    console.log(`recall@10 of LanceDB's IVF index: ${byIvf}`);
    expect(byIvf).toBeGreaterThanOrEqual(0.95);
  });
});
