/** Folders of connection files: those of killed processes go, those of running ones stay. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { makeConnectionFolder } from '../../../src/jupyter/client/connection-folder.ts';

afterEach(() => vi.unstubAllEnvs());

it('makeConnectionFolder() removes the folders of processes that are gone, and no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsbert-folder-test-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder);
  const { pid: gone } = spawnSync(process.execPath, ['-e', '']);
  const kept = [`tsbert-kernel-${process.ppid}-aBc123`, 'tsbert-kernel-aBc123', `other-${gone}-aBc123`];
  for (const name of [...kept, `tsbert-kernel-${gone}-aBc123`]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'connection.json'), '{}');
  }
  const made = await makeConnectionFolder();
  expect(readdirSync(folder).sort()).toEqual([...kept, basename(made)].sort());
  rmSync(folder, { recursive: true });
});
