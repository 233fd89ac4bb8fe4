/** What the two compilers are asked to get right: cells of one notebook and what the last one must show or object to. */

export interface LanguageCase {
  what: string;
  cells: string[];
  /** The value of the last cell, or the place of its error (`line:column`). */
  expected: { value: unknown } | { errorAt: string };
}

const value = (what: string, cells: string[], it: unknown): LanguageCase => ({
  what,
  cells,
  expected: { value: it },
});

/** Local files that the cells import. */
export const caseFiles: Record<string, string> = {
  'nb/local.ts':
    'export const one: number = 1;\n\nexport function fail(): never {\n  throw new Error("x");\n}\n',
  'src/above.ts': 'export const above = 2;\n',
  'nb/data.json': '{ "rows": [1, 2] }\n',
};

export const languageCases: LanguageCase[] = [
  value('expression', ['1 + 1'], 2),
  value(
    '`await (await f()).g()`',
    ['const f1 = async () => ({ g: async () => [1] })', 'await (await f1()).g()'],
    [1],
  ),
  value('`await (async () => …)()`', ['await (async () => 7)()'], 7),
  value('`await [1]`', ['await [1]'], [1]),
  value(
    'a lone `for await`',
    ['const s1: number[] = []', 'for await (const x of [1]) s1.push(x)', 's1'],
    [1],
  ),
  value(
    '`using`',
    ['const l1: string[] = []', '{ using d = { [Symbol.dispose]() { l1.push("x") } } }', 'l1'],
    ['x'],
  ),
  value(
    '`await using`',
    [
      'const l2: string[] = []',
      '{ await using d = { async [Symbol.asyncDispose]() { l2.push("x") } } }',
      'l2',
    ],
    ['x'],
  ),
  value(
    'const, type and class again',
    [
      'const a = 1; type T = number; class C {}',
      'const a = "x"; type T = string; class C { b: T = a }',
      'new C().b',
    ],
    'x',
  ),
  value('enum run again is made anew', ['enum E { A }', 'enum E { B }', 'Object.keys(E)'], ['0', 'B']),
  value(
    'a function sees a later helper',
    ['function h() { return 1 }\nfunction u() { return h() }', 'function h() { return 2 }', 'u()'],
    2,
  ),
  value('assignment to an earlier variable', ['let n = 1', 'n = 5', 'n'], 5),
  value('`export const`', ['export const e = 1', 'e'], 1),
  value('`toSorted`', ['[2, 1].toSorted()'], [1, 2]),
  value('`Object.groupBy`', ['Object.keys(Object.groupBy([1, 2], (x) => (x > 1 ? "b" : "a")))'], ['a', 'b']),
  value(
    '`satisfies`, const type parameters',
    ['const t = <const T,>(x: T) => x', 't([1]) satisfies readonly number[]'],
    [1],
  ),
  value(
    'decorators',
    [
      'function d<F extends Function>(f: F, _: unknown) { return f }\nclass D { @d m() { return 1 } }',
      'new D().m()',
    ],
    1,
  ),
  value(
    '`import` of an ESM-only package',
    ["import { bundledThemes } from 'shiki'", 'typeof bundledThemes'],
    'object',
  ),
  value(
    'dynamic `import()` of it',
    ["const shiki = await import('shiki')", 'typeof shiki.codeToHtml'],
    'function',
  ),
  value(
    'subpath of package `exports`',
    ["import { bundledLanguages } from 'shiki/langs'", 'typeof bundledLanguages'],
    'object',
  ),
  value('CommonJS package', ["import seedrandom from 'seedrandom'", 'typeof seedrandom'], 'function'),
  value('JSON', ["import data from './data.json'", 'data.rows'], [1, 2]),
  value('`./local.ts`', ["import { one } from './local.ts'", 'one'], 1),
  value('`../src/above.ts`', ["import { above } from '../src/above.ts'", 'above'], 2),
  value('`// @ts-nocheck`', ['// @ts-nocheck\nconst nc: number = "x"; nc'], 'x'),
  value('`import.meta`', ['typeof import.meta.url'], 'string'),
  value('untyped parameters', ['function loose(a, b) { return a + b }', 'loose(1, 2)'], 3),
  value('empty array filled later', ['const rows = []; rows.push(1)', 'rows.map((x) => x + 1)'], [2]),
  value('value kept when a cell throws', ['let k = 1; k = 2; throw new Error("stop")', 'k'], 2),
  { what: 'a type error at its place', cells: ['\n  const w: number = "x"'], expected: { errorAt: '2:9' } },
  {
    what: 'a run-time error at its place',
    cells: ['interface I { a: 1 }\n\n  (null as any).x'],
    expected: { errorAt: '3:17' },
  },
  {
    what: 'a run-time error in a local file',
    cells: ["import { fail } from './local.ts'\nfail()"],
    expected: { errorAt: '4:9' },
  },
];
