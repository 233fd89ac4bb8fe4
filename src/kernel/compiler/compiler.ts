/**
 * Compiles the cells of a notebook, one after the other, with a TypeScript that stays warm between them. Each cell is a
 * module in the notebook's folder: relative imports, packages and tsconfig.json are found from there.
 */
import { join } from 'node:path';
import { ambientDeclarations, ambientFileName } from './ambient.ts';
import { completionsAt, type Draft, inspectionAt } from './assistance.ts';
import { buildCellSource, buildDraftSource, type CellSource, type NameOrigin } from './cell-source.ts';
import { completeness } from './completeness.ts';
import { resultStatement } from './declarations.ts';
import { cellDiagnostic, fileDiagnostic, isRelevant } from './diagnostics.ts';
import { cellTransformer } from './emit-cell.ts';
import { NotebookHost } from './language-host.ts';
import { LiveProgram } from './live-program.ts';
import { ModuleTranslator, reachableModules, runtimeSpecifier } from './local-modules.ts';
import { blankMagics, type MagicSource, replaceMagics } from './magics.ts';
import { notebookOptions } from './options.ts';
import { ModuleResolver } from './resolution.ts';
import { shiftSourceMap } from './source-map.ts';
import type {
  CompiledCell,
  CompiledModule,
  Compiler,
  Completeness,
  Completion,
  Diagnostic,
  Inspection,
} from './types.ts';
import type { BoundSourceFile } from './typescript-internals.ts';
import { wrapFunction } from './wrap.ts';

export interface CompilerSettings {
  /** Folder of the notebook. */
  cwd: string;
}

/** Starts a compiler; loading the standard library is left to `warm()` or to the first cell. */
export function createCompiler({ cwd }: CompilerSettings): Compiler {
  return new NotebookCompiler(cwd);
}

/** "Cannot find module": not held against a cell that installs packages itself. */
const moduleNotFound = 2307;

class NotebookCompiler implements Compiler {
  readonly #folder: string;
  readonly #reportsImplicitAny: boolean;
  /** Module names of cells (`In[3]`) → file names. */
  readonly #cells = new Map<string, string>();
  /** Every visible name. */
  readonly #names = new Map<string, NameOrigin>();
  readonly #host: NotebookHost;
  readonly #live: LiveProgram;
  readonly #translator = new ModuleTranslator();
  #packagesMayChange = false;
  #draftCount = 1;

  constructor(cwd: string) {
    this.#folder = cwd.replaceAll('\\', '/');
    const { options, reportsImplicitAny } = notebookOptions(this.#folder);
    this.#reportsImplicitAny = reportsImplicitAny;
    const resolver = new ModuleResolver(this.#folder, options, this.#cells);
    this.#host = new NotebookHost(this.#folder, options, resolver);
    this.#host.roots.set(this.#path(ambientFileName), ambientDeclarations);
    this.#live = new LiveProgram(this.#host, resolver);
  }

  compile(code: string, executionCount: number): CompiledCell {
    const name = `In[${executionCount}]`;
    const magic = replaceMagics(code);
    const source = buildCellSource(magic.text, this.#names);
    const file = this.#load(this.#uniqueName(name), source);
    const { diagnostics, modules } = this.#check(file, source, magic);
    const cell = { name, executionCount, diagnostics, hasValue: source.hasResult };
    if (diagnostics.some(({ category }) => category === 'error')) {
      this.#drop(file);
      return { ...cell, declared: [], modules: [] };
    }
    const emitted = this.#emit(file, source, { name, text: code }, magic);
    this.#keep(file, source);
    this.#packagesMayChange ||= magic.changesPackages;
    return { ...cell, ...emitted, declared: [...source.declared.keys()], modules };
  }

  complete(code: string, cursor: number): Completion {
    return this.#withDraft(code, (draft) => completionsAt(draft, code, cursor));
  }

  inspect(code: string, cursor: number): Inspection | undefined {
    return this.#withDraft(code, (draft) => inspectionAt(draft, code, cursor));
  }

  isComplete(code: string): Completeness {
    return completeness(code);
  }

  warm(packages: readonly string[] = []): void {
    const text = packages.map((name) => `import ${JSON.stringify(name)};`).join('\n');
    if (text !== '') {
      this.#host.roots.set(this.#path('warm.ts'), text);
      this.#host.invalidate();
    }
    this.#live.program;
  }

  dispose(): void {
    this.#live.service.dispose();
  }

  /** Adds the code as a file of its own for the time of one question. */
  #withDraft<T>(code: string, ask: (draft: Draft) => T): T {
    const source = buildDraftSource(blankMagics(code), this.#names);
    const fileName = this.#path(`draft-${this.#draftCount++}.ts`);
    const file = this.#live.add(fileName, source.text) ?? this.#loadDraft(fileName, source.text);
    try {
      return ask({ service: this.#live.service, fileName, offset: source.prefixLength });
    } finally {
      this.#host.roots.delete(fileName);
      this.#live.remove(file);
    }
  }

  #loadDraft(fileName: string, text: string): BoundSourceFile {
    this.#host.roots.set(fileName, text);
    this.#live.rebuild();
    return this.#live.program.getSourceFile(fileName) as BoundSourceFile;
  }

  #path(name: string): string {
    return join(this.#folder, name).replaceAll('\\', '/');
  }

  /** A cell may run twice under one number (after an error, or without history): its file gets a name of its own. */
  #uniqueName(name: string): string {
    let unique = name;
    for (let n = 2; this.#cells.has(unique); n++) unique = `${name}-${n}`;
    return unique;
  }

  /** Makes the cell part of the program: quickly if everything it imports is loaded and unchanged. */
  #load(name: string, source: CellSource): BoundSourceFile {
    const fileName = this.#path(`${name}.ts`);
    this.#cells.set(name, fileName);
    this.#refresh();
    const added = source.isAmbient ? undefined : this.#live.add(fileName, source.text);
    if (added !== undefined) return added;
    this.#host.roots.set(fileName, source.text);
    this.#live.rebuild();
    return this.#live.program.getSourceFile(fileName) as BoundSourceFile;
  }

  #refresh(): void {
    if (this.#packagesMayChange) this.#host.invalidatePackages();
    else if (this.#host.hasChangedFiles()) this.#host.invalidate();
    this.#packagesMayChange = false;
  }

  #check(file: BoundSourceFile, source: CellSource, magic: MagicSource) {
    const { program } = this.#live;
    const syntax = program.getSyntacticDiagnostics(file);
    const types = syntax.length > 0 || source.isUnchecked ? [] : program.getSemanticDiagnostics(file);
    const relevant = [...syntax, ...types].filter(
      (it) =>
        isRelevant(it, this.#reportsImplicitAny) && !(magic.changesPackages && it.code === moduleNotFound),
    );
    const diagnostics: Diagnostic[] = relevant.map((it) => cellDiagnostic(it, source, magic.text));
    const modules: CompiledModule[] = [];
    for (const module of reachableModules(program, file, (name) => this.#isCell(name))) {
      diagnostics.push(...program.getSyntacticDiagnostics(module).map(fileDiagnostic));
      modules.push(this.#translator.translate(program, module));
    }
    return { diagnostics, modules };
  }

  #isCell(fileName: string): boolean {
    return [...this.#cells.values()].includes(fileName);
  }

  #emit(
    file: BoundSourceFile,
    source: CellSource,
    target: { name: string; text: string },
    magic: MagicSource,
  ) {
    const { program } = this.#live;
    const wrap = wrapFunction(source.identifiers);
    const options = {
      shared: new Set([...source.declared.keys(), ...source.used]),
      result: resultStatement(file),
      codeStart: source.prefixLength,
      cell: wrap.cell,
      host: wrap.host,
      specifier: (text: string) => runtimeSpecifier(program, file, text),
      hoistImports: !magic.hasMagics,
    };
    const output = new Map<string, string>();
    const write = (path: string, text: string) => output.set(path.endsWith('.map') ? 'map' : 'js', text);
    program.emit(file, write, undefined, false, { after: [cellTransformer(options)] });
    return {
      js: wrap.around(output.get('js')!),
      sourceMap: shiftSourceMap(output.get('map')!, target, { generatedLines: 1, sourceLines: 1 }),
    };
  }

  /** The cell's names hide those of earlier cells. */
  #keep(file: BoundSourceFile, source: CellSource): void {
    const cell = file.fileName.slice(file.fileName.lastIndexOf('/') + 1, -'.ts'.length);
    this.#host.roots.set(file.fileName, file.text);
    for (const [name, kind] of source.declared) this.#names.set(name, { cell, kind });
  }

  #drop(file: BoundSourceFile): void {
    if (this.#host.roots.delete(file.fileName)) this.#host.invalidate();
    else this.#live.remove(file);
  }
}
