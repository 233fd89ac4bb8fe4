/** Habits of Python get one sentence that shows the TypeScript way. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCompiler } from '../../../../src/kernel/compiler/compiler.ts';
import { TestNotebook } from '../../support/notebook.ts';

const notebook = new TestNotebook();
afterAll(() => notebook.dispose());

const explain = (code: string) => notebook.compile(code).diagnostics.map(({ message }) => message);

describe('a cell that thinks in Python', () => {
  it.each([
    ['print("a", 1)', 'print is Python. In TypeScript: console.log("a", 1)'],
    ['const n = len([1, 2])', 'len is Python. In TypeScript: [1, 2].length (of a Map or Set: .size)'],
    ['for (const i of range(3)) i', 'range is Python. In TypeScript: Array.from({ length: 3 }, (_, i) => i)'],
    [
      'const a = 1, b = 2, s = cos_sim(a, b)',
      "cos_sim is Python. In TypeScript: cosSim(a, b), imported from 'tsbert'",
    ],
    [
      'const name = bert-base-nli-mean-tokens',
      "bert-base-nli-mean-tokens stands without quotes, so it is read as a subtraction. Write 'bert-base-nli-mean-tokens'.",
    ],
    ['const yes = True', 'True is Python. In TypeScript: true'],
    ['const no = False', 'False is Python. In TypeScript: false'],
    ['const nothing = None', 'None is Python. In TypeScript: null, or undefined for what is not there'],
    ['help(Math)', 'help is Python. In TypeScript: Math? on a line of its own'],
    ['# a comment\n1', 'Comments start with two slashes: // a comment'],
    ['def f(a, b):\n  return a', 'Functions are written with braces: function f(a, b) { … }'],
    ['for x in xs:\n  x', 'Loops are written: for (const x of xs) { … }'],
    ['for i in range(10):\n  i', 'Loops over numbers are written: for (let i = 0; i < 10; i++) { … }'],
    ['if a > 1:\n  a', 'Conditions stand in brackets and blocks in braces: if (a > 1) { … }'],
    ['if (1) {}\nelif x == 2:', 'elif is written: else if (x == 2) { … }'],
    [
      'import numpy as np',
      "Packages are imported with: import * as np from 'numpy'. Python's own are not here; npm's are.",
    ],
    ['from os import path', "Names are imported with: import { path } from 'os'"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the message says
    ["const t = f'{a} b'", 'Values are put into text between backticks: `${a} b`'],
    ['const part = [1, 2, 3]\npart[1:2]', 'Parts of a list are taken with slice: part.slice(1, 2)'],
    [
      '[x * 2 for x in xs if x > 1]',
      'Lists are made with map and filter: xs.filter((x) => x > 1).map((x) => x * 2)',
    ],
    ['const g = lambda x: x + 1', 'Small functions are written with an arrow: (x) => x + 1'],
    ['%pip install numpy', 'Packages come from npm here: %npm install numpy'],
    [
      '!pip install sentence-transformers',
      "Nothing is to be installed for sentence transformers: import { SentenceTransformer } from 'tsbert'",
    ],
    [
      '%matplotlib inline',
      'There is no magic %matplotlib here, or not with what stands behind it: %help lists them.',
    ],
  ])('%j is told: %s', (code, message) => {
    expect(explain(code)).toEqual([message]);
  });

  it('but a subtraction of unknown names stays one', () => {
    expect(explain('const d = one-two')).toEqual(["Cannot find name 'one'.", "Cannot find name 'two'."]);
  });

  it.each([
    ['const xs = [1, 2];\nxs[-1]', 'xs[-1] is always undefined: write xs.at(-1) to count from the end.'],
    ['"word"[-2]', '"word"[-2] is always undefined: write "word".at(-2) to count from the end.'],
  ])('%j is refused', (code, message) => {
    expect(explain(code)).toEqual([message]);
  });

  it.each([
    'const byNumber: Record<number, string> = {};\nbyNumber[-1]',
    'const print = (text: string) => text;\nprint("mine")',
    'const text = `\n# not a comment\n!pip install x\n`',
    'class Counter { #n = 0; get n() { return this.#n } }',
    'let list = [1];\nlist[-1] = 2',
    '7\n% 2',
  ])('%j is left alone', (code) => {
    expect(explain(code)).toEqual([]);
  });
});

describe('errors of a cell', () => {
  it('come in the order of the text', () => {
    const lines = notebook.compile('a1;\nb1;\nc1;').diagnostics.map(({ line }) => line);
    expect(lines).toEqual([1, 2, 3]);
  });

  it('name the cell of the notebook that declares what is missing', () => {
    const file = join(notebook.folder, 'lesson.ipynb');
    const cells = ['1', "const sentences = ['a'];\nfunction shout() {}", 'sentences'];
    writeFileSync(file, JSON.stringify({ cells: cells.map((source) => ({ cell_type: 'code', source })) }));
    const compiler = createCompiler({ cwd: notebook.folder, notebook: file });
    while (compiler.prepare());
    const messages = (code: string) => compiler.compile(code, 3).diagnostics.map(({ message }) => message);
    expect(messages('sentences.length')).toEqual([
      'sentences is declared in code cell 2 of this notebook, which has not run: run that cell first.',
    ]);
    expect(messages('nowhere')).toEqual(["Cannot find name 'nowhere'."]);
  });
});
