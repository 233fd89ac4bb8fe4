/** Where a path of the browser lies on the disk: nothing outside the served folder, and nothing hidden. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { notFound } from '../http/errors.ts';

/** Turns a path as JupyterLab writes it (`folder/file`, empty for the folder itself) into a file's. */
export type Locate = (path: string) => string;

/** Names that Windows gives to devices, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Makes the function that looks paths up in one folder.
 * @param folder - the served folder
 * @returns throws HttpError 404 for a path that is outside (also by a symbolic link), hidden, or no file's name
 */
export function createLocate(folder: string): { root: string; locate: Locate } {
  const root = realpathSync(folder);
  const locate: Locate = (path) => {
    const parts = path.split('/').filter(Boolean);
    if (parts.some(isForbidden)) throw notFound(path);
    const file = resolve(root, ...parts);
    if (!isInside(root, file) || !isInside(root, realOf(file))) throw notFound(path);
    return file;
  };
  return { root, locate };
}

/** Dots in front hide a file, `..` leaves the folder; NUL, backslash and colon mean other places on some systems. */
function isForbidden(part: string): boolean {
  const meansElsewhere = part.includes('\0') || (process.platform === 'win32' && /[\\:]/.test(part));
  return part.startsWith('.') || meansElsewhere || (process.platform === 'win32' && DEVICE.test(part));
}

/** The path with its links followed, as far as it exists: a file about to be made lies in a real folder. */
function realOf(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  const parent = dirname(file);
  return parent === file ? file : join(realOf(parent), basename(file));
}

function isInside(root: string, file: string): boolean {
  const way = relative(root, file);
  return way === '' || (way.split(sep)[0] !== '..' && resolve(root, way) === file);
}
