/** Soak: thousands of cells in one kernel, models loaded and disposed among them. What a kernel holds has to stay flat. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type KernelClient, startKernel } from '../src/jupyter/client/client.ts';

const CELLS = Number(process.argv[2] ?? 3000);
/** After each of this many cells the kernel is measured; each tenth cell loads a model. */
const SAMPLE = Math.max(20, Math.round(CELLS / 20));
/** Caches fill in the first part, which does not count. */
const WARM_UP = 0.4;

/** What a kernel holds, after a garbage collection. */
interface Sample {
  cell: number;
  /** Of the runner, in MB. */
  heap: number;
  /** Of the runner and of the kernel, in MB. */
  rss: number;
  kernelRss: number;
  handles: number;
  threads: number;
  tensors: number;
  files: number;
}

/** How much each may grow over what it was after the warm-up: a leak of one a cell is far above. */
const ALLOWED: Record<Exclude<keyof Sample, 'cell'>, (before: number) => number> = {
  heap: (before) => before * 1.15 + 10,
  rss: (before) => before * 1.15 + 40,
  kernelRss: (before) => before * 1.15 + 40,
  handles: (before) => before + 3,
  threads: (before) => before + 2,
  tensors: (before) => before,
  files: (before) => before + 5,
};

const SETUP = `import { SentenceTransformer, cosSim, heatmap } from 'tsbert';
import * as tf from '@tensorflow/tfjs-core';
const { setFlagsFromString } = await import('node:v8');
setFlagsFromString('--expose-gc');
const collect = (await import('node:vm')).runInNewContext('gc') as () => void;
const fs = await import('node:fs');`;

const KINDS: ((i: number) => string)[] = [
  (i) => `const value${i % 7} = ${i}; value${i % 7} * 2`,
  (i) => `function work(n: number): number { return n + ${i}; }\nwork(1)`,
  (i) => `interface Row { id: number; name: string }\nconst rows: Row[] = [{ id: ${i}, name: 'a' }];\nrows`,
  (i) => `for (let k = 0; k < 20; k++) console.log('line', k, ${i})`,
  (i) => `throw new Error('planned ${i}')`,
  (i) => `await new Promise((resolve) => setTimeout(resolve, 1));\n${i}`,
  () => `const noType: number = 'text'`,
  (i) => `Array.from({ length: 1000 }, (_, k) => k * ${i})`,
  () => `heatmap([[1, 0.5], [0.5, 1]], { sentences: ['a', 'b'] })`,
];

const MODEL = (i: number) => `{
  const model = await SentenceTransformer.load('tsbert/${i % 20 ? 'mini-mpnet' : 'mini-bert-mean-tokens'}');
  const embeddings = await model.encode(['A dog barks.', 'A hound bays.', 'Shares fell.']);
  const similarities = cosSim(embeddings, embeddings);
  console.log(similarities.shape.join('x'));
  similarities.dispose();
  embeddings.dispose();
  await model.dispose();
}`;

const MEASURE = `collect(); collect();
const status = fs.existsSync('/proc/self/status') ? fs.readFileSync('/proc/self/status', 'utf8') : '';
console.log('SAMPLE' + JSON.stringify({
  heap: process.memoryUsage().heapUsed / 1e6,
  rss: process.memoryUsage().rss / 1e6,
  kernel: process.ppid,
  handles: process.getActiveResourcesInfo().length,
  threads: Number(/Threads:\\s+(\\d+)/.exec(status)?.[1] ?? 0),
  files: fs.existsSync('/proc/self/fd') ? fs.readdirSync('/proc/self/fd').length : 0,
  tensors: tf.memory().numTensors,
}));`;

async function run(kernel: KernelClient, code: string): Promise<{ text: string; status: string }> {
  let text = '';
  const reply = await kernel.execute(code, ({ header, content }) => {
    if (header.msg_type === 'stream') text += (content as { text: string }).text;
  });
  return { text, status: reply.status };
}

async function measure(kernel: KernelClient, cell: number): Promise<Sample> {
  const { text } = await run(kernel, MEASURE);
  const { kernel: pid, ...own } = JSON.parse(text.slice(text.indexOf('SAMPLE') + 6));
  return { cell, ...own, kernelRss: residentMegabytes(pid) };
}

/** On Linux; 0 elsewhere, where only the runner is measured. */
function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1e3;
  } catch {
    return 0;
  }
}

function formatSample(sample: Sample): string {
  const { cell, heap, rss, kernelRss, handles, threads, tensors, files } = sample;
  const columns = [cell, heap, rss, kernelRss, handles, threads, tensors, files];
  return columns.map((value) => String(Math.round(value)).padStart(10)).join('');
}

async function soak(): Promise<boolean> {
  const kernel = await startKernel(
    { argv: [process.execPath, resolve('dist/kernel/main.js'), '{connection_file}'] },
    { cwd: resolve('.') },
  );
  const samples: Sample[] = [];
  console.log(
    ['cell', 'heap MB', 'RSS MB', 'kernel MB', 'handles', 'threads', 'tensors', 'files']
      .map((name) => name.padStart(10))
      .join(''),
  );
  try {
    if ((await run(kernel, SETUP)).status !== 'ok') throw new Error('The first cell failed.');
    for (let i = 1; i <= CELLS; i++) {
      const isModel = i % 10 === 0;
      const { status, text } = await run(kernel, isModel ? MODEL(i) : KINDS[i % KINDS.length]!(i));
      if (isModel && !text.includes('3x3'))
        throw new Error(`Cell ${i}, with a model, gave ${status}: ${text}`);
      if (i % SAMPLE > 0) continue;
      samples.push(await measure(kernel, i));
      console.log(formatSample(samples.at(-1)!));
    }
  } finally {
    await kernel.close();
  }
  return isFlat(samples.filter(({ cell }) => cell > CELLS * WARM_UP));
}

/** Compares the best of the first third with the best of the last: single samples vary with the collector. */
function isFlat(samples: readonly Sample[]): boolean {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const least = (part: readonly Sample[], what: keyof Sample) =>
    Math.min(...part.map((sample) => sample[what]));
  const grown = Object.entries(ALLOWED).filter(([what, allowed]) => {
    const [before, after] = [samples.slice(0, third), samples.slice(-third)].map((part) =>
      least(part, what as keyof Sample),
    ) as [number, number];
    console.log(`${what}: ${before.toFixed(1)} → ${after.toFixed(1)}, at most ${allowed(before).toFixed(1)}`);
    return after > allowed(before);
  });
  console.log(grown.length === 0 ? 'Flat.' : `Grown: ${grown.map(([what]) => what).join(', ')}.`);
  return grown.length === 0;
}

process.exitCode = (await soak()) ? 0 : 1;
