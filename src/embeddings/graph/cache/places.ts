/** Where graphs may be kept: folders that were named, then the system's cache, then the temporary folder. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder, type Environment, thisMachine } from '../../../files/user-folders.ts';

/** A folder of graphs. */
export interface Place {
  readonly path: string;
  /** Somebody named it: it may be shared and read-only, and is trusted and cleared by whoever named it. */
  readonly isNamed: boolean;
}

/**
 * The folders to try, best first.
 *
 * @param cacheDir the folder asked for, if any
 * @param env TSBERT_GRAPHS names a folder, such as a shared one that was filled for many users
 */
export function cachePlaces(cacheDir?: string, env: Environment = process.env): Place[] {
  const user = process.getuid?.() ?? os.userInfo().username;
  const named = [cacheDir, env.TSBERT_GRAPHS].filter((folder) => folder !== undefined && folder !== '');
  return [
    ...named.map((folder) => ({ path: path.resolve(folder as string), isNamed: true })),
    { path: path.join(cacheFolder(thisMachine(env)), 'tsbert', 'graphs'), isNamed: false },
    { path: path.join(os.tmpdir(), `tsbert-graphs-${user}`), isNamed: false },
  ];
}

/** Whether what lies there may be used: a folder of this user's own, or one that was named. */
export async function mayRead({ path: folder, isNamed }: Place): Promise<boolean> {
  return isNamed || isOwn(folder);
}

/** Makes the folder, for this user alone unless it was named; false where it cannot be written. */
export async function claimPlace({ path: folder, isNamed }: Place): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, ...(!isNamed && { mode: 0o700 }) });
    await access(folder, constants.W_OK);
    return isNamed || (await isOwn(folder));
  } catch {
    return false;
  }
}

/** In the temporary folder somebody else may have been first. */
async function isOwn(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && (process.getuid === undefined || found.uid === process.getuid());
}
