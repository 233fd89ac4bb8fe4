/** Routes: which handler answers which method and path, and what it is given. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from './reply.ts';

/** A request as a route sees it. */
export interface LabRequest {
  /** What the pattern's groups matched, decoded. */
  params: readonly string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body as a JSON object; empty where there is no body. @throws HttpError when it is too long or no object */
  readJson(limit?: number): Promise<Record<string, unknown>>;
}

/** Answers one kind of request. */
export type Handler = (request: LabRequest) => Reply | Promise<Reply>;

/** One line of a table of routes: method, pattern of the decoded path, handler. */
export type RouteLine = readonly [method: string, pattern: string, handle: Handler];

/** Finds a request's handler. HEAD is answered as GET. */
export type Router = (
  method: string,
  path: string,
) => { handle: Handler; params: readonly string[] } | undefined;

/**
 * Makes a router of tables; the first line that fits wins.
 * @example createRouter([['GET', '/api/files/(.+)', handle]])('GET', '/api/files/a')?.params // ['a']
 */
export function createRouter(lines: readonly RouteLine[]): Router {
  const routes = lines.map(([method, pattern, handle]) => ({
    method,
    pattern: new RegExp(`^${pattern}$`, 's'),
    handle,
  }));
  return (method, path) => {
    const asked = method === 'HEAD' ? 'GET' : method;
    for (const route of routes) {
      const match = route.method === asked ? route.pattern.exec(path) : null;
      if (match) return { handle: route.handle, params: match.slice(1).map((part) => part ?? '') };
    }
    return undefined;
  };
}
