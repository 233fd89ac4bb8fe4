/** Folders that can be made again: complete or not at all, healed when something is off. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FolderRecipe,
  findOrMakeFolder,
  type PlaceFile,
} from '../../../../src/embeddings/graph/cache/folders.ts';

let base: string;
let place: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'folder-cache-'));
  place = path.join(base, 'place');
});
afterEach(() => rm(base, { recursive: true, force: true }));

const named = (folder: string) => ({ path: folder, isNamed: true });

type Make = (folder: string, placeFile: PlaceFile) => Promise<void>;
const write = (text: string) => (folder: string) => writeFile(path.join(folder, 'a.txt'), text);
const recipe = (key: string, make: Make): FolderRecipe => ({ key, source: base, variant: 'v', make });

/** Makes or finds the folder `key`, in the place unless others are given. */
function find(make: Make, key = 'key', places: string[] = [place]): Promise<string> {
  return findOrMakeFolder(places.map(named), recipe(key, make));
}

describe('findOrMakeFolder()', () => {
  it('makes a folder once', async () => {
    const first = await find(write('one'));
    const second = await find(write('two'));
    expect(second).toBe(first);
    expect(await readFile(path.join(second, 'a.txt'), 'utf8')).toBe('one');
    expect(await readdir(place)).toEqual(['key']);
  });

  it('gives everybody the same complete folder when many make it at once', async () => {
    const makers = Array.from({ length: 8 }, (_, i) => find(write(`${i}`)));
    expect(new Set(await Promise.all(makers)).size).toBe(1);
    expect(await readdir(place)).toEqual(['key']);
  });

  it('leaves nothing when making fails', async () => {
    const failing = find(async (folder) => {
      await write('half')(folder);
      throw new TypeError('the model is odd');
    });
    await expect(failing).rejects.toThrow('the model is odd');
    expect(await readdir(place)).toEqual([]);
  });

  it.each([
    ['was cut', (file: string) => truncate(file, 2)],
    ['was deleted', (file: string) => rm(file)],
    ['holds other bytes of the same number', (file: string) => writeFile(file, 'whola')],
  ])('makes a folder again of which a file %s', async (_, harm) => {
    const folder = await find(write('whole'));
    await harm(path.join(folder, 'a.txt'));
    await find(write('again'));
    expect(await readFile(path.join(folder, 'a.txt'), 'utf8')).toBe('again');
  });

  it('makes a folder again of which a large file holds other bytes of the same number', async () => {
    const large =
      (fill: number): Make =>
      (folder) =>
        writeFile(path.join(folder, 'large.bin'), Buffer.alloc(5_000_000, fill));
    const folder = await find(large(1));
    await writeFile(path.join(folder, 'large.bin'), Buffer.alloc(5_000_000, 9));
    await find(large(2));
    expect((await readFile(path.join(folder, 'large.bin')))[0]).toBe(2);
  });

  it('keeps a folder whose files were only touched, or copied as an archive copies', async () => {
    const folder = await find(write('whole'));
    await utimes(path.join(folder, 'a.txt'), 1000, 1000);
    await find(write('again'));
    expect(await readFile(path.join(folder, 'a.txt'), 'utf8')).toBe('whole');
  });

  it.each(['', '{"files', '{}', '{"version":2,"source":"","variant":"","files":{"a.txt":5}}', 'null'])(
    'makes a folder again whose list of files is %s',
    async (list) => {
      const folder = await find(write('whole'));
      await writeFile(path.join(folder, 'files.json'), list);
      await find(write('again'));
      expect(await readFile(path.join(folder, 'a.txt'), 'utf8')).toBe('again');
    },
  );

  it('goes to the next place when the first cannot be written', async () => {
    const file = path.join(base, 'file');
    await writeFile(file, '');
    const folder = await find(write('x'), 'key', [path.join(file, 'below'), place]);
    expect(path.dirname(folder)).toBe(place);
  });

  it('finds a folder in a later place rather than making it in the first', async () => {
    const later = await find(write('x'));
    expect(await find(write('y'), 'key', [path.join(base, 'first'), place])).toBe(later);
  });

  it('makes a folder in a place that was named, even where another place has it', async () => {
    const own = { path: path.join(base, 'own'), isNamed: false };
    const first = await findOrMakeFolder([own], recipe('key', write('x')));
    const second = await findOrMakeFolder([named(place), own], recipe('key', write('x')));
    expect([first, second].map(path.dirname)).toEqual([own.path, place]);
    const file = path.join(base, 'file');
    await writeFile(file, '');
    const unwritable = named(path.join(file, 'below'));
    expect(await findOrMakeFolder([unwritable, own], recipe('key', expect.unreachable))).toBe(first);
  });

  it('copies files, so that a change of theirs is none of the folder’s', async () => {
    const weights = path.join(base, 'weights');
    await writeFile(weights, 'weights');
    const folder = await find((draft, placeFile) => placeFile(weights, path.join(draft, 'w')));
    await writeFile(weights, 'changed');
    expect(await readFile(path.join(folder, 'w'), 'utf8')).toBe('weights');
  });

  it('links the hub’s blobs, and copies them where links are refused everywhere', async () => {
    const blob = await makeBlob('weights');
    const linked = await find((draft, placeFile) => placeFile(blob, path.join(draft, 'w')), 'links');
    expect((await stat(path.join(linked, 'w'))).ino).toBe((await stat(blob)).ino);
    let refusals = 0;
    const copied = await find(async (draft, placeFile) => {
      if (refusals++ === 0) throw Object.assign(new Error('cross-device link'), { code: 'EXDEV' });
      await placeFile(blob, path.join(draft, 'w'));
    }, 'copies');
    expect((await stat(path.join(copied, 'w'))).ino).not.toBe((await stat(blob)).ino);
    expect(await readFile(path.join(copied, 'w'), 'utf8')).toBe('weights');
  });

  it('says where it tried when no place takes the folder', async () => {
    const file = path.join(base, 'file');
    await writeFile(file, '');
    const making = find(write('x'), 'key', [path.join(file, 'a')]);
    await expect(making).rejects.toThrow(/tried .*file.a\. Free some space, or name a writable folder/);
  });

  if (process.getuid?.() !== 0) console.log('a foreign folder is skipped: only root gives folders away');
  it.skipIf(process.getuid?.() !== 0)(
    'believes no folder of somebody else, unless it was named',
    async () => {
      const { chown } = await import('node:fs/promises');
      const planted = await find(write('planted'));
      await chown(place, 4321, 4321);
      const own = path.join(base, 'own');
      const places = [
        { path: place, isNamed: false },
        { path: own, isNamed: false },
      ];
      expect(path.dirname(await findOrMakeFolder(places, recipe('key', write('mine'))))).toBe(own);
      expect(await find(write('x'))).toBe(planted);
    },
  );
});

/** A file as the hub's cache holds it. */
async function makeBlob(text: string): Promise<string> {
  await mkdir(path.join(base, 'blobs'), { recursive: true });
  const blob = path.join(base, 'blobs', createHash('sha256').update(text).digest('hex'));
  await writeFile(blob, text);
  return blob;
}
