/** JupyterLab by tsbert and by Python, side by side: command → painted, memory of the server, transfer, and hangs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { chromiumArgs, findChromium, findJupyter } from '../test/support/find-tools.ts';

/** One cold start: a new server, a new browser profile. */
interface Start {
  /** From the command to the server's answer, and to the first painted cell; undefined for a hang. */
  readyMs: number;
  paintedMs: number | undefined;
  /** To a kernel that is idle. */
  idleMs: number | undefined;
  /** Resident memory of the server, without its kernel. */
  serverMb: number;
  /** What the page loaded, as it went over the wire. */
  transferMb: number;
}

interface Contender {
  name: string;
  /** The command, given a folder of its own. */
  command(folder: string): { program: string; args: string[]; env: NodeJS.ProcessEnv };
}

const HANG_MS = 60_000;
const NOTEBOOK = 'activity.ipynb';
const root = resolve(import.meta.dirname, '..', '..', '..');

const { values } = parseArgs({
  options: { starts: { type: 'string', default: '10' }, hangs: { type: 'boolean', default: false } },
});
const browserTool = findChromium();
if (browserTool.reason !== undefined) throw new Error(browserTool.reason);
await requireInterface();

const contenders = [own(), ...python()];
const starts = new Map<string, Start[]>(contenders.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.starts); round++) {
  for (const contender of values.hangs ? contenders.slice(0, 1) : contenders) {
    const start = await startCold(contender);
    starts.get(contender.name)!.push(start);
    console.error(
      `${contender.name} ${round + 1}: ${start.paintedMs ? `${Math.round(start.paintedMs)} ms` : 'hang'}`,
    );
  }
}
print();

/** Making the interface is no part of a start. */
async function requireInterface(): Promise<void> {
  const program = pathToFileURL(join(root, 'dist', 'lab', 'assembly', 'assemble.js')).href;
  const { findBuilt } = (await import(program)) as { findBuilt(env: NodeJS.ProcessEnv): string | undefined };
  if (!findBuilt(process.env)) throw new Error('The interface is not built: npm run interface');
}

function own(): Contender {
  return {
    name: 'tsbert lab',
    command: (folder) => ({
      program: process.execPath,
      args: [join(root, 'dist', 'cli', 'main.js'), 'lab', NOTEBOOK, '--no-browser', '--port', '0'],
      env: { XDG_DATA_HOME: join(folder, 'data') },
    }),
  };
}

function python(): Contender[] {
  const { path, reason } = findJupyter();
  if (reason !== undefined) console.error(`Without Python's JupyterLab: ${reason}`);
  if (path === undefined) return [];
  return [
    {
      name: 'jupyter lab (Python)',
      command: (folder) => ({
        program: process.execPath,
        args: [
          join(root, 'dist', 'cli', 'main.js'),
          'lab',
          NOTEBOOK,
          '--jupyter',
          '--no-browser',
          '--allow-root',
          '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
        ],
        env: {
          TSBERT_JUPYTER: path,
          JUPYTER_CONFIG_DIR: join(folder, 'config'),
          JUPYTER_DATA_DIR: join(folder, 'data'),
          JUPYTER_RUNTIME_DIR: join(folder, 'run'),
          JUPYTERLAB_SETTINGS_DIR: join(folder, 'settings'),
          JUPYTERLAB_WORKSPACES_DIR: join(folder, 'workspaces'),
        },
      }),
    },
  ];
}

async function startCold(contender: Contender): Promise<Start> {
  const folder = mkdtempSync(join(tmpdir(), 'tsbert-bench-'));
  cpSync(join(root, 'notebooks', NOTEBOOK), join(folder, NOTEBOOK));
  const browser = await chromium.launch({ executablePath: browserTool.path!, args: chromiumArgs });
  const { program, args, env } = contender.command(folder);
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, TSBERT_OFFLINE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const address = await addressOf(child);
    const readyMs = performance.now() - startedAt;
    return { readyMs, ...(await openPage(browser, address, startedAt)), serverMb: memoryOf(child.pid!) };
  } finally {
    await browser.close();
    await end(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk;
      const address = /http:\/\/(?:127\.0\.0\.1|localhost)\S+token=\w+/.exec(text)?.[0];
      if (address) done(address);
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', () => fail(new Error(`The server ended:\n${text}`)));
  });
}

async function openPage(browser: Browser, address: string, startedAt: number) {
  const page = await browser.newPage();
  const network = await page.context().newCDPSession(page);
  let bytes = 0;
  await network.send('Network.enable');
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  const since = () => performance.now() - startedAt;
  const or = (waiting: Promise<unknown>) => waiting.then(since, () => undefined);
  const url = new URL(address);
  url.pathname = `/lab/tree/${NOTEBOOK}`; // Python's prints the address of the folder.
  await page.goto(url.href);
  const paintedMs = await or(page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: HANG_MS }));
  const idle = page.locator('.jp-StatusBar-Widget', { hasText: /\| Idle/ });
  if (paintedMs === undefined) await page.screenshot({ path: join(root, 'out', 'hang.png') }).catch(() => {});
  const idleMs = paintedMs === undefined ? undefined : await or(idle.waitFor({ timeout: HANG_MS }));
  return { paintedMs, idleMs, transferMb: bytes / 1e6 };
}

/** Of the server: Python's runs as the child of our command. */
function memoryOf(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  const server =
    children.find((one) => /jupyter-lab/.test(readFileSync(`/proc/${one}/cmdline`, 'utf8'))) ?? pid;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server}/status`, 'utf8'))?.[1]) / 1000;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function print(): void {
  console.log(
    '| median | server ready, ms | painted, ms | slowest | kernel idle, ms | server, MB | transfer, MB | hangs |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const [name, list] of starts) {
    if (list.length === 0) continue;
    const of = (key: keyof Start) => list.flatMap((start) => start[key] ?? []);
    const cells = [
      median(of('readyMs')),
      median(of('paintedMs')),
      Math.max(...of('paintedMs')),
      median(of('idleMs')),
      median(of('serverMb')),
    ];
    const hangs = list.filter(({ idleMs }) => idleMs === undefined).length;
    console.log(
      `| ${name} | ${cells.map(Math.round).join(' | ')} | ${median(of('transferMb')).toFixed(1)} | ${hangs} of ${list.length} |`,
    );
  }
}
