/** Files and folders as Jupyter's contents API describes them. */
import { createHash } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { NotebookFormatError } from '../../jupyter/client/errors.ts';
import { parseNotebook } from '../../jupyter/notebook/nbformat.ts';
import { HttpError, notFound } from '../http/errors.ts';
import { mimeType } from '../http/mime.ts';
import type { Locate } from './locate.ts';
import type { Trust } from './trust.ts';

/** What a thing is asked or shown as. */
export type ContentType = 'file' | 'notebook' | 'directory';

/** A file or folder, field names as in the API. `content` is null where it was not asked for. */
export interface ContentsModel {
  name: string;
  path: string;
  type: ContentType;
  created: string;
  last_modified: string;
  writable: boolean;
  size: number | null;
  mimetype: string | null;
  format: 'json' | 'text' | 'base64' | null;
  content: unknown;
  hash: string | null;
  hash_algorithm: string | null;
}

/** What of a thing is asked for. */
export interface ModelRequest {
  type?: ContentType;
  format?: 'text' | 'base64';
  /** @default true */
  content?: boolean;
  /** The file's SHA-256. @default false */
  hash?: boolean;
}

/** Node holds no longer text, and the page could not either; larger files can be downloaded. */
const MAX_SHOWN = 200_000_000;

/** What describing files needs. */
export interface Described {
  locate: Locate;
  trust: Trust;
}

/**
 * Describes a file or folder.
 * @throws HttpError 404 where there is none, 400 when it is not of the asked type or format
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/contents.html
 */
export async function readModel(
  from: Described,
  path: string,
  asked: ModelRequest = {},
): Promise<ContentsModel> {
  const file = from.locate(path);
  const info = await stat(file).catch(() => {
    throw notFound(path);
  });
  const common = await describe(path, file, info);
  if (info.isDirectory()) {
    if (asked.type && asked.type !== 'directory')
      throw new HttpError(400, `${path} is a folder, not a ${asked.type}.`);
    return { ...common, ...(await listFolder(from, path, file, asked)), type: 'directory', size: null };
  }
  if (!info.isFile()) throw notFound(path);
  if (asked.type === 'directory') throw new HttpError(400, `${path} is not a folder.`);
  const type = asked.type ?? (extname(file) === '.ipynb' ? 'notebook' : 'file');
  const hash = asked.hash ? { hash: await hashFile(file), hash_algorithm: 'sha256' } : {};
  // Of a notebook that is asked for as a file, Jupyter says no more than that it is text.
  const mimetype = type === 'file' && extname(file) !== '.ipynb' ? (mimeType(path) ?? null) : null;
  if (asked.content === false) return { ...common, ...hash, type, mimetype };
  if (info.size > MAX_SHOWN) throw tooLarge(path, info.size);
  if (type === 'notebook') return { ...common, ...hash, type, ...(await readNotebook(from, path, file)) };
  return { ...common, ...hash, type, ...readText(path, await readFile(file), asked.format, mimetype) };
}

async function describe(path: string, file: string, info: Stats) {
  return {
    name: path.split('/').filter(Boolean).at(-1) ?? '',
    path: path.split('/').filter(Boolean).join('/'),
    created: info.birthtime.toISOString(),
    last_modified: info.mtime.toISOString(),
    writable: await access(file, constants.W_OK).then(
      () => true,
      () => false,
    ),
    size: info.size,
    mimetype: null,
    format: null,
    content: null,
    hash: null,
    hash_algorithm: null,
  };
}

async function listFolder(from: Described, path: string, file: string, { content = true }: ModelRequest) {
  if (!content) return {};
  const names = (await readdir(file)).filter((name) => !name.startsWith('.'));
  // What cannot be described (a broken link, a socket, a link out of the folder) is left out of the list.
  const models = await Promise.allSettled(
    names.map((name) => readModel(from, [path, name].filter(Boolean).join('/'), { content: false })),
  );
  const shown = models.flatMap((model) => (model.status === 'fulfilled' ? [model.value] : []));
  return { format: 'json' as const, content: shown };
}

async function readNotebook({ trust }: Described, path: string, file: string) {
  try {
    const notebook = parseNotebook(await readFile(file, 'utf8'), path);
    await trust.mark(notebook);
    return { format: 'json' as const, content: notebook };
  } catch (error) {
    if (error instanceof NotebookFormatError) throw new HttpError(400, error.message);
    throw error;
  }
}

function readText(path: string, bytes: Buffer, format: ModelRequest['format'], mimetype: string | null) {
  const text = format === 'base64' ? undefined : decodeUtf8(bytes);
  if (text !== undefined)
    return { format: 'text' as const, mimetype: mimetype ?? 'text/plain', content: text };
  if (format === 'text') throw new HttpError(400, `${path} is not UTF-8 encoded.`);
  return {
    format: 'base64' as const,
    mimetype: mimetype ?? 'application/octet-stream',
    content: bytes.toString('base64'),
  };
}

/** @returns undefined for what is no UTF-8: shown as text and saved again, it would be another file */
function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function tooLarge(path: string, size: number): HttpError {
  const sizes = `${Math.round(size / 1e6)} MB; up to ${MAX_SHOWN / 1e6} MB can be opened`;
  return new HttpError(400, `${path} has ${sizes}. Download it, or clear outputs with: npx tsbert run.`);
}
