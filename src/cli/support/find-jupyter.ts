/** Finds programs on PATH: Jupyter with its JupyterLab, and a Python to make an environment with. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const onWindows = process.platform === 'win32';

/** The `jupyter-lab` program: TSBERT_JUPYTER's neighbour, else on PATH, else in the folder's `.venv`. */
export function findJupyterLab(env: Environment, cwd: string): string | undefined {
  const named = env.TSBERT_JUPYTER?.replace(/jupyter(\.exe)?$/, 'jupyter-lab$1');
  if (named && existsSync(named)) return named;
  return findOnPath('jupyter-lab', env) ?? existing(join(venvPrograms(cwd), program('jupyter-lab')));
}

/** The first `name` on PATH. */
export function findOnPath(name: string, env: Environment): string | undefined {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program(name))).find((path) => existsSync(path));
}

/** The folder of programs of the environment `.venv` in `cwd`. */
export function venvPrograms(cwd: string): string {
  return join(cwd, '.venv', onWindows ? 'Scripts' : 'bin');
}

/** A program's file name on this system. */
export function program(name: string): string {
  return onWindows ? `${name}.exe` : name;
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}
