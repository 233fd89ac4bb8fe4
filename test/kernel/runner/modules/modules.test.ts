/** Imports of cells: packages of every kind, JSON, and local files that are edited between two runs. */
import { afterEach, describe, expect, it } from 'vitest';
import { TestNotebook } from '../../support/notebook.ts';

/** Packages as they are published: ESM only, CommonJS, types behind `exports`, transpiled defaults. */
const packages = {
  'node_modules/esm-only/package.json': JSON.stringify({
    name: 'esm-only',
    version: '1.0.0',
    type: 'module',
    exports: {
      '.': { types: './types/main.d.ts', import: './main.js' },
      './deep': { types: './types/deep.d.ts', import: './deep.js' },
    },
  }),
  'node_modules/esm-only/main.js':
    'export const answer = 42; export default function hello() { return "hello" }',
  'node_modules/esm-only/deep.js': 'export let count = 0; export const increase = () => { count++ }',
  'node_modules/esm-only/types/main.d.ts':
    'export declare const answer: number; export default function hello(): string;',
  'node_modules/esm-only/types/deep.d.ts':
    'export declare let count: number; export declare function increase(): void;',
  'node_modules/cjs/package.json': JSON.stringify({
    name: 'cjs',
    version: '1.0.0',
    main: 'index.js',
    types: 'index.d.ts',
  }),
  'node_modules/cjs/index.js': 'const api = {}; for (const k of ["a", "b"]) api[k] = k; module.exports = api',
  'node_modules/cjs/index.d.ts': 'export declare const a: string; export declare const b: string;',
  'node_modules/transpiled/package.json': JSON.stringify({
    name: 'transpiled',
    main: 'index.js',
    types: 'index.d.ts',
  }),
  'node_modules/transpiled/index.js':
    'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => "d"; exports.x = 1',
  'node_modules/transpiled/index.d.ts':
    'export default function f(): string; export declare const x: number;',
  'node_modules/untyped/package.json': JSON.stringify({ name: 'untyped', main: 'index.js' }),
  'node_modules/untyped/index.js': 'exports.value = 7; exports.data = 8',
  'node_modules/untyped/data.json': '{"rows": [1]}',
};

const notebooks: TestNotebook[] = [];
const open = (files: Record<string, string>) => {
  const notebook = new TestNotebook(files);
  notebooks.push(notebook);
  return notebook;
};
afterEach(() => {
  for (const notebook of notebooks.splice(0)) notebook.dispose();
});

describe('packages', () => {
  const rows: [what: string, cells: string[], value: unknown][] = [
    [
      'ESM only, default and named',
      ["import hello, { answer } from 'esm-only'", '[hello(), answer]'],
      ['hello', 42],
    ],
    ['a namespace', ["import * as all from 'esm-only'", 'all.answer'], 42],
    [
      'a subpath of exports',
      ["import { count, increase } from 'esm-only/deep'\nincrease()", 'increase(); count'],
      2,
    ],
    ['a dynamic import', ["const m1 = await import('esm-only')", 'm1.answer + m1.default().length'], 47],
    [
      'a dynamic import inside a function',
      ["const load = () => import('esm-only')", '(await load()).answer'],
      42,
    ],
    ['names that Node.js cannot see in CommonJS', ["import { a, b as c } from 'cjs'", 'a + c'], 'ab'],
    ['such a package as a namespace', ["import * as cjs from 'cjs'", 'cjs.b'], 'b'],
    ['a transpiled default', ["import d, { x } from 'transpiled'", 'd() + x'], 'd1'],
    ['a package without types', ["import { value } from 'untyped'", 'value'], 7],
    ['JSON of a package', ["import data from 'untyped/data.json'", 'data.rows'], [1]],
    [
      'modules of Node.js',
      [
        "import fs, { existsSync } from 'node:fs'\nimport os from 'os'",
        'existsSync === fs.existsSync && os.EOL.length > 0',
      ],
      true,
    ],
    [
      'types alone',
      [
        "import type { PathLike } from 'node:fs'\nimport { type Stats } from 'node:fs'",
        "const p: PathLike = '/x'; p",
      ],
      '/x',
    ],
    [
      'a package of the kernel itself',
      ["import { util } from '@tensorflow/tfjs-core'", 'util.sizeFromShape([2, 3])'],
      6,
    ],
    ['import for its effect', ["import 'esm-only'", '1'], 1],
    ['re-exports run', ["export * from 'esm-only'", '2'], 2],
  ];
  it('of all kinds can be imported', async () => {
    const notebook = open(packages);
    for (const [what, cells, value] of rows) {
      expect([what, await notebook.runAll(...cells)]).toEqual([what, value]);
    }
  });

  it('that are missing are told with the remedy, when compiling and when running', async () => {
    const notebook = open({});
    await expect(notebook.run("import 'is-not-there/sub'; import x from 'is-not-there'")).rejects.toThrow(
      'Install it with: %npm install is-not-there',
    );
    await expect(notebook.run("// @ts-nocheck\nawait import('is-not-there')")).rejects.toThrow(
      "Cannot find package 'is-not-there' from the notebook's folder. Install it with: %npm install is-not-there",
    );
  });

  it('are not taken from an address, and the remedy is no install of one', async () => {
    const notebook = open({});
    const error = await notebook.run("import x from 'https://esm.sh/d3'").catch((it: Error) => it);
    expect(String(error)).toContain('not from addresses: install the package with %npm install NAME');
    expect(String(error)).not.toContain('install https:');
    await expect(notebook.run("import y from 'npm:d3'")).rejects.toThrow('not from addresses');
  });

  it('are found once they are installed', async () => {
    const notebook = open({});
    const cell = "import { answer } from 'esm-only'; answer";
    await expect(notebook.run(cell)).rejects.toThrow('Cannot find module');
    await expect(notebook.run("// @ts-nocheck\nawait import('esm-only')")).rejects.toThrow(
      'Cannot find package',
    );
    for (const [path, text] of Object.entries(packages)) notebook.write(path, text);
    expect(await notebook.run(cell)).toBe(42);
  });

  it('have the types of their newest version after a line with npm', async () => {
    const notebook = open(packages);
    Object.assign(globalThis, { $npm: async () => {} });
    await notebook.run("import { answer } from 'esm-only'; answer.toFixed()");
    notebook.write('node_modules/esm-only/types/main.d.ts', 'export declare const answer: string;');
    await notebook.run('%npm install esm-only@2');
    await expect(notebook.run("import { answer } from 'esm-only'; answer.toFixed()")).rejects.toThrow(
      'toFixed',
    );
  });

  it('that lack an export say so', async () => {
    const notebook = open({
      ...packages,
      'node_modules/esm-only/types/main.d.ts': 'export declare const nope: number;',
    });
    await expect(notebook.run("import { nope } from 'esm-only'")).rejects.toThrow(
      "The module 'esm-only' does not provide an export named 'nope'.",
    );
  });
});

describe('local files', () => {
  it('of TypeScript are imported, and again when edited', async () => {
    const notebook = open({ 'local.ts': 'export const x: number = 1; export default class K { y = x }' });
    const cell = "import K, { x } from './local.ts'; [x, new K().y]";
    expect(await notebook.run(cell)).toEqual([1, 1]);
    notebook.write('local.ts', 'export const x: string = "edited"; export default class K { y = x }');
    expect(await notebook.run(cell)).toEqual(['edited', 'edited']);
    await expect(notebook.run('x.toFixed()')).rejects.toThrow("'toFixed' does not exist on type 'string'");
  });

  it('keep their state until they are edited', async () => {
    const notebook = open({ 'state.ts': 'export let n = 0; export const up = () => ++n' });
    expect(await notebook.run("import { n, up } from './state.ts'; up(); n")).toBe(1);
    expect(await notebook.run("import { n as m, up } from './state'; up(); m")).toBe(2);
    notebook.write('state.ts', 'export let n = 10; export const up = () => ++n');
    expect(await notebook.run("import { n, up } from './state.ts'; up(); n")).toBe(11);
  });

  it('are evaluated again when a file they import was edited', async () => {
    const notebook = open({
      'nb/x.ts': "import { inner } from '../src/inner.ts'; export const outer = inner + 1",
      'src/inner.ts': "import os from 'node:os'; export const inner: number = os.EOL.length * 0 + 1",
    });
    expect(await notebook.run("import { outer } from './nb/x.ts'; outer")).toBe(2);
    notebook.write('src/inner.ts', 'export const inner: number = 5');
    expect(await notebook.run("import { outer } from './nb/x.ts'; outer")).toBe(6);
  });

  it('are found above the folder, without extension, with .js for .ts, and as index', async () => {
    const { folder } = open({
      'src/x.ts': 'export const x = 1',
      'src/index.ts': 'export * from "./x.js"; export { x as y } from "./x"',
      'nb/a.txt': '',
    });
    const notebook = new TestNotebook({}, `${folder}/nb`);
    expect(
      await notebook.runAll(
        "import { x, y } from '../src'",
        "import { x as z } from '../src/x'",
        '[x, y, z]',
      ),
    ).toEqual([1, 1, 1]);
  });

  it('may import each other in a circle', async () => {
    const notebook = open({
      'a.ts': "import { b } from './b.ts'; export const a = () => 'a'; export const ab = () => a() + b()",
      'b.ts': "import { a } from './a.ts'; export const b = () => 'b' + a()",
    });
    expect(await notebook.run("import { ab } from './a.ts'; import { b } from './b.ts'; ab() + b()")).toBe(
      'abaa'.replace('abaa', 'ababa'),
    );
  });

  it('use the whole language', async () => {
    const notebook = open({
      'full.ts': [
        "import { join as j, type ParsedPath } from 'node:path';",
        "import data from './data.json';",
        'enum E { A = 3 }',
        'const { a: { b = 2 } } = { a: {} as { b?: number } };',
        'export const waited = await Promise.resolve(b), e = E.A;',
        'export { j as joined, data as "the data" };',
        'export function shadow(j: number): number { return j }',
        'export type T = ParsedPath;',
        'export default () => import.meta.filename;',
        'export const lazy = () => import("./lazy.ts");',
        'export * as space from "./lazy.ts";',
      ].join('\n'),
      'lazy.ts': 'export const late = "late"',
      'data.json': '{"k": 1}',
    });
    await notebook.run("import file, * as full from './full.ts'");
    expect(
      await notebook.run('[full.waited, full.e, full.shadow(8), full["the data"].k, full.space.late]'),
    ).toEqual([2, 3, 8, 1, 'late']);
    expect(await notebook.run('(await full.lazy()).late + full.joined("a", "b").length')).toBe('late3');
    expect(await notebook.run('file()')).toBe(`${notebook.folder}/full.ts`);
  });

  it('of JavaScript are imported, and again when edited', async () => {
    const notebook = open({ 'm.js': 'export const v = 1', 'c.cjs': 'exports.w = 1' });
    const cell = "import { v } from './m.js'; import { w } from './c.cjs'; [v, w]";
    expect(await notebook.run(cell)).toEqual([1, 1]);
    notebook.write('m.js', 'export const v = 22');
    notebook.write('c.cjs', 'exports.w = 22');
    expect(await notebook.run(cell)).toEqual([22, 22]);
  });

  it('of JSON are imported with their type, and again when edited', async () => {
    const notebook = open({ 'd.json': '{"rows": [1, 2]}' });
    const cell = "import d from './d.json' with { type: 'json' }; d.rows";
    expect(await notebook.run(cell)).toEqual([1, 2]);
    notebook.write('d.json', '{"rows": [3]}');
    expect(await notebook.run(cell)).toEqual([3]);
    await expect(notebook.run('d.columns')).rejects.toThrow("Property 'columns' does not exist");
    expect(await notebook.run("(await import('./d.json')).default.rows")).toEqual([3]);
  });

  it('with errors in their syntax are shown with their own place', async () => {
    const notebook = open({ 'bad.ts': 'export const x = 1;\nexport const = 2;' });
    const { diagnostics } = notebook.compile("import { x } from './bad.ts'");
    expect(diagnostics[0]).toMatchObject({ file: `${notebook.folder}/bad.ts`, line: 2, column: 14 });
  });

  it('can be imported once they exist, and after they failed', async () => {
    const notebook = open({});
    const cell = "import { x } from './late.ts'; x";
    await expect(notebook.run(cell)).rejects.toThrow('Cannot find module');
    notebook.write('late.ts', 'export const x = 1; throw new Error("not yet")');
    await expect(notebook.run(cell)).rejects.toThrow('not yet');
    notebook.write('late.ts', 'export const x = 2;');
    expect(await notebook.run(cell)).toBe(2);
  });

  it('are asked for by literal names', async () => {
    const notebook = open({ 'x.ts': 'export const x = 1' });
    await expect(notebook.run("const file = './x.ts'; await import(file)")).rejects.toThrow(
      'Write its path as a string literal',
    );
  });
});
