/** Unfinished downloads: files whose names say who writes them, so that nobody trusts or shares them by mistake. */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** After this time without a write, a partial file of another machine counts as left behind. */
const OTHER_HOST_IDLE_MS = 3_600_000;

/** Ten letters for this machine: caches may lie on a network drive. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 10);

/** No process has this number: the file waits for one that goes on with it. */
const NOBODY = 0;

/** A fresh name: `<etag>.<machine>-<process>-<random>.incomplete`. */
export function partialName(etag: string, pid: number = process.pid): string {
  return `${etag}.${host}-${pid}-${randomUUID().slice(0, 8)}.incomplete`;
}

/** Leaves a partial file for the next call, of this process or another, to go on with. */
export async function releasePartial(partial: string, etag: string): Promise<void> {
  await rename(partial, join(dirname(partial), partialName(etag, NOBODY)));
}

/**
 * Takes over what an ended process had downloaded of a blob, so that it is resumed; two takers never get the same file.
 *
 * @returns the path of a partial file that is now this process's own: a left-behind one renamed, or a new name
 */
export async function claimPartial(blobsFolder: string, etag: string): Promise<string> {
  const own = join(blobsFolder, partialName(etag));
  for (const name of await readdir(blobsFolder)) {
    if (!name.startsWith(`${etag}.`) || !(await isLeftBehind(blobsFolder, name))) continue;
    const claimed = await rename(join(blobsFolder, name), own).then(
      () => true,
      () => false,
    );
    if (claimed) break;
  }
  return own;
}

async function isLeftBehind(folder: string, name: string): Promise<boolean> {
  const [, writerHost, pid] = /\.([0-9a-f]{10})-(\d+)-[0-9a-f]{8}\.incomplete$/.exec(name) ?? [];
  if (pid === undefined) return false;
  if (writerHost === host) return !isRunning(Number(pid));
  const times = await stat(join(folder, name)).catch(() => undefined);
  return times !== undefined && Date.now() - times.mtimeMs > OTHER_HOST_IDLE_MS;
}

/** Whether a process of that number runs on this machine (signal 0 only asks). */
function isRunning(pid: number): boolean {
  if (pid === NOBODY) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
