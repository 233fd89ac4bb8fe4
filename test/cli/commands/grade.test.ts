/** Grading a class: real kernels, right, open, wrong, failing and unreadable notebooks side by side. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/commands.ts';
import { recordingTerminal } from '../recording-terminal.ts';

const notebooks = fileURLToPath(new URL('../../../notebooks/', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-class-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A notebook of the package, changed, as a learner's. */
function handIn(learner: string, name: string, changes: Record<string, string> = {}) {
  let text = readFileSync(join(notebooks, `${name}.ipynb`), 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    text = text.replace(from, to);
  }
  mkdirSync(join(folder, learner), { recursive: true });
  writeFileSync(join(folder, learner, 'work.ipynb'), text);
}

async function grade(...args: string[]) {
  const terminal = recordingTerminal({ cwd: folder, env: process.env });
  const code = await runCli(['grade', ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

describe('tsbert grade', () => {
  it('gives every learner a row, whatever the others do', { timeout: 300_000 }, async () => {
    handIn('all-right', 'activity-solution');
    handIn('as-it-was', 'activity');
    handIn('by-hand', 'activity-solution', {
      'cosSim(row(embeddings, i), rowsFrom(embeddings, i))': '[1, 0.4, 0.1, 0.5, 0.3].slice(i)',
    });
    handIn('ends', 'semantic-search-solution', { 'topK = 5) {': 'topK = 5) { process.exit(3);' });
    handIn('hangs', 'semantic-search-solution', {
      'const corpusEmbeddings =': 'while (true) {} const corpusEmbeddings =',
    });
    mkdirSync(join(folder, '.ipynb_checkpoints'));
    cpSync(join(notebooks, 'activity.ipynb'), join(folder, '.ipynb_checkpoints', 'old.ipynb'));
    writeFileSync(join(folder, 'broken.ipynb'), '{');
    const before = readFileSync(join(folder, 'by-hand', 'work.ipynb'), 'utf8');
    const { code, out, err } = await grade('.', '--csv', '--timeout', '40');
    expect(err).toBe('');
    expect(code).toBe(1);
    const rows = out.split('\r\n').map((line) => line.split(','));
    expect(rows.map((row) => row.slice(0, 7).join(' '))).toEqual([
      'learner exercise blank 1 blank 2 blank 3 blank 4 right',
      'all-right/work activity right right right right 4/4',
      'as-it-was/work activity open open open open 0/4',
      expect.stringMatching(/^broken/),
      'by-hand/work activity right right wrong right 3/4',
      'ends/work semantic-search error error   0/2',
      'hangs/work semantic-search error wrong   0/2',
    ]);
    expect(readFileSync(join(folder, 'by-hand', 'work.ipynb'), 'utf8')).toBe(before);
  });

  it.each([
    [[], 2, /FOLDER is missing/],
    [['nowhere'], 1, /There is no folder nowhere/],
    [['.', '--timeout', 'soon'], 2, /--timeout 'soon' is no number/],
  ])('refuses %j', async (args, status, message) => {
    const { code, err } = await grade(...args);
    expect(code).toBe(status);
    expect(err).toMatch(message);
  });

  it('says that there is nothing to grade', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    expect(await grade('empty')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no notebook (.ipynb) in empty'),
    });
  });
});
