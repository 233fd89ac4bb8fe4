/** The kernels that can be started: ours first, then every one that Jupyter has installed. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findKernels, type InstalledKernel } from '../../jupyter/client/find-kernel.ts';
import type { LaunchSpec } from '../../jupyter/client/kernel-process.ts';
import { KERNEL_NAME, kernelSpec } from '../../jupyter/kernelspec.ts';
import { notFound } from '../http/errors.ts';

/** A kernelspec, field names as in the API. */
export interface KernelSpecModel {
  name: string;
  spec: InstalledKernel;
  /** Addresses of its logos. */
  resources: Record<string, string>;
}

/** The kernels of this machine. */
export interface KernelSpecs {
  list(): Promise<{ default: string; kernelspecs: Record<string, KernelSpecModel> }>;
  /** @param name ours when absent */
  find(name?: string): Promise<{ name: string; launch: LaunchSpec } | undefined>;
  /** A logo's file. @throws HttpError 404 */
  resource(name: string, file: string): Promise<string>;
}

/** @param logo our own kernel's logo, an SVG file; none when absent */
export function createKernelSpecs(env: NodeJS.ProcessEnv, logo?: string): KernelSpecs {
  const own: InstalledKernel = { ...kernelSpec(), name: KERNEL_NAME };
  const all = async () => {
    const others = (await findKernels(env)).filter(({ name }) => name !== KERNEL_NAME);
    return [own, ...others];
  };
  return {
    async list() {
      const models = await Promise.all((await all()).map((kernel) => describe(kernel, logo)));
      return {
        default: KERNEL_NAME,
        kernelspecs: Object.fromEntries(models.map((model) => [model.name, model])),
      };
    },
    async find(name = KERNEL_NAME) {
      const launch = (await all()).find((kernel) => kernel.name === name);
      return launch && { name, launch };
    },
    async resource(name, file) {
      if (name === KERNEL_NAME && file === OWN_LOGO && logo) return logo;
      const kernel = (await all()).find((one) => one.name === name);
      const isThere = kernel?.folder && (await logosOf(kernel.folder)).includes(file);
      if (!isThere) throw notFound(`${name}/${file}`);
      return join(kernel.folder!, file);
    },
  };
}

const OWN_LOGO = 'logo-svg.svg';

async function describe(kernel: InstalledKernel, logo: string | undefined): Promise<KernelSpecModel> {
  const { name, folder, ...spec } = kernel;
  const isOwn = name === KERNEL_NAME;
  const files = isOwn ? (logo ? [OWN_LOGO] : []) : folder ? await logosOf(folder) : [];
  const resources = files.map((file) => [file.replace(/\.\w+$/, ''), `/kernelspecs/${name}/${file}`]);
  return { name, spec: spec as InstalledKernel, resources: Object.fromEntries(resources) };
}

async function logosOf(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((file) => /^logo-[\w-]+\.(svg|png)$/.test(file));
}
