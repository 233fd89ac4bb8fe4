/** Where graphs may be kept: the folder asked for, then the system's cache, then the temporary folder. */
import { mkdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../files/user-folders.ts';

/**
 * The folders to try, best first.
 *
 * @param cacheDir the folder asked for, if any
 */
export function cachePlaces(cacheDir: string | undefined): string[] {
  const user = process.getuid?.() ?? os.userInfo().username;
  const places = [
    path.join(cacheFolder(), 'tsbert', 'graphs'),
    path.join(os.tmpdir(), `tsbert-graphs-${user}`),
  ];
  return cacheDir === undefined ? places : [path.resolve(cacheDir), ...places];
}

/** Makes the folder for this user alone; false where it cannot be made or belongs to somebody else. */
export async function claimPlace(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { uid } = await stat(folder);
    return process.getuid === undefined || uid === process.getuid();
  } catch {
    return false;
  }
}
