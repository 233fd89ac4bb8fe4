/** `tsbert kernel`: registers the kernel with Jupyter and VS Code, and removes it again. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { thisMachine } from '../../files/user-folders.ts';
import { KERNEL_NAME, type Registration, userKernelsDir, writeKernelSpec } from '../../jupyter/kernelspec.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { findOnPath } from '../support/find-jupyter.ts';

const help = `
tsbert kernel install | uninstall [--sys-prefix | --prefix FOLDER] [flags]

Registers the kernel "TypeScript (tsbert)" for the user, so that Jupyter and VS Code offer it; uninstall
removes it.

  --sys-prefix      in the Python environment of the jupyter on PATH (or VIRTUAL_ENV, CONDA_PREFIX) instead
  --prefix FOLDER   in FOLDER/share/jupyter/kernels instead
  --name NAME       under this name, beside others. Default: tsbert
  --display-name T  what front ends show. Default: TypeScript (tsbert)
  --env KEY=VALUE   a variable for every kernel, such as TSBERT_SERVER; may be repeated
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      'sys-prefix': { type: 'boolean', default: false },
      prefix: { type: 'string' },
      name: { type: 'string', default: KERNEL_NAME },
      'display-name': { type: 'string' },
      env: { type: 'string', multiple: true, default: [] },
    });
    const action = onlyArgument(positionals, 'install or uninstall');
    if (action !== 'install' && action !== 'uninstall') {
      throw new UsageError(`'${action}' is neither install nor uninstall.`);
    }
    const kernelsDir = chooseKernelsDir(values, terminal);
    const { name } = values;
    // What Jupyter takes as a kernel's name.
    if (!/^[a-z0-9._-]+$/i.test(name) || /^\.+$/.test(name)) {
      throw new UsageError(
        `--name '${name}' has other signs than letters, digits, dots, dashes and underscores.`,
      );
    }
    const env = parseVariables(values.env);
    await requireOwn(join(kernelsDir, name));
    if (action === 'uninstall') return uninstall(join(kernelsDir, name), terminal);
    return install(kernelsDir, { name, displayName: values['display-name'], env }, terminal);
  },
};

async function install(kernelsDir: string, registration: Registration, terminal: Terminal): Promise<number> {
  const folder = await writeKernelSpec(kernelsDir, registration);
  terminal.print(`Registered the kernel "${registration.displayName ?? 'TypeScript (tsbert)'}" in ${folder}`);
  terminal.print('Choose it in JupyterLab or Notebook, or in VS Code under Select Kernel > Jupyter Kernel.');
  return 0;
}

async function uninstall(folder: string, terminal: Terminal): Promise<number> {
  if (!existsSync(join(folder, 'kernel.json'))) {
    terminal.warn(`No kernel is registered in ${folder}.`);
    return 1;
  }
  await rm(folder, { recursive: true });
  terminal.print(`Removed ${folder}`);
  return 0;
}

/** A name may be that of another program's kernel, such as python3. */
async function requireOwn(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'kernel.json'), 'utf8').catch(() => undefined);
  if (text === undefined || /kernel[\\/]+main\.js"/.test(text)) return;
  throw new Error(`${folder} is another program's kernel. Give another --name.`);
}

/** `KEY=VALUE` texts as an object. */
function parseVariables(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, key, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
      if (key === undefined || value === undefined) throw new UsageError(`--env '${text}' is not KEY=VALUE.`);
      return [key, value];
    }),
  );
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
