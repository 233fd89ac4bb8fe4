/** Finds the file behind a module name: cells, the notebook's folder, then the folder to fall back to. */
import { fileURLToPath } from 'node:url';
import { ts } from '../typescript/typescript.ts';

export type ResolvedModule = ts.ResolvedModuleWithFailedLookupLocations;

/** A file of the kernel, which brings the types of Node and its own modules along. */
const ownFile = fileURLToPath(import.meta.url);

/** What names are looked up by. */
export interface ResolverSettings {
  folder: string;
  options: ts.CompilerOptions;
  /** Maps the module names of cells (`In[3]`) to their file names; the caller goes on filling it. */
  cells: ReadonlyMap<string, string>;
  /** Where packages are looked up that the notebook's folder lacks. */
  fallbackFrom: string | undefined;
}

export class ModuleResolver {
  readonly #options: ts.CompilerOptions;
  readonly #cells: ReadonlyMap<string, string>;
  #cache: ts.ModuleResolutionCache;
  readonly #folder: string;
  readonly #fallbackFile: string | undefined;

  constructor({ folder, options, cells, fallbackFrom }: ResolverSettings) {
    this.#folder = folder;
    this.#options = options;
    this.#cells = cells;
    this.#fallbackFile =
      fallbackFrom && `${fallbackFrom.replaceAll('\\', '/').replace(/\/$/, '')}/package.json`;
    this.#cache = this.#newCache();
  }

  /** Forgets all that was looked up, since packages may have been installed. */
  clear(): void {
    this.#cache = this.#newCache();
  }

  resolve(name: string, from: string, mode: ts.ResolutionMode): ResolvedModule {
    const cell = this.#cells.get(name);
    if (cell !== undefined) return memoryModule(cell);
    if (name === 'tslab') return this.#ownTslab();
    const found = this.#resolveFrom(from, name, mode);
    if (found.resolvedModule !== undefined) return found;
    this.clear();
    if (this.#fallbackFile === undefined || isPath(name) || isInPackage(from)) return found;
    return this.#resolveFrom(this.#fallbackFile, name, mode);
  }

  /** For `/// <reference types="…" />` and the option `types`. */
  resolveTypes(name: string, from: string, mode: ts.ResolutionMode) {
    const resolve = (file: string) =>
      ts.resolveTypeReferenceDirective(name, file, this.#options, ts.sys, undefined, undefined, mode);
    const found = resolve(from);
    return found.resolvedTypeReferenceDirective === undefined ? resolve(ownFile) : found;
  }

  /** Cells get this package's own 'tslab': see `tslab.ts` of the runner. */
  #ownTslab(): ResolvedModule {
    const found = this.#resolveFrom(ownFile, '../../runner/output/tslab.js', undefined);
    return { ...found, resolvedModule: { ...found.resolvedModule!, isExternalLibraryImport: true } };
  }

  #resolveFrom(file: string, name: string, mode: ts.ResolutionMode): ResolvedModule {
    return ts.resolveModuleName(name, file, this.#options, ts.sys, this.#cache, undefined, mode);
  }

  #newCache(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.#folder, canonicalFileName, this.#options);
  }
}

/** The form in which paths are compared: as written where case matters, else in lower case. */
export function canonicalFileName(fileName: string): string {
  return ts.sys.useCaseSensitiveFileNames ? fileName : fileName.toLowerCase();
}

/** Whether a file belongs to an installed package, and so neither changes nor is translated. */
export function isInPackage(fileName: string): boolean {
  return fileName.includes('/node_modules/');
}

/** Whether a file is the virtual one of a cell: `In[3].ts`, `In[3]-2.ts`. */
export function isCell(fileName: string): boolean {
  return /\/In\[\d+\](-\d+)?\.ts$/.test(fileName);
}

/** Whether a module name points at a file instead of a package. */
export function isPath(name: string): boolean {
  return /^(\.{1,2}(\/|\\|$)|\/|[a-z]:[\\/]|file:)/i.test(name);
}

function memoryModule(fileName: string): ResolvedModule {
  return {
    resolvedModule: {
      resolvedFileName: fileName,
      extension: ts.Extension.Ts,
      isExternalLibraryImport: false,
    },
  } as ResolvedModule;
}
