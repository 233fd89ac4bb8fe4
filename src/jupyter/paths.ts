/** Where Jupyter keeps a user's data on each operating system. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the place of the user's data depends on. */
export interface UserFolders {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}

/**
 * Jupyter's data folder of this user: JUPYTER_DATA_DIR, else the system's usual place. Kernelspecs lie in its
 * `kernels`, what kernels keep in folders of their own.
 *
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files
 */
export function jupyterDataDir(
  { platform, env, home }: UserFolders = { platform: process.platform, env: process.env, home: homedir() },
): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === 'darwin') return join(home, 'Library', 'Jupyter');
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'jupyter');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'jupyter');
}
