/** The models of pages: packed in few bits they stay close to Python's numbers, and their tokens are the kernel's. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readModelConfiguration } from '../../src/embeddings/configuration.ts';
import { bundledModels } from '../../src/embeddings/hub/bundled.ts';
import { loadTokenizer } from '../../src/embeddings/model/tokenize.ts';
import { packPageModel } from '../../src/playground/pack-page-model.ts';
import { PageModel } from '../../src/playground/page-model.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const json = (file: string) => JSON.parse(readFileSync(path.join(fixtures, file), 'utf8'));
const sentences: string[] = json('mini-models/sentences.json');
const odd: string[] = json('tiny-bert-nli-mean-tokens/reference.json').edge.sentences;

/** Python's embeddings of the sentences by a bundled model, each [dim]. */
function pythonEmbeddings(name: string): Float32Array[] {
  const { shape, embeddings } = json(`mini-models/${name}.json`) as { shape: number[]; embeddings: string };
  const bytes = Buffer.from(embeddings, 'base64');
  const values = Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
  return Array.from({ length: shape[0]! }, (_, i) => values.subarray(i * shape[1]!, (i + 1) * shape[1]!));
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const cosine = (a: Float32Array, b: Float32Array) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

describe.each(bundledModels)('PageModel of $id', ({ folder }) => {
  const packed = packPageModel(folder);
  const loaded = packed.then((bytes) => new PageModel(inflateRawSync(bytes)));

  it('takes less than 5.5 MB of a page, so that two take less than 11', async () => {
    expect(((await packed).length * 4) / 3).toBeLessThan(5.5e6);
  });

  it('gives embeddings with a cosine of 0.995 and more to those of Python, and ranks pairs alike', async () => {
    const model = await loaded;
    // Every fourth: they are sorted by kind.
    const some = [...sentences.keys()].filter((i) => i % 4 === 0);
    const own = some.map((i) => model.encode(sentences[i]!));
    const all = pythonEmbeddings(path.basename(folder));
    const python = some.map((i) => all[i]!);
    own.forEach((embedding, i) => {
      expect(cosine(embedding, python[i]!), sentences[some[i]!]).toBeGreaterThan(0.995);
    });
    const pairs = own.flatMap((_, i) => own.slice(0, i).map((_, j) => [i, j] as const));
    const ranks = [own, python].map((rows) => ranksOf(pairs.map(([i, j]) => cosine(rows[i]!, rows[j]!))));
    expect(correlation(ranks[0]!, ranks[1]!)).toBeGreaterThan(0.998);
  });

  it('tokenizes ordinary and odd sentences as the kernel does', async () => {
    const model = await loaded;
    const { transformer } = await readModelConfiguration(folder);
    const tokenizer = await loadTokenizer(transformer);
    for (const sentence of [...sentences, ...odd, '', ' ', 'a '.repeat(5000), '👩‍👩‍👧‍👦 ΣΊΣΥΦΟΣ']) {
      expect(model.tokenize(sentence), sentence).toEqual(tokenizer.encode(sentence));
    }
  });

  it('encodes the empty sentence to finite numbers', async () => {
    expect((await loaded).encode('').every(Number.isFinite)).toBe(true);
  });
});

/** Each value's place among all, from 0. */
function ranksOf(values: readonly number[]): Float32Array {
  const ranks = new Float32Array(values.length);
  [...values.keys()]
    .sort((a, b) => values[a]! - values[b]!)
    .forEach((i, rank) => {
      ranks[i] = rank;
    });
  return ranks;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const centred = [a, b].map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  });
  return cosine(centred[0]!, centred[1]!);
}
