/** `tsbert kernel`: registers the kernel with Jupyter and VS Code, and removes it again. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { thisMachine } from '../../files/user-folders.ts';
import { KERNEL_NAME, userKernelsDir, writeKernelSpec } from '../../jupyter/kernelspec.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { findOnPath } from '../support/find-jupyter.ts';

const help = `
tsbert kernel install | uninstall [--sys-prefix | --prefix FOLDER]

Registers the kernel "TypeScript (tsbert)" for the user, so that Jupyter and VS Code offer it; uninstall
removes it.

  --sys-prefix      in the Python environment of the jupyter on PATH (or VIRTUAL_ENV, CONDA_PREFIX) instead
  --prefix FOLDER   in FOLDER/share/jupyter/kernels instead
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      'sys-prefix': { type: 'boolean', default: false },
      prefix: { type: 'string' },
    });
    const action = onlyArgument(positionals, 'install or uninstall');
    if (action !== 'install' && action !== 'uninstall') {
      throw new UsageError(`'${action}' is neither install nor uninstall.`);
    }
    const kernelsDir = chooseKernelsDir(values, terminal);
    return action === 'install' ? install(kernelsDir, terminal) : uninstall(kernelsDir, terminal);
  },
};

async function install(kernelsDir: string, terminal: Terminal): Promise<number> {
  const folder = await writeKernelSpec(kernelsDir);
  terminal.print(`Registered the kernel "TypeScript (tsbert)" in ${folder}`);
  terminal.print('Choose it in JupyterLab or Notebook, or in VS Code under Select Kernel > Jupyter Kernel.');
  return 0;
}

async function uninstall(kernelsDir: string, terminal: Terminal): Promise<number> {
  const folder = join(kernelsDir, KERNEL_NAME);
  if (!existsSync(join(folder, 'kernel.json'))) {
    terminal.warn(`No kernel is registered in ${folder}.`);
    return 1;
  }
  await rm(folder, { recursive: true });
  terminal.print(`Removed ${folder}`);
  return 0;
}

function chooseKernelsDir(
  values: { 'sys-prefix': boolean; prefix?: string | undefined },
  terminal: Terminal,
): string {
  const { prefix, 'sys-prefix': sysPrefix } = values;
  if (prefix !== undefined && sysPrefix)
    throw new UsageError('--prefix and --sys-prefix exclude each other.');
  if (prefix !== undefined) return join(resolve(terminal.cwd, prefix), 'share', 'jupyter', 'kernels');
  if (!sysPrefix) return userKernelsDir(thisMachine(terminal.env));
  return join(pythonPrefix(terminal), 'share', 'jupyter', 'kernels');
}

function pythonPrefix({ env }: Terminal): string {
  const jupyter = findOnPath('jupyter', env);
  const prefix = env.VIRTUAL_ENV ?? env.CONDA_PREFIX ?? (jupyter && dirname(dirname(jupyter)));
  if (prefix) return prefix;
  throw new UsageError(
    '--sys-prefix finds no Python environment. Activate it, or name it with --prefix FOLDER.',
  );
}
