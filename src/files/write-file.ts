/** The one writer of files: each appears whole or not at all, in the place that its name really leads to. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { appendFile, type FileHandle, mkdir, open, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { explainWriteError, FileWriteError } from './errors.ts';

/** What a name leads to: a file (there or not yet) that is replaced, or something that is only written to. */
export type Target =
  | { kind: 'file'; path: string; mode?: number; uid?: number; gid?: number }
  | { kind: 'stream'; path: string }
  | { kind: 'descriptor'; path: string; descriptor: number };

/** More links than this lead in a circle: the limit of Linux. */
const MAX_LINKS = 40;

/** The ending of what is not whole yet. */
const DRAFT_ENDING = '.tsbert-draft';

/** The system's answers when a file may be written but not replaced: a mounted file, one open in Windows. */
const NO_RENAME = ['EBUSY', 'EPERM', 'EACCES', 'EXDEV'];

/**
 * Writes a file: beside its place first, to the disk, then by renaming. Symbolic links are followed; a file that
 * was there keeps its mode and owner; pipes and devices are written to and never replaced. Folders on the way are
 * made. When it fails, the old file is as it was, and nothing else is left.
 *
 * @throws FileWriteError when the system refuses: no space, no permission, a folder of that name
 * @example await writeWhole('out/a.ipynb', serializeNotebook(notebook))
 * @see jupyter_server/services/contents/fileio.py, atomic_writing (the same, in Python)
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const target = await findTarget(path);
    if (target.kind === 'descriptor') return writeFileSync(target.descriptor, content);
    if (target.kind === 'stream') return await appendFile(target.path, content);
    await mkdir(dirname(target.path), { recursive: true });
    await replace(target, content);
  } catch (error) {
    throw explainWriteError(error, path);
  }
}

/**
 * Makes a file beside its place under a name of its own, then renames it: for files that are not written in one
 * piece, and links.
 *
 * @param make makes the draft; its folder is there
 */
export async function placeWhole(path: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = draftOf(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await make(draft);
    await rename(draft, path);
  } catch (error) {
    throw explainWriteError(error, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Follows a name to what it leads to. @throws FileWriteError when that is a folder */
export async function findTarget(path: string): Promise<Target> {
  const found = await stat(path).catch(ignoreMissing);
  if (found?.isDirectory()) throw new FileWriteError(path, 'it is a folder. Name a file in it.');
  if (found && !found.isFile()) return { kind: 'stream', path };
  const descriptor = await descriptorOf(path);
  if (descriptor !== undefined) return { kind: 'descriptor', path, descriptor };
  const real = await followLinks(path);
  if (!found) return { kind: 'file', path: real };
  return { kind: 'file', path: real, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** A name such as /dev/stdout may lead to an open file: opened anew, it would be written over from its start. */
async function descriptorOf(path: string): Promise<number | undefined> {
  for await (const link of linksOf(path)) {
    const [, number] = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(link) ?? [];
    if (number !== undefined) return Number(number);
  }
  return undefined;
}

async function followLinks(path: string): Promise<string> {
  let last = path;
  for await (const link of linksOf(path)) last = link;
  return last;
}

/** The path and, where it is a symbolic link, each place that it leads to; the last may not be there yet. */
async function* linksOf(path: string): AsyncGenerator<string> {
  let current = resolve(path);
  for (let i = 0; i <= MAX_LINKS; i++) {
    yield current;
    const next = await readlink(current).catch(() => undefined);
    if (next === undefined) return;
    current = resolve(dirname(current), next);
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
}

type FileTarget = Extract<Target, { kind: 'file' }>;

async function replace(target: FileTarget, content: string | Uint8Array): Promise<void> {
  if (target.mode !== undefined) await requireWritable(target.path);
  const draft = draftOf(target.path);
  try {
    const keepsOwner = await writeDraft(draft, target, content);
    if (!keepsOwner) return await writeInto(target.path, content);
    await rename(draft, target.path).catch((error: NodeJS.ErrnoException) => {
      if (target.mode === undefined || !NO_RENAME.includes(error.code ?? '')) throw error;
      return writeInto(target.path, content);
    });
    await syncFolder(dirname(target.path));
  } catch (error) {
    const isShut = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    // A file that may be written, in a folder that takes no new one.
    if (isShut && target.mode !== undefined) return await writeInto(target.path, content);
    throw error;
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Replacing needs no permission for the file itself: one that is protected would lose its content all the same. */
async function requireWritable(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.close();
}

/** @returns whether the draft has the owner and the group of the file whose place it takes */
async function writeDraft(
  draft: string,
  { mode, uid, gid }: FileTarget,
  content: string | Uint8Array,
): Promise<boolean> {
  const handle = await open(draft, 'wx', mode === undefined ? 0o666 : 0o600);
  try {
    await handle.writeFile(content);
    const keepsOwner = await keepOwner(handle, uid, gid);
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
    return keepsOwner;
  } finally {
    await handle.close();
  }
}

async function keepOwner(
  handle: FileHandle,
  uid: number | undefined,
  gid: number | undefined,
): Promise<boolean> {
  if (uid === undefined || gid === undefined || process.platform === 'win32') return true;
  const own = await handle.stat();
  if (own.uid === uid && own.gid === gid) return true;
  return handle.chown(uid, gid).then(
    () => true,
    () => false,
  );
}

/** Writes into a file that is there, without a new one. A file that does not take it all gets its old content back. */
async function writeInto(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const bytes = Buffer.from(content);
    const old = await handle.readFile();
    await overwrite(handle, bytes).catch(async (error) => {
      await overwrite(handle, old);
      throw error;
    });
  } finally {
    await handle.close();
  }
}

async function overwrite(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, bytes.length - at, at)).bytesWritten;
  }
  await handle.truncate(bytes.length);
  await handle.sync();
}

/** The new name is on the disk only when its folder is. Not every system can do this. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Whether a file's name is that of something that is not whole yet. */
export function isDraft(name: string): boolean {
  return name.startsWith('.') && name.endsWith(DRAFT_ENDING);
}

/** Beside the file, hidden, and short: the file's own name may be as long as names can be. */
function draftOf(path: string): string {
  return join(dirname(path), `.${randomUUID().slice(0, 8)}${DRAFT_ENDING}`);
}
