/** Checkpoints: one copy of a file as it was last saved by hand, where Jupyter keeps it too. */
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { placeWhole, writeWhole } from '../../files/write-file.ts';
import { HttpError, notFound } from '../http/errors.ts';
import type { Locate } from './locate.ts';

/** Jupyter's name of the only checkpoint of a file. */
const CHECKPOINT_ID = 'checkpoint';

/** A checkpoint, field names as in the API. */
export interface Checkpoint {
  id: string;
  last_modified: string;
}

/** The checkpoints of one folder's files. */
export interface Checkpoints {
  list(path: string): Promise<Checkpoint[]>;
  create(path: string): Promise<Checkpoint>;
  /** @throws HttpError 404 where there is none */
  restore(path: string, id: string): Promise<void>;
  remove(path: string, id: string): Promise<void>;
  /** Takes the checkpoint along when its file is renamed. */
  move(path: string, to: string): Promise<void>;
}

/** Checkpoints in `.ipynb_checkpoints` beside each file. */
export function createCheckpoints(locate: Locate): Checkpoints {
  const fileOf = (path: string) => {
    const file = locate(path);
    const ext = extname(file);
    return join(dirname(file), '.ipynb_checkpoints', `${basename(file, ext)}-checkpoint${ext}`);
  };
  const find = async (path: string, id: string) => {
    const file = fileOf(path);
    if (id !== CHECKPOINT_ID || !(await stat(file).catch(() => undefined)))
      throw new HttpError(404, `${path} has no checkpoint '${id}'.`);
    return file;
  };
  const describe = async (file: string): Promise<Checkpoint> => ({
    id: CHECKPOINT_ID,
    last_modified: (await stat(file)).mtime.toISOString(),
  });
  return {
    async list(path) {
      const file = fileOf(path);
      return (await stat(file).catch(() => undefined)) ? [await describe(file)] : [];
    },
    async create(path) {
      if (!(await stat(locate(path)).catch(() => undefined))?.isFile()) throw notFound(path);
      const file = fileOf(path);
      await mkdir(dirname(file), { recursive: true });
      await placeWhole(file, (draft) => copyFile(locate(path), draft));
      return describe(file);
    },
    restore: async (path, id) => writeWhole(locate(path), await readFile(await find(path, id))),
    remove: async (path, id) => rm(await find(path, id)),
    async move(path, to) {
      const [from, target] = [fileOf(path), fileOf(to)];
      if (!(await stat(from).catch(() => undefined))) return;
      await mkdir(dirname(target), { recursive: true });
      await rename(from, target);
    },
  };
}
