/** Finds programs on PATH: Jupyter with its JupyterLab, and a Python to make an environment with. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder, thisMachine } from '../../files/user-folders.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const onWindows = process.platform === 'win32';

/** The `jupyter-lab` program: TSBERT_JUPYTER's neighbour, else on PATH, else the one that `tsbert lab --jupyter` made. */
export function findJupyterLab(env: Environment): string | undefined {
  const named = env.TSBERT_JUPYTER?.replace(/jupyter(\.exe)?$/, 'jupyter-lab$1');
  if (named && existsSync(named)) return named;
  return findOnPath('jupyter-lab', env) ?? existing(join(venvPrograms(ownVenv(env)), program('jupyter-lab')));
}

/** The virtual environment that `tsbert lab --jupyter` makes: in the user's cache, since it can be made again. */
export function ownVenv(env: Environment): string {
  return join(cacheFolder(thisMachine(env)), 'tsbert', 'jupyterlab-venv');
}

/** The first `name` on PATH. */
export function findOnPath(name: string, env: Environment): string | undefined {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program(name))).find((path) => existsSync(path));
}

/** The folder of programs of a virtual environment. */
export function venvPrograms(venv: string): string {
  return join(venv, onWindows ? 'Scripts' : 'bin');
}

/** A program's file name on this system. */
export function program(name: string): string {
  return onWindows ? `${name}.exe` : name;
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}
