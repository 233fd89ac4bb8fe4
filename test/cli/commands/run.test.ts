/** Running a notebook from the command line: what is refused, what is said, what is written. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createRunProgress,
  describeForTerminal,
  formatDuration,
} from '../../../src/cli/commands/run-progress.ts';
import { runCli } from '../../../src/cli/commands.ts';
import { type CodeCell, parseNotebook } from '../../../src/jupyter/notebook/nbformat.ts';
import { findJupyter } from '../../support/find-tools.ts';
import { recordingTerminal } from '../recording-terminal.ts';

const jupyter = findJupyter();
if (!jupyter.path) console.log(`tests of --kernel are skipped: ${jupyter.reason}`);
const env = { ...process.env, PATH: `${dirname(jupyter.path ?? '')}:${process.env.PATH}` };

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tsbert-run-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function writeNotebook(name: string, sources: string[], metadata = {}) {
  const cells = sources.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [] }));
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
}

async function call(...args: string[]) {
  const terminal = recordingTerminal({ cwd, env });
  const code = await runCli(['run', ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

describe('tsbert run', () => {
  it.each([
    [[], 2, /NOTEBOOK is missing/],
    [['none.ipynb'], 1, /There is no file none.ipynb. Name an existing notebook/],
    [['.'], 1, /is a folder/],
    [['text.ipynb'], 1, /text.ipynb: This is not JSON/],
    [['object.ipynb'], 1, /object.ipynb: This is JSON but not a notebook/],
    [['python.ipynb'], 1, /The kernel 'nowhere' is not installed.*--kernel tsbert/],
    [['python.ipynb', '--timeout', 'soon'], 2, /--timeout 'soon' is no number/],
    [['python.ipynb', '--outptu', 'x'], 2, /Unknown option '--outptu'/],
    [['a.ipynb', '--output', 'sub'], 1, /sub cannot be written: it is a folder/],
    [
      ['a.ipynb', '--output', 'text.ipynb/b.ipynb'],
      1,
      /cannot be written: .*text.ipynb is a file, not a folder|stands where its folder/,
    ],
    [['a.ipynb', '--html', 'a.ipynb'], 2, /--html 'a.ipynb' is the notebook itself/],
    [['a.ipynb', '--html', 'b', '--output', 'b'], 2, /name one file/],
    [['a.ipynb', '--set', 'x=1e999'], 1, /x: the number 1e999 would become Infinity. Give it as text/],
    [['latin.ipynb'], 1, /latin.ipynb is not UTF-8 text/],
    [['deep.ipynb'], 1, /nested more than 500 levels deep/],
  ])('answers %j with one clear line', async (args, code, problem) => {
    writeFileSync(join(cwd, 'text.ipynb'), 'no JSON');
    writeFileSync(join(cwd, 'object.ipynb'), '{}');
    mkdirSync(join(cwd, 'sub'));
    writeFileSync(join(cwd, 'latin.ipynb'), Buffer.from('{"a": "caf\xe9"}', 'latin1'));
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    writeFileSync(
      join(cwd, 'deep.ipynb'),
      `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"a": ${deep}}, "cells": []}`,
    );
    // Runs nowhere: what is refused is refused before a kernel is looked for.
    writeNotebook('a.ipynb', ['1'], {
      kernelspec: { name: 'nowhere', display_name: '', language: 'python' },
    });
    writeNotebook('python.ipynb', ['1'], {
      kernelspec: { name: 'nowhere', display_name: '', language: 'python' },
    });
    const before = readdirSync(cwd);
    const result = await call(...args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(problem);
    expect(result.err.split('\n').length).toBeLessThanOrEqual(2);
    expect(readdirSync(cwd)).toEqual(before);
  });

  describe.skipIf(!jupyter.path)('with another kernel', () => {
    it('runs in the notebook’s folder, tells each cell and writes the output whole', async () => {
      writeNotebook('sub/a.ipynb', ['import os', '# name it\nos.path.basename(os.getcwd())']);
      const { code, out } = await call('sub/a.ipynb', '--kernel', 'python3', '--output', 'out/b.ipynb');
      expect(code).toBe(0);
      expect(out).toMatch(/\[1\/2\] ✓ +\d\.\d s {2}import os\n\[2\/2\] ✓ .*# name it/);
      const written = parseNotebook(readFileSync(join(cwd, 'out/b.ipynb'), 'utf8'), 'b');
      expect(written.cells[1]).toMatchObject({ outputs: [{ data: { 'text/plain': "'sub'" } }] });
      expect(readdirSync(join(cwd, 'out'))).toEqual(['b.ipynb']);
    });

    it('ends at a failing cell with its number, line and error, and keeps what ran', async () => {
      writeNotebook('a.ipynb', ['x = 1', 'y = 2\n1 / 0', 'print("more")']);
      const { code, out, err } = await call('a.ipynb', '--kernel', 'python3', '--output', 'b.ipynb');
      expect(code).toBe(1);
      expect(err).toContain('Cell 2 failed at line 2: 1 / 0');
      expect(err).toContain('ZeroDivisionError: division by zero');
      expect(out).not.toContain('more');
      expect(err).toContain('What ran is in b.ipynb.');
      const { cells } = parseNotebook(readFileSync(join(cwd, 'b.ipynb'), 'utf8'), 'b');
      expect(cells.map((cell) => (cell as CodeCell).execution_count)).toEqual([1, 2, null]);
    });

    it('runs on with --keep-going, writes, and still exits with 1', async () => {
      writeNotebook('a.ipynb', ['1 / 0', 'print("more")']);
      const { code } = await call('a.ipynb', '--kernel', 'python3', '--output', 'b.ipynb', '--keep-going');
      expect(code).toBe(1);
      const written = parseNotebook(readFileSync(join(cwd, 'b.ipynb'), 'utf8'), 'b');
      expect(written.cells[1]).toMatchObject({ outputs: [{ text: 'more\n' }] });
    });
  });
});

describe('createRunProgress()', () => {
  it('shows the last line of a running bar as the status', () => {
    const shown: string[] = [];
    const onEvent = createRunProgress(recordingTerminal({ status: (line) => shown.push(line) }));
    onEvent({ type: 'cell-start', cellIndex: 0, number: 1, count: 12, source: 'load()' });
    const message = { content: { text: '10 %\r20 %' } } as never;
    onEvent({ type: 'message', message });
    expect(shown).toEqual([expect.stringMatching(/^\[ 1\/12\] +load\(\)$/), expect.stringMatching(/ 20 %$/)]);
  });
});

describe('describeForTerminal()', () => {
  it('adds name and message where the traceback lacks them', () => {
    const failure = { cellIndex: 0, cellNumber: 1, ename: 'E', evalue: 'why', sourceLine: 'f()' };
    expect(describeForTerminal({ ...failure, traceback: [] })).toBe('Cell 1 failed: f()\nE: why');
    expect(describeForTerminal({ ...failure, line: 3, traceback: ['\x1b[31mE: why\x1b[0m'] })).toBe(
      'Cell 1 failed at line 3: f()\nE: why',
    );
  });
});

describe('formatDuration()', () => {
  it.each([
    [40, '0.0 s'],
    [12_340, '12.3 s'],
    [59_960, '1:00 min'],
    [75_000, '1:15 min'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
