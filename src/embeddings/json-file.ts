/** Reads the JSON files of a model's folder, with errors that name the file and the remedy. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ModelFormatError } from './errors.ts';

/** A JSON object whose content nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads a JSON file, where there is one.
 *
 * @param folder the model's folder
 * @param file path relative to the folder
 * @returns undefined when there is no such file
 * @throws {ModelFormatError} when the file holds no JSON, or cannot be read
 */
export async function readJson(folder: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path.join(folder, file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const problem = `${file} in ${folder} cannot be read (${code})`;
    throw new ModelFormatError(`${problem}. Download the model again.`, { folder, file, cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = `${file} in ${folder} is not valid JSON (${(cause as Error).message})`;
    throw new ModelFormatError(`${problem}. Download the model again.`, { folder, file, cause });
  }
}

/**
 * Reads a JSON object, where the file is there.
 *
 * @throws {ModelFormatError} when the file holds anything else
 */
export async function readJsonObject(folder: string, file: string): Promise<JsonObject | undefined> {
  const value = await readJson(folder, file);
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new ModelFormatError(`${file} in ${folder} should hold a JSON object. Download the model again.`, {
    folder,
    file,
  });
}
