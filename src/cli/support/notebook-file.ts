/** Reading a notebook's file. */
import { readFile, stat } from 'node:fs/promises';

/** Larger notebooks cannot be held as one text by Node. */
const MAX_NOTEBOOK = 500_000_000;

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
