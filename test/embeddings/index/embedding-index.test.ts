import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjs } from '../../../src/embeddings/backend.ts';
import { EmbeddingIndex } from '../../../src/embeddings/index/embedding-index.ts';
import { IndexFileError } from '../../../src/embeddings/index/errors.ts';
import { loadScan } from '../../../src/embeddings/index/scan.ts';

const DIM = 40;
const engines = (['usearch', 'plain'] as const).filter((engine) => {
  if (loadScan(engine)) return true;
  console.log(`skipped with ${engine}: it is not installed, or has no binary for this platform`);
  return false;
});

/** Numbers from -0.5 to 0.5, the same on every run. */
function randomRows(rows: number, seed: number, dim = DIM): Float32Array[] {
  let state = seed;
  return Array.from({ length: rows }, () =>
    Float32Array.from({ length: dim }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647 - 0.5;
    }),
  );
}

/** Row numbers by cosine, by plain arithmetic in float64. */
function ranking(query: Float32Array, rows: readonly Float32Array[]): { id: number; score: number }[] {
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const cosine = (a: Float32Array, b: Float32Array) =>
    product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  return rows
    .map((row, id) => ({ id, score: cosine(query, row) }))
    .sort((a, b) => b.score - a.score || a.id - b.id);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tsbert-index-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(engines)('EmbeddingIndex with %s', (engine) => {
  const rows = randomRows(3000, 7);
  const queries = randomRows(20, 8);
  const filled = async (options = {}) => {
    const index = new EmbeddingIndex({ dimension: DIM, engine, ...options });
    await index.add(rows);
    return index;
  };

  it('search() finds what plain arithmetic finds', async () => {
    const found = await (await filled()).search(queries, { topK: 7 });
    queries.forEach((query, i) => {
      const expected = ranking(query, rows).slice(0, 7);
      expect(found[i]!.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      found[i]!.forEach(({ score }, k) => {
        expect(score).toBeCloseTo(expected[k]!.score, 6);
      });
    });
  });

  it('search() in int8 finds 95 of 100 of them, with scores near the exact ones', async () => {
    const index = await filled({ precision: 'int8' });
    let common = 0;
    const found = await index.search(queries, { topK: 10 });
    queries.forEach((query, i) => {
      const expected = new Map(ranking(query, rows).map(({ id, score }) => [id, score]));
      const best = [...expected.keys()].slice(0, 10);
      common += found[i]!.filter(({ id }) => best.includes(id as number)).length;
      for (const { id, score } of found[i]!) {
        expect(Math.abs(score - expected.get(id as number)!)).toBeLessThan(0.01);
      }
    });
    expect(common / (queries.length * 10)).toBeGreaterThanOrEqual(0.95);
  });

  it.each(['float32', 'int8'] as const)('search() in %s keeps the order of equal ones', async (precision) => {
    const index = new EmbeddingIndex({ dimension: DIM, engine, precision });
    await index.add(Array.from({ length: 500 }, () => rows[3]!));
    await index.add(rows);
    const [hits] = await index.search(rows[3]!, { topK: 5 });
    expect(hits!.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  });

  it('remove() takes entries out, and the ids stay with their vectors', async () => {
    const index = await filled();
    expect(await index.remove([0, 2999, 17, 17, 'nobody'])).toBe(3);
    expect(index.size).toBe(2997);
    const [hits] = await index.search(rows[17]!, { topK: 5 });
    const expected = ranking(rows[17]!, rows).filter(({ id }) => ![0, 2999, 17].includes(id));
    expect(hits!.map(({ id }) => id)).toEqual(expected.slice(0, 5).map(({ id }) => id));
    await index.add([rows[17]!], { ids: [17] });
    expect((await index.search(rows[17]!, { topK: 1 }))[0]).toEqual([
      { id: 17, score: expect.closeTo(1, 6) },
    ]);
  });

  it('search() goes through several segments', async () => {
    const many = randomRows(300, 5, 30_000); // a segment of 16 MB holds 139 of them
    const index = new EmbeddingIndex({ dimension: 30_000, engine });
    await index.add(many);
    const [hits] = await index.search(many[290]!, { topK: 300 });
    expect(hits!.map(({ id }) => id)).toEqual(ranking(many[290]!, many).map(({ id }) => id));
  });

  it('takes tensors, zeros and more hits than there are', async () => {
    const index = new EmbeddingIndex({ dimension: 2, engine });
    const before = tfjs().memory().numTensors;
    const tensor = tfjs().tensor2d([
      [0, 0],
      [0, 2],
    ]);
    await index.add(tensor, { ids: ['zero', 'up'], metadata: [undefined, { text: 'up' }] });
    tensor.dispose();
    expect(await index.search([0, 9], { topK: 9 })).toEqual([
      [
        { id: 'up', score: 1, metadata: { text: 'up' } },
        { id: 'zero', score: 0 },
      ],
    ]);
    expect(tfjs().memory().numTensors).toBe(before);
    expect(await new EmbeddingIndex({ dimension: 2, engine }).search([1, 0])).toEqual([[]]);
  });
});

describe('EmbeddingIndex.add()', () => {
  it('adds all or none', async () => {
    const index = new EmbeddingIndex({ dimension: 2 });
    await index.add([1, 0], { ids: ['a'] });
    const bad: [Parameters<EmbeddingIndex['add']>, string][] = [
      [
        [
          [
            [1, 0],
            [1, Number.NaN],
          ],
        ],
        'Embedding 1 holds NaN',
      ],
      [
        [
          [
            [1, 0],
            [0, 1],
          ],
          { ids: ['b', 'a'] },
        ],
        'The id "a" is taken',
      ],
      [
        [
          [
            [1, 0],
            [0, 1],
          ],
          { ids: ['b', 'b'] },
        ],
        'The id "b" is taken',
      ],
      [
        [
          [
            [1, 0],
            [0, 1],
          ],
          { ids: ['b'] },
        ],
        '2 embeddings and 1 ids',
      ],
      [[[[1, 0]], { ids: [1.5] }], '1.5 is no id'],
      [[[1, 0, 0]], 'of 2 dimensions, not 3'],
    ];
    for (const [args, message] of bad) await expect(index.add(...args)).rejects.toThrow(message);
    expect(index.size).toBe(1);
    await index.add([[0, 1]]);
    expect((await index.search([0, 1]))[0]!.map(({ id }) => id)).toEqual([0, 'a']);
  });
});

describe('EmbeddingIndex.save() and open()', () => {
  const rows = randomRows(5000, 3);

  it.each(['float32', 'int8'] as const)('bring back a %s index', async (precision) => {
    const file = path.join(folder, `${precision}.index`);
    const index = new EmbeddingIndex({ dimension: DIM, precision, model: 'org/name' });
    await index.add(rows, { metadata: rows.map((_, i) => (i % 2 ? `line ${i}\nü` : undefined)) });
    await index.remove([4, 9]);
    await index.save(file);
    await index.save(file); // over the first
    const opened = await EmbeddingIndex.open(file, { model: 'org/name' });
    expect([opened.size, opened.dimension, opened.precision, opened.model]).toEqual([
      4998,
      DIM,
      precision,
      'org/name',
    ]);
    expect(await opened.search(rows.slice(0, 9))).toEqual(await index.search(rows.slice(0, 9)));
    await opened.add(rows[0]!);
    expect(
      (await opened.search(rows[0]!))[0]!
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([0, 5000]);
    expect(await readdir(folder)).toContain(`${precision}.index`);
    expect((await readdir(folder)).filter((name) => name.includes('draft'))).toEqual([]);
    if (precision === 'int8') expect((await stat(file)).size).toBeLessThan(5000 * (DIM + 30));
  });

  it('refuse what is damaged, cut off, of another model, or no index', async () => {
    const file = path.join(folder, 'whole.index');
    const index = new EmbeddingIndex({ dimension: DIM, model: 'org/name' });
    await index.add(rows.slice(0, 50));
    await index.save(file);
    const whole = await readFile(file);
    for (const place of [9, 20, 200, 4000, whole.length - 60, whole.length - 1]) {
      const damaged = path.join(folder, 'damaged.index');
      await writeFile(
        damaged,
        whole.map((byte, i) => (i === place ? byte ^ 1 : byte)),
      );
      await expect(EmbeddingIndex.open(damaged)).rejects.toThrow(IndexFileError);
    }
    for (const size of [0, 5, 30, whole.length - 1]) {
      const cut = path.join(folder, 'cut.index');
      await writeFile(cut, whole);
      await truncate(cut, size);
      await expect(EmbeddingIndex.open(cut)).rejects.toThrow(IndexFileError);
    }
    await expect(EmbeddingIndex.open(file, { model: 'other' })).rejects.toThrow(
      'made with org/name, not with other',
    );
    await expect(EmbeddingIndex.open(path.join(folder, 'none'))).rejects.toThrow('there is no such file');
  });
});
