/** What the cache of graphs ends, and what it leaves alone. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listCached, sizeLimit } from '../../../../src/embeddings/graph/cache/clear-out.ts';
import { findOrMakeFolder, type PlaceFile } from '../../../../src/embeddings/graph/cache/folders.ts';

let base: string;
let place: { path: string; isNamed: boolean };
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'clear-out-'));
  place = { path: path.join(base, 'place'), isNamed: false };
});
afterEach(async () => {
  delete process.env.TSBERT_GRAPHS_LIMIT;
  await rm(base, { recursive: true, force: true });
});

const keyOf = (name: string) => createHash('sha256').update(name).digest('hex').slice(0, 32);

/** Makes a folder of a model; `of` is the model's folder, which is made too. */
async function make(
  name: string,
  { of = name, bytes = 1 }: { of?: string; bytes?: number } = {},
  put?: (draft: string, placeFile: PlaceFile) => Promise<void>,
): Promise<string> {
  const source = path.join(base, of);
  await mkdir(source, { recursive: true });
  const folder = await findOrMakeFolder([place], {
    key: keyOf(name),
    source,
    variant: 'fp32',
    make: put ?? ((draft) => writeFile(path.join(draft, 'w'), Buffer.alloc(bytes))),
  });
  return path.basename(folder);
}

const kept = async () => (await listCached(place)).map(({ key }) => key).sort();

describe('removeUseless()', () => {
  it('ends what was made of a model’s earlier content', async () => {
    for (let save = 1; save <= 5; save++) await make(`save ${save}`, { of: 'model' });
    expect(await kept()).toEqual([keyOf('save 5')]);
  });

  it('ends what was made of a model that is deleted', async () => {
    await make('gone');
    await make('kept');
    await rm(path.join(base, 'gone'), { recursive: true });
    await make('new');
    expect(await kept()).toEqual([keyOf('kept'), keyOf('new')].sort());
  });

  it('ends the links of a deleted blob, for they keep its disk space', async () => {
    await mkdir(path.join(base, 'blobs'));
    const blob = path.join(base, 'blobs', 'a'.repeat(64));
    await writeFile(blob, 'weights');
    await make('linked', {}, (draft, placeFile) => placeFile(blob, path.join(draft, 'w')));
    await rm(blob);
    await make('new');
    expect(await kept()).toEqual([keyOf('new')]);
  });

  it('ends the longest unused beyond the size limit, and never the one just made', async () => {
    process.env.TSBERT_GRAPHS_LIMIT = '0.000003';
    await make('a', { bytes: 1000 });
    await make('b', { bytes: 1000 });
    const used = new Date(Date.now() + 5000);
    await utimes(path.join(place.path, keyOf('a'), 'files.json'), used, used);
    await make('c', { bytes: 1500 });
    expect(await kept()).toEqual([keyOf('a'), keyOf('c')].sort());
    await make('d', { bytes: 4000 });
    expect(await kept()).toEqual([keyOf('d')]);
  });

  it('removes what killed processes left, and nothing that others make or own', async () => {
    const [old, recent, foreign] = ['.tsbert-draft.1', '.tsbert-draft.2', '.locks'];
    for (const name of [old!, recent!, foreign!])
      await mkdir(path.join(place.path, name), { recursive: true });
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const name of [old!, foreign!]) {
      await utimes(path.join(place.path, name), yesterday, yesterday);
    }
    const made = await make('x');
    expect((await readdir(place.path)).sort()).toEqual([foreign, recent, made].sort());
  });

  it('leaves the models of a place that was named alone', async () => {
    place = { ...place, isNamed: true };
    await make('one', { of: 'model' });
    await make('two', { of: 'model' });
    expect(await kept()).toHaveLength(2);
  });
});

describe('sizeLimit()', () => {
  it('is 10 GB, or what TSBERT_GRAPHS_LIMIT says', () => {
    expect(sizeLimit({})).toBe(10e9);
    expect(sizeLimit({ TSBERT_GRAPHS_LIMIT: '0.5' })).toBe(5e8);
    expect(() => sizeLimit({ TSBERT_GRAPHS_LIMIT: 'much' })).toThrow(/is no number of gigabytes/);
  });
});
