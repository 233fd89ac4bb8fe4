/** Weights that are not numbers, in each precision. */
import { cp, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareModel } from '../../../src/embeddings/graph/prepare.ts';
import { readSafetensors } from '../../../src/embeddings/weights/safetensors.ts';

const bert = path.join(import.meta.dirname, '../../fixtures/families/bert');
let base: string;
beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'damaged-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('prepareModel() of weights that are not numbers', () => {
  const cases = (['fp32', 'fp16', 'q8'] as const).flatMap((precision) =>
    ['embeddings.LayerNorm.bias', 'encoder.layer.1.intermediate.dense.weight'].flatMap((tensor) =>
      [Number.NaN, Number.POSITIVE_INFINITY].map((value) => [precision, tensor, value] as const),
    ),
  );

  it.each(cases)('names the tensor in %s: %s with %d', async (precision, tensor, value) => {
    const folder = await damage(tensor, value);
    await expect(prepareModel(folder, { precision, cacheDir: path.join(base, 'graphs') })).rejects.toThrow(
      new RegExp(
        `${tensor.replaceAll('.', '\\.')} .* holds NaN or infinity \\(element 3\\).*download the model again`,
      ),
    );
  });

  it('says that fp16 cannot hold a number which fp32 can', async () => {
    const folder = await damage('encoder.layer.0.output.dense.weight', 70_000);
    const prepare = (precision: 'fp16' | 'fp32') =>
      prepareModel(folder, { precision, cacheDir: path.join(base, 'graphs') });
    await expect(prepare('fp16')).rejects.toThrow(
      /half precision cannot hold it: load it with dtype 'fp32' or 'q8'/,
    );
    await prepare('fp32');
  });

  /** A copy of a tiny model with another number in the fourth place of a tensor. */
  async function damage(tensor: string, value: number): Promise<string> {
    const folder = await mkdtemp(path.join(base, 'model-'));
    await cp(bert, folder, { recursive: true });
    const { tensors } = await readSafetensors(folder);
    const name = [...tensors.keys()].find((own) => own.endsWith(tensor))!;
    const { file, offset } = tensors.get(name)!;
    const handle = await open(file, 'r+');
    await handle.write(new Uint8Array(Float32Array.of(value).buffer), 0, 4, offset + 12);
    await handle.close();
    expect(await readFile(file)).not.toEqual(await readFile(path.join(bert, 'model.safetensors')));
    return folder;
  }
});
