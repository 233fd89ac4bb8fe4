/** Copying the exercise notebooks. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyNotebooks } from '../../../src/cli/commands/activity.ts';
import { runCli } from '../../../src/cli/commands.ts';
import { recordingTerminal } from '../recording-terminal.ts';

let folder: string;
let source: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-activity-'));
  source = join(folder, 'package');
  mkdirSync(source);
  for (const name of ['activity.ipynb', 'activity-solution.ipynb', 'search.ipynb', 'notes.md']) {
    writeFileSync(join(source, name), name);
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('copyNotebooks()', () => {
  it('copies the exercises, and the solutions when asked', async () => {
    const terminal = recordingTerminal({ cwd: folder });
    expect(await copyNotebooks(source, join(folder, 'mine'), false, terminal)).toBe(0);
    expect(readdirSync(join(folder, 'mine'))).toEqual(['activity.ipynb', 'search.ipynb']);
    expect(terminal.out.join('\n')).toContain(`npx tsbert lab ${join('mine', 'activity.ipynb')}`);
    await copyNotebooks(source, join(folder, 'mine'), true, terminal);
    expect(readdirSync(join(folder, 'mine'))).toContain('activity-solution.ipynb');
  });

  it('keeps a notebook that is there', async () => {
    const own = join(folder, 'activity.ipynb');
    writeFileSync(own, 'my work');
    const terminal = recordingTerminal({ cwd: folder });
    await copyNotebooks(source, folder, false, terminal);
    expect(readFileSync(own, 'utf8')).toBe('my work');
    expect(terminal.out[0]).toBe('Kept activity.ipynb, which was there already');
  });
});

describe('tsbert activity', () => {
  it.each([
    [[], 0],
    [['--student'], 0],
    [['--teacher'], 3],
  ])('with %j copies %i solutions or more', async (flags, solutions) => {
    const terminal = recordingTerminal({ cwd: folder });
    expect(await runCli(['activity', 'mine', ...flags], terminal)).toBe(0);
    const names = readdirSync(join(folder, 'mine'));
    expect(names).toContain('activity.ipynb');
    const solved = names.filter((name) => name.endsWith('-solution.ipynb'));
    expect(solutions === 0 ? solved.length === 0 : solved.length >= solutions).toBe(true);
  });

  it('is for students or for teachers', async () => {
    const terminal = recordingTerminal({ cwd: folder });
    expect(await runCli(['activity', 'mine', '--student', '--teacher'], terminal)).toBe(2);
    expect(terminal.err[0]).toContain('one of --student, --teacher and --nbgrader');
  });

  it('writes a course for nbgrader, and nothing over what is there', async () => {
    const terminal = recordingTerminal({ cwd: folder });
    expect(await runCli(['activity', 'course', '--nbgrader'], terminal)).toBe(0);
    expect(readFileSync(join(folder, 'course', 'nbgrader_config.py'), 'utf8')).toContain('"typescript"');
    const path = join(folder, 'course', 'source', 'activity', 'activity.ipynb');
    expect(readFileSync(path, 'utf8')).toContain('BEGIN SOLUTION');
    writeFileSync(path, 'mine');
    await runCli(['activity', 'course', '--nbgrader'], terminal);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('asks for a folder', async () => {
    const terminal = recordingTerminal({ cwd: folder });
    expect(await runCli(['activity'], terminal)).toBe(2);
    expect(terminal.err[0]).toBe('tsbert activity: FOLDER is missing.');
  });
});
