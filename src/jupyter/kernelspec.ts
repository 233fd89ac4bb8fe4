/** The kernelspec: how Jupyter finds and starts our kernel. Written by us, so that no Python is needed for it. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../files/user-folders.ts';
import { writeWhole } from '../files/write-file.ts';
import { jupyterDataDir } from './paths.ts';

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

/** What may differ from one registration to another. */
export interface Registration {
  /** The kernelspec's folder, by which notebooks name it. Default: {@link KERNEL_NAME}. */
  name?: string | undefined;
  /** What front ends show. */
  displayName?: string | undefined;
  /** Variables that every kernel gets, over those of the Jupyter server. */
  env?: Readonly<Record<string, string>> | undefined;
}

/**
 * Writes the kernelspec into a folder of kernelspecs. The file appears whole or not at all.
 * @param kernelsDir a folder named `kernels` below one of Jupyter's data folders
 * @returns the kernelspec's own folder
 */
export async function writeKernelSpec(kernelsDir: string, registration: Registration = {}): Promise<string> {
  const { name = KERNEL_NAME, displayName, env = {} } = registration;
  const folder = join(kernelsDir, name);
  const spec = kernelSpec();
  const content = { ...spec, display_name: displayName ?? spec.display_name, env: { ...spec.env, ...env } };
  await writeWhole(join(folder, 'kernel.json'), `${JSON.stringify(content, null, 2)}\n`);
  return folder;
}

/**
 * Where Jupyter and VS Code look for the user's own kernelspecs.
 * @param machine whose folders; this machine's and this user's own when absent
 */
export function userKernelsDir(machine?: Machine): string {
  return join(jupyterDataDir(machine), 'kernels');
}
