/** The HTTP server: who may ask, what is asked, and how it ends. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QueueFullError } from './batcher.ts';
import { RequestError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { createEmbeddings, listModels, openaiError } from './openai.ts';
import { rerank, type ServedReranker } from './reranker.ts';
import { requireOwnNames, type ServedModel } from './served-model.ts';
import { embed, info, teiError } from './tei.ts';

/** What is served, and to whom. */
export interface ServerOptions {
  readonly models: readonly ServedModel[];
  /** Cross encoders, for /rerank. */
  readonly rerankers: readonly ServedReranker[];
  readonly metrics: Metrics;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Clients must send it as `Authorization: Bearer …`; not for /health. */
  readonly apiKey: string | undefined;
  readonly version: string;
  readonly bodyBytes: number;
  readonly queueTexts: number;
  /** Told of failures that clients do not learn about. */
  readonly log: (line: string) => void;
}

/** A server at work. */
export interface EmbeddingServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no new requests, and answers those that are there. */
  stop(): Promise<void>;
}

/** A request, as far as routes see it. */
interface Call {
  readonly body: unknown;
  readonly signal: AbortSignal;
}

type Route = (options: ServerOptions, call: Call) => unknown;

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/embeddings': ({ models }, { body, signal }) => createEmbeddings(models, body, signal),
  'GET /v1/models': ({ models }) => listModels(models),
  'POST /embed': ({ models }, { body, signal }) => embed(models, body, signal),
  'POST /rerank': ({ rerankers }, { body, signal }) => rerank(rerankers, body, signal),
  'GET /info': ({ models, version, bodyBytes, queueTexts }) =>
    info(models, version, { body: bodyBytes, queue: queueTexts }),
  'GET /health': () => ({ status: 'ok' }),
  'GET /metrics': ({ models, rerankers, metrics }) =>
    metrics.format([...models, ...rerankers].reduce((sum, { batcher }) => sum + batcher.waiting, 0)),
};

/**
 * Starts to listen.
 *
 * @throws {Error} when the port is taken or may not be used
 * @throws {RangeError} when two models have one name
 */
export async function startServer(options: ServerOptions): Promise<EmbeddingServer> {
  requireOwnNames(options.models);
  requireOwnNames(options.rerankers);
  const server = createServer((request, response) => {
    // Once the server takes no new connections, those that are there end with their answer.
    response.shouldKeepAlive &&= server.listening;
    void answer(options, request, response);
  });
  await listen(server, options);
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is taken' : error.message;
      reject(new Error(`Cannot listen on port ${port} of ${host}: ${why}. Name another one by --port.`));
    });
    server.listen(port, host, resolve);
  });
}

async function answer(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const path = (request.url ?? '/').split('?')[0]!;
  const route = `${request.method} ${path}`;
  const isKnown = Object.hasOwn(ROUTES, route);
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('The client is gone.')));
  try {
    if (path !== '/health') requireKey(request, options.apiKey);
    if (!isKnown) throw unknownRoute(request.method, path);
    const body = request.method === 'POST' ? await readJson(request, options.bodyBytes) : undefined;
    send(response, 200, await ROUTES[route]!(options, { body, signal: gone.signal }));
  } catch (cause) {
    const error = toRequestError(cause);
    if (error.status === 500)
      options.log(`${route}: ${cause instanceof Error ? cause.stack : String(cause)}`);
    if (error.status === 429) response.setHeader('retry-after', '1');
    // What is left of a body that was not read would be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close');
    send(response, error.status, path.startsWith('/v1/') ? openaiError(error) : teiError(error));
  }
  options.metrics.countRequest(
    isKnown ? path : 'other',
    response.statusCode,
    (performance.now() - startedAt) / 1000,
  );
}

function unknownRoute(method: string | undefined, path: string): RequestError {
  const others = Object.keys(ROUTES).filter((route) => route.endsWith(` ${path}`));
  if (others.length > 0)
    return new RequestError(405, `${path} takes ${others[0]!.split(' ')[0]}, not ${method}.`);
  return new RequestError(404, `There is no ${path} here. There are ${Object.keys(ROUTES).join(', ')}.`);
}

/** By their hashes: comparing takes the same time wherever the first difference is. */
function requireKey({ headers }: IncomingMessage, key: string | undefined): void {
  if (key === undefined) return;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  if (timingSafeEqual(hash(headers.authorization ?? ''), hash(`Bearer ${key}`))) return;
  throw new RequestError(401, 'The API key is missing or wrong. Send it as Authorization: Bearer KEY.', {
    code: 'invalid_api_key',
  });
}

/** JSON only: a browser sends other types across sites without asking. */
async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new RequestError(415, 'The body must be JSON, with the header Content-Type: application/json.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit)
      throw new RequestError(413, `The body is longer than ${limit} bytes. Send fewer texts at once.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new RequestError(400, 'The body is no JSON.');
  }
}

/** An error of ours says nothing of this machine to a client. */
function toRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof QueueFullError)
    return new RequestError(429, error.message, { code: 'rate_limit_exceeded' });
  return new RequestError(500, 'The server failed at this. Its log says more.');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain; version=0.0.4' : 'application/json' });
  response.end(isText ? body : JSON.stringify(body));
}
