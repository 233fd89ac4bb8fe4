/** Ends what the cache of graphs no longer needs: of killed processes, of deleted or changed models, and beyond its size. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../../../files/user-folders.ts';
import { MANIFEST, type Manifest, type Origin, readManifest } from './manifest.ts';
import type { Place } from './places.ts';

/** A folder of the cache. */
export interface CachedFolder extends Origin {
  readonly path: string;
  readonly key: string;
  /** Bytes of its own: links to the model's files take none. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** Begins the names of folders that are being made; nothing else in a place is called so. */
export const DRAFT = '.tsbert-draft.';
/** Holds the noted hashes of models' files. */
export const NOTES = '.hashes';
const ABANDONED_MS = 3_600_000;
/** A note that was written so long ago is written again when it is needed. */
const NOTE_MS = 90 * 86_400_000;
const DEFAULT_LIMIT_GB = 10;

/** Bytes that a place may take; TSBERT_GRAPHS_LIMIT gives another number of gigabytes. */
export function sizeLimit(env: Environment = process.env): number {
  const gigabytes = Number(env.TSBERT_GRAPHS_LIMIT || DEFAULT_LIMIT_GB);
  if (gigabytes >= 0) return gigabytes * 1e9;
  throw new RangeError(`TSBERT_GRAPHS_LIMIT='${env.TSBERT_GRAPHS_LIMIT}' is no number of gigabytes.`);
}

/** All folders of a place, last used first. */
export async function listCached({ path: place }: Place): Promise<CachedFolder[]> {
  const keys = (await readdir(place).catch((): string[] => [])).filter((name) => /^[0-9a-f]{32}$/.test(name));
  const folders = await Promise.all(keys.map((key) => describe(path.join(place, key), key)));
  return folders.filter((folder) => folder !== undefined).sort((a, b) => b.usedAt - a.usedAt);
}

async function describe(folder: string, key: string): Promise<CachedFolder | undefined> {
  const manifest = await readManifest(folder);
  const marked = await stat(path.join(folder, MANIFEST)).catch(() => stat(folder).catch(() => undefined));
  if (marked === undefined) return undefined;
  const bytes = manifest === undefined ? await folderSize(folder) : ownBytes(manifest);
  const { source = '', variant = '' } = manifest ?? {};
  return { path: folder, key, source, variant, bytes, usedAt: marked.mtimeMs };
}

function ownBytes({ files }: Manifest): number {
  return Object.values(files).reduce((sum, { size, isLink }) => sum + (isLink ? 0 : size), 0);
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(async (entry) => (await stat(path.join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/**
 * Removes what is of no use any more from a place, after something new was made there. Of a place that was named only
 * the drafts of killed processes are removed: its models may be other people's.
 */
export async function removeUseless(place: Place, made: Origin & { key: string }): Promise<void> {
  for (const name of await readdir(place.path)) {
    const draft = path.join(place.path, name);
    if (name.startsWith(DRAFT) && (await isOlder(draft, ABANDONED_MS))) await remove(draft);
  }
  if (place.isNamed) return;
  const notes = path.join(place.path, NOTES);
  for (const note of await readdir(notes).catch((): string[] => [])) {
    if (await isOlder(path.join(notes, note), NOTE_MS)) await remove(path.join(notes, note));
  }
  const folders = await listCached(place);
  // What was just made has its room first, whatever the clocks of those who used the others say.
  folders.sort((a, b) => Number(b.key === made.key) - Number(a.key === made.key));
  let left = sizeLimit();
  for (const folder of folders) {
    left -= folder.bytes;
    if (folder.key === made.key) continue;
    if (left < 0 || (await isOutdated(folder, made))) {
      left += folder.bytes;
      await remove(folder.path);
    }
  }
}

/** Its model was changed, or is not there any more. */
async function isOutdated(folder: CachedFolder, made: Origin): Promise<boolean> {
  if (folder.source === '') return false;
  if (folder.source === made.source && folder.variant === made.variant) return true;
  if ((await stat(folder.source).catch((error: NodeJS.ErrnoException) => error.code)) === 'ENOENT')
    return true;
  return hasOrphan(folder.path);
}

/** A link that has no other name any more is all that is left of a deleted file, and keeps its disk space. */
async function hasOrphan(folder: string): Promise<boolean> {
  for (const [name, { isLink }] of Object.entries((await readManifest(folder))?.files ?? {})) {
    const linked = isLink ? await stat(path.join(folder, name)).catch(() => undefined) : undefined;
    if (linked?.nlink === 1) return true;
  }
  return false;
}

async function isOlder(file: string, ageMs: number): Promise<boolean> {
  const made = await stat(file).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > ageMs;
}

/** Removes a folder; one that another process has open or removes itself is left to that one. */
export async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
