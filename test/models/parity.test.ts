/** The bundled models give the embeddings that Python's sentence-transformers gives of the same folders. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SentenceTransformer } from '../../src/embeddings/model/sentence-transformer.ts';
import { findPython } from '../support/find-tools.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const FIXTURES = path.join(ROOT, 'test', 'fixtures', 'mini-models');
const TOLERANCE = 1e-4;

/** What models/training/reference.py writes. */
interface Reference {
  readonly model: string;
  readonly shape: [number, number];
  /** Little-endian float32, row after row. */
  readonly embeddings: string;
}

const sentences: string[] = JSON.parse(readFileSync(path.join(FIXTURES, 'sentences.json'), 'utf8'));
const python = findPython('sentence_transformers');
if (python.reason) console.log(`Skipping the live comparison with sentence-transformers: ${python.reason}`);

const ENCODE = `
import base64, json, sys
from sentence_transformers import SentenceTransformer
embeddings = SentenceTransformer(sys.argv[1], device="cpu").encode(json.load(sys.stdin))
print(base64.b64encode(embeddings.astype("<f4").tobytes()).decode())
`;

function decodeFloats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index));
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return Array.from(actual).reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]!)), 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function encodeInPython(executable: string, folder: string): Float32Array {
  const { stdout, stderr, status } = spawnSync(executable, ['-c', ENCODE, folder], {
    input: JSON.stringify(sentences),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`Python could not encode with ${folder}: ${stderr}`);
  return decodeFloats(stdout);
}

describe.each(['mini-bert-mean-tokens', 'mini-mpnet'])('SentenceTransformer.load(models/%s)', (name) => {
  const folder = path.join(ROOT, 'models', name);
  const reference: Reference = JSON.parse(readFileSync(path.join(FIXTURES, `${name}.json`), 'utf8'));

  async function encodeHere(dtype: 'fp32' | 'q8' = 'fp32'): Promise<Float32Array> {
    const model = await SentenceTransformer.load(folder, { dtype });
    expect(model.dtype).toBe(dtype);
    const embeddings = await model.encode(sentences);
    await model.dispose();
    expect(embeddings.shape).toEqual(reference.shape);
    return (await embeddings.data()) as Float32Array;
  }

  it('gives the committed embeddings of 200 sentences', async () => {
    expect(sentences).toHaveLength(200);
    const expected = decodeFloats(reference.embeddings);
    expect(largestDifference(await encodeHere(), expected)).toBeLessThan(TOLERANCE);
  });

  it('stays close to them in 8 bits', async () => {
    const [expected, actual] = [decodeFloats(reference.embeddings), await encodeHere('q8')];
    const [count, dimension] = reference.shape;
    const cosines = Array.from({ length: count }, (_, i) => {
      const row = (values: Float32Array) => values.subarray(i * dimension, (i + 1) * dimension);
      return cosine(row(expected), row(actual));
    });
    expect(Math.min(...cosines)).toBeGreaterThan(0.999);
  });

  it.skipIf(python.reason)('gives what sentence-transformers gives now', async () => {
    const expected = encodeInPython(python.path!, folder);
    expect(largestDifference(await encodeHere(), expected)).toBeLessThan(TOLERANCE);
  });
});
