/** Tracebacks of cells: the user's frames alone, on the user's own lines and columns. */
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { SourceMaps } from '../../../../src/kernel/runner/link/source-maps.ts';
import { describeError, formatTraceback } from '../../../../src/kernel/runner/output/traceback.ts';
import { TestNotebook } from '../../support/notebook.ts';

const notebook = new TestNotebook({
  'local.ts':
    'interface Unused {\n  a: 1;\n}\n\nexport function fail(text: string): never {\n  throw new RangeError(text);\n}\n',
});
afterAll(() => notebook.dispose());

/** The traceback of a cell that throws, without colours. */
async function traceback(code: string): Promise<string[]> {
  try {
    await notebook.run(code);
  } catch (error) {
    return stripVTControlCharacters(describeError(error).traceback.join('\n')).split('\n');
  }
  throw new Error('The cell did not throw.');
}

const places = (lines: string[]) => lines.filter((line) => line.startsWith('    at '));

describe('describeError()', () => {
  it('places frames on the lines and columns of the cell', async () => {
    const cell = notebook.compile('1').executionCount + 1;
    const lines = await traceback(
      [
        'interface Foo { a: number;',
        '  b: string }',
        '',
        '// a comment',
        'function inner(f: Foo): number {',
        '  return (f as any).missing.length;',
        '}',
        'class Box { get value() { return inner({ a: 1, b: "" }) } }',
        'const read = async (box: Box) => { await null; return box.value };',
        'await read(new Box());',
      ].join('\n'),
    );
    expect(lines[0]).toMatch(/^TypeError: Cannot read properties of undefined/);
    expect(lines.slice(1, 5)).toEqual([
      '  5 | function inner(f: Foo): number {',
      '> 6 |   return (f as any).missing.length;',
      '    |                             ^',
      '  7 | }',
    ]);
    expect(places(lines)).toEqual([
      `    at inner (In[${cell}]:6:29)`,
      `    at get value (In[${cell}]:8:34)`,
      `    at read (In[${cell}]:9:59)`,
      `    at In[${cell}]:10:1`,
    ]);
  });

  it('goes through earlier cells', async () => {
    const first = notebook.compile('1').executionCount + 1;
    await notebook.run('const x = 1;\nfunction thrower() { throw new Error("from before") }');
    expect(places(await traceback('\nthrower()'))).toEqual([
      `    at thrower (In[${first}]:2:28)`,
      `    at In[${first + 1}]:2:1`,
    ]);
  });

  it('goes through imported local files', async () => {
    const cell = notebook.compile('1').executionCount + 1;
    const lines = await traceback("import { fail } from './local.ts';\n\nfail('boom');");
    expect(lines[0]).toBe('RangeError: boom');
    expect(lines[2]).toBe('> 6 |   throw new RangeError(text);');
    expect(places(lines).map((line) => line.replace(/\(\S*local\.ts/, '(local.ts'))).toEqual([
      '    at fail (local.ts:6:9)',
      `    at In[${cell}]:3:1`,
    ]);
  });

  it('leaves out the frames of libraries and Node.js', async () => {
    const lines = await traceback("import { readFileSync } from 'node:fs';\nreadFileSync('/no/such/file');");
    expect(places(lines)).toHaveLength(1);
    expect(lines.join('\n')).toContain("code: 'ENOENT'");
  });

  it('shows causes, each with its own place', async () => {
    const lines = await traceback(
      'try {\n  JSON.parse("{");\n} catch (error) {\n  throw new Error("outer", { cause: error });\n}',
    );
    const text = lines.join('\n');
    expect(text).toMatch(/^Error: outer/);
    expect(text).toMatch(/> 4 |.*\n.*Caused by: SyntaxError: /);
    expect(text).toContain('> 2 |   JSON.parse("{");');
  });

  it('shows the errors of an AggregateError', async () => {
    const text = (
      await traceback('await Promise.any([Promise.reject(new Error("a")), Promise.reject("b")])')
    ).join('\n');
    expect(text).toContain('Error 1 of 2: Error: a');
    expect(text).toContain('Error 2 of 2: Uncaught: b');
  });

  it('places frames in cells with commands, using and classes', async () => {
    Object.assign(globalThis, { $shell: async () => {} });
    const cell = notebook.compile('1').executionCount + 1;
    const lines = await traceback(
      '!echo a\nusing d = { [Symbol.dispose]() {} };\nconst q = 1;\n   (null as any).foo;',
    );
    expect(places(lines)).toEqual([`    at In[${cell}]:4:18`]);
  });

  it('takes whatever is thrown', () => {
    expect(describeError('text')).toMatchObject({ ename: 'Uncaught', evalue: 'text' });
    expect(describeError({ a: 1 })).toMatchObject({ ename: 'Uncaught', evalue: '{ a: 1 }' });
    expect(describeError(undefined)).toMatchObject({ ename: 'Uncaught', evalue: 'undefined' });
  });
});

describe('formatTraceback()', () => {
  it('ends where causes form a circle', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(formatTraceback(error, new SourceMaps()).filter((line) => line.includes('Error'))).toHaveLength(3);
  });
});
