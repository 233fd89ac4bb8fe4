/** Compiled code is kept for the next load, and never trusted for another text. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadCached } from '../../../../src/kernel/compiler/typescript/code-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'tsbert-code-'));
const folder = join(root, 'cache');
beforeEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => rmSync(root, { recursive: true }));

const load = () => loadCached<{ version: string }>('typescript', folder);

describe('loadCached()', () => {
  it('gives what require gives, from a cache as from the text', async () => {
    const first = load();
    await first.keep();
    const second = load();
    expect([first.exports.version, second.exports.version]).toEqual(['6.0.3', '6.0.3']);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^typescript-\d+-\d+-\d+\.bin$/)]);
  });

  it('writes once, and leaves no draft', async () => {
    const loaded = load();
    await loaded.keep();
    const [name] = readdirSync(folder);
    rmSync(join(folder, String(name)));
    await loaded.keep();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('passes over a cache of garbage, and replaces it', async () => {
    await load().keep();
    const [name] = readdirSync(folder);
    writeFileSync(join(folder, String(name)), 'garbage');
    const loaded = load();
    expect(loaded.exports.version).toBe('6.0.3');
    await loaded.keep();
    expect(load().exports.version).toBe('6.0.3');
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('does without a folder that cannot be made', async () => {
    writeFileSync(join(root, 'file'), '');
    const loaded = loadCached<{ version: string }>('typescript', join(root, 'file', 'cache'));
    await expect(loaded.keep()).resolves.toBeUndefined();
    expect(loaded.exports.version).toBe('6.0.3');
  });
});
