/** The server: JupyterLab's page, its REST routes and its websockets on one port, for one person. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createContents } from './contents/contents.ts';
import { createTrust } from './contents/trust.ts';
import { createAccess } from './http/access.ts';
import { answer } from './http/answer.ts';
import { createRouter, type Router } from './http/router.ts';
import { Kernels } from './kernels/kernels.ts';
import { createKernelSpecs, type KernelSpecs } from './kernels/kernelspecs.ts';
import { Sessions } from './kernels/sessions.ts';
import { serveSockets } from './kernels/websockets.ts';
import type { Interface } from './page/interface.ts';
import { contentsRoutes } from './routes/contents.ts';
import { exerciseRoutes } from './routes/exercises.ts';
import { exportRoutes } from './routes/export.ts';
import { kernelRoutes } from './routes/kernels.ts';
import { labRoutes } from './routes/lab.ts';
import { Settings } from './settings/settings.ts';
import { Workspaces } from './settings/workspaces.ts';

/** How a server is started. */
export interface LabOptions {
  /** The folder whose notebooks are served. */
  folder: string;
  assets: Interface;
  /** Where settings, workspaces and trust are kept, per user. */
  stateFolder: string;
  env: NodeJS.ProcessEnv;
  /** The address to listen on. @default '127.0.0.1' */
  ip?: string;
  /** @default one that is free */
  port?: number;
  /** Names that browsers may call this server by, beside the loopback's. */
  hosts?: readonly string[];
  /** Lets people in who do not have the token. */
  password?: string;
  /** Ends kernels that nobody has used for so long. */
  cullIdleMs?: number;
}

/** A running server. */
export interface LabServer {
  readonly port: number;
  /** Opens in a browser; holds the token. */
  url(path?: string): string;
  readonly token: string;
  /** Ends all kernels and connections. */
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
const MAX_CONNECTIONS = 256;
/** A browser that sends nothing holds a connection no longer. */
const HEADERS_MS = 20_000;
const REQUEST_MS = 300_000;

/**
 * Starts a server.
 * @throws Error with code EADDRINUSE where the port is taken
 * @example const lab = await startLab({ folder: '.', assets, stateFolder, env: process.env })
 */
export async function startLab(options: LabOptions): Promise<LabServer> {
  const { env, assets, ip = '127.0.0.1', port = 0 } = options;
  const specs = createKernelSpecs(env, join(assets.folder, 'static', 'main.logo.svg'));
  const kernels = new Kernels(specs);
  const router = routesOf(options, kernels, specs);
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS });
  server.maxConnections = MAX_CONNECTIONS;
  const listening = await listen(server, port, ip);
  const token = randomBytes(24).toString('hex');
  const access = createAccess({
    token,
    port: listening,
    hosts: [...LOOPBACK, ...(options.hosts ?? [])],
    ...(options.password !== undefined && { password: options.password }),
  });
  server.on('request', (request, response) => answer(request, response, access, router));
  const sockets = serveSockets(server, access, kernels);
  return {
    port: listening,
    token,
    url: (path = '/lab') => `http://${shownHost(ip)}:${listening}${path}?token=${token}`,
    async close() {
      await kernels.stopAll();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function routesOf(options: LabOptions, kernels: Kernels, specs: KernelSpecs): Router {
  const { folder, assets, stateFolder, cullIdleMs } = options;
  const contents = createContents(folder, createTrust(join(stateFolder, 'trust')));
  const { locate, root } = contents;
  const sessions = new Sessions(kernels);
  if (cullIdleMs) kernels.cullIdleAfter(cullIdleMs, (id) => sessions.forgetKernel(id));
  const settings = new Settings(assets.schemas, join(stateFolder, 'settings'));
  const workspaces = new Workspaces(join(stateFolder, 'workspaces'));
  return createRouter([
    ...contentsRoutes(contents),
    ...kernelRoutes({ kernels, sessions, specs, locate, root }),
    ...exportRoutes(locate),
    ...exerciseRoutes(root),
    ...labRoutes({ assets, settings, workspaces, kernels }),
  ]);
}

/** What to call an address in the browser: the one for every interface is none that can be called. */
function shownHost(ip: string): string {
  if (ip === '0.0.0.0' || ip === '::') return '127.0.0.1';
  return ip.includes(':') ? `[${ip}]` : ip;
}

function listen(server: Server, port: number, ip: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ip, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
