/** The whole way from a folder with safetensors to rows, against values from Python. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSafetensorsTransformer } from '../../../src/embeddings/onnx/load.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures');
let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(os.tmpdir(), 'onnx-load-'));
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

describe.each(['tiny-bert-nli-mean-tokens', 'tiny-all-mpnet-base-v2'])('%s', (name) => {
  const folder = path.join(fixtures, name);

  it('loadSafetensorsTransformer() gives the token embeddings of sentence-transformers', async () => {
    const reference = JSON.parse(await readFile(path.join(folder, 'reference.json'), 'utf8'));
    const transformer = await loadSafetensorsTransformer(folder, { cacheDir });
    const rows = await transformer.run(reference.five.input_ids.map((ids: number[]) => Int32Array.from(ids)));
    const expected: number[] = reference.token_embeddings_five.flat(2);
    expect(rows.length).toBe(expected.length);
    expect(largestDifference(rows, expected)).toBeLessThan(1e-5);
    await transformer.dispose();
  });
});

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!));
  return largest;
}
