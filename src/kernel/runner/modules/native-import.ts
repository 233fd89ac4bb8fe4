/** Node.js's own `import()`, as if it were written in another folder. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';

export type Namespace = Record<string, unknown>;

/** Imports a module as a file of a certain folder would. */
type Importer = (specifier: string) => Promise<Namespace>;

/** An importer for the files of a folder: packages are looked up from there. */
function importerFor(folder: string): Importer {
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

/** Finds packages from the folder of the importing file, else from one more folder. */
export class PackageFinder {
  readonly #fallbackFrom: string | undefined;
  readonly #importers = new Map<string, Importer>();

  constructor(fallbackFrom: string | undefined) {
    this.#fallbackFrom = fallbackFrom;
  }

  /** Imports a package for a file of a folder. @throws PackageNotFoundError */
  async import(specifier: string, folder: string): Promise<Namespace> {
    try {
      return await this.importUrl(specifier, folder);
    } catch (error) {
      if (!isNotFound(error, specifier)) throw error;
      return await this.#importFromFallback(specifier);
    }
  }

  /** Imports as a file of a folder would. */
  async importUrl(url: string, folder: string): Promise<Namespace> {
    const importer = this.#importers.get(folder) ?? importerFor(folder);
    this.#importers.set(folder, importer);
    return await importer(url);
  }

  /** Where a package's file lies, looked up as `import()` does. */
  resolve(specifier: string, folder: string): string {
    const from = (place: string) => createRequire(join(place, 'notebook.js')).resolve(specifier);
    try {
      return from(folder);
    } catch (error) {
      if (this.#fallbackFrom === undefined) throw error;
      return from(this.#fallbackFrom);
    }
  }

  async #importFromFallback(specifier: string): Promise<Namespace> {
    if (this.#fallbackFrom === undefined) throw new PackageNotFoundError(specifier);
    return await this.importUrl(specifier, this.#fallbackFrom).catch((error: unknown) => {
      throw isNotFound(error, specifier) ? new PackageNotFoundError(specifier) : error;
    });
  }
}

/** No such package, neither beside the notebook nor in the folder to fall back to. */
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
