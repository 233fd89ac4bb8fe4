import { spawnSync } from 'node:child_process';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepareModel } from '../../../src/embeddings/graph/prepare.ts';
import { DTYPES, resolveDtype } from '../../../src/embeddings/weights/dtype.ts';
import { TensorMismatchError } from '../../../src/embeddings/weights/errors.ts';
import { findPython } from '../../support/find-tools.ts';

const families = path.join(import.meta.dirname, '../../fixtures/families');
const bert = path.join(families, 'bert');
let base: string;
let cacheDir: string;
beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'onnx-prepare-'));
  cacheDir = path.join(base, 'graphs');
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('prepareModel()', () => {
  it('has weights of its own, which a change of the model’s file does not reach', async () => {
    const model = path.join(base, 'overwritten');
    await cp(bert, model, { recursive: true });
    const { folder, modelFile } = await prepareModel(model, { precision: 'fp32', cacheDir });
    const own = path.join(folder, 'onnx', 'weights-1.safetensors');
    const before = await readFile(own);
    await truncate(path.join(model, 'model.safetensors'), 100);
    expect((await readFile(own)).equals(before)).toBe(true);
    expect((await stat(path.join(folder, 'onnx', `${modelFile}.onnx`))).size).toBeLessThan(40_000);
  });

  it('finds the graph of any copy of the model, and makes another for other weights or configuration', async () => {
    const [model, other] = [path.join(base, 'model'), path.join(base, 'other')];
    for (const folder of [model, other]) await cp(bert, folder, { recursive: true });
    const prepare = async (folder: string) =>
      (await prepareModel(folder, { precision: 'fp32', cacheDir })).folder;
    const first = await prepare(model);
    expect(await prepare(other)).toBe(first);
    const config = JSON.parse(await readFile(path.join(model, 'config.json'), 'utf8'));
    await writeFile(path.join(model, 'config.json'), JSON.stringify({ ...config, hidden_act: 'relu' }));
    const second = await prepare(model);
    const weights = await readFile(path.join(model, 'model.safetensors'));
    weights[weights.length - 4] = weights[weights.length - 4]! ^ 1;
    await writeFile(path.join(model, 'model.safetensors'), weights);
    expect(new Set([first, second, await prepare(model)]).size).toBe(3);
  });

  it('serves every user from a read-only folder that was filled once', async () => {
    const shared = path.join(base, 'shared');
    vi.stubEnv('TSBERT_GRAPHS', shared);
    try {
      const warmed = await prepareModel(bert, { precision: 'q8' });
      expect(path.dirname(warmed.folder)).toBe(shared);
      const copy = path.join(base, 'another-user');
      await cp(bert, copy, { recursive: true });
      await chmod(shared, 0o555);
      expect((await prepareModel(copy, { precision: 'q8' })).folder).toBe(warmed.folder);
    } finally {
      await chmod(shared, 0o755);
      vi.unstubAllEnvs();
    }
  });

  it('tells a blob of the hub’s cache that is not what its name says', async () => {
    const model = path.join(base, 'snapshot');
    await cp(bert, model, { recursive: true });
    await mkdir(path.join(base, 'blobs'), { recursive: true });
    const blob = path.join(base, 'blobs', 'ab'.repeat(32));
    await rename(path.join(model, 'model.safetensors'), blob);
    await symlink(blob, path.join(model, 'model.safetensors'));
    const preparing = prepareModel(model, { precision: 'fp32', cacheDir });
    await expect(preparing).rejects.toThrow(/its content is not the one that its name stands for/);
  });

  it('names a tensor whose shape is not what config.json says', async () => {
    const model = path.join(base, 'other-shape');
    await cp(bert, model, { recursive: true });
    const config = JSON.parse(await readFile(path.join(model, 'config.json'), 'utf8'));
    await writeFile(path.join(model, 'config.json'), JSON.stringify({ ...config, intermediate_size: 64 }));
    const preparing = prepareModel(model, { precision: 'fp32', cacheDir });
    await expect(preparing).rejects.toThrow(TensorMismatchError);
    await expect(preparing).rejects.toThrow(
      /intermediate\.dense\.weight has the shape \[48, 32\] in .*asks for \[64, 32\]/,
    );
  });

  it('names a tensor that is missing', async () => {
    const model = path.join(base, 'more-layers');
    await cp(bert, model, { recursive: true });
    const config = JSON.parse(await readFile(path.join(model, 'config.json'), 'utf8'));
    await writeFile(path.join(model, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 3 }));
    const preparing = prepareModel(model, { precision: 'fp32', cacheDir });
    await expect(preparing).rejects.toThrow(/encoder\.layer\.2\.attention\.self\.query\.weight is missing/);
  });
});

const python = findPython('onnx');
if (python.reason) console.log(`onnx.checker is skipped: ${python.reason}`);
const CHECK = 'import onnx, sys; onnx.checker.check_model(sys.argv[1], full_check=True)';

describe.skipIf(python.reason)('onnx.checker', () => {
  it.each(['bert', 'bert-f16', 'bert-bf16', 'bert-sharded', 'distilbert', 'mpnet', 'electra'])(
    'accepts the graph of %s',
    async (name) => {
      const { folder, modelFile } = await prepareModel(path.join(families, name), {
        precision: 'fp32',
        cacheDir,
      });
      await check(folder, modelFile);
    },
  );

  it.each(['modernbert', 'gte', 'qwen3', 'gemma3_text', 't5', 'albert', 'deberta', 'deberta-v2'])(
    'accepts the graph of the family %s',
    async (name) => {
      const model = path.join(families, '../sentence-families', name);
      const { folder, modelFile } = await prepareModel(model, { precision: 'fp32', cacheDir });
      await check(folder, modelFile);
    },
  );

  it.each(DTYPES)('accepts the graph in %s', async (dtype) => {
    const { folder, modelFile } = await prepareModel(bert, { precision: resolveDtype(dtype), cacheDir });
    await check(folder, modelFile);
  });
});

/** In a copy, for the checker takes hard links for an attack; onnxruntime does not. */
async function check(folder: string, modelFile: string): Promise<void> {
  const copy = await mkdtemp(path.join(base, 'check-'));
  await cp(folder, copy, { recursive: true });
  const file = path.join(copy, 'onnx', `${modelFile}.onnx`);
  const { status, stderr } = spawnSync(python.path!, ['-c', CHECK, file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}
