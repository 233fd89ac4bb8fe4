/** The server's websockets: channels of kernels, and the stream of events. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Access } from '../http/access.ts';
import { HttpError } from '../http/errors.ts';
import { SUBPROTOCOL } from './frames.ts';
import type { Kernels } from './kernels.ts';

const PING_MS = 30_000;
const MAX_MESSAGE = 512_000_000;

/** Takes a server's websockets: those of kernels, and that of events, on which nothing is ever said. */
export function serveSockets(server: Server, access: Access, kernels: Kernels): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    try {
      const url = new URL(`http://localhost${request.url ?? '/'}`);
      access.checkSocket({ method: 'GET', headers: request.headers, url });
      const attach = findSocket(url, kernels, request);
      sockets.handleUpgrade(request, connection, head, (socket) => {
        keepAlive(socket);
        attach(socket);
      });
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 400;
      connection.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\n\r\n`);
    }
  });
  return sockets;
}

function findSocket(url: URL, kernels: Kernels, request: IncomingMessage): (socket: WebSocket) => void {
  if (url.pathname === '/api/events/subscribe') return () => {};
  const [, id] = /^\/api\/kernels\/([^/]+)\/channels$/.exec(url.pathname) ?? [];
  if (id === undefined) throw new HttpError(404, 'There is no such websocket.');
  const offered = String(request.headers['sec-websocket-protocol'] ?? '');
  if (!offered.split(/, */).includes(SUBPROTOCOL))
    throw new HttpError(400, `This server speaks the protocol ${SUBPROTOCOL} only.`);
  const kernel = kernels.get(id);
  const sessionId = url.searchParams.get('session_id') || randomBytes(16).toString('hex');
  return (socket) => kernel.attach(socket, sessionId);
}

/** A page whose machine fell asleep leaves no sign of its end: it is asked now and then. */
function keepAlive(socket: WebSocket): void {
  let isThere = true;
  socket.on('pong', () => {
    isThere = true;
  });
  socket.on('error', () => socket.terminate());
  const timer = setInterval(() => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
  }, PING_MS).unref();
  socket.on('close', () => clearInterval(timer));
}
