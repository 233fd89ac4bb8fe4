/** Parses the declarations that every cell sees file by file, so that a cell which comes meanwhile need not wait. */
import { dirname, join } from 'node:path/posix';
import { moduleReferences } from '../cell/module-references.ts';
import { type BoundSourceFile, internals } from '../cell/typescript-internals.ts';
import { ts } from '../typescript/typescript.ts';
import type { ModuleResolver } from './resolution.ts';

/** Where declarations come from, and who keeps them. */
export interface TypeLoaderParts {
  host: ts.LanguageServiceHost;
  resolver: ModuleResolver;
  /** Keeps parsed files: the program will ask it for the same ones. */
  registry: ts.DocumentRegistry;
}

/** Loads the library files, the types of Node, and those of packages, in small steps. */
export class TypeLoader {
  readonly #parts: TypeLoaderParts;
  readonly #folder: string;
  readonly #options: ts.CompilerOptions;
  readonly #waiting: string[] = [];
  readonly #seen = new Set<string>();

  constructor(parts: TypeLoaderParts) {
    this.#parts = parts;
    this.#folder = parts.host.getCurrentDirectory();
    this.#options = parts.host.getCompilationSettings();
    for (const file of this.#options.lib ?? []) this.#addLibrary(file);
    for (const name of this.#options.types ?? []) this.#addTypes(name, `${this.#folder}/notebook.ts`);
  }

  /** Adds a package whose types a cell will want. */
  addPackage(name: string): void {
    this.#addModule(name, `${this.#folder}/notebook.ts`, undefined);
  }

  /** Parses and binds one more file. @returns whether there was one */
  step(): boolean {
    const fileName = this.#waiting.shift();
    if (fileName === undefined) return false;
    const snapshot = this.#parts.host.getScriptSnapshot(fileName);
    if (snapshot !== undefined) this.#load(fileName, snapshot);
    return true;
  }

  #load(fileName: string, snapshot: ts.IScriptSnapshot): void {
    const { host, registry } = this.#parts;
    const version = host.getScriptVersion(fileName);
    const file = registry.acquireDocument(fileName, host, snapshot, version) as BoundSourceFile;
    internals.bindSourceFile(file, this.#options);
    for (const { fileName: path } of file.referencedFiles) this.#add(join(dirname(fileName), path));
    for (const { fileName: name } of file.libReferenceDirectives) this.#addLibrary(`lib.${name}.d.ts`);
    for (const { fileName: name } of file.typeReferenceDirectives) this.#addTypes(name, fileName);
    for (const literal of moduleReferences(file)) {
      const mode = ts.getModeForUsageLocation(file, literal, this.#options);
      this.#addModule(literal.text, fileName, mode);
    }
  }

  #addLibrary(name: string): void {
    this.#add(`${dirname(this.#parts.host.getDefaultLibFileName(this.#options))}/${name}`);
  }

  #addTypes(name: string, from: string): void {
    const { resolvedTypeReferenceDirective } = this.#parts.resolver.resolveTypes(name, from, undefined);
    this.#add(resolvedTypeReferenceDirective?.resolvedFileName);
  }

  #addModule(name: string, from: string, mode: ts.ResolutionMode): void {
    if (name.startsWith('node:')) return;
    this.#add(this.#parts.resolver.resolve(name, from, mode).resolvedModule?.resolvedFileName);
  }

  /** Declarations only: sources of the notebook's folder may change before they are needed. */
  #add(fileName: string | undefined): void {
    if (fileName === undefined || this.#seen.has(fileName) || !/\.d\.[cm]?ts$/.test(fileName)) return;
    this.#seen.add(fileName);
    this.#waiting.push(fileName);
  }
}
