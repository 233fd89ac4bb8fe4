/** Reads one setting of the notebook's own file, where the server says which file that is. */
import { type FileHandle, open } from 'node:fs/promises';

/** Notebooks beyond this size are not read for a setting. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * A reader of the notebook's metadata, which parses the file again only when it has changed.
 *
 * @param path the notebook's file: Jupyter's server gives it to kernels as `JPY_SESSION_NAME`
 * @returns what `read` makes of the metadata; undefined where there is no such file
 */
export function createNotebookSetting<T>(
  path: string | undefined,
  read: (metadata: Record<string, unknown>) => T,
): () => Promise<T | undefined> {
  if (path === undefined || !path.endsWith('.ipynb')) return async () => undefined;
  let known: { changedMs: number; value: T | undefined } = { changedMs: Number.NaN, value: undefined };
  return async () => {
    let file: FileHandle | undefined;
    try {
      file = await open(path);
      const { mtimeMs, size } = await file.stat();
      if (mtimeMs === known.changedMs || size > MOST_BYTES) return known.value;
      const { metadata } = JSON.parse(await file.readFile('utf8')) as { metadata?: Record<string, unknown> };
      known = { changedMs: mtimeMs, value: read(metadata ?? {}) };
    } catch {
      // It is being written, or it is none: what was known last holds.
    } finally {
      await file?.close();
    }
    return known.value;
  };
}
