/** Finds an installed kernel by its name, where Jupyter finds it, without asking Jupyter. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { userKernelsDir } from '../kernelspec.ts';
import type { LaunchSpec } from './kernel-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** An installed kernel. */
export interface InstalledKernel extends LaunchSpec {
  /** The kernelspec's name. */
  name: string;
  display_name: string;
  language: string;
  /** The kernelspec's folder, which may hold logos. */
  folder?: string;
}

/**
 * Reads a kernel's `kernel.json` from the first of Jupyter's folders that has it.
 * @returns undefined when no folder has one
 * @example (await findKernel('no-such-kernel')) === undefined // true
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files
 */
export async function findKernel(
  name: string,
  env: Environment = process.env,
): Promise<InstalledKernel | undefined> {
  for (const place of dataFolders(env)) {
    const folder = join(place.folder, 'kernels', name);
    if (existsSync(join(folder, 'kernel.json'))) return readKernel(folder, place.prefix);
  }
  return undefined;
}

/** Every installed kernel; of two of one name, the first in Jupyter's order. What cannot be read is left out. */
export async function findKernels(env: Environment = process.env): Promise<InstalledKernel[]> {
  const found = new Map<string, InstalledKernel>();
  for (const { folder, prefix } of dataFolders(env)) {
    const names = await readdir(join(folder, 'kernels')).catch(() => []);
    for (const name of names.filter((one) => !found.has(one)).sort()) {
      const kernel = await readKernel(join(folder, 'kernels', name), prefix).catch(() => undefined);
      if (kernel) found.set(name, kernel);
    }
  }
  return [...found.values()];
}

async function readKernel(folder: string, prefix: string | undefined): Promise<InstalledKernel> {
  const spec = JSON.parse(await readFile(join(folder, 'kernel.json'), 'utf8')) as InstalledKernel;
  const argv = spec.argv.map((part) => part.replaceAll('{resource_dir}', folder));
  return { ...spec, name: basename(folder), folder, argv: prefix ? withPythonOf(prefix, argv) : argv };
}

/** A Python environment's kernelspec says `python`, and means the environment's own. */
function withPythonOf(prefix: string, argv: readonly string[]): readonly string[] {
  if (!/^python[\d.]*$/.test(argv[0] ?? '')) return argv;
  const own = process.platform === 'win32' ? join(prefix, 'python.exe') : join(prefix, 'bin', 'python');
  return existsSync(own) ? [own, ...argv.slice(1)] : argv;
}

/** Jupyter's data folders, nearest first; `prefix` is the Python environment that one belongs to. */
function dataFolders(env: Environment): { folder: string; prefix?: string }[] {
  const split = (variable: string | undefined) => (variable ?? '').split(delimiter).filter(Boolean);
  const jupyters = split(env.PATH).filter((folder) => existsSync(join(folder, 'jupyter')));
  const prefixes = [env.VIRTUAL_ENV, env.CONDA_PREFIX, ...jupyters.map(dirname)];
  const shared = process.platform === 'win32' ? [env.PROGRAMDATA] : ['/usr/local/share', '/usr/share'];
  return [
    ...split(env.JUPYTER_PATH).map((folder) => ({ folder })),
    ...prefixes.flatMap((prefix) => (prefix ? [{ folder: join(prefix, 'share', 'jupyter'), prefix }] : [])),
    { folder: dirname(userKernelsDir()) },
    ...shared.flatMap((folder) => (folder ? [{ folder: join(folder, 'jupyter') }] : [])),
  ];
}
