/** Compares a family's tiny model with what Python's sentence-transformers makes of it. */
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SentenceTransformer } from '../../../../src/embeddings/model/sentence-transformer.ts';
import { fixture } from '../../reference.ts';
import { changeHeader } from '../../safetensors-file.ts';

type Config = Record<string, unknown>;
type Matrix = readonly (readonly number[])[];

/** reference.json of a tiny model. */
interface Reference {
  readonly embeddings: Matrix;
  /** Embeddings under other settings of config.json; null takes a setting away. */
  readonly variants: readonly { readonly config: Config; readonly embeddings: Matrix }[];
}

/** The same model in another form of its files. */
export interface OtherForm {
  readonly name: string;
  config(config: Config): Config;
  /** The name of a tensor in that form. */
  tensor?(name: string): string;
}

const TOLERANCE = 1e-5;
const sentences: string[] = JSON.parse(readFileSync(fixture('family-sentences.json'), 'utf8')).sentences;

/**
 * Tests a family: every sentence in mixed batches and alone, in every precision, under every variant of its settings
 * that Python was asked for, and in other forms of its files.
 *
 * @param name the folder in test/fixtures/sentence-families
 */
export function describeFamily(name: string, forms: readonly OtherForm[] = []): void {
  const folder = fixture(`sentence-families/${name}`);
  const reference: Reference = JSON.parse(readFileSync(path.join(folder, 'reference.json'), 'utf8'));
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(path.join(os.tmpdir(), 'tsbert-family-'));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  describe(`SentenceTransformer on ${name}`, () => {
    it.each(['fp32', 'fp16'] as const)('equals Python in %s, mixed and alone', async (dtype) => {
      await expectEmbeddings(folder, reference.embeddings, dtype);
    });

    it('tells in q8 how near it is, and is', async () => {
      const model = await SentenceTransformer.load(folder, { dtype: 'q8' });
      const rows = await model.encode(sentences);
      const cosines = (await rows.array()).map((row, i) => cosine(row, reference.embeddings[i]!));
      expect(Math.min(...cosines)).toBeGreaterThan(0.9);
      await model.dispose();
    });

    it.each(
      reference.variants.map(
        ({ config, embeddings }) => [JSON.stringify(config), config, embeddings] as const,
      ),
    )('equals Python with %s', async (_title, change, embeddings) => {
      const merge = (config: Config) => withoutNull({ ...config, ...change });
      await expectEmbeddings(await inForm(scratch, folder, { name: 'variant', config: merge }), embeddings);
    });

    it.each(forms)('loads from $name', async (form) => {
      await expectEmbeddings(await inForm(scratch, folder, form), reference.embeddings);
    });
  });
}

/** Tests a table of word vectors, which has no config.json and no 8 bits. */
export function describeStaticFamily(name: string): void {
  const folder = fixture(`sentence-families/${name}`);
  const reference: Reference = JSON.parse(readFileSync(path.join(folder, 'reference.json'), 'utf8'));
  describe(`SentenceTransformer on ${name}`, () => {
    it('equals Python, mixed and alone', () => expectEmbeddings(folder, reference.embeddings));
  });
}

async function expectEmbeddings(
  folder: string,
  expected: Matrix,
  dtype: 'fp32' | 'fp16' = 'fp32',
): Promise<void> {
  const model = await SentenceTransformer.load(folder, { dtype });
  const mixed = await (await model.encode(sentences)).array();
  expectClose(mixed, expected);
  for (const i of [0, 8, 10, 22, sentences.length - 1]) {
    expectClose(await (await model.encode(sentences[i]!)).array(), [expected[i]!]);
  }
  await model.dispose();
}

function expectClose(actual: Matrix, expected: Matrix): void {
  const values = expected.flat();
  const scale = Math.max(1, Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length));
  expect(actual.length).toBe(expected.length);
  expected.forEach((row, i) => {
    const difference = Math.max(...row.map((value, j) => Math.abs(value - actual[i]![j]!)));
    expect(difference / scale, sentences[i]).toBeLessThan(TOLERANCE);
  });
}

/** Copies a model's folder in another form. */
async function inForm(scratch: string, folder: string, form: OtherForm): Promise<string> {
  const copy = await mkdtemp(path.join(scratch, 'form-'));
  await cp(folder, copy, { recursive: true });
  const file = path.join(copy, 'config.json');
  await writeFile(file, JSON.stringify(form.config(JSON.parse(await readFile(file, 'utf8')))));
  if (form.tensor) await renameTensors(path.join(copy, 'model.safetensors'), form.tensor);
  return copy;
}

function renameTensors(file: string, rename: (name: string) => string): Promise<void> {
  return changeHeader(file, (header) =>
    Object.fromEntries(
      Object.entries(header).map(([name, entry]) => [name === '__metadata__' ? name : rename(name), entry]),
    ),
  );
}

function withoutNull(config: Config): Config {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

/** The config without some keys. */
export function without(config: Config, ...keys: readonly string[]): Config {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
