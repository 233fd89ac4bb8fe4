/** Puts a model's folder together from the tiny models' files and others, for one test. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixture } from './reference.ts';

/** A folder that deletes itself at the end of an `await using` block. */
export interface ModelFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file: text as it is, anything else as JSON. */
  write(file: string, content: unknown): Promise<void>;
  /** Copies a file or folder of test/fixtures into it. */
  copy(from: string, to?: string): Promise<void>;
  /** Deletes a file or folder of it. */
  delete(file: string): Promise<void>;
}

/** @param base a folder of test/fixtures to begin with a copy of */
export async function createModelFolder(base?: string): Promise<ModelFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tsbert-model-'));
  const model: ModelFolder = {
    path: folder,
    async write(file, content) {
      const target = path.join(folder, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content));
    },
    copy: (from, to = '') => cp(fixture(from), path.join(folder, to), { recursive: true }),
    delete: (file) => rm(path.join(folder, file), { recursive: true }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
  if (base) await model.copy(base);
  return model;
}
