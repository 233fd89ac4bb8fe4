/** Whether a result will find its place, asked before the work. */
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTarget, isSameFile } from '../../src/files/check-target.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-target-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

describe('checkTarget()', () => {
  it('takes a place whose folders are not there yet, and makes none', async () => {
    expect(await checkTarget(at('a/b/c.txt'))).toMatchObject({ kind: 'file' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder, and a path through a file', async () => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    await expect(checkTarget(at('folder'))).rejects.toThrow(/it is a folder/);
    await expect(checkTarget(at('file/a/b.txt'))).rejects.toThrow(/stands where its folder|not a folder/);
  });

  it('removes old drafts beside the place, and no other file', async () => {
    for (const name of ['.1.tsbert-draft', '.2.tsbert-draft', '.other']) writeFileSync(at(name), '');
    for (const name of ['.1.tsbert-draft', '.other']) utimesSync(at(name), 1000, 1000);
    await checkTarget(at('a.txt'));
    expect(readdirSync(folder).sort()).toEqual(['.2.tsbert-draft', '.other']);
  });
});

describe('isSameFile()', () => {
  it('sees through links', async () => {
    for (const name of ['a', 'b']) writeFileSync(at(name), '');
    linkSync(at('a'), at('hard'));
    expect(await isSameFile(at('a'), at('hard'))).toBe(true);
    expect(await isSameFile(at('a'), at('b'))).toBe(false);
    expect(await isSameFile(at('none'), at('none'))).toBe(true);
    if (process.platform === 'win32') return;
    symlinkSync('a', at('soft'));
    expect(await isSameFile(at('a'), at('soft'))).toBe(true);
  });
});
