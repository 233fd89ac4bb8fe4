/** The whole way from a folder with safetensors to rows, against values from Python. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InexactWeightsError } from '../../../src/embeddings/encoder/agreement.ts';
import { processorName } from '../../../src/embeddings/encoder/gain.ts';
import { loadPackedEncoder } from '../../../src/embeddings/encoder/packed-encoder.ts';
import { readSafetensors, readTensor } from '../../../src/embeddings/weights/safetensors.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures');
let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(os.tmpdir(), 'onnx-load-'));
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

describe.each(['tiny-bert-nli-mean-tokens', 'tiny-all-mpnet-base-v2'])('%s', (name) => {
  const folder = path.join(fixtures, name);

  it('loadPackedEncoder() gives the token embeddings of sentence-transformers', async () => {
    const reference = JSON.parse(await readFile(path.join(folder, 'reference.json'), 'utf8'));
    const encoder = await loadPackedEncoder(folder, { dtype: 'fp32', cacheDir });
    const rows = await encoder.run(reference.five.input_ids.map((ids: number[]) => Int32Array.from(ids)));
    const expected: number[] = reference.token_embeddings_five.flat(2);
    expect(rows.length).toBe(expected.length);
    expect(largestDifference(rows, expected)).toBeLessThan(1e-5);
    await encoder.dispose();
  });
});

const families = path.join(fixtures, 'families');

describe('loadPackedEncoder()', () => {
  it('computes every activation as transformers does', async () => {
    const { sentence, means } = await readJson(path.join(fixtures, 'activations.json'));
    const model = path.join(cacheDir, 'activations');
    await cp(path.join(families, 'bert'), model, { recursive: true });
    const config = await readJson(path.join(model, 'config.json'));
    for (const [activation, mean] of Object.entries<number[]>(means)) {
      await writeFile(path.join(model, 'config.json'), JSON.stringify({ ...config, hidden_act: activation }));
      const encoder = await loadPackedEncoder(model, { dtype: 'fp32', cacheDir });
      const rows = await encoder.run([Int32Array.from(sentence)]);
      expect(largestDifference(meanRow(rows, mean.length), mean), activation).toBeLessThan(1e-5);
      await encoder.dispose();
    }
  });

  it('computes on, the same numbers, when the model’s file is overwritten and cut', async () => {
    const model = path.join(cacheDir, 'dying');
    await cp(path.join(fixtures, 'tiny-all-mpnet-base-v2'), model, { recursive: true });
    const encoder = await loadPackedEncoder(model, { dtype: 'fp32', cacheDir });
    const sentence = [Int32Array.of(0, 5, 6, 7, 2)];
    const before = await encoder.run(sentence);
    const weights = path.join(model, 'model.safetensors');
    await writeFile(weights, Buffer.alloc((await readFile(weights)).length, 1));
    expect(await encoder.run(sentence)).toEqual(before);
    await truncate(weights, 0);
    expect(await encoder.run(sentence)).toEqual(before);
    await encoder.dispose();
  });

  it.each(['', '{}', '{"lowestCosine": "x", "meanCosine": null}'])(
    'measures again where the noted agreement is %s',
    async (text) => {
      const load = () => loadPackedEncoder(path.join(families, 'bert'), { dtype: 'q8', cacheDir });
      const first = await load();
      await first.dispose();
      for (const key of await readdir(cacheDir)) {
        const note = path.join(cacheDir, key, 'agreement.json');
        if (existsSync(note)) await writeFile(note, text);
      }
      const again = await load();
      expect(again.agreement).toEqual(first.agreement);
      await again.dispose();
    },
  );

  it('rounds weights to half precision for fp16, and no more than that', async () => {
    // bert-f16 is the model of bert with its weights rounded by torch.
    const { sentences, rows } = await readJson(path.join(families, 'bert-f16/reference.json'));
    const encoder = await loadPackedEncoder(path.join(families, 'bert'), {
      dtype: 'fp16',
      cacheDir,
    });
    expect(encoder.dtype).toBe('fp16');
    const own = await encoder.run([Int32Array.from(sentences[3])]);
    expect(largestDifference(meanRow(own, 32), rows[3].mean)).toBeLessThan(1e-5);
    await encoder.dispose();
  });

  it('leaves weights of 16 bits as they are for fp16', async () => {
    const { sentences, rows } = await readJson(path.join(families, 'bert-bf16/reference.json'));
    const folder = path.join(families, 'bert-bf16');
    const encoder = await loadPackedEncoder(folder, { dtype: 'fp16', cacheDir });
    const own = await encoder.run([Int32Array.from(sentences[3])]);
    expect(largestDifference(meanRow(own, 32), rows[3].mean)).toBeLessThan(1e-5);
    await encoder.dispose();
  });

  it.each(['bert', 'mpnet', 'electra', 'bert-f16', 'distilbert', 'roberta', 'xlm-roberta', 'camembert'])(
    'loads %s in 8 bits and tells what it costs',
    async (name) => {
      const { sentences, rows } = await readJson(path.join(families, name, 'reference.json'));
      const load = () => loadPackedEncoder(path.join(families, name), { dtype: 'q8', cacheDir });
      const encoder = await load();
      expect(encoder.dtype).toBe('q8');
      expect(encoder.agreement!.lowestCosine).toBeGreaterThan(0.99);
      expect(encoder.agreement!.lowestCosine).toBeLessThan(1);
      const own = await encoder.run([Int32Array.from(sentences[3])]);
      expect(largestDifference(meanRow(own, 32), rows[3].mean)).toBeLessThan(0.1);
      const again = await load();
      expect(again.agreement).toEqual(encoder.agreement);
      await Promise.all([encoder.dispose(), again.dispose()]);
    },
  );

  it('refuses 8 bits that lose the model, and takes float32 for auto', async () => {
    const folder = await steepModel();
    const loading = loadPackedEncoder(folder, { dtype: 'q8', cacheDir });
    await expect(loading).rejects.toThrow(InexactWeightsError);
    // The second time it is known.
    await expect(loadPackedEncoder(folder, { dtype: 'q8', cacheDir })).rejects.toThrow(
      /In 8 bits the embeddings of .*steep.* to those of float32 .* load it with dtype 'fp16' or 'fp32'/,
    );
    const encoder = await loadPackedEncoder(folder, { dtype: 'auto', cacheDir });
    expect(encoder.dtype).toBe('fp32');
    await encoder.dispose();
  });

  it.each([
    [0.9, 'fp32'],
    [2, 'q8'],
  ] as const)('takes for auto what gains: where 8 bits are %d times as fast, %s', async (gain, dtype) => {
    const cache = await mkdtemp(path.join(cacheDir, 'auto-'));
    const load = (asked: 'auto' | 'q8') =>
      loadPackedEncoder(path.join(families, 'mpnet'), { dtype: asked, cacheDir: cache });
    await (await load('q8')).dispose();
    const [folder] = (await readdir(cache)).filter((name) => /^[0-9a-f]{32}$/.test(name));
    await writeFile(path.join(cache, folder!, `gain-${processorName()}.json`), JSON.stringify(gain));
    const encoder = await load('auto');
    expect(encoder.dtype).toBe(dtype);
    await encoder.dispose();
  });

  it('measures for auto where nothing is known, and keeps it', async () => {
    const cache = await mkdtemp(path.join(cacheDir, 'auto-'));
    const encoder = await loadPackedEncoder(path.join(families, 'mpnet'), { dtype: 'auto', cacheDir: cache });
    expect(['fp32', 'q8']).toContain(encoder.dtype);
    await encoder.dispose();
    const kept = (await readdir(cache, { recursive: true })).filter((name) => name.includes('gain-'));
    expect(kept).toHaveLength(1);
    expect(await readJson(path.join(cache, kept[0]!))).toBeGreaterThan(0);
  });

  it('refuses weights that were cut', async () => {
    const model = path.join(cacheDir, 'cut');
    await cp(path.join(families, 'bert'), model, { recursive: true });
    await truncate(path.join(model, 'model.safetensors'), 50_000);
    await expect(loadPackedEncoder(model, { dtype: 'fp32', cacheDir })).rejects.toThrow(
      /its header promises \d+ bytes and it has 50000.*Delete the file and download it again/,
    );
  });

  it('refuses sentences that are empty or too long for the model', async () => {
    const encoder = await loadPackedEncoder(path.join(families, 'mpnet'), { dtype: 'fp32', cacheDir });
    expect((await encoder.run([new Int32Array(512).fill(7)])).length).toBe(512 * 32);
    await expect(encoder.run([new Int32Array(513)])).rejects.toThrow(/513 tokens; the model takes 1 to 512/);
    await expect(encoder.run([new Int32Array(0)])).rejects.toThrow(RangeError);
    expect((await encoder.run([])).length).toBe(0);
    await encoder.dispose();
  });

  it('keeps the order of many sentences', async () => {
    const encoder = await loadPackedEncoder(path.join(families, 'bert'), { dtype: 'fp32', cacheDir });
    const sentences = Array.from({ length: 60 }, (_, i) =>
      Int32Array.from({ length: 1 + ((i * 17) % 40) }, (_, j) => 5 + ((i + j) % 90)),
    );
    const together = await encoder.run(sentences);
    let start = 0;
    for (const ids of sentences) {
      const own = together.subarray(start, start + ids.length * 32);
      expect(largestDifference(own, await encoder.run([ids]))).toBeLessThan(1e-5);
      start += own.length;
    }
    await encoder.dispose();
  });
});

/** A model whose small inputs matter as much as its large ones, of which there are too many to stay in float32. */
async function steepModel(): Promise<string> {
  const folder = path.join(cacheDir, 'steep');
  await cp(path.join(families, 'bert'), folder, { recursive: true });
  const { tensors } = await readSafetensors(folder);
  const handle = await open(path.join(folder, 'model.safetensors'), 'r+');
  const change = async (name: string, factor: (channel: number) => number) => {
    const [, entry] = [...tensors].find(([own]) => own.endsWith(name))!;
    const values = (await readTensor(entry)).map((value, i) => value * factor(i % 32));
    await handle.write(new Uint8Array(values.buffer), 0, entry.length, entry.offset);
  };
  for (const layer of [0, 1]) {
    const prefix = `encoder.layer.${layer}`;
    await change(`${prefix}.attention.output.LayerNorm.weight`, (channel) => (channel < 8 ? 1000 : 1));
    await change(`${prefix}.intermediate.dense.weight`, (channel) => (channel < 8 ? 0.001 : 1000));
  }
  await handle.close();
  return folder;
}

async function readJson(file: string) {
  return JSON.parse(await readFile(file, 'utf8'));
}

function meanRow(rows: Float32Array, columns: number): number[] {
  const mean = new Array<number>(columns).fill(0);
  for (let i = 0; i < rows.length; i++) mean[i % columns]! += (rows[i]! * columns) / rows.length;
  return mean;
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!));
  return largest;
}
