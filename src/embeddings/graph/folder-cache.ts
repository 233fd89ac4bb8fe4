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

/** What a folder should hold. */
interface Manifest {
  /** The bytes of each file, by relative path. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The files that are hard links to files outside. */
  readonly links: readonly string[];
}

const MANIFEST = 'files.json';
/** Begins the names of folders that are being made; nothing else in a place is called so. */
const DRAFT = '.tsbert-draft.';
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
  for (const isLinking of [true, false]) {
    for (const place of places) {
      if (!(await claimPlace(place))) continue;
      try {
        return await makeFolder(place, key, make, isLinking);
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
  make: (draft: string, placeFile: PlaceFile) => Promise<void>,
  isLinking: boolean,
): Promise<string> {
  await removeUseless(place);
  const folder = path.join(place, key);
  const draft = path.join(place, `${DRAFT}${randomUUID()}`);
  const links: string[] = [];
  const linkFile: PlaceFile = async (file, target) => {
    await link(file, target);
    links.push(path.relative(draft, target));
  };
  try {
    await mkdir(draft);
    await make(draft, isLinking ? linkFile : copy);
    const manifest: Manifest = { sizes: await fileSizes(draft), links };
    await writeFile(path.join(draft, MANIFEST), JSON.stringify(manifest));
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
  const manifest = await readManifest(folder);
  if (manifest === undefined) return false;
  const sizes: Record<string, number> = await fileSizes(folder).catch(() => ({}));
  return Object.entries(manifest.sizes).every(([name, size]) => sizes[name] === size);
}

/** @returns undefined where there is none, and where it is not one: the folder is then made again */
async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest: Partial<Manifest> = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8'));
    const isWhole = typeof manifest.sizes === 'object' && Array.isArray(manifest.links);
    return isWhole ? (manifest as Manifest) : undefined;
  } catch {
    return undefined;
  }
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

/** Removes what killed processes left, and folders whose model was deleted: their links would keep its disk space. */
async function removeUseless(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const folder = path.join(place, name);
    const isUseless = name.startsWith(DRAFT) ? isAbandoned : isOrphan;
    // Where another process has it open or was faster, it is left to that one.
    if (await isUseless(folder)) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isAbandoned(draft: string): Promise<boolean> {
  const made = await stat(draft).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > ABANDONED_MS;
}

/** A link that has no other name any more is all that is left of a deleted file. */
async function isOrphan(folder: string): Promise<boolean> {
  for (const name of (await readManifest(folder))?.links ?? []) {
    const linked = await stat(path.join(folder, name)).catch(() => undefined);
    if (linked?.nlink === 1) return true;
  }
  return false;
}

const copy: PlaceFile = (file, target) => copyFile(file, target, constants.COPYFILE_FICLONE);
