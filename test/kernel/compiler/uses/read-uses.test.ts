/** What cells do with names, told from their syntax: every construct that hides, delays or disguises a use. */
import { describe, expect, it } from 'vitest';
import { parseCell } from '../../../../src/kernel/compiler/cell/typescript-internals.ts';
import { readUses } from '../../../../src/kernel/compiler/uses/read-uses.ts';

const usesOf = (code: string) => readUses(parseCell(code));
const sorted = (names: Iterable<string>) => [...names].sort().join(' ');

describe('readUses() names read at once', () => {
  const cases: [what: string, code: string, reads: string][] = [
    ['a call with names', 'heatmap(sim, { sentences, title: model.name })', 'heatmap model sentences sim'],
    ['members are no names', 'a.b.c; ({ d: e }); f?.g', 'a e f'],
    ['computed members are', 'a[i]; ({ [k]: 1 })', 'a i k'],
    ['templates', `log\`\${a} \${b.c}\``, 'a b log'],
    ['shadowed by a parameter', 'rows.map((sentences) => sentences.length)', 'rows'],
    ['shadowed by a block', '{ const a = 1; a; } b', 'b'],
    ['shadowed by a loop', 'for (const a of list) a.x; for (let i = 0; i < n; i++) i', 'list n'],
    ['shadowed by catch', 'try { a() } catch (b) { b }', 'a'],
    ['shadowed by destructuring', '{ const { a, b: [c], ...d } = e; a; c; d }', 'e'],
    ['defaults of patterns', 'const { a = b, [c]: d } = e', 'b c'],
    [
      'types are no reads',
      'const a: Row = b as Table; let c: typeof d; type T = E; interface I { f: G }',
      '',
    ],
    ['a base class', 'class A extends B { static x = c; }', 'B c'],
    ['implements is a type', 'class A implements B {}', ''],
    ['labels', 'outer: for (;;) { break outer }', ''],
    ['a callback runs now', 'list.map((x) => x + n)', 'list n'],
    ['enums and namespaces', 'enum E { A = a } namespace N { export const x = b; x }', 'a b'],
    ['a nested function of a call', 'run(function f() { f(); g() })', 'g run'],
    ['typeof', 'typeof a', 'a'],
    ['await and using', 'using a = b(); await using c = d();', 'b d'],
    ['arguments and this', '(function () { return arguments.length + this.x + a })()', 'a'],
  ];
  it.each(cases)('%s: %s', (_what, code, reads) => {
    expect(sorted(usesOf(code).now.reads)).toBe(reads);
  });

  it('hands on what a plain alias names, without calling it', () => {
    const { now, aliases, later } = usesOf('const b = a; const d = c!.e; const f = (g as G)');
    expect(sorted(now.passes)).toBe('a g');
    expect(sorted(now.reads)).toBe('c');
    expect(Object.fromEntries(aliases)).toEqual({ b: 'a', d: 'c', f: 'g' });
    expect(sorted(later.get('b')!.holds)).toBe('a');
  });
});

describe('readUses() names read later', () => {
  const cases: [what: string, code: string, name: string, reads: string][] = [
    ['a function', 'function f(a) { return a + b }', 'f', 'b'],
    ['an arrow function', 'const f = async (x) => x + n', 'f', 'n'],
    ['a function in a function', 'function f() { return () => a }', 'f', 'a'],
    ['a default of a parameter', 'const f = (x = d) => x', 'f', 'd'],
    [
      'methods of an object',
      'const o = { m() { return a }, get g() { return b }, h: () => d, i: 1 }',
      'o',
      'a b d',
    ],
    ['functions in a list', 'const gs = [() => a, function () { b }]', 'gs', 'a b'],
    [
      'methods of a class',
      'class C { x = a; m() { return b } static s() { return e } #p() { d } }',
      'C',
      'a b d e',
    ],
    ['a class expression', 'const C = class D { m() { return D.x + e } }', 'C', 'e'],
    ['a closure over a loop', 'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i + n)', 'fs', 'n'],
    ['a choice', 'const f = c ? () => a : () => b', 'f', 'a b'],
  ];
  it.each(cases)('%s: %s', (_what, code, name, reads) => {
    const uses = usesOf(code);
    expect(sorted(uses.later.get(name)!.reads)).toBe(reads);
    for (const read of reads.split(' ')) {
      const isNow = read === 'c' || name === 'fs';
      expect(uses.now.reads.has(read)).toBe(isNow);
    }
  });
});

describe('readUses() values that hold functions', () => {
  it.each([
    ['what a maker gives back', 'const f = make(1)', 'f', 'make'],
    ['what a method gives back', 'const f = await shop.make(1)', 'f', 'shop'],
    ['an instance', 'const t = new Table()', 't', 'Table'],
  ])('%s: %s', (_what, code, name, holds) => {
    const uses = usesOf(code);
    expect(sorted(uses.later.get(name)!.holds)).toBe(holds);
    expect(uses.now.reads.has(holds)).toBe(true);
  });
});

describe('readUses() changes in place', () => {
  const cases: [code: string, changes: string][] = [
    ['a.b = 1', 'a'],
    ['a[0].b += 1', 'a'],
    ['a.n++; --b.n', 'a b'],
    ['delete a.b', 'a'],
    ['a.push(1); b.splice(0, 1); c.sort(); d.reverse()', 'a b c d'],
    ['m.set(1, 2).set(3, 4); s.add(1).add(2); s.delete(1); u.append("a", "b")', 'm s u'],
    ['variable.assign(tensor)', 'variable'],
    ['rows.at(-1)!.push(1); m.get(k)!.list.push(2)', 'm rows'],
    ['Object.assign(a, b)', 'a'],
    ['[a.x, b[0]] = [1, 2]; ({ y: c.y } = d)', 'a b c'],
    ['for (const row of rows) row.push(1)', 'rows'],
    ['for (a.x of list) {}', 'a'],
    ['rows.forEach((row) => row.sort())', 'rows'],
    ['{ const list = a; list.push(1) }', 'a'],
    ['{ const { list } = a; list.push(1) }', 'a'],
    ['date.setFullYear(2000)', 'date'],
    ['await stream.append(1)', 'stream'],
    // What looks alike and is none.
    ['[...a].sort(); a.slice().sort(); Object.keys(a).sort(); a.map(f).reverse()', ''],
    ['const sum = tensor.add(1); tensor.reverse(0)', ''],
    ['rows.map((row) => row.length); a.b; a.c()', ''],
    ['{ const a = []; a.push(1) } (function (a) { a.push(1) })', ''],
    ['new Map().set(1, 2)', ''],
  ];
  it.each(cases)('%s', (code, changes) => {
    expect(sorted(usesOf(code).now.changes)).toBe(changes);
  });

  it('tells which parameters a function changes, and what is given to it', () => {
    const { later, now } = usesOf(
      'function add(a, list, { rows }) { list.push(a); const r = rows; r.x = 1 } add(1, names, table)',
    );
    expect([...later.get('add')!.changedParameters]).toEqual([1, 2]);
    expect(now.arguments).toEqual([
      ['add', 1, 'names'],
      ['add', 2, 'table'],
    ]);
  });

  it('tells which methods of a class change their object', () => {
    const uses = usesOf(
      'class T { rows = []; grow(x) { this.rows.push(x) } set(v) { this.v = v } size() { return 1 } }',
    );
    expect(sorted(uses.changingMethods)).toBe('grow set');
    expect(usesOf('t.grow(1)').now.methods).toEqual([['t', 'grow']]);
  });
});

describe('readUses() names set', () => {
  it.each([
    ['let a = 1, { b, c: [d] } = x; var e; for (var f of y) {}', 'a b d e f'],
    ["import g, { h as i, type J } from 'x'; import * as k from 'y'; import type L from 'z'", 'g i k'],
    ['function f() {} class C {} enum E {} namespace N { f() } interface I {} type T = 1', 'C E N f'],
    ['a = 1; b += 1; c++; [d, e.x] = y; ({ f } = z)', 'a b c d e f'],
    ['declare const a: number; declare function b(): void; function c(): void; export const d = 1', 'd'],
    ['(() => { inner = 1; var own = 2; own = 3 })()', 'inner'],
  ])('%s', (code, names) => {
    expect(sorted(usesOf(code).sets.keys())).toBe(names);
  });

  it('tells a plain assignment from one that may keep the old value', () => {
    expect(sorted(usesOf('x = y()').now.passes)).toBe('');
    expect(sorted(usesOf('if (c) x = 1').now.passes)).toBe('x');
    expect(sorted(usesOf('x++').now.reads)).toBe('x');
  });

  it('takes for each name those statements alone that make it', () => {
    const { sets } = usesOf(`
      function similarityMatrix(e) { return cosSim(e, e) }
      await check(3, similarityMatrix, { model, sentences });
      const n = sentences.length;
      const list = [];
      for (let i = 0; i < n; i++) list.push(i);`);
    expect(sorted(sets.get('similarityMatrix')!.reads)).toBe('');
    expect(sorted(sets.get('n')!.reads)).toBe('sentences');
    expect(sorted(sets.get('list')!.reads)).toBe('list n sentences');
  });
});

describe('readUses() fingerprints', () => {
  const print = (code: string, name?: string) =>
    name === undefined ? usesOf(code).code : usesOf(code).sets.get(name)!.code;
  it('ignores comments, layout and types', () => {
    const plain = print("const a = f('x', 1)");
    expect(print("// a comment\nconst a: string =\n  f( 'x', 1 ); // more")).toBe(plain);
    expect(print('const a = f("x", 1) as string')).not.toBe(undefined);
  });
  it.each([
    ["const a = 'x'", "const a = 'y'"],
    ['a + b', 'a - b'],
    ['i++', 'i--'],
    ['f(a)(b)', 'f(a, b)'],
    [`\`a\${b}c\``, `\`a\${b}d\``],
    ['/a/g', '/a/i'],
    ['1n', '2n'],
    ['a.b', 'a?.b'],
    ['f(a, [b])', 'f([a, b])'],
    ["import { a } from 'x'", "import { a } from 'y'"],
  ])('tells %s from %s', (one, other) => {
    expect(print(one)).not.toBe(print(other));
  });
  it('keeps a name whose statements stay', () => {
    expect(print("const t = 'new'; const s = [1]", 's')).toBe(print("const t = 'old'; const s = [1]", 's'));
    expect(print('const n = 2; const s = [n]', 's')).not.toBe(print('const n = 1; const s = [n]', 's'));
  });
  it.each([
    ['Math.random()', true],
    ['await fetch(url)', true],
    ['prompt("?")', true],
    ['performance.now(); Date.now()', false],
    ['f((Math) => Math.random())', false],
  ])('knows values from outside: %s', (code, isOpen) => {
    expect(usesOf(code).now.isOpen).toBe(isOpen);
  });
});
