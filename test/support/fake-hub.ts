/** A hub on this machine: the routes of huggingface.co that a download uses, with faults on request. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What a fault handler gets; it returns true when it has answered. */
export type Fault = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean | undefined;

/** A running hub. */
export interface FakeHub {
  /** Its address, for HF_ENDPOINT. */
  url: string;
  /** `METHOD path` of each request so far, with `bytes=…` when a range was asked for. */
  requests: string[];
  /** The Authorization header of each request so far. */
  authorizations: (string | undefined)[];
  /** Called before each answer. */
  fault: Fault | undefined;
  /** The repository's files by path; tests may change them. */
  files: Map<string, Buffer>;
  close(): Promise<void>;
}

/** The commit that `main` stands at. */
export const commit = '0123456789abcdef0123456789abcdef01234567';

/** The etag the real hub gives: sha256 for large files (LFS), git's blob sha1 for small ones. */
export function etagOf(path: string, content: Buffer): string {
  if (isLarge(path)) return createHash('sha256').update(content).digest('hex');
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

function isLarge(path: string): boolean {
  return /\.(safetensors|onnx|bin)$/.test(path);
}

/** The files below a folder by path, links followed. */
export function readRepository(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!statSync(path).isFile()) continue;
    files.set(path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path));
  }
  return files;
}

/** Serves a repository under one model id on a free port of this machine. */
export async function startFakeHub(model: string, files: Map<string, Buffer>): Promise<FakeHub> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, hub.url);
    hub.requests.push([request.method, url.pathname, request.headers.range].filter(Boolean).join(' '));
    hub.authorizations.push(request.headers.authorization);
    if (hub.fault?.(request, response, url)) return;
    answer(request, response, url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: FakeHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    authorizations: [],
    fault: undefined,
    files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function answer(request: IncomingMessage, response: ServerResponse, { pathname }: URL): void {
    const [, path] = pathname.split(/\/resolve\/[^/]+\//).map(decodeURIComponent);
    const content = files.get(path ?? '');
    if (pathname.startsWith(`/api/models/${model}/revision/`)) sendInfo(response, pathname);
    else if (pathname.startsWith(`/api/models/${model}/tree/`)) sendJson(response, listing());
    else if (path === undefined) sendError(response, 404, 'RepoNotFound');
    else if (content === undefined) sendError(response, 404, 'EntryNotFound');
    else sendFile(request, response, path, content);
  }

  function sendInfo(response: ServerResponse, pathname: string): void {
    const revision = decodeURIComponent(pathname.split('/').at(-1)!);
    const isKnown = ['main', 'v1', commit].includes(revision);
    const siblings = [...files.keys()].map((rfilename) => ({ rfilename }));
    const lastModified = '2024-01-01T00:00:00.000Z';
    if (isKnown) sendJson(response, { _id: '1', id: model, sha: commit, lastModified, siblings });
    else sendError(response, 404, 'RevisionNotFound');
  }

  function listing() {
    return [...files].map(([path, content]) => ({
      type: 'file',
      path,
      size: content.length,
      oid: createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex'),
      ...(isLarge(path) && { lfs: { oid: etagOf(path, content), size: content.length, pointerSize: 130 } }),
    }));
  }
  return hub;
}

/** Answers with an error as the hub does: a status and an X-Error-Code. */
export function sendError(response: ServerResponse, status: number, code?: string): true {
  response.writeHead(status, { 'Content-Type': 'application/json', ...(code && { 'X-Error-Code': code }) });
  response.end(JSON.stringify({ error: code ?? `status ${status}` }));
  return true;
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

/** A file, or the part of it that a Range asks for, with the headers that huggingface_hub reads. */
function sendFile(request: IncomingMessage, response: ServerResponse, path: string, content: Buffer): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const part = content.subarray(start, to ? Number(to) + 1 : undefined);
  response.writeHead(from === undefined ? 200 : 206, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': part.length,
    'Accept-Ranges': 'bytes',
    ETag: `"${etagOf(path, content)}"`,
    'X-Repo-Commit': commit,
    ...(isLarge(path) && { 'X-Linked-ETag': `"${etagOf(path, content)}"`, 'X-Linked-Size': content.length }),
    ...(from !== undefined && {
      'Content-Range': `bytes ${start}-${start + part.length - 1}/${content.length}`,
    }),
  });
  response.end(request.method === 'HEAD' ? undefined : part);
}
