/** `!command` and `%npm` lines. */
import { afterAll, describe, expect, it } from 'vitest';
import { blankMagics, replaceMagics } from '../../../../src/kernel/compiler/cell/magics.ts';
import { TestNotebook } from '../../support/notebook.ts';

describe('replaceMagics()', () => {
  const rows: [what: string, code: string, text: string][] = [
    ['runs a command', '!ls -l "a b"', 'await $shell("ls -l \\"a b\\"");'],
    ['runs npm', '%npm install left-pad', 'await $npm("install left-pad");'],
    ['keeps the lines around', 'const a = 1\n!echo a\na', 'const a = 1\nawait $shell("echo a");\na'],
    ['takes several', '!a\n!b', 'await $shell("a");\nawait $shell("b");'],
    ['minds indentation and Windows line ends', 'x\r\n  !dir \r\ny', 'x\r\nawait $shell("dir");\ny'],
    ['leaves templates alone', '`\n!a\n`', '`\n!a\n`'],
    ['leaves comments alone', '/*\n!a\n*/', '/*\n!a\n*/'],
    ['leaves unfinished expressions alone', 'a &&\n!b', 'a &&\n!b'],
    ['leaves calls alone', 'f(\n!b\n)', 'f(\n!b\n)'],
    ['leaves blocks alone', 'if (a) {\n!b\n}', 'if (a) {\n!b\n}'],
    ['leaves a remainder alone', 'a\n% b', 'a\n% b'],
  ];
  it.each(rows)('%s', (_what, code, text) => {
    expect(replaceMagics(code).text.replaceAll('\r', '')).toBe(text.replaceAll('\r', ''));
  });

  it('tells whether packages may change', () => {
    expect(replaceMagics('%npm i x').changesPackages).toBe(true);
    expect(replaceMagics('!ls').changesPackages).toBe(false);
  });
});

describe('blankMagics()', () => {
  it('keeps all offsets', () => {
    expect(blankMagics('!ls\nabc')).toBe('   \nabc');
  });
});

describe('cells with commands', () => {
  const notebook = new TestNotebook();
  afterAll(() => notebook.dispose());
  const ran: string[] = [];
  Object.assign(globalThis, {
    $shell: async (command: string) => void ran.push(command),
    $npm: async (args: string) => void ran.push(`npm ${args}`),
  });

  it('run them in order and show no value for them', async () => {
    expect(await notebook.run('const n = 1\n!echo one\n%npm install x')).toBeUndefined();
    expect(ran).toEqual(['echo one', 'npm install x']);
  });

  it('show the value after them, and point at the right line', async () => {
    expect(await notebook.run('!echo two\nn + 1')).toBe(2);
    const { diagnostics } = notebook.compile('!echo a long command\n  n.nope');
    expect(diagnostics[0]).toMatchObject({ line: 2, column: 5, length: 4 });
  });

  it('import what the line before installed', async () => {
    Object.assign(globalThis, {
      $npm: async () => {
        notebook.write('node_modules/fresh/package.json', '{ "name": "fresh", "main": "i.js" }');
        notebook.write('node_modules/fresh/i.js', 'exports.value = 3');
      },
    });
    expect(await notebook.run("%npm install fresh\nimport { value } from 'fresh'\nvalue")).toBe(3);
  });
});
