/** Saves a notebook while it runs, so that what was done is on the disk whatever happens to the rest. */
import { checkTarget } from '../../files/check-target.ts';
import { FileWriteError } from '../../files/errors.ts';
import { writeWhole } from '../../files/write-file.ts';
import { type Notebook, serializeNotebook } from '../../jupyter/notebook/nbformat.ts';

/** Saving takes at most this part of the time: a large notebook with many short cells is saved less often. */
const SHARE = 0.1;

/** Saves one notebook, again and again. */
export interface Autosave {
  /** Saves the notebook now, or soon where saving it takes long. A refusal is told once, and the run goes on. */
  save(notebook: Notebook): Promise<void>;
  /** Saves it for the last time. @throws FileWriteError */
  finish(notebook: Notebook): Promise<void>;
}

/**
 * Checks that the file can be written, and saves to it. What only takes bytes once (a pipe, a device) gets them at
 * the end.
 *
 * @param warn told of the first save that fails: the disk may have room again at the next
 * @throws FileWriteError when the file cannot be written
 */
export async function createAutosave(path: string, warn: (problem: string) => void): Promise<Autosave> {
  const { kind } = await checkTarget(path);
  const write = (notebook: Notebook) => writeWhole(path, serializeNotebook(notebook));
  if (kind !== 'file') return { save: async () => {}, finish: write };
  return new FileAutosave(write, warn);
}

class FileAutosave implements Autosave {
  readonly #write: (notebook: Notebook) => Promise<void>;
  #nextAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #warn: ((problem: string) => void) | undefined;

  constructor(write: (notebook: Notebook) => Promise<void>, warn: (problem: string) => void) {
    this.#write = write;
    this.#warn = warn;
  }

  async save(notebook: Notebook): Promise<void> {
    clearTimeout(this.#timer);
    const wait = this.#nextAt - performance.now();
    if (wait <= 0) return this.#trySave(notebook);
    this.#timer = setTimeout(() => void this.#trySave(notebook), wait);
  }

  async finish(notebook: Notebook): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running.catch(() => undefined);
    await this.#saveNow(notebook);
  }

  async #trySave(notebook: Notebook): Promise<void> {
    try {
      await this.#running.catch(() => undefined);
      await this.#saveNow(notebook);
    } catch (error) {
      if (!(error instanceof FileWriteError)) throw error;
      this.#warn?.(error.message);
      this.#warn = undefined;
    }
  }

  #saveNow(notebook: Notebook): Promise<void> {
    const startedAt = performance.now();
    this.#running = this.#write(notebook).finally(() => {
      const now = performance.now();
      this.#nextAt = now + (now - startedAt) / SHARE;
    });
    return this.#running;
  }
}
