import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MissingWeightsError, SafetensorsError } from '../../../src/embeddings/weights/errors.ts';
import {
  readSafetensors,
  readSafetensorsFile,
  readTensor,
} from '../../../src/embeddings/weights/safetensors.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'safetensors-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const HEADER = {
  __metadata__: { format: 'pt' },
  a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
  b: { dtype: 'F16', shape: [1, 2], data_offsets: [8, 12] },
  c: { dtype: 'BF16', shape: [], data_offsets: [12, 14] },
};
const DATA = Buffer.from([0, 0, 128, 63, 0, 0, 0, 192, 0, 60, 0, 192, 128, 63]);

/** Writes a safetensors file byte by byte. */
async function write(name: string, header: unknown = HEADER, data = DATA): Promise<string> {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = path.join(folder, name);
  await writeFile(file, Buffer.concat([length, json, data]));
  return file;
}

describe('readSafetensorsFile()', () => {
  it('says where tensors lie', async () => {
    const file = await write('x.safetensors');
    const { files, tensors } = await readSafetensorsFile(file);
    const start = 8 + JSON.stringify(HEADER).length;
    expect(files).toEqual([file]);
    expect([...tensors.keys()]).toEqual(['a', 'b', 'c']);
    expect(tensors.get('b')).toEqual({ dtype: 'F16', shape: [1, 2], file, offset: start + 8, length: 4 });
  });

  it('gives the real path of a link, as the Hugging Face cache is made of links', async () => {
    await mkdir(path.join(folder, 'blobs'));
    const blob = await write(path.join('blobs', 'a1b2'));
    await symlink(blob, path.join(folder, 'model.safetensors'));
    expect((await readSafetensors(folder)).files).toEqual([blob]);
  });

  it.each([
    ['cut', 'its header promises 218 bytes and it has 210', () => write('x').then(cutTo(210))],
    [
      'too long',
      'promises 218 bytes and it has 219',
      () => write('x', HEADER, Buffer.concat([DATA, Buffer.alloc(1)])),
    ],
    ['cut inside the header', 'its header should have', () => write('x').then(cutTo(20))],
    ['empty', 'it has 0 bytes and no header', () => write('x').then(cutTo(0))],
    ['a web page', 'its header should have', () => writePlain('<!DOCTYPE html><html>…</html>')],
    ['not JSON', 'its header is not JSON', () => write('x', '{"a":')],
    ['of another element type', 'entry for a is not', () => write('x', { a: { ...HEADER.a, dtype: 'X9' } })],
    [
      'of tensors that overlap',
      'b shares 4 bytes with a',
      () => write('x', { ...HEADER, b: { ...HEADER.b, data_offsets: [4, 8] } }),
    ],
    [
      'one with a hole',
      '4 bytes before c belong to no tensor',
      () => write('x', { a: HEADER.a, c: HEADER.c }),
    ],
    [
      'one with an entry that is null',
      'entry for b is not understood',
      () => write('x', { ...HEADER, b: null }),
    ],
    [
      'of a wrong length',
      'a should have 12 bytes and has 8',
      () => write('x', { a: { ...HEADER.a, shape: [3] } }),
    ],
  ])('refuses a file that is %s', async (_, message, make) => {
    const file = await make();
    const reading = readSafetensorsFile(file);
    await expect(reading).rejects.toThrow(SafetensorsError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({ path: file });
  });
});

describe('readTensor()', () => {
  it('reads F32, F16 and BF16', async () => {
    const { tensors } = await readSafetensorsFile(await write('x'));
    const values = await Promise.all([...tensors.values()].map(readTensor));
    expect(values.map((part) => [...part])).toEqual([[1, -2], [1, -2], [1]]);
  });

  it('names an element type that weights cannot have', async () => {
    const file = await write('x', { a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, Buffer.alloc(8));
    const { tensors } = await readSafetensorsFile(file);
    await expect(readTensor(tensors.get('a')!)).rejects.toThrow(/I64 elements.*F32, F16, BF16/);
  });
});

describe('readSafetensors()', () => {
  it('joins the parts that an index names', async () => {
    await write('model-1.safetensors', { a: HEADER.a }, DATA.subarray(0, 8));
    await write('model-2.safetensors', { b: { ...HEADER.b, data_offsets: [0, 4] } }, DATA.subarray(8, 12));
    await writeIndex({ a: 'model-1.safetensors', b: 'model-2.safetensors' });
    const { files, tensors } = await readSafetensors(folder);
    expect(files.map((file) => path.basename(file))).toEqual(['model-1.safetensors', 'model-2.safetensors']);
    expect([...(await readTensor(tensors.get('b')!))]).toEqual([1, -2]);
  });

  it('names a tensor that two parts hold, and one that its part lacks', async () => {
    await write('model-1.safetensors', { a: HEADER.a }, DATA.subarray(0, 8));
    await write('model-2.safetensors', { a: HEADER.a }, DATA.subarray(0, 8));
    await writeIndex({ a: 'model-1.safetensors', b: 'model-2.safetensors' });
    await expect(readSafetensors(folder)).rejects.toThrow(/model-2\.safetensors: it lacks b/);
    await write(
      'model-2.safetensors',
      { a: HEADER.a, b: { ...HEADER.b, data_offsets: [8, 12] } },
      DATA.subarray(0, 12),
    );
    await expect(readSafetensors(folder)).rejects.toThrow(/a is in it and in .*model-1/);
  });

  it('names a part that is missing', async () => {
    await writeIndex({ a: 'model-1.safetensors' });
    await expect(readSafetensors(folder)).rejects.toThrow(/model-1\.safetensors: it does not exist/);
  });

  it('refuses an index that leads out of the folder', async () => {
    await writeIndex({ a: '../elsewhere.safetensors' });
    await expect(readSafetensors(folder)).rejects.toThrow(/weight_map/);
  });

  it('says how to convert a model that has pickled weights only', async () => {
    await writeFile(path.join(folder, 'pytorch_model.bin'), 'x');
    const reading = readSafetensors(folder);
    await expect(reading).rejects.toThrow(MissingWeightsError);
    await expect(reading).rejects.toThrow(/Cannot load pytorch_model\.bin .*SentenceTransformer\(.*\.save\(/);
    await expect(reading).rejects.toMatchObject({ found: 'pytorch_model.bin' });
  });

  it('says that a folder has no weights at all', async () => {
    await expect(readSafetensors(folder)).rejects.toThrow(/No weights in .*model\.safetensors/);
  });
});

function cutTo(size: number): (file: string) => Promise<string> {
  return async (file) => {
    await truncate(file, size);
    return file;
  };
}

async function writePlain(text: string): Promise<string> {
  const file = path.join(folder, 'x');
  await writeFile(file, text);
  return file;
}

async function writeIndex(map: Record<string, string>): Promise<void> {
  const file = path.join(folder, 'model.safetensors.index.json');
  await writeFile(file, JSON.stringify({ metadata: {}, weight_map: map }));
}
