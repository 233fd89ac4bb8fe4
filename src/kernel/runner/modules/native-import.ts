/** Node.js's own `import()`, as if it were written in another folder. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

export type Namespace = Record<string, unknown>;

/** Imports a module as a file of a certain folder would. */
export type Importer = (specifier: string) => Promise<Namespace>;

/** An importer for the files of a folder: packages are looked up from there. */
export function importerFor(folder: string): Importer {
  const script = new vm.Script('(specifier) => import(specifier)', {
    filename: join(folder, 'notebook.js'),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const importFrom = script.runInThisContext() as Importer;
  return (specifier) => withoutWarnings(() => importFrom(specifier));
}

/** Node.js 20 and 22 call the constant above experimental when `import()` starts; no one at a notebook need hear of it. */
function withoutWarnings<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const ownFolder = dirname(fileURLToPath(import.meta.url));
const importOwn = importerFor(ownFolder);

/**
 * Imports a package from a folder, else from this package: a notebook in a folder without node_modules can still use
 * 'tsbert' and what it depends on.
 */
export async function importPackage(specifier: string, importer: Importer): Promise<Namespace> {
  try {
    return await importer(specifier);
  } catch (error) {
    if (!isNotFound(error, specifier)) throw error;
    return await importOwn(specifier).catch((second: unknown) => {
      throw isNotFound(second, specifier) ? new PackageNotFoundError(specifier) : second;
    });
  }
}

/** Where a package's file lies, looked up as `importPackage` does. */
export function resolvePackageFile(specifier: string, folder: string): string {
  try {
    return createRequire(join(folder, 'notebook.js')).resolve(specifier);
  } catch {
    return createRequire(import.meta.url).resolve(specifier);
  }
}

/** No such package, neither beside the notebook nor in the kernel's own package. */
export class PackageNotFoundError extends Error {
  override readonly name = 'PackageNotFoundError';
  readonly code = 'ERR_MODULE_NOT_FOUND';
  readonly packageName: string;

  constructor(specifier: string) {
    const name = packageName(specifier);
    super(`Cannot find package '${name}' from the notebook's folder. Install it with: %npm install ${name}`);
    this.packageName = name;
  }
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Whether this very package is missing, not one that it needs. */
function isNotFound(error: unknown, specifier: string): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' && String(message).includes(`'${packageName(specifier)}'`);
}
