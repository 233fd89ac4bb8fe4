/** Ctrl-C while a notebook runs: one line, exit code 130, no file, no kernel and no connection file left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CodeCell, parseNotebook } from '../../../src/jupyter/notebook/nbformat.ts';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
let folder: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-stopped-'));
  temporary = join(folder, 'tmp');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves when the cell has made its file, or the run has ended. */
async function cellRuns(child: ChildProcess): Promise<void> {
  while (child.exitCode === null && !readdirSync(folder).includes('running')) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.skipIf(process.platform === 'win32')('tsbert run', () => {
  it('stops cleanly at Ctrl-C, even in an endless loop', { timeout: 120_000 }, async () => {
    mkdirSync(temporary);
    const source =
      "(await import('node:fs')).writeFileSync('running', String(process.pid));\nwhile (true) {}";
    const cell = { cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null };
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
    writeFileSync(join(folder, 'a.ipynb'), JSON.stringify(notebook));
    const child = spawn(process.execPath, [main, 'run', 'a.ipynb', '--output', 'b.ipynb'], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await cellRuns(child);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(stderr).toBe('Stopped.\n');
    expect(readdirSync(folder).sort()).toEqual(['a.ipynb', 'running', 'tmp']);
    expect(readdirSync(temporary).filter((name) => name.startsWith('tsbert-kernel-'))).toEqual([]);
  });

  it('keeps the cells before the one that it is killed at', { timeout: 120_000 }, async () => {
    const sources = [
      ...Array.from({ length: 11 }, (_, i) => `${i} * 2`),
      "(await import('node:fs')).writeFileSync('running', String(process.pid));\nwhile (true) {}",
    ];
    const cells = sources.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [] }));
    const notebook = { nbformat: 4, nbformat_minor: 4, metadata: {}, cells };
    writeFileSync(join(folder, 'a.ipynb'), JSON.stringify(notebook));
    const child = spawn(process.execPath, [main, 'run', 'a.ipynb', '--output', 'b.ipynb'], {
      cwd: folder,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await cellRuns(child);
    // A save that was put off for a moment comes.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.kill('SIGKILL');
    await ended;
    process.kill(Number(readFileSync(join(folder, 'running'), 'utf8')), 'SIGKILL');
    const saved = parseNotebook(readFileSync(join(folder, 'b.ipynb'), 'utf8'), 'b.ipynb');
    const shown = saved.cells.map((cell) => (cell as CodeCell).outputs.length);
    expect(shown).toEqual([...Array<number>(11).fill(1), 0]);
  });
});
