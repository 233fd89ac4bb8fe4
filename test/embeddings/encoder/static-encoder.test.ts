import { rename } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadStaticEncoder } from '../../../src/embeddings/encoder/static-encoder.ts';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { describeStaticFamily } from '../graph/families/check-family.ts';
import { createModelFolder } from '../model-folder.ts';
import { fixture } from '../reference.ts';
import { writeSafetensors } from '../safetensors-file.ts';

describeStaticFamily('static');

it('loadStaticEncoder() reads model2vec’s name of the table', async () => {
  await using model = await createModelFolder();
  const file = path.join(model.path, 'model.safetensors');
  await writeSafetensors(file, { embeddings: { shape: [3, 2], values: [0, 1, 2, 3, 4, 5] } });
  const encoder = await loadStaticEncoder(model.path, { dtype: 'fp32' });
  expect(encoder.hiddenSize).toBe(2);
  expect([...(await encoder.run([Int32Array.of(2, 0), new Int32Array(0), Int32Array.of(1)]))]).toEqual([
    4, 5, 0, 1, 2, 3,
  ]);
  await expect(encoder.run([Int32Array.of(3)])).rejects.toThrow(
    /id 3, and the table has 3 rows.*tokenizer\.json/,
  );
});

it('loadStaticEncoder() refuses what it would compute otherwise than the model means', async () => {
  await using model = await createModelFolder();
  const file = path.join(model.path, 'model.safetensors');
  const embeddings = { shape: [2, 2], values: [0, 1, 2, 3] };
  await writeSafetensors(file, { embeddings, mapping: { shape: [3], values: [0, 1, 1] } });
  await expect(loadStaticEncoder(model.path, { dtype: 'fp32' })).rejects.toThrow(/has the tensor mapping/);
  await writeSafetensors(file, { other: embeddings });
  await expect(loadStaticEncoder(model.path, { dtype: 'fp32' })).rejects.toThrow(
    /no table embedding\.weight or embeddings of two axes; it has other \[2, 2\]/,
  );
});

it('SentenceTransformer.load() refuses 8 bits and ONNX for a table, and prints it', async () => {
  const folder = fixture('sentence-families/static');
  await expect(SentenceTransformer.load(folder, { dtype: 'q8' })).rejects.toThrow(
    /no 8-bit form.*Choose fp32/,
  );
  await expect(SentenceTransformer.load(folder, { weights: 'onnx' })).rejects.toThrow(/Leave weights out/);
  const model = await SentenceTransformer.load(folder);
  expect(`${model}`).toBe('SentenceTransformer(\n  (0): StaticEmbedding()\n  (1): Normalize()\n)');
  expect(model.maxSeqLength).toBe(Number.POSITIVE_INFINITY);
  await model.dispose();
});

it('SentenceTransformer.load() names the tokenizer that a table lacks', async () => {
  await using model = await createModelFolder('sentence-families/static');
  await rename(path.join(model.path, 'tokenizer.json'), path.join(model.path, 'tokens.json'));
  await expect(SentenceTransformer.load(model.path)).rejects.toThrow(/tokenizer\.json is missing/);
});
