/** The first cells: translated from their syntax while types are loaded, checked as soon as they are there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Compiler } from '../../../src/kernel/compiler/cell/types.ts';
import { createCompiler } from '../../../src/kernel/compiler/compiler.ts';
import { createEvaluator } from '../../../src/kernel/runner/evaluate.ts';

const folder = mkdtempSync(join(tmpdir(), 'tsbert-early-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = () => createCompiler({ cwd: folder, fallbackFrom: resolve('.') });
const prepareAll = (compiler: Compiler) => {
  while (compiler.prepare());
};

describe('a cell before the types are there', () => {
  it('is translated from its syntax, and its names are seen by the next ones', async () => {
    const compiler = start();
    const { evaluate } = createEvaluator(folder);
    const cells = [
      'interface Row { n: number }\nenum Size { Small = 1, Large }\nconst rows: Row[] = [{ n: Size.Large }];',
      'const total = rows.reduce((sum, { n }) => sum + n, 0);',
      'total + 40',
    ].map((code, index) => compiler.compile(code, index + 1));
    expect(cells.map(({ unchecked }) => unchecked !== undefined)).toEqual([true, true, true]);
    let value: unknown;
    for (const cell of cells) value = (await evaluate(cell))?.value;
    expect(value).toBe(42);
    prepareAll(compiler);
    const later = compiler.compile('const wrong: string = rows[0]!.n;', 4);
    expect(later.unchecked).toBeUndefined();
    expect(later.late).toEqual([]);
    expect(later.diagnostics.map(({ code }) => code)).toEqual([2322]);
  });

  it('tells its type error with the next cell that is compiled, once', () => {
    const compiler = start();
    expect(compiler.compile('let n: number = "one";', 1)).toMatchObject({ diagnostics: [], late: [] });
    prepareAll(compiler);
    const { late } = compiler.compile('1', 2);
    expect(late).toMatchObject([{ name: 'In[1]', diagnostics: [{ code: 2322, line: 1, column: 5 }] }]);
    expect(compiler.compile('1', 3).late).toEqual([]);
  });

  it('is checked at once where it is asked for, as after a failure', () => {
    const compiler = start();
    const { unchecked = '' } = compiler.compile('nothing.here', 1);
    expect(compiler.recheck(unchecked)).toMatchObject({ diagnostics: [{ code: 2304 }] });
    expect(compiler.recheck(unchecked)).toBeUndefined();
    expect(compiler.compile('1', 2).late).toEqual([]);
  });

  it('is refused for its syntax as ever', () => {
    const { js, diagnostics } = start().compile('const = 1', 1);
    expect(js).toBeUndefined();
    expect(diagnostics[0]?.code).toBe(1134);
  });

  it('waits for the types where it imports', () => {
    const { unchecked, diagnostics } = start().compile(
      "import { readFileSync, type Stats } from 'node:fs'",
      1,
    );
    expect(unchecked).toBeUndefined();
    expect(diagnostics).toEqual([]);
  });
});

describe('prepare()', () => {
  it('goes in many small steps, and comes to an end', () => {
    const compiler = start();
    let steps = 0;
    while (compiler.prepare()) steps++;
    expect(steps).toBeGreaterThan(100);
    expect(compiler.prepare()).toBe(false);
  });
});
