/**
 * Compiles the cells of a notebook, one after the other, with a TypeScript that stays warm between them. Each cell is a
 * module in the notebook's folder: relative imports, packages and tsconfig.json are found from there.
 */

import { buildCellSource, buildDraftSource } from './cell/cell-source.ts';
import { completeness } from './cell/completeness.ts';
import { blankMagics, replaceMagics } from './cell/magics.ts';
import { createSyntaxProgram } from './cell/syntax-program.ts';
import { type CellText, translateCell } from './cell/translate-cell.ts';
import type {
  CompiledCell,
  CompiledModule,
  Compiler,
  Completeness,
  Completion,
  Diagnostic,
  Inspection,
  LateDiagnostics,
} from './cell/types.ts';
import type { BoundSourceFile } from './cell/typescript-internals.ts';
import { cellDiagnostic, fileDiagnostic, indexDiagnostic, isRelevant } from './diagnostics.ts';
import { explainDiagnostics, problemDiagnostics } from './explain/explain.ts';
import { findNegativeIndices } from './explain/negative-index.ts';
import { notebookCells } from './notebook-cells.ts';
import { completionsAt, inspectionAt } from './program/assistance.ts';
import { CellProgram } from './program/cell-program.ts';
import { ModuleTranslator, reachableModules, runtimeSpecifier } from './program/local-modules.ts';
import { notebookOptions } from './program/options.ts';
import { keepCompiledCode, type ts } from './typescript/typescript.ts';
import { readUses } from './uses/read-uses.ts';

export interface CompilerSettings {
  /** Folder of the notebook. */
  cwd: string;
  /** A folder whose packages cells find too, where that of the notebook lacks them. */
  fallbackFrom?: string | undefined;
  /** The notebook's file: a name that a cell there declares is told from one that nobody knows. */
  notebook?: string | undefined;
  /** Packages whose types are loaded in `prepare()`, ahead of the cell that imports them. */
  warm?: readonly string[];
}

/** Starts a compiler; loading types is left to `prepare()` or to the first cell that needs them. */
export function createCompiler({ cwd, ...rest }: CompilerSettings): Compiler {
  return new NotebookCompiler({ ...rest, cwd: cwd.replaceAll('\\', '/') });
}

/** "Cannot find module": not held against a cell that installs packages itself. */
const MODULE_NOT_FOUND = 2307;

/** What a first cell may contain, so that it meets a compiler that has seen it all. */
const TYPICAL_CELL = `
interface Row { name: string; score?: number }
class Table<T extends Row> { rows: T[] = []; add(...rows: T[]) { this.rows.push(...rows); return this } }
const table = new Table<Row>().add({ name: 'a', score: 1 });
for (const { name, score = 0 } of table.rows) console.log(\`\${name}: \${score.toFixed(2)}\`);
const sorted = await Promise.all(table.rows.map(async (row) => ({ ...row, at: new Date() })));
Object.entries(sorted).filter(([, row]) => row.name !== '')`;

/** A cell on its way through the compiler. */
interface CellInProgress extends CellText {
  file: BoundSourceFile;
}

class NotebookCompiler implements Compiler {
  readonly #options: ts.CompilerOptions;
  readonly #reportsImplicitAny: boolean;
  readonly #cells: CellProgram;
  readonly #translator = new ModuleTranslator();
  readonly #preparation: Iterator<void>;
  readonly #notebook: string | undefined;
  /** Whether the types that all cells see are there. */
  #hasTypes = false;
  /** Cells that were translated from their syntax alone, by file name. */
  readonly #unchecked = new Map<string, CellText>();
  #late: LateDiagnostics[] = [];

  constructor({ cwd, fallbackFrom, notebook, warm = [] }: CompilerSettings) {
    this.#notebook = notebook;
    const { options, reportsImplicitAny } = notebookOptions(cwd);
    this.#options = options;
    this.#reportsImplicitAny = reportsImplicitAny;
    this.#cells = new CellProgram({ folder: cwd, options, fallbackFrom });
    this.#preparation = this.#prepareAll(warm);
  }

  compile(code: string, executionCount: number): CompiledCell {
    const cell = this.#read(code, executionCount);
    // Without types it is not known which of the imported names are types, and which local files are meant.
    if (!this.#hasTypes && cell.source.modules.length === 0)
      return this.#translateUnchecked(cell, executionCount);
    this.#loadTypes();
    return this.#compile(cell, executionCount, ({ file, source, magic }) => {
      this.#cells.keep(file, source);
      if (magic.changesPackages) this.#cells.expectNewPackages();
    });
  }

  complete(code: string, cursor: number): Completion {
    this.#loadTypes();
    const source = buildDraftSource(blankMagics(code), this.#cells.names);
    return this.#cells.withDraft(source, (draft) => completionsAt(draft, code, cursor));
  }

  inspect(code: string, cursor: number): Inspection | undefined {
    this.#loadTypes();
    const source = buildDraftSource(blankMagics(code), this.#cells.names);
    return this.#cells.withDraft(source, (draft) => inspectionAt(draft, code, cursor));
  }

  isComplete(code: string): Completeness {
    return completeness(code);
  }

  recheck(unchecked: string): LateDiagnostics | undefined {
    this.#loadTypes();
    if (this.#unchecked.has(unchecked)) this.#checkLate(unchecked);
    const found = this.#late.find(({ fileName }) => fileName === unchecked);
    this.#late = this.#late.filter((late) => late !== found);
    return found;
  }

  prepare(): boolean {
    return this.#preparation.next().done !== true;
  }

  dispose(): void {
    this.#cells.dispose();
  }

  *#prepareAll(packages: readonly string[]): Generator<void, void> {
    const loader = this.#cells.createTypeLoader();
    while (loader.step()) yield;
    this.#rehearse(TYPICAL_CELL);
    this.#hasTypes = true;
    yield;
    for (const fileName of this.#unchecked.keys()) {
      this.#checkLate(fileName);
      yield;
    }
    for (const name of packages) {
      loader.addPackage(name);
      while (loader.step()) yield;
      this.#cells.warm(name);
      yield;
    }
    void keepCompiledCode();
  }

  #loadTypes(): void {
    while (!this.#hasTypes) this.#preparation.next();
  }

  #read(code: string, executionCount: number): CellText {
    const magic = replaceMagics(code);
    const source = buildCellSource(magic.text, this.#cells.names);
    return { name: `In[${executionCount}]`, code, magic, source };
  }

  #translateUnchecked(cell: CellText, executionCount: number): CompiledCell {
    const { program, file } = createSyntaxProgram(cell.source.text, this.#options);
    const diagnostics = this.#describe(program.getSyntacticDiagnostics(file), cell);
    const result = this.#resultOf(cell, executionCount, diagnostics);
    if (diagnostics.length > 0) return result;
    const unchecked = this.#cells.announce(cell.name, cell.source);
    this.#unchecked.set(unchecked, cell);
    if (cell.magic.changesPackages) this.#cells.expectNewPackages();
    const translated = translateCell(cell, program, file, (text) => text);
    const names = {
      declared: [...cell.source.declared.keys()],
      uses: readUses(file, cell.source.prefixLength),
    };
    return { ...result, ...translated, ...names, unchecked };
  }

  /** What the types say of a cell that has run is told with a later one. */
  #checkLate(fileName: string): void {
    const cell = this.#unchecked.get(fileName)!;
    this.#unchecked.delete(fileName);
    const diagnostics = this.#check({ ...cell, file: this.#cells.admit(fileName, cell.source) });
    const errors = diagnostics.filter(({ category }) => category === 'error');
    if (errors.length > 0)
      this.#late.push({ fileName, name: cell.name, code: cell.code, diagnostics: errors });
  }

  /** @param accept called with a cell without errors, when it is compiled */
  #compile(cell: CellText, executionCount: number, accept: (cell: CellInProgress) => void): CompiledCell {
    const { program, file } = this.#load(cell);
    const modules = reachableModules(program, file);
    const diagnostics = [...this.#checkModules(modules), ...this.#check({ ...cell, file })];
    const result = this.#resultOf(cell, executionCount, diagnostics);
    if (diagnostics.some(({ category }) => category === 'error')) {
      this.#cells.drop(file);
      return result;
    }
    const specifier = (text: string) => runtimeSpecifier(program, file, text);
    const compiled = { ...translateCell(cell, program, file, specifier), modules: this.#translate(modules) };
    accept({ ...cell, file });
    const uses = readUses(file, cell.source.prefixLength);
    return { ...result, ...compiled, declared: [...cell.source.declared.keys()], uses };
  }

  #load({ name, source }: CellText) {
    const file = this.#cells.load(name, source);
    return { file, program: this.#cells.program };
  }

  /** The result of a cell that does not run, or not yet. */
  #resultOf({ name, source }: CellText, executionCount: number, diagnostics: Diagnostic[]): CompiledCell {
    const late = this.#late.splice(0);
    return {
      name,
      executionCount,
      diagnostics,
      hasValue: source.hasResult,
      declared: [],
      modules: [],
      late,
    };
  }

  /** Compiles a cell for nothing but its effect on the caches of TypeScript and of the engine below it. */
  #rehearse(code: string): void {
    this.#compile(this.#read(code, 0), 0, ({ file }) => this.#cells.drop(file));
  }

  #check(cell: CellInProgress): Diagnostic[] {
    const { program } = this.#cells;
    const syntax = program.getSyntacticDiagnostics(cell.file);
    if (syntax.length > 0 || cell.source.isUnchecked) return this.#describe(syntax, cell);
    const types = this.#describe(program.getSemanticDiagnostics(cell.file), cell);
    const indices = findNegativeIndices(cell.file, program.getTypeChecker());
    return [...types, ...indices.map((it) => indexDiagnostic(it, cell.source, cell.magic.text))];
  }

  #describe(diagnostics: readonly ts.Diagnostic[], { code, magic, source }: CellText): Diagnostic[] {
    const relevant = diagnostics
      .filter((it) => isRelevant(it, this.#reportsImplicitAny))
      .filter((it) => !(magic.changesPackages && it.code === MODULE_NOT_FOUND))
      .map((it) => cellDiagnostic(it, source, magic.text));
    const explained = explainDiagnostics(relevant, code, () => notebookCells(this.#notebook));
    return [...problemDiagnostics(magic.problems, code), ...explained];
  }

  /** Types in imported files are their author's business, but a file that does not parse cannot run. */
  #checkModules(modules: readonly BoundSourceFile[]): Diagnostic[] {
    const { program } = this.#cells;
    return modules.flatMap((file) => program.getSyntacticDiagnostics(file).map(fileDiagnostic));
  }

  #translate(modules: readonly BoundSourceFile[]): CompiledModule[] {
    return modules.map((file) => this.#translator.translate(this.#cells.program, file));
  }
}
