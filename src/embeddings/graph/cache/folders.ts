/** Keeps folders that can be made again: each appears complete or not at all, whoever makes it and how often. */
import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile, promisedHash } from '../../../files/content-hash.ts';
import { DRAFT, removeUseless } from './clear-out.ts';
import { describeFolder, isComplete, type Origin, writeManifest } from './manifest.ts';
import { claimPlace, mayRead, type Place } from './places.ts';

/**
 * Puts an existing file into the folder: as a link where the file never changes (a blob of the hub's cache), else as
 * a copy of the folder's own, which shares the disk's blocks where the file system can do that.
 */
export type PlaceFile = (file: string, target: string) => Promise<void>;

/** What a folder is called, where its content comes from, and how it is made. */
export interface FolderRecipe extends Origin {
  readonly key: string;
  /** The hashes of the files to place, by real path, where they are known. */
  readonly hashes?: ReadonlyMap<string, string>;
  /** Writes the files into an empty folder. */
  make(folder: string, placeFile: PlaceFile): Promise<void>;
}

const REFUSALS = [
  'EACCES',
  'EPERM',
  'EROFS',
  'EXDEV',
  'ENOSPC',
  'EMLINK',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EDQUOT',
];

/**
 * Finds the folder of a recipe in one of several places, or makes it in the first place that takes it. A folder of
 * which a file was changed, cut or deleted is made again.
 *
 * @param places folders to look into, best first; one that was named gets the folder if it can, whatever the others hold
 * @returns the folder's path
 * @throws {Error} when no place takes the folder, or what `make` throws
 */
export async function findOrMakeFolder(places: readonly Place[], recipe: FolderRecipe): Promise<string> {
  let refusal: NodeJS.ErrnoException | undefined;
  for (const isNamed of [true, false]) {
    const group = places.filter((place) => place.isNamed === isNamed);
    const found = await findFolder(group, recipe.key);
    if (found !== undefined) return found;
    const made = await makeInFirst(group, recipe);
    if (typeof made === 'string') return made;
    refusal = made ?? refusal;
  }
  const tried = places.map((place) => place.path).join(', ');
  const reason = refusal === undefined ? '' : ` (${refusal.code})`;
  throw new Error(
    `No folder can be written for the model's graph${reason}; tried ${tried}. Free some space, or name a writable folder in TSBERT_GRAPHS.`,
    { cause: refusal },
  );
}

async function findFolder(places: readonly Place[], key: string): Promise<string | undefined> {
  for (const place of places) {
    const folder = path.join(place.path, key);
    if ((await mayRead(place)) && (await isComplete(folder))) return folder;
  }
  return undefined;
}

/** @returns the folder's path, or what the last place refused it with */
async function makeInFirst(
  places: readonly Place[],
  recipe: FolderRecipe,
): Promise<string | NodeJS.ErrnoException | undefined> {
  let refusal: NodeJS.ErrnoException | undefined;
  for (const isLinking of [true, false]) {
    for (const place of places) {
      if (!(await claimPlace(place))) continue;
      try {
        return await makeFolder(place, recipe, isLinking);
      } catch (error) {
        refusal = error as NodeJS.ErrnoException;
        if (!REFUSALS.includes(refusal.code ?? '')) throw error;
      }
    }
  }
  return refusal;
}

/** Makes it under a name of its own, then renames: whoever comes second drops its own for the first one's. */
async function makeFolder(place: Place, recipe: FolderRecipe, isLinking: boolean): Promise<string> {
  const folder = path.join(place.path, recipe.key);
  const draft = path.join(place.path, `${DRAFT}${randomUUID()}`);
  const placed = new Map<string, { sha256: string; isLink: boolean }>();
  const placeFile: PlaceFile = async (file, target) => {
    const real = await realpath(file);
    const isLink = isLinking && promisedHash(real) !== undefined;
    await (isLink ? link(real, target) : copyFile(real, target, constants.COPYFILE_FICLONE));
    const name = path.relative(draft, target).split(path.sep).join('/');
    placed.set(name, { sha256: recipe.hashes?.get(real) ?? (await hashFile(real)), isLink });
  };
  try {
    await mkdir(draft);
    await recipe.make(draft, placeFile);
    await writeManifest(draft, await describeFolder(draft, recipe, placed));
    await publish(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeUseless(place, recipe);
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
