/** The language of cells: what may be written in them and what comes out. Each row is a notebook of its own names. */
import { afterAll, describe, expect, it } from 'vitest';
import { TestNotebook } from '../support/notebook.ts';

const notebook = new TestNotebook();
afterAll(() => notebook.dispose());

type Row = [what: string, cells: string[], value: unknown];

const topLevelAwait: Row[] = [
  [
    'await of a parenthesis',
    ['const f1 = async (x: number) => [x]', 'await (await f1(2)).map((x) => x + 1)'],
    [3],
  ],
  ['a method of what is awaited', ['(await (async () => ({ tolist: async () => [1] }))()).tolist()', '1'], 1],
  ['an async function called at once', ['await (async () => 7)()'], 7],
  ['await of a plain value', ['await [1]'], [1]],
  [
    'for await',
    ['const seen: number[] = [];\nfor await (const x of [1, Promise.resolve(2)]) seen.push(x);', 'seen'],
    [1, 2],
  ],
  [
    'await using',
    [
      'const log: string[] = [];',
      '{ await using d = { async [Symbol.asyncDispose]() { log.push("closed") } }; log.push("open") }\nlog',
    ],
    ['open', 'closed'],
  ],
  ['await in a template', ['`${await Promise.resolve(1)}!`'], '1!'],
  ['await in a for header', ['let sum = 0; for (let i = await 0; i < (await 3); i++) sum += i;', 'sum'], 3],
];

const values: Row[] = [
  ['an expression', ['1 + 1'], 2],
  ['an expression with a semicolon', ['1 + 2;'], 3],
  ['a declaration shows nothing', ['const shown = 1'], undefined],
  ['an assignment shows nothing', ['let a1 = 1', 'a1 = 2'], undefined],
  ['a compound assignment shows nothing', ['let a2 = 1', 'a2 += 2'], undefined],
  ['an object in parentheses', ['({ a: 1 })'], { a: 1 }],
  ['empty statements and comments after the value', ['5;;\n// done'], 5],
  ['export default', ['export default 6'], 6],
  ['an empty cell', [''], undefined],
];

describe('cells', () => {
  it.each([...topLevelAwait, ...values])('%s', async (_what, cells, value) => {
    expect(await notebook.runAll(...cells)).toEqual(value);
  });
});
