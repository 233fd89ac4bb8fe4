/** Every supported family, precision and layout of weights, against rows that Python computed. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPackedEncoder } from '../../../src/embeddings/encoder/packed-encoder.ts';

interface Reference {
  sentences: number[][];
  rows: { mean: number[]; first: number[]; last: number[] }[];
}

const families = path.join(import.meta.dirname, '../../fixtures/families');
const names = await readdir(families);
let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(os.tmpdir(), 'onnx-families-'));
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

describe.each(names)('loadPackedEncoder() on %s', (name) => {
  it('equals transformers for 1, 2, 7, 64 and 511 tokens, mixed in one batch', async () => {
    const { sentences, rows } = await readReference(name);
    const encoder = await loadPackedEncoder(path.join(families, name), { dtype: 'fp32', cacheDir });
    // The short ones stand at the end as well: neighbours and order must not matter.
    const mixed = [...sentences, ...sentences.slice(0, 4).reverse()];
    const expected = [...rows, ...rows.slice(0, 4).reverse()];
    const actual = await encoder.run(mixed.map((ids) => Int32Array.from(ids)));
    let start = 0;
    for (const [i, ids] of mixed.entries()) {
      const own = actual.subarray(start * 32, (start + ids.length) * 32);
      start += ids.length;
      expectClose(summary(own, 32), expected[i]!);
    }
    expect(start * 32).toBe(actual.length);
    await encoder.dispose();
  });
});

async function readReference(name: string): Promise<Reference> {
  return JSON.parse(await readFile(path.join(families, name, 'reference.json'), 'utf8'));
}

function summary(rows: Float32Array, columns: number): Reference['rows'][number] {
  const count = rows.length / columns;
  const mean = new Array<number>(columns).fill(0);
  for (let i = 0; i < rows.length; i++) mean[i % columns]! += rows[i]! / count;
  return { mean, first: [...rows.subarray(0, columns)], last: [...rows.subarray(-columns)] };
}

function expectClose(actual: Reference['rows'][number], expected: Reference['rows'][number]): void {
  for (const part of ['mean', 'first', 'last'] as const) {
    for (const [i, value] of expected[part].entries()) {
      expect(Math.abs(actual[part][i]! - value), `${part}[${i}]`).toBeLessThan(1e-5);
    }
  }
}
