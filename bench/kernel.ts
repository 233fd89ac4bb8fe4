/** Bench of kernels, side by side in turns: tsbert, ipykernel and stock tslab, each driven over its own sockets. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectChannels, type KernelChannels } from '../src/jupyter/client/channels.ts';
import { type LaunchSpec, startKernelProcess } from '../src/jupyter/client/kernel-process.ts';
import { findJupyter, pythonBeside } from '../test/support/find-tools.ts';
import { measureFreshness } from './freshness.ts';

const ROUNDS = 3;
const REPEATS = 15;

/** A kernel to measure, and the cells to measure it with, in its own language. */
interface Contender {
  name: string;
  spec: LaunchSpec;
  typedCell: string;
  lines: string;
  /** Cells that import the packages of the exercise, and use them. */
  packages?: { load: string; use: string };
}

const typedCell = (i: string) => `interface Row${i} { id: number; name: string }
const rows${i}: Row${i}[] = [{ id: 1, name: 'a' }];
rows${i}.map((row) => row.name.toUpperCase())`;

function contenders(): Contender[] {
  const tslab = createRequire(import.meta.url).resolve('tslab/bin/tslab');
  const jupyter = findJupyter();
  const script = {
    typedCell: typedCell('$'),
    lines: 'for (let i = 0; i < 10000; i++) console.log(i)',
    packages: {
      load: `import * as tf from '@tensorflow/tfjs-core';\nimport { AutoTokenizer } from '@huggingface/transformers';`,
      use: 'tf.tensor2d([[1, 2], [3, 4]]).shape',
    },
  };
  const found: Contender[] = [
    {
      name: 'tsbert',
      spec: { argv: [process.execPath, resolve('dist/kernel/main.js'), '{connection_file}'] },
      ...script,
      packages: {
        ...script.packages,
        // tslab resolves packages the old Node way and finds no types of tsbert.
        load: `${script.packages.load}\nimport { SentenceTransformer } from 'tsbert';`,
      },
    },
    {
      name: 'tslab',
      spec: { argv: [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'] },
      ...script,
    },
  ];
  if (jupyter.path === undefined) console.log(`ipykernel is left out: ${jupyter.reason}`);
  else
    found.push({
      name: 'ipykernel',
      spec: { argv: [pythonBeside(jupyter.path), '-m', 'ipykernel_launcher', '-f', '{connection_file}'] },
      typedCell: 'rows = [dict(id=1, name="a")]\n[row["name"].upper() for row in rows]',
      lines: 'for i in range(10000): print(i)',
    });
  return found;
}

type Figures = Record<string, number[]>;

const note = (figures: Figures, what: string, value: number) => {
  figures[what] = [...(figures[what] ?? []), value];
};

/** @param folder for what the kernel keeps; it runs in the project, whose packages its cells import */
async function measure(contender: Contender, folder: string, figures: Figures): Promise<void> {
  const start = performance.now();
  const env = { JUPYTER_DATA_DIR: folder };
  const kernel = await startKernelProcess({ ...contender.spec, env }, resolve('.'));
  const channels = connectChannels(kernel.connection);
  try {
    await withLimit(channels.request('shell', 'kernel_info_request', {}), 'kernel_info_request');
    note(figures, 'start → kernel_info_reply, ms', performance.now() - start);
    note(figures, 'first `1 + 1`, ms', await time(channels, '1 + 1'));
    await sleep(6000);
    note(figures, 'memory at rest, all processes, MB', childrenMemory(process.pid));
    for (let i = 0; i < REPEATS; i++) {
      note(figures, 'later `1 + 1`, ms', await time(channels, '1 + 1'));
      note(figures, 'typed cell, ms', await time(channels, contender.typedCell.replaceAll('$', String(i))));
    }
    if (contender.packages) {
      note(
        figures,
        'first import of tfjs and transformers, ms',
        await time(channels, contender.packages.load),
      );
      for (let i = 0; i < REPEATS; i++)
        note(figures, 'a cell after that, ms', await time(channels, contender.packages.use));
    }
    if (contender.name !== 'tslab') note(figures, '10,000 lines, ms', await time(channels, contender.lines));
  } finally {
    kernel.kill('SIGKILL');
    channels.close();
    await kernel.exited;
    await kernel.removeFiles();
  }
}

/** How long one step may take, in milliseconds: a kernel that hangs ends its own turn, not the bench. */
const LIMIT_MS = 60_000;

/** @throws Error after the limit */
async function withLimit<T>(step: Promise<T>, what: string): Promise<T> {
  const timer = sleep(LIMIT_MS, undefined, { ref: false }).then(() => {
    throw new Error(`${what}: no answer within ${LIMIT_MS / 1000} s`);
  });
  return Promise.race([step, timer]);
}

/** From request to reply and idle. */
async function time(channels: KernelChannels, code: string): Promise<number> {
  const id = crypto.randomUUID();
  const idle = new Promise<void>((resolve) => {
    const stop = channels.listen(({ header, parent_header, content }) => {
      if (header.msg_type !== 'status' || parent_header.msg_id !== id || content.execution_state !== 'idle')
        return;
      stop();
      resolve();
    });
  });
  const start = performance.now();
  const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
  await withLimit(channels.request('shell', 'execute_request', content, id), code.slice(0, 40));
  await withLimit(idle, code.slice(0, 40));
  return performance.now() - start;
}

/** Resident memory of a process's descendants, in MB; pages that several share count for each, as in `ps`. */
function childrenMemory(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.map(Number).reduce((sum, child) => sum + residentMemory(child) + childrenMemory(child), 0);
}

function residentMemory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const all = contenders();
const figures = new Map<string, Figures>(all.map(({ name }) => [name, {}]));
for (let round = 0; round < ROUNDS; round++)
  for (const contender of all) {
    const folder = mkdtempSync(join(tmpdir(), 'tsbert-bench-'));
    await measure(contender, folder, figures.get(contender.name)!).catch((error: Error) =>
      console.log(`${contender.name}: ${error.message}`),
    );
    rmSync(folder, { recursive: true, force: true });
  }
const rows = [...new Set([...figures.values()].flatMap((figure) => Object.keys(figure)))];
console.log(`| median | ${all.map(({ name }) => name).join(' | ')} |`);
console.log(`| --- |${' ---: |'.repeat(all.length)}`);
for (const row of rows) {
  const cells = all.map(({ name }) => {
    const values = figures.get(name)![row];
    return values ? median(values).toFixed(values.length > ROUNDS ? 1 : 0) : '–';
  });
  console.log(`| ${row} | ${cells.join(' | ')} |`);
}
console.log('\n| watching what is out of date, median of a cell | ms |\n| --- | ---: |');
for (const [what, ms] of Object.entries(measureFreshness())) console.log(`| ${what} | ${ms.toFixed(3)} |`);
process.exit(0);
