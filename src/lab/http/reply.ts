/** Answers as values, and the one place that writes them to a response. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliDecompress } from 'node:zlib';
import { HttpError } from './errors.ts';

/** What a route answers: text that is held, or a file that is streamed. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** A file's path, streamed; with `compressed`, `FILE.br` may stand for it. */
  file?: string;
  compressed?: boolean;
}

/** Shorter answers gain nothing from compression; longer ones would hold the server up for more than they save. */
const COMPRESS_FROM = 2000;
const COMPRESS_TO = 20_000_000;

const compress = promisify(brotliCompress);

/** A JSON answer. @example json({ version: '1' }) */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The answer of a request that has nothing to say. */
export const NO_CONTENT: Reply = { status: 204 };

/** A browser sent elsewhere on this server. */
export function redirect(location: string, headers: Record<string, string> = {}): Reply {
  return { status: 302, headers: { location, ...headers } };
}

/** A text with its type. */
export function text(type: string, body: string, headers: Record<string, string> = {}, status = 200): Reply {
  return { status, headers: { 'content-type': `${type}; charset=utf-8`, ...headers }, body };
}

/** Writes a reply, compressed where the browser takes it. */
export async function send(response: ServerResponse, reply: Reply): Promise<void> {
  const takesBrotli = /\bbr\b/.test(String(response.req.headers['accept-encoding'] ?? ''));
  response.setHeader('x-content-type-options', 'nosniff');
  if (reply.file !== undefined) return sendFile(response, reply, reply.file, takesBrotli);
  const body = Buffer.from(reply.body ?? '');
  const worthIt = takesBrotli && body.length >= COMPRESS_FROM && body.length <= COMPRESS_TO;
  const sent = worthIt ? await compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }) : body;
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(worthIt && { 'content-encoding': 'br', vary: 'accept-encoding' }),
    ...(reply.status !== 204 && { 'content-length': String(sent.length) }),
  });
  response.end(sent);
}

async function sendFile(response: ServerResponse, reply: Reply, file: string, takesBrotli: boolean) {
  const packed = reply.compressed ? await stat(`${file}.br`).catch(() => undefined) : undefined;
  const info = packed ?? (await stat(file).catch(() => undefined));
  if (!info?.isFile()) throw new HttpError(404, 'There is no such file.');
  const isUnpackedHere = packed !== undefined && !takesBrotli;
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(packed && { vary: 'accept-encoding' }),
    ...(packed && takesBrotli && { 'content-encoding': 'br' }),
    ...(!isUnpackedHere && { 'content-length': String(info.size) }),
  });
  if (response.req.method === 'HEAD') return void response.end();
  const source = createReadStream(packed ? `${file}.br` : file);
  await (isUnpackedHere ? pipeline(source, createBrotliDecompress(), response) : pipeline(source, response));
}
