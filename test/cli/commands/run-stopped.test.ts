/** Ctrl-C while a notebook runs: one line, exit code 130, no file, no kernel and no connection file left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tsbert-stopped-'));
const temporary = join(folder, 'tmp');
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
});
