import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOrMakeFolder } from '../../../src/embeddings/graph/folder-cache.ts';

let base: string;
let place: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'folder-cache-'));
  place = path.join(base, 'place');
});
afterEach(() => rm(base, { recursive: true, force: true }));

const write = (text: string) => (folder: string) => writeFile(path.join(folder, 'a.txt'), text);

describe('findOrMakeFolder()', () => {
  it('makes a folder once', async () => {
    const first = await findOrMakeFolder([place], 'key', write('one'));
    const second = await findOrMakeFolder([place], 'key', write('two'));
    expect(second).toBe(first);
    expect(await readFile(path.join(second, 'a.txt'), 'utf8')).toBe('one');
    expect(await readdir(place)).toEqual(['key']);
  });

  it('gives everybody the same complete folder when many make it at once', async () => {
    const makers = Array.from({ length: 8 }, (_, i) => findOrMakeFolder([place], 'key', write(`${i}`)));
    expect(new Set(await Promise.all(makers)).size).toBe(1);
    expect(await readdir(place)).toEqual(['key']);
  });

  it('leaves nothing when making fails', async () => {
    const failing = findOrMakeFolder([place], 'key', async (folder) => {
      await write('half')(folder);
      throw new TypeError('the model is odd');
    });
    await expect(failing).rejects.toThrow('the model is odd');
    expect(await readdir(place)).toEqual([]);
  });

  it('makes a folder again of which a file was cut or deleted', async () => {
    const folder = await findOrMakeFolder([place], 'key', write('whole'));
    await truncate(path.join(folder, 'a.txt'), 2);
    await findOrMakeFolder([place], 'key', write('again'));
    expect(await readFile(path.join(folder, 'a.txt'), 'utf8')).toBe('again');
  });

  it.each(['', '{"sizes', '{}', '{"a.txt":5}', 'null'])(
    'makes a folder again whose list of files is %s',
    async (list) => {
      const folder = await findOrMakeFolder([place], 'key', write('whole'));
      await writeFile(path.join(folder, 'files.json'), list);
      await findOrMakeFolder([place], 'key', write('again'));
      expect(await readFile(path.join(folder, 'a.txt'), 'utf8')).toBe('again');
    },
  );

  it('goes to the next place when the first cannot be written', async () => {
    const file = path.join(base, 'file');
    await writeFile(file, '');
    const folder = await findOrMakeFolder([path.join(file, 'below'), place], 'key', write('x'));
    expect(path.dirname(folder)).toBe(place);
  });

  it('finds a folder in a later place rather than making it in the first', async () => {
    const later = await findOrMakeFolder([place], 'key', write('x'));
    expect(await findOrMakeFolder([path.join(base, 'first'), place], 'key', write('y'))).toBe(later);
  });

  it('links files, and copies them where links are refused everywhere', async () => {
    const weights = path.join(base, 'weights');
    await writeFile(weights, 'weights');
    const linked = await findOrMakeFolder([place], 'links', (folder, placeFile) =>
      placeFile(weights, path.join(folder, 'w')),
    );
    expect((await stat(path.join(linked, 'w'))).ino).toBe((await stat(weights)).ino);
    let refusals = 0;
    const copied = await findOrMakeFolder([place], 'copies', async (folder, placeFile) => {
      if (refusals++ === 0) throw Object.assign(new Error('cross-device link'), { code: 'EXDEV' });
      await placeFile(weights, path.join(folder, 'w'));
    });
    expect((await stat(path.join(copied, 'w'))).ino).not.toBe((await stat(weights)).ino);
    expect(await readFile(path.join(copied, 'w'), 'utf8')).toBe('weights');
  });

  it('says where it tried when no place takes the folder', async () => {
    const file = path.join(base, 'file');
    await writeFile(file, '');
    const making = findOrMakeFolder([path.join(file, 'a')], 'key', write('x'));
    await expect(making).rejects.toThrow(/tried .*file.a\. Give a writable cacheDir/);
  });

  it('removes what killed processes left, and nothing that others make or own', async () => {
    const [old, recent, foreign] = ['.tsbert-draft.1', '.tsbert-draft.2', '.locks'];
    for (const name of [old!, recent!, foreign!]) await mkdir(path.join(place, name), { recursive: true });
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const name of [old!, foreign!]) await utimes(path.join(place, name), yesterday, yesterday);
    await findOrMakeFolder([place], 'key', write('x'));
    expect((await readdir(place)).sort()).toEqual([foreign, recent, 'key']);
  });

  it('removes folders whose linked file was deleted, for the link keeps its disk space', async () => {
    const [kept, deleted] = [path.join(base, 'kept'), path.join(base, 'deleted')];
    for (const file of [kept, deleted]) {
      await writeFile(file, 'weights');
      await findOrMakeFolder([place], `of ${path.basename(file)}`, (folder, placeFile) =>
        placeFile(file, path.join(folder, 'w')),
      );
    }
    await rm(deleted);
    await findOrMakeFolder([place], 'key', write('x'));
    expect((await readdir(place)).sort()).toEqual(['key', 'of kept']);
  });
});
