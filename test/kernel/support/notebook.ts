/** A notebook without sockets and processes: cells are compiled and evaluated here and now. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { CompiledCell, Compiler } from '../../../src/kernel/compiler/cell/types.ts';
import { createCompiler } from '../../../src/kernel/compiler/compiler.ts';
import { createEvaluator, type Evaluator } from '../../../src/kernel/runner/evaluate.ts';
import { installPolyfills } from '../../../src/kernel/runner/process/polyfills.ts';

/** The package under test, whose dependencies notebooks find from any folder. */
const PACKAGE_FOLDER = resolve('.');

installPolyfills();

/** A cell that did not compile. */
export class CellDiagnostics extends Error {
  readonly cell: CompiledCell;

  constructor(cell: CompiledCell) {
    super(cell.diagnostics.map((it) => `${it.line}:${it.column} TS${it.code} ${it.message}`).join('\n'));
    this.cell = cell;
  }
}

export class TestNotebook {
  readonly folder: string;
  readonly compiler: Compiler;
  readonly evaluator: Evaluator;
  readonly #isOwnFolder: boolean;
  #count = 0;

  /**
   * @param files path in the notebook's folder → text
   * @param folder a folder that is there already; without it the notebook makes one, and removes it in the end
   */
  constructor(files: Record<string, string> = {}, folder?: string) {
    this.#isOwnFolder = folder === undefined;
    this.folder = folder ?? newFolder();
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.compiler = createCompiler({ cwd: this.folder, fallbackFrom: PACKAGE_FOLDER });
    this.evaluator = createEvaluator(this.folder, PACKAGE_FOLDER);
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Compiles a cell as one that comes when the kernel has done what it does ahead. */
  compile(code: string): CompiledCell {
    while (this.compiler.prepare());
    return this.compiler.compile(code, ++this.#count);
  }

  /** Runs a cell. @returns its value, awaited; @throws CellDiagnostics when it does not compile */
  async run(code: string): Promise<unknown> {
    const cell = this.compile(code);
    if (cell.js === undefined) throw new CellDiagnostics(cell);
    return (await this.evaluator.evaluate(cell))?.value;
  }

  /** Runs cells one after the other. @returns the value of the last */
  async runAll(...cells: string[]): Promise<unknown> {
    let value: unknown;
    for (const code of cells) value = await this.run(code);
    return value;
  }

  dispose(): void {
    this.compiler.dispose();
    if (this.#isOwnFolder) rmSync(this.folder, { recursive: true, force: true });
  }
}

function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'notebook-')));
}
