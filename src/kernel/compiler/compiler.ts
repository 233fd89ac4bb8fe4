/**
 * Compiles the cells of a notebook, one after the other, with a TypeScript that stays warm between them. Each cell is a
 * module in the notebook's folder: relative imports, packages and tsconfig.json are found from there.
 */

import { buildCellSource, buildDraftSource, type CellSource } from './cell/cell-source.ts';
import { completeness } from './cell/completeness.ts';
import { resultStatement } from './cell/declarations.ts';
import { cellTransformer } from './cell/emit-cell.ts';
import { blankMagics, type MagicSource, replaceMagics } from './cell/magics.ts';
import { shiftSourceMap } from './cell/source-map.ts';
import type {
  CompiledCell,
  CompiledModule,
  Compiler,
  Completeness,
  Completion,
  Diagnostic,
  Inspection,
} from './cell/types.ts';
import type { BoundSourceFile } from './cell/typescript-internals.ts';
import { wrapFunction } from './cell/wrap.ts';
import { cellDiagnostic, fileDiagnostic, isRelevant } from './diagnostics.ts';
import { completionsAt, inspectionAt } from './program/assistance.ts';
import { CellProgram } from './program/cell-program.ts';
import { ModuleTranslator, reachableModules, runtimeSpecifier } from './program/local-modules.ts';
import { notebookOptions } from './program/options.ts';

export interface CompilerSettings {
  /** Folder of the notebook. */
  cwd: string;
  /** A folder whose packages cells find too, where that of the notebook lacks them. */
  fallbackFrom?: string | undefined;
}

/** Starts a compiler; loading the standard library is left to `warm()` or to the first cell. */
export function createCompiler({ cwd, fallbackFrom }: CompilerSettings): Compiler {
  return new NotebookCompiler(cwd.replaceAll('\\', '/'), fallbackFrom);
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
interface CellInProgress {
  name: string;
  /** What the user wrote. */
  code: string;
  magic: MagicSource;
  source: CellSource;
  file: BoundSourceFile;
}

class NotebookCompiler implements Compiler {
  readonly #reportsImplicitAny: boolean;
  readonly #cells: CellProgram;
  readonly #translator = new ModuleTranslator();
  #warming: NodeJS.Timeout | undefined;

  constructor(folder: string, fallbackFrom: string | undefined) {
    const { options, reportsImplicitAny } = notebookOptions(folder);
    this.#reportsImplicitAny = reportsImplicitAny;
    this.#cells = new CellProgram({ folder, options, fallbackFrom });
  }

  compile(code: string, executionCount: number): CompiledCell {
    return this.#compile(code, executionCount, (cell) => {
      this.#cells.keep(cell.file, cell.source);
      if (cell.magic.changesPackages) this.#cells.expectNewPackages();
    });
  }

  /** @param accept called with a cell without errors, when it is compiled */
  #compile(code: string, executionCount: number, accept: (cell: CellInProgress) => void): CompiledCell {
    const name = `In[${executionCount}]`;
    const magic = replaceMagics(code);
    const source = buildCellSource(magic.text, this.#cells.names);
    const file = this.#cells.load(name, source);
    const cell: CellInProgress = { name, code, magic, source, file };
    const modules = reachableModules(this.#cells.program, file);
    const diagnostics = [...this.#checkModules(modules), ...this.#check(cell)];
    const result = { name, executionCount, diagnostics, hasValue: source.hasResult };
    if (diagnostics.some(({ category }) => category === 'error')) {
      this.#cells.drop(file);
      return { ...result, declared: [], modules: [] };
    }
    const compiled = { ...this.#emit(cell), modules: this.#translate(modules) };
    accept(cell);
    return { ...result, ...compiled, declared: [...source.declared.keys()] };
  }

  complete(code: string, cursor: number): Completion {
    const source = buildDraftSource(blankMagics(code), this.#cells.names);
    return this.#cells.withDraft(source, (draft) => completionsAt(draft, code, cursor));
  }

  inspect(code: string, cursor: number): Inspection | undefined {
    const source = buildDraftSource(blankMagics(code), this.#cells.names);
    return this.#cells.withDraft(source, (draft) => inspectionAt(draft, code, cursor));
  }

  isComplete(code: string): Completeness {
    return completeness(code);
  }

  warm(packages: readonly string[] = []): void {
    this.#rehearse(TYPICAL_CELL);
    this.#warmNext([...packages]);
  }

  dispose(): void {
    clearTimeout(this.#warming);
    this.#cells.dispose();
  }

  /** Loads one package after the other, so that a cell which comes meanwhile has to wait for one at most. */
  #warmNext([next, ...rest]: string[]): void {
    if (next === undefined) return;
    this.#warming = setTimeout(() => {
      this.#cells.warm(next);
      this.#rehearse(`import * as all from ${JSON.stringify(next)}; all;`);
      this.#warmNext(rest);
    });
    this.#warming.unref();
  }

  /** Compiles a cell for nothing but its effect on the caches of TypeScript and of the engine below it. */
  #rehearse(code: string): void {
    this.#compile(code, 0, ({ file }) => this.#cells.drop(file));
  }

  #check({ file, magic, source }: CellInProgress): Diagnostic[] {
    const { program } = this.#cells;
    const syntax = program.getSyntacticDiagnostics(file);
    const types = syntax.length > 0 || source.isUnchecked ? [] : program.getSemanticDiagnostics(file);
    return [...syntax, ...types]
      .filter((it) => isRelevant(it, this.#reportsImplicitAny))
      .filter((it) => !(magic.changesPackages && it.code === MODULE_NOT_FOUND))
      .map((it) => cellDiagnostic(it, source, magic.text));
  }

  /** Types in imported files are their author's business, but a file that does not parse cannot run. */
  #checkModules(modules: readonly BoundSourceFile[]): Diagnostic[] {
    const { program } = this.#cells;
    return modules.flatMap((file) => program.getSyntacticDiagnostics(file).map(fileDiagnostic));
  }

  #translate(modules: readonly BoundSourceFile[]): CompiledModule[] {
    return modules.map((file) => this.#translator.translate(this.#cells.program, file));
  }

  #emit({ name, code, file, magic, source }: CellInProgress): Pick<CompiledCell, 'js' | 'sourceMap'> {
    const { program } = this.#cells;
    const wrap = wrapFunction(source.identifiers);
    const transformer = cellTransformer({
      shared: source.shared,
      result: resultStatement(file),
      codeStart: source.prefixLength,
      cell: wrap.cell,
      host: wrap.host,
      specifier: (text) => runtimeSpecifier(program, file, text),
      hoistImports: !magic.hasMagics,
    });
    const output = new Map<string, string>();
    const write = (path: string, text: string) => output.set(path.endsWith('.map') ? 'map' : 'js', text);
    program.emit(file, write, undefined, false, { after: [transformer] });
    const shift = { generatedLines: 1, sourceLines: 1 };
    return {
      js: wrap.around(output.get('js')!),
      sourceMap: shiftSourceMap(output.get('map')!, { name, text: code }, shift),
    };
  }
}
