/** Where Jupyter keeps a user's data on each operating system. */
import { join } from 'node:path';
import { dataFolder, type Machine, thisMachine } from '../files/user-folders.ts';

/**
 * Jupyter's data folder of this user: JUPYTER_DATA_DIR, else the system's usual place. Kernelspecs lie in its
 * `kernels`, what kernels keep in folders of their own.
 *
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files
 */
export function jupyterDataDir(machine: Machine = thisMachine()): string {
  if (machine.env.JUPYTER_DATA_DIR) return machine.env.JUPYTER_DATA_DIR;
  return join(dataFolder(machine), machine.platform === 'darwin' ? 'Jupyter' : 'jupyter');
}
