/** What the compiler objects to, and where; what it lets pass in a notebook. */
import { afterAll, describe, expect, it } from 'vitest';
import { positionAt } from '../../../src/kernel/compiler/diagnostics.ts';
import { TestNotebook } from '../support/notebook.ts';

const notebook = new TestNotebook();
afterAll(() => notebook.dispose());

type Place = { line: number; column: number; length: number; code: number };

describe('diagnostics of a cell', () => {
  const rows: [what: string, code: string, place: Place][] = [
    [
      'a wrong type',
      'const a: number = 1;\n  const b: string = a;',
      { line: 2, column: 9, length: 1, code: 2322 },
    ],
    ['an unknown name on the first line', 'nowhere', { line: 1, column: 1, length: 7, code: 2304 }],
    ['an unknown member', 'const o = { a: 1 };\no.b', { line: 2, column: 3, length: 1, code: 2339 }],
    ['a syntax error', 'const = 1', { line: 1, column: 7, length: 1, code: 1134 }],
    ['the end of an unfinished cell', 'function f() {', { line: 1, column: 15, length: 0, code: 1005 }],
    ['after characters outside the BMP', "'😀'; nope", { line: 1, column: 7, length: 4, code: 2304 }],
    [
      'a possible undefined',
      'declare const w: string | undefined; w.length',
      { line: 1, column: 38, length: 1, code: 18048 },
    ],
    ['assignment to a constant', 'const c1 = 1; c1 = 2', { line: 1, column: 15, length: 2, code: 2588 }],
    ['using before', 'let later: number; later + 1', { line: 1, column: 20, length: 5, code: 2454 }],
  ];
  it.each(rows)('points at %s', (_what, code, place) => {
    expect(notebook.compile(code).diagnostics[0]).toMatchObject({ category: 'error', ...place });
  });

  it('knows the types of earlier cells', async () => {
    await notebook.run(
      'const earlier = 1; let changing = "a"; class Thing { size = 2 }; interface Shape { area: number }',
    );
    const code = (text: string) => notebook.compile(text).diagnostics.map((it) => it.code);
    expect(code('earlier.nope')).toEqual([2339]);
    expect(code('earlier = 2')).toEqual([2588]);
    expect(code('changing = 2')).toEqual([2322]);
    expect(code('const s: Shape = { area: "" }')).toEqual([2322]);
    expect(code('const t: Thing = new Thing(); t.size.toUpperCase()')).toEqual([2339]);
  });

  it('keeps nothing of a cell that does not compile', () => {
    const cell = notebook.compile('const lost = 1; lost.nope');
    expect(cell).toMatchObject({ declared: [], modules: [] });
    expect(cell.js).toBeUndefined();
    expect(notebook.compile('lost').diagnostics[0]!.message).toContain("Cannot find name 'lost'");
  });

  it('lets pass what a notebook needs', () => {
    const fine = [
      'function loose(a, b) { return a + b }',
      'const anything = JSON.parse("1"); anything.x?.y',
      'try { throw 1 } catch (error) { error.message }',
      'class Late { value: number }',
      '// @ts-nocheck\nconst n: number = "not a number"; undefinedName',
      '// @ts-ignore\nnowhereToBeFound',
      'const { unused } = { unused: 1 }; import fs from "node:fs"',
      'declare const promised: string',
    ];
    for (const code of fine) expect([code, notebook.compile(code).diagnostics]).toEqual([code, []]);
  });

  it('leaves out of the library what the running Node.js lacks', () => {
    const has = (object: object, name: string) => (name in object ? [] : [2550]);
    const codes = (code: string) => notebook.compile(code).diagnostics.map((it) => it.code);
    expect(codes('new Set([1]).union(new Set([2]))')).toEqual(has(Set.prototype, 'union'));
    expect(codes('await Array.fromAsync([1])')).toEqual(has(Array, 'fromAsync'));
  });

  it('takes global declarations along', async () => {
    await notebook.run(
      'declare global { interface Array<T> { second(): T } }\nArray.prototype.second = function () { return this[1] }',
    );
    expect(await notebook.run('[1, 2].second()')).toBe(2);
    const { diagnostics } = notebook.compile('declare global { interface Broken { a: number } }\nnowhere');
    expect(diagnostics).toHaveLength(1);
    expect(notebook.compile('const broken: Broken = { a: 1 }').diagnostics).toHaveLength(1);
  });

  it('runs a cell again under the same number', async () => {
    const { compiler } = notebook;
    expect(compiler.compile('const twice = 1', 500).diagnostics).toEqual([]);
    expect(compiler.compile('const twice = "a"', 500).name).toBe('In[500]');
    expect(compiler.compile('twice.toUpperCase()', 500).diagnostics).toEqual([]);
  });
});

describe('tsconfig.json', () => {
  const codes = (config: object, code: string) => {
    const folder = new TestNotebook({
      'tsconfig.json': JSON.stringify(config),
      'lib/one.ts': 'export const one = 1',
      'nb/x': '',
    });
    const inner = new TestNotebook({}, `${folder.folder}/nb`);
    const { diagnostics } = inner.compile(code);
    folder.dispose();
    return diagnostics.map((it) => it.code);
  };

  it('is respected for types', () => {
    expect(codes({ compilerOptions: { strict: true } }, 'function loose(a) {}')).toEqual([7006]);
    expect(
      codes({ compilerOptions: { strict: false } }, 'const n: number = null; function loose(a) {}'),
    ).toEqual([]);
    expect(codes({ compilerOptions: { noUncheckedIndexedAccess: true } }, '[1][0].toFixed()')).toEqual([
      2532,
    ]);
    expect(
      codes({ compilerOptions: { paths: { '#lib/*': ['./lib/*'] } } }, "import { one } from '#lib/one'; one"),
    ).toEqual([]);
  });

  it('is not respected for what would break cells', () => {
    const options = {
      module: 'commonjs',
      moduleResolution: 'node10',
      noUnusedLocals: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      target: 'es5',
      noEmit: true,
      rootDir: 'lib',
    };
    expect(
      codes(
        { compilerOptions: options },
        "import type { Stats } from 'node:fs'; const unused: Stats | 1 = 1; await 1",
      ),
    ).toEqual([]);
  });

  it('counts as absent when it is broken', () => {
    const folder = new TestNotebook({ 'tsconfig.json': '{ broken' });
    expect(folder.compile('1').diagnostics).toEqual([]);
    folder.dispose();
  });
});

describe('positionAt()', () => {
  it('counts lines and columns from 1', () => {
    expect(positionAt('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(positionAt('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  });
});
