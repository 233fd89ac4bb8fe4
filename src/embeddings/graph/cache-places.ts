/** Where graphs may be kept: the folder asked for, then the system's cache, then the temporary folder. */
import { mkdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * The folders to try, best first.
 *
 * @param cacheDir the folder asked for, if any
 */
export function cachePlaces(cacheDir: string | undefined): string[] {
  const user = process.getuid?.() ?? os.userInfo().username;
  const places = [
    path.join(userCacheDir(), 'tsbert', 'graphs'),
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

/** The folder in which the system's programs keep what can be made again. */
function userCacheDir(): string {
  const { env, platform } = process;
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === 'win32') return env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  return path.join(os.homedir(), '.cache');
}
