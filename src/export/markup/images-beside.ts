/** Reads the pictures that lie beside a notebook. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { ImageReader } from './images.ts';

const MAX_IMAGE = 10_000_000;

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
