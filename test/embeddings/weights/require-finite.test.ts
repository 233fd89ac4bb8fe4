import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NonFiniteWeightsError } from '../../../src/embeddings/weights/errors.ts';
import { requireFinite } from '../../../src/embeddings/weights/require-finite.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'finite-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('requireFinite()', () => {
  it.each([
    ['F32', Float32Array.of(1, -3.4e38, Number.NaN, 1e-45), 2],
    ['F32', Float32Array.of(1, Number.NEGATIVE_INFINITY), 1],
    ['F16', Uint16Array.of(0x7bff, 0xfc00), 1],
    ['F16', Uint16Array.of(0x7e01), 0],
    ['BF16', Uint16Array.of(0x7f7f, 0x0001, 0x7fc0), 2],
  ] as const)(
    'finds what is not finite in %s, after four bytes of something else',
    async (dtype, values, element) => {
      const error = await check(dtype, values).catch((problem) => problem);
      expect(error).toBeInstanceOf(NonFiniteWeightsError);
      expect(error).toMatchObject({ tensor: 'layer.weight', element, path: path.join(folder, dtype) });
      expect(error.message).toMatch(
        /The tensor layer\.weight .* holds NaN or infinity .*download the model again/,
      );
    },
  );

  it.each([
    ['F32', Float32Array.of(3.4028234663852886e38, -0, 1e-45)],
    ['F16', Uint16Array.of(0x7bff, 0xfbff, 0x8000, 0x0001)],
    ['BF16', Uint16Array.of(0x7f7f, 0xff7f)],
    ['I64', Uint32Array.of(0xffffffff, 0xffffffff)],
  ] as const)('lets the largest and the smallest %s pass', async (dtype, values) => {
    await check(dtype, values);
  });

  it('reads large tensors to their end', async () => {
    const values = new Float32Array(3_000_000);
    values[2_999_999] = Number.NaN;
    await expect(check('F32', values)).rejects.toThrow(/element 2999999/);
  });

  async function check(dtype: string, values: Float32Array | Uint16Array | Uint32Array): Promise<void> {
    const file = path.join(folder, dtype);
    const bytes = new Uint8Array(values.buffer);
    await writeFile(file, Buffer.concat([Buffer.alloc(4, 255), bytes]));
    const entry = { dtype, shape: [values.length], file, offset: 4, length: bytes.length };
    await requireFinite([['layer.weight', entry]]);
  }
});
