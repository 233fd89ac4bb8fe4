/** Saving a notebook while it runs. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAutosave } from '../../../src/cli/support/autosave.ts';
import { markdown, notebook } from '../../export/notebooks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-autosave-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const saved = () => readFileSync(join(folder, 'a.ipynb'), 'utf8');

describe('createAutosave()', () => {
  it('saves at once the first time, soon after that, and last what finish() is given', async () => {
    const autosave = await createAutosave(join(folder, 'a.ipynb'), () => {});
    await autosave.save(notebook([markdown('first')]));
    expect(saved()).toContain('first');
    await autosave.save(notebook([markdown('second')]));
    await expect.poll(saved).toContain('second');
    await autosave.save(notebook([markdown('third')]));
    await autosave.finish(notebook([markdown('last')]));
    expect(saved()).toContain('last');
  });

  it('tells a save that fails once, goes on, and saves again when it can', async () => {
    const told: string[] = [];
    const autosave = await createAutosave(join(folder, 'a.ipynb'), (problem) => told.push(problem));
    mkdirSync(join(folder, 'a.ipynb'));
    await autosave.save(notebook([markdown('lost')]));
    await expect(autosave.finish(notebook([markdown('lost')]))).rejects.toThrow(/it is a folder/);
    expect(told).toEqual([expect.stringMatching(/it is a folder/)]);
    renameSync(join(folder, 'a.ipynb'), join(folder, 'away'));
    await autosave.finish(notebook([markdown('there')]));
    expect(saved()).toContain('there');
  });

  it.skipIf(process.platform === 'win32')('gives a device its bytes at the end only', async () => {
    symlinkSync('/dev/full', join(folder, 'full'));
    const autosave = await createAutosave(join(folder, 'full'), expect.unreachable);
    await autosave.save(notebook([]));
    await expect(autosave.finish(notebook([]))).rejects.toThrow(/the disk is full/);
  });
});
