import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InexactWeightsError } from '../../../src/embeddings/encoder/agreement.ts';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { readSafetensors, readTensor } from '../../../src/embeddings/weights/safetensors.ts';
import { createModelFolder } from '../model-folder.ts';
import { fixture } from '../reference.ts';

/** A model whose export in 8 bits is its export in float32, changed or not. */
async function modelWithExports(change: (bytes: Buffer) => void | Promise<void>) {
  const model = await createModelFolder('tiny-bert-nli-mean-tokens');
  const exact = path.join(model.path, 'onnx/model.onnx');
  const bytes = await readFile(exact);
  await change(bytes);
  await writeFile(path.join(model.path, 'onnx/model_quantized.onnx'), bytes);
  const load = () => SentenceTransformer.load(model.path, { weights: 'onnx', dtype: 'q8' });
  return { model, exact, load };
}

/** Turns the order of the words' vectors round. */
async function spoil(bytes: Buffer): Promise<void> {
  const { tensors } = await readSafetensors(fixture('tiny-bert-nli-mean-tokens'));
  const [, words] = [...tensors].find(([name]) => name.endsWith('word_embeddings.weight'))!;
  const table = Buffer.from((await readTensor(words)).buffer as ArrayBuffer);
  const start = bytes.indexOf(table);
  expect(start).toBeGreaterThan(0);
  new Float32Array(table.buffer).reverse();
  table.copy(bytes, start);
}

describe('loadExportedEncoder() in 8 bits', () => {
  it('lets an export pass that gives what the one in float32 gives', async () => {
    const { model, load } = await modelWithExports(() => undefined);
    await using _ = model;
    const loaded = await load();
    expect(loaded.dtype).toBe('q8');
    expect((await loaded.encode('A dog barks.')).shape).toEqual([1, loaded.embeddingDimension]);
    await loaded.dispose();
  });

  it('refuses one that gives something else', async () => {
    const { model, load } = await modelWithExports(spoil);
    await using _ = model;
    await expect(load()).rejects.toThrow(InexactWeightsError);
    await expect(load()).rejects.toThrow(/load it with dtype 'fp16' or 'fp32'/);
  });

  it('has nothing to compare with where there is no export in float32', async () => {
    const { model, exact, load } = await modelWithExports(() => undefined);
    await using _ = model;
    await rm(exact);
    const loaded = await load();
    expect(loaded.dtype).toBe('q8');
    await loaded.dispose();
  });
});
