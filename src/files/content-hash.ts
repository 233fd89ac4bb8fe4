/** What a file's content is called: its sha256, computed once for each state of the file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from './write-file.ts';

/** Smaller files are hashed faster than a note is looked up. */
const SMALL = 1_000_000;

/** sha256 of a file's content, in hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * The hash that a file's place promises: in the Hugging Face cache large files are called by their sha256 and never
 * written again.
 *
 * @returns undefined where the name says nothing
 */
export function promisedHash(file: string): string | undefined {
  const isBlob = basename(dirname(file)) === 'blobs' && /^[0-9a-f]{64}$/.test(basename(file));
  return isBlob ? basename(file) : undefined;
}

/** What tells a file from another one that later takes its name, and from what it was before it was written. */
export async function fileIdentity(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
  return [file, dev, ino, size, mtimeNs].join(':');
}

/**
 * The hash of a file's content: promised by its place, noted for this state of the file, or computed now.
 *
 * @param notes the folder of the notes; where it cannot be written, large files are hashed each time
 */
export async function contentHash(file: string, notes: string | undefined): Promise<string> {
  const real = await realpath(file);
  const promised = promisedHash(real);
  if (promised !== undefined) return promised;
  if (notes === undefined || (await stat(real)).size < SMALL) return hashFile(real);
  const note = join(
    notes,
    createHash('sha256')
      .update(await fileIdentity(real))
      .digest('hex')
      .slice(0, 32),
  );
  const known = await readFile(note, 'utf8').catch(() => '');
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const hash = await hashFile(real);
  await writeWhole(note, hash).catch(() => undefined);
  return hash;
}
