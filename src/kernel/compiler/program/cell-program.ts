/** The cells of a notebook as modules of one program: which names they make visible, and how they come and go. */
import type ts from 'typescript';
import { type CellSource, type DraftSource, type NameOrigin, nextOrigin } from '../cell/cell-source.ts';
import type { BoundSourceFile, OpenProgram } from '../cell/typescript-internals.ts';
import { AMBIENT_FILE_NAME, ambientDeclarations } from './ambient.ts';
import type { Draft } from './assistance.ts';
import { NotebookHost } from './language-host.ts';
import { LiveProgram } from './live-program.ts';
import { ModuleResolver } from './resolution.ts';
import type { TypeLoader } from './type-loader.ts';

/** Where cells live and how they are checked. */
export interface CellProgramSettings {
  /** Absolute, with forward slashes. */
  folder: string;
  options: ts.CompilerOptions;
  /** A folder whose packages cells find too. */
  fallbackFrom: string | undefined;
}

export class CellProgram {
  readonly #folder: string;
  /** Module names of cells (`In[3]`) → file names. */
  readonly #files = new Map<string, string>();
  readonly #names = new Map<string, NameOrigin>();
  /** Files that are loaded although no visible name comes from them. */
  readonly #pinned = new Set<string>();
  readonly #host: NotebookHost;
  readonly #live: LiveProgram;
  #newPackages = false;
  #draftCount = 0;

  constructor({ folder, options, fallbackFrom }: CellProgramSettings) {
    this.#folder = folder;
    const resolver = new ModuleResolver({ folder, options, fallbackFrom, cells: this.#files });
    this.#host = new NotebookHost({ folder, options, resolver, roots: () => this.#roots() });
    this.#live = new LiveProgram(this.#host, resolver);
    this.#pin(this.#path(AMBIENT_FILE_NAME), ambientDeclarations());
  }

  /** Every visible name and the cell that declares it. */
  get names(): ReadonlyMap<string, NameOrigin> {
    return this.#names;
  }

  get program(): OpenProgram {
    return this.#live.program;
  }

  /** What parses the declarations that cells need, ahead of them. */
  createTypeLoader(): TypeLoader {
    return this.#live.createTypeLoader();
  }

  /** Loads the types of one more package. */
  warm(name: string): void {
    const path = this.#path('warm.ts');
    this.#pin(path, `${this.#host.memory.get(path) ?? ''}import ${JSON.stringify(name)};\n`);
    this.#live.rebuild();
  }

  /** Makes a cell part of the program: quickly if everything that it imports is loaded and unchanged. */
  load(name: string, source: CellSource): BoundSourceFile {
    const fileName = this.#nameFile(name);
    this.#refresh(source);
    const added = source.isAmbient ? undefined : this.#live.add(fileName, source.text);
    return added ?? this.#loadAnew(fileName, source.text);
  }

  /** The cell's names become visible and hide those of earlier cells. */
  keep(file: BoundSourceFile, source: CellSource): void {
    this.#host.memory.set(file.fileName, file.text);
    if (!source.isAmbient) this.#pinned.delete(file.fileName);
    this.#show(file.fileName, source);
  }

  /** Takes a cell before there is a program, which will have it from its start. @returns the cell's file name */
  announce(name: string, source: CellSource): string {
    const fileName = this.#nameFile(name);
    this.#pin(fileName, source.text);
    this.#show(fileName, source);
    return fileName;
  }

  /** The file of a cell that was announced; from now on it lives as long as its names are visible. */
  admit(fileName: string, source: CellSource): BoundSourceFile {
    const file = this.program.getSourceFile(fileName) as BoundSourceFile;
    if (!source.isAmbient) this.#pinned.delete(fileName);
    return file;
  }

  /** Takes back a cell with errors. */
  drop(file: BoundSourceFile): void {
    this.#live.remove(file);
    this.#host.memory.delete(file.fileName);
    // What the cell declared globally is in the checker by now.
    if (this.#pinned.delete(file.fileName)) this.#host.invalidate();
  }

  /** The cell that was compiled last may install packages: the next one is to see them. */
  expectNewPackages(): void {
    this.#newPackages = true;
  }

  /** Adds unfinished code as a file of its own for the time of one question. */
  withDraft<T>(source: DraftSource, ask: (draft: Draft) => T): T {
    const fileName = this.#path(`draft-${++this.#draftCount}.ts`);
    const file = this.#live.add(fileName, source.text) ?? this.#loadAnew(fileName, source.text);
    try {
      return ask({ service: this.#live.service, fileName, offset: source.prefixLength });
    } finally {
      this.#live.remove(file);
      this.#host.memory.delete(fileName);
      this.#pinned.delete(fileName);
    }
  }

  dispose(): void {
    this.#live.service.dispose();
  }

  #roots(): string[] {
    const cells = [...this.#names.values()].flatMap(({ cell, typeCell = cell }) =>
      [cell, typeCell].map((name) => this.#files.get(name)!),
    );
    return [...new Set([...this.#pinned, ...cells])];
  }

  #pin(fileName: string, text: string): void {
    this.#pinned.add(fileName);
    this.#host.memory.set(fileName, text);
  }

  #loadAnew(fileName: string, text: string): BoundSourceFile {
    this.#pin(fileName, text);
    this.#live.rebuild();
    return this.program.getSourceFile(fileName) as BoundSourceFile;
  }

  /** Edited files count from the next import on, as they do at run time. */
  #refresh({ modules }: CellSource): void {
    if (this.#newPackages) this.#host.invalidatePackages();
    else if (modules.length > 0 && this.#host.hasChangedFiles()) this.#host.invalidate();
    this.#newPackages = false;
  }

  #show(fileName: string, { declared, meanings }: CellSource): void {
    const cell = fileName.slice(this.#path('').length, -'.ts'.length);
    for (const [name, kind] of declared) {
      const next = { cell, kind, meaning: meanings.get(name)! };
      this.#names.set(name, nextOrigin(next, this.#names.get(name)));
    }
  }

  #nameFile(name: string): string {
    const unique = this.#uniqueName(name);
    const fileName = this.#path(`${unique}.ts`);
    this.#files.set(unique, fileName);
    return fileName;
  }

  /** A cell may run twice under one number (after an error, or without history): its file gets a name of its own. */
  #uniqueName(name: string): string {
    let unique = name;
    for (let n = 2; this.#files.has(unique); n++) unique = `${name}-${n}`;
    return unique;
  }

  #path(name: string): string {
    return `${this.#folder.replace(/\/$/, '')}/${name}`;
  }
}
