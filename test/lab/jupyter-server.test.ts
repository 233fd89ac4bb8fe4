/** The same requests to this server and to the real jupyter_server: the answers that JupyterLab reads are alike. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKernelSpec } from '../../src/jupyter/kernelspec.ts';
import { findJupyter } from '../support/find-tools.ts';
import { startTestLab, type TestLab } from './lab-server.ts';

const jupyter = findJupyter();
if (jupyter.reason) console.log(`No comparison with jupyter_server: ${jupyter.reason}`);

const NOTEBOOK = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { id: 'a', cell_type: 'code', source: ['1 +\n', '1'], metadata: {}, execution_count: null, outputs: [] },
    { id: 'b', cell_type: 'markdown', source: ['# Title'], metadata: {} },
  ],
});
const FILES = { 'a.ipynb': NOTEBOOK, 'text.txt': 'text', 'sub/c.csv': 'a,b\n1,2\n', 'bytes.bin': '\u0000' };

/** What is compared of an answer: what differs from run to run is named by its type. */
interface Seen {
  status: number;
  body: unknown;
}

/** A request, in both servers' words; ids that a server chose are filled in by name. */
interface Step {
  method: string;
  path: string;
  body?: unknown;
  /** Keeps the answer's id under this name. */
  keep?: string;
}

const session = { path: 'a.ipynb', name: 'a.ipynb', type: 'notebook', kernel: { name: 'tsbert' } };

/** Every route that JupyterLab asks of jupyter_server, with the cases that matter. */
const STEPS: Step[] = [
  { method: 'GET', path: '/api/contents' },
  { method: 'GET', path: '/api/contents/sub?content=1' },
  { method: 'GET', path: '/api/contents/a.ipynb?type=notebook&content=1' },
  { method: 'GET', path: '/api/contents/a.ipynb?content=0&hash=1' },
  { method: 'GET', path: '/api/contents/a.ipynb?type=file&format=text&content=1' },
  { method: 'GET', path: '/api/contents/text.txt?content=1&hash=1' },
  { method: 'GET', path: '/api/contents/text.txt?format=base64&type=file' },
  { method: 'GET', path: '/api/contents/none.txt' },
  { method: 'GET', path: '/api/contents/.hidden/x.txt' },
  { method: 'GET', path: '/api/contents/sub?type=file' },
  { method: 'GET', path: '/api/contents/text.txt?type=directory' },
  { method: 'GET', path: '/api/contents/text.txt?format=strange' },
  { method: 'POST', path: '/api/contents/sub', body: { type: 'notebook' } },
  { method: 'POST', path: '/api/contents/sub', body: { type: 'file', ext: '.md' } },
  { method: 'POST', path: '/api/contents', body: { type: 'directory' } },
  { method: 'POST', path: '/api/contents', body: { type: 'directory' } },
  { method: 'POST', path: '/api/contents', body: { copy_from: 'a.ipynb' } },
  { method: 'POST', path: '/api/contents/text.txt', body: { type: 'file' } },
  { method: 'PUT', path: '/api/contents/new.txt', body: { type: 'file', format: 'text', content: 'new' } },
  { method: 'PUT', path: '/api/contents/new.txt', body: { type: 'file', format: 'text', content: 'newer' } },
  {
    method: 'PUT',
    path: '/api/contents/b.ipynb',
    body: { type: 'notebook', format: 'json', content: JSON.parse(NOTEBOOK) },
  },
  { method: 'PUT', path: '/api/contents/made', body: { type: 'directory' } },
  { method: 'PUT', path: '/api/contents/x.txt', body: { format: 'text', content: '' } },
  { method: 'GET', path: '/api/contents/b.ipynb/checkpoints' },
  { method: 'POST', path: '/api/contents/new.txt/checkpoints' },
  { method: 'GET', path: '/api/contents/new.txt/checkpoints' },
  { method: 'POST', path: '/api/contents/new.txt/checkpoints/checkpoint' },
  { method: 'DELETE', path: '/api/contents/new.txt/checkpoints/checkpoint' },
  { method: 'PATCH', path: '/api/contents/new.txt', body: { path: 'renamed.txt' } },
  { method: 'PATCH', path: '/api/contents/renamed.txt', body: { path: 'text.txt' } },
  { method: 'POST', path: '/api/contents/a.ipynb/trust' },
  { method: 'DELETE', path: '/api/contents/none.txt' },
  { method: 'GET', path: '/api/kernelspecs' },
  { method: 'GET', path: '/api/kernels' },
  { method: 'POST', path: '/api/sessions', body: session, keep: 'session' },
  { method: 'POST', path: '/api/sessions', body: session },
  { method: 'GET', path: '/api/sessions' },
  { method: 'GET', path: '/api/sessions/{session}' },
  { method: 'PATCH', path: '/api/sessions/{session}', body: { path: 'b.ipynb', name: 'b.ipynb' } },
  { method: 'POST', path: '/api/sessions', body: { path: 'x', type: 'notebook', kernel: { name: 'none' } } },
  { method: 'POST', path: '/api/sessions', body: { type: 'notebook' } },
  { method: 'GET', path: '/api/sessions/00000000-0000-0000-0000-000000000000' },
  { method: 'DELETE', path: '/api/sessions/{session}' },
  { method: 'POST', path: '/api/kernels', body: { name: 'tsbert' }, keep: 'kernel' },
  { method: 'GET', path: '/api/kernels/{kernel}' },
  { method: 'POST', path: '/api/kernels/{kernel}/restart' },
  { method: 'POST', path: '/api/kernels/{kernel}/interrupt' },
  { method: 'DELETE', path: '/api/kernels/{kernel}' },
  { method: 'GET', path: '/api/kernels/{kernel}' },
  { method: 'GET', path: '/api/status' },
  { method: 'GET', path: '/api/me' },
  { method: 'GET', path: '/api/nbconvert' },
  { method: 'GET', path: '/lab/api/workspaces' },
  { method: 'GET', path: '/lab/api/workspaces/none' },
  { method: 'PUT', path: '/lab/api/workspaces/mine', body: { data: { a: 1 }, metadata: { id: 'mine' } } },
  { method: 'GET', path: '/lab/api/workspaces/mine' },
  { method: 'DELETE', path: '/lab/api/workspaces/mine' },
];

/** Where the answers differ on purpose, and why. */
const ARGUED: { route: RegExp; where: RegExp; why: string }[] = [
  {
    route: /kernelspecs/,
    where: /default:|kernelspecs\/python3|kernel_protocol_version/,
    why: 'our kernel is the first choice; a Python beside Jupyter brings its own; the field is empty there',
  },
  { route: /kernelspecs/, where: /logo-svg/, why: 'the launcher shows our mark' },
  { route: /api\/me/, where: /identity|updatable/, why: 'one person, who has no name to change' },
  { route: /nbconvert/, where: /./, why: 'our own exporter: pages, TypeScript and notebooks' },
  { route: /POST \/api\/contents$/, where: /size/, why: 'a copy is the same bytes; Jupyter writes it anew' },
];

describe.skipIf(jupyter.reason !== undefined)('jupyter_server and this one', () => {
  let own: TestLab;
  let real: { ask(step: Step): Promise<{ status: number; body: string }>; close(): Promise<void> };

  beforeAll(async () => {
    own = await startTestLab(FILES);
    real = await startReal(jupyter.path!);
  });
  afterAll(async () => {
    await own?.close();
    await real?.close();
  });

  it('answer alike, but for the differences that are argued', { timeout: 180_000 }, async () => {
    const ids: Record<string, { own: string; real: string }> = {};
    const fill = (path: string, side: 'own' | 'real') =>
      path.replace(/\{(\w+)\}/, (_, name) => ids[name]![side]);
    const different: Record<string, string[]> = {};
    for (const step of STEPS) {
      const ours = await own.ask(step.method, fill(step.path, 'own'), { body: step.body });
      const theirs = await real.ask({ ...step, path: fill(step.path, 'real') });
      if (step.keep) ids[step.keep] = { own: JSON.parse(ours.body).id, real: JSON.parse(theirs.body).id };
      const name = [step.method, step.path, step.body && JSON.stringify(step.body).slice(0, 40)]
        .join(' ')
        .trim();
      const found = differences(see(ours), see(theirs)).filter((one) => !isArgued(step, one));
      if (found.length > 0) different[name] = found;
    }
    expect(different).toEqual({});
  });
});

/** Where two answers differ: the way to each value, ours and theirs. */
function differences(own: unknown, real: unknown, way = ''): string[] {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  if (isObject(own) && isObject(real)) {
    const names = [...new Set([...Object.keys(own), ...Object.keys(real)])];
    return names.flatMap((name) => differences(own[name], real[name], `${way}/${name}`));
  }
  return own === real ? [] : [`${way}: ${JSON.stringify(own)} here, ${JSON.stringify(real)} there`];
}

function isArgued({ method, path }: Step, difference: string): boolean {
  return ARGUED.some((one) => one.route.test(`${method} ${path}`) && one.where.test(difference));
}

/** An answer with its own ids, times and sizes replaced by what they are; of a refusal, the status alone. */
function see({ status, body }: { status: number; body: string }): Seen {
  if (status >= 400 || status === 204 || body === '') return { status, body: null };
  return { status, body: tidy(JSON.parse(body)) };
}

function tidy(value: unknown, key = ''): unknown {
  if (Array.isArray(value))
    return value.map((item) => tidy(item)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).sort();
    return Object.fromEntries(
      names.map((name) => [name, tidy((value as Record<string, unknown>)[name], name)]),
    );
  }
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return 'a time';
  if (key === 'content' && typeof value === 'string') return value.trimEnd(); // Python ends base64 with a line end.
  if (typeof value === 'string' && /^[\da-f]{8}-[\da-f]{4}-/.test(value)) return 'an id';
  if (key === 'execution_state') return 'a state';
  return value;
}

/** Lists of files have no order that is promised. */
function nameOf(value: unknown): string {
  return String((value as { name?: unknown })?.name ?? JSON.stringify(value));
}

async function startReal(program: string) {
  const home = mkdtempSync(join(tmpdir(), 'tsbert-real-'));
  const folder = join(home, 'notebooks');
  for (const [name, text] of Object.entries({ '.hidden/x.txt': 'secret', ...FILES })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  await writeKernelSpec(join(home, 'data', 'kernels'));
  const port = await freePort();
  const args = [
    'lab',
    '--no-browser',
    '--allow-root',
    `--port=${port}`,
    '--ServerApp.port_retries=0',
    '--IdentityProvider.token=t',
    `--ServerApp.root_dir=${folder}`,
  ];
  const folders = {
    JUPYTER_PATH: join(home, 'data'),
    JUPYTER_CONFIG_DIR: join(home, 'config'),
    JUPYTER_DATA_DIR: join(home, 'own'),
    JUPYTER_RUNTIME_DIR: join(home, 'run'),
    JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'),
  };
  const child: ChildProcess = spawn(program, args, { env: { ...process.env, ...folders }, stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  const headers = { authorization: 'token t' };
  await untilThere(origin, headers);
  return {
    async ask({ method, path, body }: Step) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${origin}${path}`, { method, headers, ...sent });
      return { status: answer.status, body: await answer.text() };
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function untilThere(origin: string, headers: Record<string, string>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await fetch(`${origin}/api/status`, { headers }).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((over) => setTimeout(over, 250));
  }
  throw new Error(`jupyter_server did not start at ${origin}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
