/** Loads a CommonJS module of one file with the code that V8 compiled for it at an earlier start. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import vm from 'node:vm';
import { cacheFolder } from '../../../files/user-folders.ts';
import { writeWhole } from '../../../files/write-file.ts';

/** A module with a way to speed up its next load. */
export interface LoadedModule<T> {
  exports: T;
  /** Writes what is compiled by now to the cache, once; a cache that cannot be written is done without. */
  keep(): Promise<void>;
}

/**
 * Loads a module. V8 refuses cached code of another version or with other flags, and knows a text by its length alone:
 * so the file's size and time are part of the cache's name.
 *
 * @param name as `require` takes it
 * @param folder where compiled code is kept
 */
export function loadCached<T>(name: string, folder: string = codeFolder()): LoadedModule<T> {
  const path = createRequire(import.meta.url).resolve(name);
  const { size, mtimeMs } = statSync(path);
  const cache = join(folder, `${name}-${size}-${Math.round(mtimeMs)}-${cachedDataVersionTag()}.bin`);
  const cachedData = readIfThere(cache);
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(path, 'utf8')}\n})`;
  const script = new vm.Script(source, { filename: path, ...(cachedData && { cachedData }) });
  const module = { exports: {} as T };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(module.exports, createRequire(path), module, path, dirname(path));
  let isKept = cachedData !== undefined && script.cachedDataRejected === false;
  const keep = async () => {
    if (isKept) return;
    isKept = true;
    // A cache that cannot be written is done without.
    await writeWhole(cache, script.createCachedData()).catch(() => {});
  };
  return { exports: module.exports, keep };
}

/** Where compiled code is kept: it may be deleted at any time. */
function codeFolder(): string {
  return join(cacheFolder(), 'tsbert', 'code');
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
