/** A lab server for tests: own folders, a stand-in for the built interface, and requests as a browser sends them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabOptions, type LabServer, startLab } from '../../src/lab/server.ts';

/** An answer, its body as text. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  json(): Record<string, unknown>;
}

/** What a request is made of besides its method and path. */
export interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
  /** Sends neither token nor origin. */
  bare?: boolean;
}

export interface TestLab {
  readonly server: LabServer;
  readonly folder: string;
  readonly stateFolder: string;
  ask(method: string, path: string, sent?: Sent): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a server on a folder of its own, which `files` are laid into. */
export async function startTestLab(
  files: Record<string, string> = {},
  options: Partial<LabOptions> = {},
): Promise<TestLab> {
  const home = mkdtempSync(join(tmpdir(), 'tsbert-lab-'));
  const folder = join(home, 'notebooks');
  const stateFolder = join(home, 'state');
  for (const [name, text] of Object.entries({ '.hidden/x.txt': 'secret', ...files })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const assets = { folder: layInterface(home), version: '4.6.4', schemas: SCHEMAS };
  const server = await startLab({
    folder,
    assets,
    stateFolder,
    env: { ...process.env, PATH: '' },
    ...options,
  });
  return {
    server,
    folder,
    stateFolder,
    ask: (method, path, sent) => ask(server, method, path, sent),
    async close() {
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const SCHEMAS = { '@jupyterlab/a:plugin': { schema: { type: 'object', properties: {} }, version: '4.6.4' } };

function layInterface(home: string): string {
  const folder = join(home, 'interface');
  mkdirSync(join(folder, 'static'), { recursive: true });
  writeFileSync(join(folder, 'static', 'main.js'), '// the script'.padEnd(100));
  writeFileSync(join(folder, 'static', 'main.logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'licenses.json'), '{"bundles":{}}');
  return folder;
}

/** A raw request: paths go out as they are given, which `fetch` would tidy up. */
export function ask(server: LabServer, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const own = { authorization: `token ${server.token}`, host: `127.0.0.1:${server.port}` };
  const headers = { ...(sent.bare ? {} : own), ...sent.headers };
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: server.port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          json: () => JSON.parse(body),
        });
      });
    });
    asking.on('error', reject);
    asking.end(sent.body === undefined ? undefined : JSON.stringify(sent.body));
  });
}
