/**
 * Modules of a notebook: packages come from Node.js, local TypeScript and JavaScript files from the compiler's
 * translation, and are evaluated again once they were edited.
 */
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CompiledModule } from '../../compiler/cell/types.ts';
import * as tslab from '../output/tslab.ts';
import { type EvaluatedFunction, evaluateFunction } from './evaluate-function.ts';
import { type Namespace, PackageFinder } from './native-import.ts';

/** What a translated module reaches through its second parameter. */
interface ModuleHost {
  import(specifier: string): Promise<Namespace>;
  export(getters: Record<string, () => unknown>): void;
  exportAll(namespace: Namespace): void;
  meta: ImportMeta;
}

/** A local module under evaluation, or evaluated. */
interface Instance {
  version: string;
  namespace: Namespace;
  ready: Promise<void>;
}

/** A local TypeScript file that the compiler did not see, because its name is computed while the cell runs. */
export class UncompiledModuleError extends Error {
  override readonly name = 'UncompiledModuleError';
  readonly path: string;

  constructor(path: string) {
    super(
      `Cannot import ${path} by a computed name. Write its path as a string literal in import or import().`,
    );
    this.path = path;
  }
}

export class ModuleLoader {
  readonly #folder: string;
  readonly #translations = new Map<string, CompiledModule>();
  readonly #instances = new Map<string, Instance>();
  /** Importing file → the files it waits for: a circle must not wait for itself. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #packages: PackageFinder;
  readonly #stamps = new Map<string, number>();

  /** @param fallbackFrom a folder whose packages are found too, where `folder` lacks them */
  constructor(folder: string, fallbackFrom?: string) {
    this.#folder = folder;
    this.#packages = new PackageFinder(fallbackFrom);
  }

  /** Takes the translations that came with a cell. */
  register(modules: readonly CompiledModule[]): void {
    for (const module of modules) this.#translations.set(resolve(module.path), module);
  }

  /** Imports for a cell, or for the local module `from`. */
  async import(specifier: string, from?: string): Promise<Namespace> {
    const folder = from === undefined ? this.#folder : dirname(from);
    if (!isPath(specifier)) {
      if (specifier === 'tslab') return { ...tslab };
      if (extname(specifier) === '.json') return await importJson(this.#packages.resolve(specifier, folder));
      return await this.#packages.import(specifier, folder);
    }
    const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(folder, specifier);
    if (this.#translations.has(path)) return await this.#importLocal(path, from);
    if (extname(path) === '.json') return await importJson(path);
    if (/\.[cm]?tsx?$/.test(path)) throw new UncompiledModuleError(path);
    return await this.#importFile(path);
  }

  async #importLocal(path: string, from: string | undefined): Promise<Namespace> {
    const instance = this.#instanceOf(path);
    if (from === undefined) {
      await instance.ready;
    } else if (!this.#waitsFor(path, from)) {
      const waiting = this.#waiting.get(from) ?? new Set();
      this.#waiting.set(from, waiting.add(path));
      await instance.ready.finally(() => waiting.delete(path));
    }
    return instance.namespace;
  }

  /** Whether `path` waits for `target`, directly or through others. */
  #waitsFor(path: string, target: string, seen = new Set<string>()): boolean {
    if (path === target) return true;
    if (seen.has(path)) return false;
    seen.add(path);
    return [...(this.#waiting.get(path) ?? [])].some((next) => this.#waitsFor(next, target, seen));
  }

  #instanceOf(path: string): Instance {
    const module = this.#translations.get(path)!;
    const known = this.#instances.get(path);
    if (known?.version === module.version) return known;
    const namespace = Object.create(null) as Namespace;
    Object.defineProperty(namespace, Symbol.toStringTag, { value: 'Module' });
    const instance: Instance = { version: module.version, namespace, ready: Promise.resolve() };
    this.#instances.set(path, instance);
    instance.ready = this.#evaluate(module, path, namespace);
    // A module that failed is tried again by the next import of it.
    instance.ready.catch(() => {
      if (this.#instances.get(path) === instance) this.#instances.delete(path);
    });
    return instance;
  }

  async #evaluate(module: CompiledModule, path: string, namespace: Namespace): Promise<void> {
    const run: EvaluatedFunction = evaluateFunction(path, module.js, module.sourceMap);
    const host: ModuleHost = {
      import: (specifier) => this.import(specifier, path),
      export: (getters) => {
        for (const [name, get] of Object.entries(getters)) defineExport(namespace, name, get);
      },
      exportAll: (other) => {
        for (const name of Object.keys(other)) {
          if (name !== 'default' && !(name in namespace)) defineExport(namespace, name, () => other[name]);
        }
      },
      meta: this.metaOf(path),
    };
    await run(undefined, host, createRequire(path), path, dirname(path));
  }

  /** JavaScript that Node.js loads by itself (CommonJS, native addons); an edited file gets a new address. */
  async #importFile(path: string): Promise<Namespace> {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    const known = this.#stamps.get(path) ?? mtimeMs;
    this.#stamps.set(path, known);
    const url = pathToFileURL(path);
    if (known !== mtimeMs) {
      url.search = `?edited=${mtimeMs}`;
      const { cache } = createRequire(path);
      delete cache[path];
    }
    return await this.#packages.importUrl(url.href, this.#folder);
  }

  /** `import.meta` of a file. */
  metaOf(path: string): ImportMeta {
    const url = pathToFileURL(path).href;
    const resolveFrom = (specifier: string) =>
      isPath(specifier)
        ? new URL(specifier, url).href
        : pathToFileURL(this.#packages.resolve(specifier, dirname(path))).href;
    return { url, filename: path, dirname: dirname(path), resolve: resolveFrom } as ImportMeta;
  }
}

async function importJson(path: string): Promise<Namespace> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return { ...members, default: value };
}

function defineExport(namespace: Namespace, name: string, get: () => unknown): void {
  Object.defineProperty(namespace, name, { get, enumerable: true, configurable: true });
}

function isPath(specifier: string): boolean {
  return /^(\.{1,2}([/\\]|$)|file:)/.test(specifier) || isAbsolute(specifier);
}
