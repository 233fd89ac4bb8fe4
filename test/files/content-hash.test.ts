/** The hash of a file's content, computed once for each state of the file. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash, promisedHash } from '../../src/files/content-hash.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-hash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

describe('contentHash()', () => {
  it('follows a large file’s content, with one note for each state of it', async () => {
    const [file, notes] = [join(folder, 'large'), join(folder, 'notes')];
    for (const fill of [1, 2]) {
      const content = Buffer.alloc(2_000_000, fill);
      writeFileSync(file, content);
      for (let times = 0; times < 2; times++) expect(await contentHash(file, notes)).toBe(sha256(content));
      expect(readdirSync(notes)).toHaveLength(fill);
    }
  });

  it('computes again where a note is damaged or cannot be written', async () => {
    const [file, notes] = [join(folder, 'large'), join(folder, 'notes')];
    const content = Buffer.alloc(2_000_000, 7);
    writeFileSync(file, content);
    await contentHash(file, notes);
    writeFileSync(join(notes, readdirSync(notes)[0]!), 'garbage');
    expect(await contentHash(file, notes)).toBe(sha256(content));
    expect(await contentHash(file, join(file, 'below a file'))).toBe(sha256(content));
  });

  it('takes the name of a blob for its hash', async () => {
    mkdirSync(join(folder, 'blobs'));
    const blob = join(folder, 'blobs', 'c'.repeat(64));
    writeFileSync(blob, 'x');
    expect(await contentHash(blob, undefined)).toBe('c'.repeat(64));
    expect(promisedHash(join(folder, 'c'.repeat(64)))).toBeUndefined();
  });
});
