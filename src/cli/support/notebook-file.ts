/** Reading a notebook's file, and the pictures beside it. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { ImageReader } from '../../export/markup/images.ts';

/** Larger notebooks cannot be held as one text by Node. */
const MAX_NOTEBOOK = 500_000_000;
const MAX_IMAGE = 10_000_000;

/**
 * The notebook's text and when it was last saved.
 * @param name the path as the user wrote it, for error messages
 * @throws Error when there is no such file, or it is a folder or too large
 */
export async function readNotebookFile(path: string, name: string): Promise<{ text: string; savedAt: Date }> {
  try {
    const { size, mtime } = await stat(path);
    if (size > MAX_NOTEBOOK) {
      throw new Error(
        `${name} has ${Math.round(size / 1e6)} MB; up to ${MAX_NOTEBOOK / 1e6} MB can be read. Clear some outputs.`,
      );
    }
    return { text: decode(await readFile(path), name), savedAt: mtime };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`There is no file ${name}. Name an existing notebook (.ipynb).`);
    if (code === 'EISDIR') throw new Error(`${name} is a folder. Name a notebook (.ipynb) in it.`);
    if (code !== undefined)
      throw new Error(`${name} cannot be read: ${REASONS[code] ?? code}.`, { cause: error });
    throw error;
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'it is not yours to read. Change its permissions',
  EPERM: 'it is not yours to read. Change its permissions',
  ENOTDIR: 'a file stands where its folder should be',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/** @throws Error when the bytes are no UTF-8: they would be replaced without a word */
function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${name} is not UTF-8 text, as notebooks are. Save it as UTF-8.`);
  }
}

const IMAGE_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
};

/**
 * Reads pictures in the notebook's folder and below it. A notebook from somebody else must not carry other
 * files off in a page, so what lies outside, also by a symbolic link, is not read.
 */
export function imagesBeside(notebookPath: string): ImageReader {
  return async (path) => {
    const mime = IMAGE_TYPES[extname(path.split(/[?#]/)[0]!).toLowerCase()];
    if (!mime) return undefined;
    try {
      const folder = await realpath(dirname(notebookPath));
      const file = await realpath(resolve(folder, path.split(/[?#]/)[0]!));
      const inside = relative(folder, file);
      if (isAbsolute(inside) || inside.split(sep)[0] === '..') return undefined;
      if ((await stat(file)).size > MAX_IMAGE) return undefined;
      return { mime, base64: (await readFile(file)).toString('base64') };
    } catch {
      return undefined;
    }
  };
}
