/** Keeps folders that can be made again: each appears complete or not at all, whoever makes it and how often. */
import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { claimPlace } from './cache-places.ts';

/** Puts an existing file into the folder under another name, without copying it where that is possible. */
export type PlaceFile = (file: string, target: string) => Promise<void>;

const MANIFEST = 'files.json';
const ABANDONED_MS = 3_600_000;
const REFUSALS = ['EACCES', 'EPERM', 'EROFS', 'EXDEV', 'ENOSPC', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Finds the folder called `key` in one of several places, or makes it in the first place that takes it. Files are
 * placed as hard links; only when no place takes links, as copies.
 *
 * @param places folders to look into, best first
 * @param make writes the files into an empty folder
 * @returns the folder's path
 * @throws {Error} when no place takes the folder, or what `make` throws
 */
export async function findOrMakeFolder(
  places: readonly string[],
  key: string,
  make: (folder: string, placeFile: PlaceFile) => Promise<void>,
): Promise<string> {
  for (const place of places) {
    const folder = path.join(place, key);
    if (await isComplete(folder)) return folder;
  }
  let refusal: unknown;
  for (const placeFile of [link, copy]) {
    for (const place of places) {
      if (!(await claimPlace(place))) continue;
      try {
        return await makeFolder(place, key, (draft) => make(draft, placeFile));
      } catch (error) {
        if (!REFUSALS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
        refusal = error;
      }
    }
  }
  const problem = `No folder can be written for the model's graph; tried ${places.join(', ')}.`;
  throw new Error(`${problem} Give a writable cacheDir.`, { cause: refusal });
}

/** Makes it under a name of its own, then renames: whoever comes second drops its own for the first one's. */
async function makeFolder(
  place: string,
  key: string,
  make: (draft: string) => Promise<void>,
): Promise<string> {
  await removeAbandoned(place);
  const folder = path.join(place, key);
  const draft = path.join(place, `.${key}.${randomUUID()}`);
  try {
    await mkdir(draft);
    await make(draft);
    await writeFile(path.join(draft, MANIFEST), JSON.stringify(await fileSizes(draft)));
    await publish(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

async function publish(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    if (await isComplete(folder)) return;
    if ((await stat(folder).catch(() => undefined)) === undefined) throw error;
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  }
}

/** A file may have been deleted or cut since the folder was made. */
async function isComplete(folder: string): Promise<boolean> {
  const manifest = await readFile(path.join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (manifest === undefined) return false;
  const sizes = await fileSizes(folder).catch(() => ({}) as Record<string, number>);
  return Object.entries<number>(JSON.parse(manifest)).every(([name, size]) => sizes[name] === size);
}

/** The bytes of each file in a folder and below, by relative path. */
async function fileSizes(folder: string): Promise<Record<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(folder, file), (await stat(file)).size] as const;
  });
  return Object.fromEntries(await Promise.all(sizes));
}

/** Removes what killed processes left. */
async function removeAbandoned(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (!name.startsWith('.')) continue;
    const draft = path.join(place, name);
    const age = Date.now() - ((await stat(draft).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > ABANDONED_MS) await rm(draft, { recursive: true, force: true });
  }
}

const copy: PlaceFile = (file, target) => copyFile(file, target, constants.COPYFILE_FICLONE);
