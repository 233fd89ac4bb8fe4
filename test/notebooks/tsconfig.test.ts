/** What learners write in the notebooks of a clone runs, and what is wrong in any case is still told. */
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TestNotebook } from '../kernel/support/notebook.ts';

const notebook = new TestNotebook({}, resolve('notebooks'));
afterAll(() => notebook.dispose());

describe('notebooks/tsconfig.json', () => {
  it.each([
    ["const words = ['one', 'two'];\nwords[0].length", 3],
    ['function double(a) { return 2 * a }\ndouble(21)', 42],
    ["const scores = {}; scores['a'] = 1;\nscores['a']", 1],
    ["const byName = new Map([['a', [1, 2]]]);\nbyName.get('a')?.[0]", 1],
    ['let message;\ntry { JSON.parse("{") } catch (error) { message = error.name }\nmessage', 'SyntaxError'],
    ['class Point { x: number; y: number }\nnew Point() instanceof Point', true],
    ["const [first] = 'a b'.split(' ');\nfirst.toUpperCase()", 'A'],
    ['const rows = [];\nrows.push({ n: 1 });\nrows[0].n', 1],
  ])('lets %j run', async (code, value) => {
    expect(await notebook.run(code)).toBe(value);
  });

  it.each([
    ["const n: number = 'one'", 2322],
    ['Math.flour(1.5)', 2551],
    ['let maybe = [1].find((n) => n > 1);\nmaybe.toFixed(1)', 18048],
  ])('refuses %j', (code, error) => {
    expect(notebook.compile(code).diagnostics.map((it) => it.code)).toEqual([error]);
  });
});
