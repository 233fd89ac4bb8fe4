/** Tiny classifiers of every family, against the scores of Python's CrossEncoder. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CrossEncoder, type TextPair } from '../../../src/embeddings/cross-encoder/cross-encoder.ts';
import { createModelFolder } from '../model-folder.ts';
import { fixture } from '../reference.ts';

interface Reference {
  readonly pairs: readonly TextPair[];
  /** [n], or [n, labels]. */
  readonly scores: readonly (number | number[])[];
  readonly softmax: readonly number[][];
  readonly ranked: readonly { readonly corpus_id: number; readonly score: number }[];
  readonly max_length: number;
}

const names = readdirSync(fixture('cross-encoders'));

function read(name: string): Reference {
  return JSON.parse(readFileSync(fixture(`cross-encoders/${name}/reference.json`), 'utf8'));
}

function expectClose(actual: ArrayLike<number>, expected: readonly unknown[]): void {
  const flat = expected.flat() as number[];
  expect(actual.length).toBe(flat.length);
  flat.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value)), `score ${i}`).toBeLessThan(1e-5);
  });
}

describe.each(names)('CrossEncoder on %s', (name) => {
  const { pairs, scores, softmax, ranked, max_length } = read(name);

  it.each(['fp32', 'fp16'] as const)('predict() equals Python in %s, mixed and alone', async (dtype) => {
    const model = await CrossEncoder.load(fixture(`cross-encoders/${name}`), { dtype });
    expect(model.maxLength).toBe(max_length);
    expectClose((await model.predict(pairs)).dataSync(), scores);
    expectClose((await model.predict(pairs, { batchSize: 2 })).dataSync(), scores);
    for (const i of [0, 3, 7]) expectClose((await model.predict(pairs[i]!)).dataSync(), [scores[i]!]);
    if (softmax.length > 0)
      expectClose((await model.predict(pairs, { applySoftmax: true })).dataSync(), softmax);
    await model.dispose();
  });

  it('rank() gives Python’s order, or says why there is none', async () => {
    const model = await CrossEncoder.load(fixture(`cross-encoders/${name}`));
    const [query] = pairs[0]!;
    const documents = pairs.map(([, document]) => document);
    if (model.labels > 1) {
      await expect(model.rank(query, documents)).rejects.toThrow(
        /gives \d scores for a pair.*Take predict\(\)/,
      );
    } else {
      const hits = await model.rank(query, documents, { topK: 4, returnDocuments: true });
      expectClose(
        hits.map(({ score }) => score),
        ranked.map(({ score }) => score),
      );
      for (const { corpusId, text } of hits) expect(text).toBe(documents[corpusId]);
      expect(await model.rank(query, documents)).toHaveLength(documents.length);
    }
    await model.dispose();
  });

  it('tells in q8 what Python tells, about', async () => {
    const model = await CrossEncoder.load(fixture(`cross-encoders/${name}`), { dtype: 'q8' });
    const values = (await model.predict(pairs)).dataSync();
    (scores.flat() as number[]).forEach((value, i) => {
      expect(Math.abs(values[i]! - value)).toBeLessThan(0.2);
    });
    await model.dispose();
  });
});

describe('CrossEncoder', () => {
  it('has no shape for no pairs but an empty one', async () => {
    const one = await CrossEncoder.load(fixture('cross-encoders/bert'));
    const three = await CrossEncoder.load(fixture('cross-encoders/bert-labels'));
    expect([(await one.predict([])).shape, (await three.predict([])).shape]).toEqual([[0], [0, 3]]);
    expect(await one.rank('a', [])).toEqual([]);
    await Promise.all([one.dispose(), three.dispose()]);
  });

  it('names what is not a pair, and options that nobody reads', async () => {
    const model = await CrossEncoder.load(fixture('cross-encoders/bert'));
    const predict = (pairs: unknown, options?: object) => model.predict(pairs as TextPair[], options);
    await expect(predict('a')).rejects.toThrow(/Give a list of pairs/);
    await expect(predict([['a', 'b'], ['c']])).rejects.toThrow(/Cannot score pair 1: it is not two texts/);
    await expect(predict([['a', 'b']], { apply_softmax: true })).rejects.toThrow(/Write applySoftmax/);
    await expect(model.rank('a', ['b'], { topK: 0 })).rejects.toThrow(/topK is 0/);
    await model.dispose();
    const Constructor = CrossEncoder as unknown as new () => CrossEncoder;
    expect(() => new Constructor()).toThrow(/loaded, not constructed/);
  });

  it('tells a model that scores no pairs, a family without classifier and an activation it does not know', async () => {
    await expect(CrossEncoder.load(fixture('tiny-bert-nli-mean-tokens'))).rejects.toThrow(
      /has the module Pooling, which no cross encoder has\. Load it with SentenceTransformer/,
    );
    await using bare = await createModelFolder('sentence-families/modernbert');
    await bare.delete('modules.json');
    await expect(CrossEncoder.load(bare.path)).rejects.toThrow(
      /have no head\.dense\.weight: this model encodes texts/,
    );
    await using other = await createModelFolder('sentence-families/qwen3');
    await other.delete('modules.json');
    await expect(CrossEncoder.load(other.path)).rejects.toThrow(/its model_type 'qwen3' is not one of bert/);
    await using folder = await createModelFolder('cross-encoders/bert');
    const config = JSON.parse(readFileSync(path.join(folder.path, 'config.json'), 'utf8'));
    const activation_fn = 'torch.nn.modules.activation.Softplus';
    await folder.write('config.json', { ...config, sentence_transformers: { activation_fn } });
    await expect(CrossEncoder.load(folder.path)).rejects.toThrow(
      /its activation torch.*Softplus is not one of Identity/,
    );
  });
});
