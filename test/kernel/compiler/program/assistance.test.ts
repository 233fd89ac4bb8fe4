/** Completion, inspection and "is this complete?": as asked by front ends while someone types. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeness } from '../../../../src/kernel/compiler/cell/completeness.ts';
import { TestNotebook } from '../../support/notebook.ts';

const notebook = new TestNotebook({
  'data.json': '{"rows": 1}',
  'helpers.ts': '/** Halves a number. */\nexport function halve(n: number) { return n / 2 }',
  'node_modules/some-package/package.json': '{ "name": "some-package", "types": "index.d.ts" }',
  'node_modules/some-package/index.d.ts': 'export declare const exported: number;',
});
beforeAll(async () => {
  await notebook.run(
    [
      '/**',
      ' * Adds two numbers.',
      ' *',
      ' * @param a the first',
      ' * @example',
      ' * add(1, 2) // 3',
      ' */',
      'function add(a: number, b: number): number { return a + b }',
      'const settings = { color: "red" as "red" | "green", size: 1 }',
      'type Pooling = "mean" | "cls" | "max"',
      'function pool(mode: Pooling) { return mode }',
    ].join('\n'),
  );
});
afterAll(() => notebook.dispose());

/** Completes where `|` stands. */
function complete(marked: string) {
  const cursor = marked.indexOf('|');
  const { items, start, end } = notebook.compiler.complete(marked.replace('|', ''), cursor);
  return { texts: items.map(({ text }) => text), items, start, end };
}

function inspect(marked: string) {
  return notebook.compiler.inspect(marked.replace('|', ''), marked.indexOf('|'));
}

describe('complete()', () => {
  const rows: [what: string, marked: string, text: string, kind: string][] = [
    ['names of earlier cells', 'sett|', 'settings', 'alias'],
    ['names of this cell', 'const localName = 1; local|', 'localName', 'const'],
    ['globals', 'consol|', 'console', 'var'],
    ['what the kernel gives', 'displ|', 'display', 'function'],
    ['members', 'settings.|', 'color', 'property'],
    ['members after some letters', '  settings.si|', 'size', 'property'],
    ['methods', '"a".toUp|', 'toUpperCase', 'method'],
    ['members in an unfinished cell', 'if (true) {\n  settings.|', 'size', 'property'],
    ['members in an unfinished call', 'add(settings.|', 'size', 'property'],
    ['keywords', 'retu|', 'return', 'keyword'],
    ['string literals of a parameter', 'pool("|")', 'cls', 'string'],
    ['string literals in a comparison', "settings.color === '|'", 'green', 'string'],
    ['keys of an object type', 'const s: typeof settings = { co| }', 'color', 'property'],
    ['imported names', "import { exp| } from 'some-package'", 'exported', 'const'],
    ['packages', "import 'some-|'", 'some-package', 'directory'],
    ['modules of Node.js', "import 'node:f|'", 'node:fs', 'external module name'],
    ['local files', "import './hel|'", 'helpers.ts', 'script'],
    ['members of an imported namespace', "import * as h from './helpers.ts'; h.|", 'halve', 'function'],
    ['members of a dynamic import', "(await import('./helpers.ts')).|", 'halve', 'function'],
    ['after a command line', '!ls\nsettings.|', 'size', 'property'],
    ['types', 'let p: Pool|', 'Pooling', 'alias'],
  ];
  it.each(rows)('offers %s', (_what, marked, text, kind) => {
    const { items } = complete(marked);
    expect(items).toContainEqual({ text, kind });
  });

  it('tells which text an item replaces', () => {
    expect(complete('add(settings.col|or)')).toMatchObject({ texts: ['color'], start: 13, end: 18 });
    expect(complete("import './hel|'")).toMatchObject({ start: 10, end: 13 });
    expect(complete("import 'some-pa|'")).toMatchObject({ start: 8, end: 15 });
  });

  it('offers nothing inside a comment, and leaves no trace', async () => {
    expect(complete('// settings.|').texts).toEqual([]);
    complete('const drafted = 1; draf|');
    await expect(notebook.run('drafted')).rejects.toThrow("Cannot find name 'drafted'");
  });
});

describe('inspect()', () => {
  it('shows signature and documentation', () => {
    const found = inspect('ad|d(1, 2)')!;
    expect(found.signature).toBe('add(a: number, b: number): number');
    expect(found.documentation).toBe(
      'Adds two numbers.\n\n**@param** a the first\n\n**@example**\n```ts\nadd(1, 2) // 3\n```',
    );
  });

  it('shows types of names, members and imports', () => {
    expect(inspect('settings|')!.signature).toContain('color: "red" | "green"');
    expect(inspect('settings.si|ze')!.signature).toBe('(property) size: number');
    expect(inspect('Math.max|')!.signature).toContain('Math.max(...values: number[]): number');
    expect(inspect("import { hal|ve } from './helpers.ts'")!.documentation).toBe('Halves a number.');
  });

  it('shows the called function between its brackets', () => {
    expect(inspect('add(1, |)')!.signature).toContain('add(a: number, b: number): number');
  });

  it('knows nothing about nothing', () => {
    expect(inspect('   |  ')).toBeUndefined();
  });
});

describe('completeness()', () => {
  const rows: [code: string, status: string, indent?: string][] = [
    ['1 + 1', 'complete'],
    ['', 'complete'],
    ['const a = 1;', 'complete'],
    ['await f()', 'complete'],
    ['!ls', 'complete'],
    ['function f() {', 'incomplete', '  '],
    ['  if (a) {\n    b(', 'incomplete', '      '],
    ['const a =', 'incomplete', ''],
    ['f(1,', 'incomplete', ''],
    ['`text', 'incomplete', ''],
    ['/* comment', 'incomplete', ''],
    ['[1, 2', 'incomplete', ''],
    ['a +', 'incomplete', ''],
    ['x.', 'incomplete', ''],
    ['class A {\n  b = 1', 'incomplete', '  '],
    ['for (const a of b)', 'incomplete', ''],
    ['const = 1', 'invalid'],
    ['a b c', 'invalid'],
    ['}', 'invalid'],
    ['"open', 'invalid'],
    ['f(]', 'invalid'],
  ];
  it.each(rows)('of %j is %s', (code, status, indent) => {
    expect(completeness(code)).toEqual(indent === undefined ? { status } : { status, indent });
  });
});
