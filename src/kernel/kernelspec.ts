/** The kernelspec: how Jupyter finds and starts our kernel. Written by us, so that no Python is needed for it. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The kernel's name, which is its folder's name among the kernelspecs. */
export const KERNEL_NAME = 'tsbert';

/** A `kernel.json`, field names as in the file. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: 'signal' | 'message';
  env: Record<string, string>;
  metadata: Record<string, unknown>;
}

/**
 * The kernelspec of this installation: the running Node with the compiled kernel beside this file.
 * @example kernelSpec().argv.at(-1) // '{connection_file}'
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 */
export function kernelSpec(): KernelSpec {
  const main = fileURLToPath(new URL('../../dist/kernel/main.js', import.meta.url));
  return {
    argv: [process.execPath, main, '{connection_file}'],
    display_name: 'TypeScript (tsbert)',
    language: 'typescript',
    interrupt_mode: 'message',
    env: {},
    metadata: { debugger: false },
  };
}

/**
 * Writes the kernelspec into a folder of kernelspecs. The file appears whole or not at all.
 * @param kernelsDir a folder named `kernels` below one of Jupyter's data folders
 * @returns the kernelspec's own folder
 */
export async function writeKernelSpec(kernelsDir: string): Promise<string> {
  const folder = join(kernelsDir, KERNEL_NAME);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `.kernel.${process.pid}.json`);
  try {
    await writeFile(draft, `${JSON.stringify(kernelSpec(), null, 2)}\n`);
    await rename(draft, join(folder, 'kernel.json'));
  } finally {
    await rm(draft, { force: true });
  }
  return folder;
}

/** What the place of the user's kernelspecs depends on. */
export interface UserFolders {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}

/**
 * Where Jupyter and VS Code look for the user's own kernelspecs: JUPYTER_DATA_DIR, else the system's usual place.
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files
 */
export function userKernelsDir(
  { platform, env, home }: UserFolders = { platform: process.platform, env: process.env, home: homedir() },
): string {
  if (env.JUPYTER_DATA_DIR) return join(env.JUPYTER_DATA_DIR, 'kernels');
  if (platform === 'darwin') return join(home, 'Library', 'Jupyter', 'kernels');
  if (platform === 'win32')
    return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'jupyter', 'kernels');
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'jupyter', 'kernels');
}
