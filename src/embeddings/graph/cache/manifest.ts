/** The list of files in a folder of the cache, by which each load knows that they are still the ones that were made. */
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../../files/content-hash.ts';
import { writeWhole } from '../../../files/write-file.ts';

/** Where a folder's content comes from. */
export interface Origin {
  /** The model's folder. */
  readonly source: string;
  /** What was made of it, such as a precision. */
  readonly variant: string;
}

/** One file as it was made. */
interface FileRecord {
  readonly sha256: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** It is a hard link to a file outside. */
  readonly isLink: boolean;
}

/** What a folder should hold, and whence. */
export interface Manifest extends Origin {
  readonly version: typeof VERSION;
  /** By relative path. */
  readonly files: Readonly<Record<string, FileRecord>>;
}

/** Stands in each folder. */
export const MANIFEST = 'files.json';
const VERSION = 2;
/** Smaller files are hashed at every load; larger ones when their size or time is not what it was. */
const SMALL = 4_000_000;

/**
 * Lists what a folder holds.
 *
 * @param known hashes that need not be computed, by relative path; of links
 */
export async function describeFolder(
  folder: string,
  origin: Origin,
  known: ReadonlyMap<string, { sha256: string; isLink: boolean }>,
): Promise<Manifest> {
  const names = await filesIn(folder);
  const records = names.map(async (name) => {
    const file = path.join(folder, name);
    const { size, mtimeMs } = await stat(file);
    const { sha256, isLink } = known.get(name) ?? { sha256: await hashFile(file), isLink: false };
    return [name, { sha256, size, mtimeMs, isLink }] as const;
  });
  return { version: VERSION, ...origin, files: Object.fromEntries(await Promise.all(records)) };
}

/** @returns undefined where there is none, and where it is not one: the folder is then made again */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest: Partial<Manifest> = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8'));
    const isWhole =
      manifest.version === VERSION &&
      [manifest.source, manifest.variant].every((text) => typeof text === 'string') &&
      Object.values(manifest.files as object).every(isRecord);
    return isWhole ? (manifest as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether every file of a folder is the one that was made. Marks the folder as used. */
export async function isComplete(folder: string): Promise<boolean> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return false;
  const checks = Object.entries(manifest.files).map(([name, record]) =>
    isSame(path.join(folder, name), record),
  );
  const states = await Promise.all(checks);
  if (states.includes('other')) return false;
  await (states.includes('touched') ? renew(folder, manifest) : markUsed(folder));
  return true;
}

async function isSame(file: string, record: FileRecord): Promise<'same' | 'touched' | 'other'> {
  const found = await stat(file).catch(() => undefined);
  if (found?.size !== record.size) return 'other';
  const isUntouched = isSameTime(found.mtimeMs, record.mtimeMs);
  if (isUntouched && found.size > SMALL) return 'same';
  if ((await hashFile(file)) !== record.sha256) return 'other';
  return isUntouched ? 'same' : 'touched';
}

/** Archives, such as the layers of a container's image, keep whole seconds only. */
function isSameTime(now: number, then: number): boolean {
  return now === then || (now % 1000 === 0 && now === Math.floor(then / 1000) * 1000);
}

/** The folder was copied, or its files were touched: their times are noted anew, so that the next load is fast. */
async function renew(folder: string, manifest: Manifest): Promise<void> {
  const known = new Map(Object.entries(manifest.files));
  const { source, variant } = manifest;
  const renewed = await describeFolder(folder, { source, variant }, known);
  const files = Object.fromEntries(Object.entries(renewed.files).filter(([name]) => known.has(name)));
  await writeManifest(folder, { ...renewed, files }).catch(() => undefined);
}

/** Writes the list into the folder. */
export function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  return writeWhole(path.join(folder, MANIFEST), JSON.stringify(manifest));
}

async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(path.join(folder, MANIFEST), now, now).catch(() => undefined);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== MANIFEST);
  return files.map((entry) =>
    path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
  );
}

function isRecord(value: unknown): value is FileRecord {
  const { sha256, size, mtimeMs, isLink } = (value ?? {}) as Partial<FileRecord>;
  return (
    typeof sha256 === 'string' &&
    typeof size === 'number' &&
    typeof mtimeMs === 'number' &&
    typeof isLink === 'boolean'
  );
}
