/** Whether a result will find its place: asked before the work that makes it. */
import { access, constants, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { explainWriteError, FileWriteError } from './errors.ts';
import { findTarget, isDraft, type Target } from './write-file.ts';

/** Drafts that are older belong to a process that was killed. */
const ABANDONED_MS = 3_600_000;

/**
 * Looks whether a file can be written, without writing it: what it leads to is no folder, and may be written, or
 * made in the nearest folder that is there. Drafts that killed processes left beside it are removed.
 *
 * @throws FileWriteError with the reason
 * @example await checkTarget('out/a.ipynb')
 */
export async function checkTarget(path: string): Promise<Target> {
  try {
    const target = await findTarget(path);
    const isThere = target.kind !== 'file' || target.mode !== undefined;
    if (isThere) await requireWritable(target);
    else await requireFolder(dirname(target.path), path);
    if (target.kind === 'file') await removeAbandoned(dirname(target.path));
    return target;
  } catch (error) {
    throw explainWriteError(error, path);
  }
}

/** Whether two names lead to one file, through links too. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  if (resolve(a) === resolve(b)) return true;
  const [first, second] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)));
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}

async function requireWritable({ kind, path }: Target): Promise<void> {
  if (kind !== 'file') return access(path, constants.W_OK);
  const handle = await open(path, 'r+');
  await handle.close();
}

/** The nearest folder that is there must take new entries. */
async function requireFolder(folder: string, path: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (found === undefined) return requireFolder(dirname(folder), path);
  if (!found.isDirectory()) {
    throw new FileWriteError(path, `${folder} is a file, not a folder. Name a file in a folder.`);
  }
  await access(folder, constants.W_OK);
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isDraft(name)) continue;
    const draft = join(folder, name);
    const made = await stat(draft).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > ABANDONED_MS) await rm(draft, { force: true });
  }
}
