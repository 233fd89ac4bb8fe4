/**
 * A TypeScript program to which cells are added while its type checker stays alive. A new program would need a new
 * checker, which has to merge all global declarations and to infer everything again; a cell is a module without global
 * effects, so it can join: it is bound, and entered into the program's own tables of files and resolutions.
 */

import { moduleReferences } from '../cell/module-references.ts';
import {
  type BoundSourceFile,
  internals,
  type OpenProgram,
  parseFile,
} from '../cell/typescript-internals.ts';
import { ts } from '../typescript/typescript.ts';
import { canonicalFileName, isInPackage, type ModuleResolver } from './resolution.ts';
import { TypeLoader } from './type-loader.ts';

/** Where the program gets its files from; `language-host.ts` implements it. */
export interface LiveHost extends ts.LanguageServiceHost {
  /** Makes the next `getProgram` build a new program. */
  invalidate(): void;
}

/** Parsed files, shared by all compilers of a process. */
const REGISTRY = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);

export class LiveProgram {
  readonly #service: ts.LanguageService;
  readonly #host: LiveHost;
  readonly #resolver: ModuleResolver;

  constructor(host: LiveHost, resolver: ModuleResolver) {
    this.#host = host;
    this.#resolver = resolver;
    this.#service = ts.createLanguageService(host, REGISTRY);
  }

  get service(): ts.LanguageService {
    return this.#service;
  }

  get program(): OpenProgram {
    return this.#service.getProgram() as OpenProgram;
  }

  /**
   * Adds a cell's file, quickly.
   *
   * @returns undefined when the cell imports files that the program has not loaded: then a new program is needed
   */
  add(fileName: string, text: string): BoundSourceFile | undefined {
    const { program } = this;
    const file = parseFile(fileName, text);
    this.#prepare(file, fileName);
    internals.bindSourceFile(file, program.getCompilerOptions());
    file.imports = moduleReferences(file);
    const resolutions = internals.createModeAwareCache();
    for (const literal of file.imports) {
      const mode = program.getModeForUsageLocation(file, literal);
      const resolution = this.#resolver.resolve(literal.text, fileName, mode);
      if (isMissing(resolution.resolvedModule, program)) return undefined;
      resolutions.set(literal.text, mode, resolution);
    }
    program.getFilesByNameMap().set(file.path, file);
    program.resolvedModules.set(file.path, resolutions);
    return file;
  }

  /** What parses the declarations that this program will ask for, ahead of it. */
  createTypeLoader(): TypeLoader {
    return new TypeLoader({ host: this.#host, resolver: this.#resolver, registry: REGISTRY });
  }

  /** Builds a new program from what the host lists now. */
  rebuild(): void {
    this.#host.invalidate();
    this.#service.getProgram();
  }

  /** Takes out a cell's file, so that no later cell meets it. */
  remove(file: BoundSourceFile): void {
    const { program } = this;
    program.getFilesByNameMap().delete(file.path);
    program.resolvedModules.delete(file.path);
  }

  /** The properties that a program sets on the files it loads. */
  #prepare(file: BoundSourceFile, fileName: string): void {
    const path = internals.toPath(fileName, this.#host.getCurrentDirectory(), canonicalFileName);
    file.path = path;
    file.resolvedPath = path;
    file.originalFileName = fileName;
    file.version = '1';
    file.moduleAugmentations = [];
    file.ambientModuleNames = [];
  }
}

/** Whether a resolved file would have to be loaded. JavaScript without types is never loaded from packages. */
function isMissing(resolved: ts.ResolvedModuleFull | undefined, program: ts.Program): boolean {
  if (resolved === undefined) return false;
  const isUntyped = isInPackage(resolved.resolvedFileName) && /\.[cm]?jsx?$/.test(resolved.resolvedFileName);
  return !isUntyped && program.getSourceFile(resolved.resolvedFileName) === undefined;
}
