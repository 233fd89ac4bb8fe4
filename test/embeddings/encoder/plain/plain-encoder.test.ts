/** The encoder in plain TypeScript, against rows that Python computed. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlainEncoder } from '../../../../src/embeddings/encoder/plain/plain-encoder.ts';
import { UnsupportedModelError } from '../../../../src/embeddings/weights/errors.ts';

interface Reference {
  sentences: number[][];
  rows: { mean: number[]; first: number[]; last: number[] }[];
}

const families = path.join(import.meta.dirname, '../../../fixtures/families');

describe.each(['bert', 'bert-f16', 'bert-bf16', 'bert-old-names', 'bert-sharded', 'mpnet'])(
  'loadPlainEncoder() on %s',
  (name) => {
    it('equals transformers for 1, 2, 7, 64 and 511 tokens', async () => {
      const folder = path.join(families, name);
      const text = await readFile(path.join(folder, 'reference.json'), 'utf8');
      const { sentences, rows }: Reference = JSON.parse(text);
      const encoder = await loadPlainEncoder(folder);
      const actual = await encoder.run(sentences.map((ids) => Int32Array.from(ids)));
      let start = 0;
      for (const [i, { length }] of sentences.entries()) {
        const own = actual.subarray(start * 32, (start + length) * 32);
        start += length;
        const mean = Array.from({ length: 32 }, (_, column) => meanOf(own, column));
        expectClose(mean, rows[i]!.mean);
        expectClose(own.subarray(0, 32), rows[i]!.first);
        expectClose(own.subarray(-32), rows[i]!.last);
      }
      expect(start * 32).toBe(actual.length);
    });
  },
);

describe('loadPlainEncoder()', () => {
  it('refuses a family that it does not compute', async () => {
    await expect(loadPlainEncoder(path.join(families, 'distilbert'))).rejects.toThrow(UnsupportedModelError);
  });

  it('refuses sentences that are empty or too long, and to run when it is disposed', async () => {
    const encoder = await loadPlainEncoder(path.join(families, 'bert'));
    await expect(encoder.run([new Int32Array(0)])).rejects.toThrow('A sentence has 0 tokens');
    await expect(encoder.run([new Int32Array(513)])).rejects.toThrow('the model takes 1 to 512');
    await encoder.dispose();
    await expect(encoder.run([Int32Array.of(1)])).rejects.toThrow('disposed');
  });
});

function meanOf(rows: Float32Array, column: number): number {
  let sum = 0;
  for (let i = column; i < rows.length; i += 32) sum += rows[i]!;
  return sum / (rows.length / 32);
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-5);
}
