/** The language of cells: what may be written in them and what comes out. Rows run in one notebook, in order. */
import { afterAll, describe, expect, it } from 'vitest';
import { TestNotebook } from '../../support/notebook.ts';

const notebook = new TestNotebook();
afterAll(() => notebook.dispose());

/** What is shown, cells of one notebook, and the value of the last of them. */
type Row = [what: string, cells: string[], value: unknown];

const topLevelAwait: Row[] = [
  [
    'a method of an awaited value',
    ['const f1 = async (x: number) => [x]', 'await (await f1(2)).map((x) => x + 1)'],
    [3],
  ],
  [
    'an awaited method of an awaited value',
    ['const f2 = async () => ({ tolist: async () => [1] })', 'await (await f2()).tolist()'],
    [1],
  ],
  ['an async function called at once', ['await (async () => 7)()'], 7],
  ['a plain value', ['await [1]'], [1]],
  [
    'for await alone in a cell',
    ['const seen: number[] = []', 'for await (const x of [1, Promise.resolve(2)]) seen.push(x)', 'seen'],
    [1, 2],
  ],
  [
    'await using in a block',
    [
      'const log: string[] = []',
      '{ await using d = { async [Symbol.asyncDispose]() { log.push("closed") } }; log.push("open") }\nlog',
    ],
    ['open', 'closed'],
  ],
  [
    'await using at the top of a cell',
    [
      'await using top = { name: "t", async [Symbol.asyncDispose]() { log.push("end") } }; top.name',
      'log.at(-1)',
    ],
    'end',
  ],
  ['in a template', [`\`\${await Promise.resolve(1)}!\``], '1!'],
  ['in the header of a loop', ['let sum = 0; for (let i = await 0; i < (await 3); i++) sum += i;', 'sum'], 3],
  ['in a destructuring default', ['const { w = await 5 }: { w?: number } = {}; w'], 5],
  ['in a class field of a nested async function', ['await (async () => new (class { v = 1 })().v)()'], 1],
  ['in a conditional', ['(await true) ? await 1 : await 2'], 1],
];

const results: Row[] = [
  ['an expression', ['1 + 1'], 2],
  ['an expression with a semicolon', ['1 + 2;'], 3],
  ['a declaration shows nothing', ['const shown = 1'], undefined],
  ['an assignment shows nothing', ['let a1 = 1', 'a1 = 2'], undefined],
  ['a compound assignment shows nothing', ['let a2 = 1', 'a2 += 2'], undefined],
  ['an object in parentheses', ['({ a: 1 })'], { a: 1 }],
  ['empty statements and comments after the value', ['5;;\n// done'], 5],
  ['export default', ['export default 6'], 6],
  ['an empty cell', [''], undefined],
  ['a comment alone', ['// nothing'], undefined],
  ['the value of a using cell', ['using u1 = { v: 4, [Symbol.dispose]() {} }; u1.v'], 4],
];

const declarations: Row[] = [
  ['const again', ['const r1 = 1', 'const r1 = "a"', 'r1.toUpperCase()'], 'A'],
  ['let again', ['let r2 = 1', 'let r2 = [2]', 'r2.length'], 1],
  ['class again', ['class R3 { a = 1 }', 'class R3 { b = 2 }', 'new R3().b'], 2],
  ['type again', ['type R4 = number', 'type R4 = string', 'const r4: R4 = "x"; r4'], 'x'],
  [
    'interface again',
    ['interface R5 { a: number }', 'interface R5 { b: number }', 'const r5: R5 = { b: 1 }; r5'],
    { b: 1 },
  ],
  ['enum again', ['enum R6 { A, B }', 'enum R6 { C = 5 }', 'R6.C'], 5],
  ['an enum run again is made anew', ['enum R7 { A }', 'enum R7 { B }', 'Object.keys(R7)'], ['0', 'B']],
  ['function again', ['function r8() { return 1 }', 'function r8(x: string) { return x }', 'r8("y")'], 'y'],
  [
    'import again',
    ["import { join as r9 } from 'node:path'", "import { sep as r9 } from 'node:path'", 'r9.length'],
    1,
  ],
  ['import over const', ['const r10 = 1', "import r10 from 'node:path'", 'r10.basename("/a/b")'], 'b'],
  ['const over import', ["import { join as r11 } from 'node:path'", 'const r11 = 3', 'r11 + 1'], 4],
  [
    'destructuring',
    ['const { d1, d2: [d3 = 9], ...d4 } = { d1: 1, d2: [] as number[], z: 3 }', '[d1, d3, d4]'],
    [1, 9, { z: 3 }],
  ],
  ['array destructuring with a rest', ['const [e1, , ...e2] = [1, 2, 3, 4]', '[e1, e2]'], [1, [3, 4]]],
  ['several declarators', ['let g1 = 1, g2 = g1 + 1', 'g1 + g2'], 3],
  ['a variable without a value', ['let h1: number | undefined', 'h1'], undefined],
  ['var in a block', ['if (true) { var h2 = 1 }', 'h2'], 1],
  ['var in a loop', ['for (var h3 = 0; h3 < 3; h3++) { var h4 = h3 }', '[h3, h4]'], [3, 2]],
  ['var in for-of', ['for (var h5 of [1, 2]) ;', 'h5'], 2],
  ['a function used before its declaration', ['early(); function early() { return 4 }\nearly()'], 4],
  [
    'a namespace',
    ['namespace N1 { export const x = 1; export type T = string }', 'const n1: N1.T = "s"; [N1.x, n1]'],
    [1, 's'],
  ],
  [
    'export in front of declarations',
    [
      'export const x1 = 1; export function x2() { return x1 }; export class X3 {}',
      '[x2(), new X3() instanceof X3]',
    ],
    [1, true],
  ],
  ['an export list', ['const x4 = 1; export { x4 as x5 }', 'x4'], 1],
  ['unused values', ['const unused1 = 1; function unused2(a: number) {}', '2'], 2],
  [
    'values and types of one name',
    ['const Both = { a: 1 }; type Both = typeof Both', 'const both: Both = Both; both.a'],
    1,
  ],
  [
    'generics and overloads',
    [
      'function over(a: string): string; function over(a: number): number; function over(a: unknown) { return a }',
      'over(1).toFixed(1)',
    ],
    '1.0',
  ],
  [
    'a class with statics of itself',
    [
      'class Self { static one = new Self(); static #count = 2; static get count() { return Self.#count } }',
      '[Self.one instanceof Self, Self.count]',
    ],
    [true, 2],
  ],
  [
    'an abstract class and its heir',
    [
      'abstract class Base { abstract f(): number; g() { return this.f() + 1 } }',
      'class Heir extends Base { f() { return 1 } }',
      'new Heir().g()',
    ],
    2,
  ],
  [
    'empty array filled later',
    ['const rows = []; for (const i of [1, 2]) rows.push(i * 2)', 'rows.map((x) => x + 1)'],
    [3, 5],
  ],
];

const liveNames: Row[] = [
  [
    'a function sees a later definition',
    [
      'function help() { return 1 }\nfunction use() { return help() }',
      'function help() { return 2 }',
      'use()',
    ],
    2,
  ],
  ['a closure sees a later assignment', ['let n1 = 1; const read = () => n1', 'n1 = 5', 'read()'], 5],
  ['assignment to an earlier variable', ['let n2 = 1', 'n2 = 3; n2++; n2 *= 2', 'n2'], 8],
  [
    'destructuring assignment',
    [
      'let s1 = 1, s2 = 2',
      '[s1, s2] = [s2, s1]; ({ s1, x: s2 = 7 } = { s1: s1 + 1, x: undefined as number | undefined })',
      '[s1, s2]',
    ],
    [3, 7],
  ],
  ['narrowing after assignment', ['let m1: string | undefined', 'm1 = "abc"; m1.length'], 3],
  ['shorthand properties', ['const p1 = 1', '({ p1 })'], { p1: 1 }],
  [
    'inner names hide outer ones',
    ['const q1 = 1', '[((q1: number) => q1)(2), (() => { const q1 = 3; return q1 })(), q1]'],
    [2, 3, 1],
  ],
  [
    'hiding by for, catch, class and switch',
    [
      'let o1 = 1',
      'const got: unknown[] = []; for (const o1 of [2]) got.push(o1); try { throw 3 } catch (o1) { got.push(o1) } switch (1) { default: let o1 = 4; got.push(o1) } got.push(class o1 {}.name, o1); got',
    ],
    [2, 3, 4, 'o1', 1],
  ],
  [
    'property names are no references',
    ['const name1 = 1', '({ name1: 2 }).name1 + [{ name1 }].map(({ name1: x }) => x)[0]!'],
    3,
  ],
  ['a method named like a variable', ['const go = 1', 'new (class { go() { return go + 1 } })().go()'], 2],
  ['labels', ['const lab = 1', 'let turns = 0; lab: for (;;) { turns++; break lab }', 'turns'], 1],
  ['calls pass no this', ['function self(this: unknown) { return this }', 'self()'], undefined],
  [
    'tagged templates',
    [
      'const tag = (parts: TemplateStringsArray, ...values: number[]) => parts.raw.join("|") + values',
      `tag\`a\${1}b\``,
    ],
    'a|b1',
  ],
  ['optional calls', ['let maybe: (() => number) | undefined = () => 2', 'maybe?.()'], 2],
  ['typeof of a declared name', ['const ty = 1', 'typeof ty'], 'number'],
  ['typeof of an undeclared name', ['// @ts-nocheck\ntypeof nowhere'], 'undefined'],
  [
    'names of functions and classes',
    ['const fn1 = () => 1, Kl = class {}', '[fn1.name, Kl.name]'],
    ['fn1', 'Kl'],
  ],
  [
    'names like those of the wrapper',
    ['const $cell = 1, $host = 2', '$cell + $host + ((($cell: number) => $cell)(3))'],
    6,
  ],
  [
    'a recursive function',
    ['function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1) }', 'fact(5)'],
    120,
  ],
  ['generators', ['function* gen() { yield 1; yield 2 }', '[...gen()]'], [1, 2]],
];

const syntax: Row[] = [
  ['toSorted', ['[3, 1].toSorted()'], [1, 3]],
  [
    'Object.groupBy',
    ['({ ...Object.groupBy([1, 2, 3], (x) => (x % 2 ? "odd" : "even")) })'],
    { odd: [1, 3], even: [2] },
  ],
  ['Map.groupBy', ['Map.groupBy([1, 2], (x) => x > 1).get(true)'], [2]],
  [
    'Promise.withResolvers',
    ['const w1 = Promise.withResolvers<number>(); w1.resolve(1); await w1.promise'],
    1,
  ],
  ['satisfies', ['({ a: 1 }) satisfies Record<string, number>'], { a: 1 }],
  ['const type parameters', ['const tuple = <const T,>(x: T) => x; tuple([1, 2])'], [1, 2]],
  [
    'decorators',
    [
      'function twice<T extends (...args: number[]) => number>(f: T, _: unknown) { return ((...args: number[]) => 2 * f(...args)) as T }\nclass Deco { @twice add(a: number, b: number) { return a + b } }',
      'new Deco().add(1, 2)',
    ],
    6,
  ],
  ['accessor fields', ['class Acc { accessor x = 1 }', 'new Acc().x'], 1],
  ['parameter properties', ['class Param { constructor(readonly a: number) {} }', 'new Param(3).a'], 3],
  ['regular expressions with v', ['/[\\p{L}--a]/v.test("b")'], true],
  ['numeric separators and bigint', ['[1_000, 2n ** 64n]'], [1000, 18446744073709551616n]],
  ['import.meta', ['import.meta.dirname === process.cwd() || typeof import.meta.url'], 'string'],
  ['require', ["require('node:path').basename('/a/b')"], 'b'],
  ['an enum with computed members, const enum', ['const enum CE { A = 1 << 2 }', 'CE.A'], 4],
];

describe('cells: await', () => {
  it.each(topLevelAwait)('%s', async (_what, cells, value) => {
    expect(await notebook.runAll(...cells)).toEqual(value);
  });
});

describe('cells: results', () => {
  it.each(results)('%s', async (_what, cells, value) => {
    expect(await notebook.runAll(...cells)).toEqual(value);
  });

  it('hands a promise over as it is', async () => {
    const result = await notebook.evaluator.evaluate(notebook.compile('Promise.resolve(1)'));
    expect(result?.value).toBeInstanceOf(Promise);
  });
});

describe('cells: declarations', () => {
  it.each(declarations)('%s', async (_what, cells, value) => {
    expect(await notebook.runAll(...cells)).toEqual(value);
  });
});

describe('cells: names stay live', () => {
  it.each(liveNames)('%s', async (_what, cells, value) => {
    expect(await notebook.runAll(...cells)).toEqual(value);
  });

  it('keep what a failing cell assigned', async () => {
    await expect(notebook.run('let kept = 1; kept = 2; throw new Error("stop"); kept = 3')).rejects.toThrow(
      'stop',
    );
    expect(await notebook.run('kept')).toBe(2);
  });

  it('say that a name never got a value', async () => {
    await expect(notebook.run('throw new Error("stop"); const never = 1')).rejects.toThrow('stop');
    await expect(notebook.run('never')).rejects.toThrow('never has no value yet');
    expect(await notebook.run('typeof never')).toBe('undefined');
  });

  it('keep the value of an earlier run when the next one fails', async () => {
    await notebook.run('const older = 1');
    await expect(notebook.run('if (true) throw new Error("stop"); const older = 2')).rejects.toThrow('stop');
    expect(await notebook.run('older')).toBe(1);
  });
});

describe('cells: syntax and library', () => {
  it.each(syntax)('%s', async (_what, cells, value) => {
    expect(await notebook.runAll(...cells)).toEqual(value);
  });
});
