/** Where each operating system keeps what belongs to one user. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The variables of a process: `process.env` or a test's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the places depend on. */
export interface Machine {
  platform: NodeJS.Platform;
  env: Environment;
  home: string;
}

/** This machine, for this user. @param env the variables to go by */
export function thisMachine(env: Environment = process.env): Machine {
  return { platform: process.platform, env, home: homeFolder(env) };
}

/** The user's own folder. */
export function homeFolder(env: Environment = process.env): string {
  return env.HOME || env.USERPROFILE || homedir();
}

/** The folder in which programs keep what can be made again. */
export function cacheFolder({ platform, env, home }: Machine = thisMachine()): string {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === 'win32') return env.LOCALAPPDATA || join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  return join(home, '.cache');
}

/** The folder in which programs keep what cannot be made again. */
export function dataFolder({ platform, env, home }: Machine = thisMachine()): string {
  if (platform === 'win32') return env.APPDATA || join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library');
  return env.XDG_DATA_HOME || join(home, '.local', 'share');
}
