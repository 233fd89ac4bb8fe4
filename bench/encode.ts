/**
 * Measures encoding side by side: npm run bench:encode -- [--count 2000] [--rounds 3] [--family bert,mpnet]
 * Python's sentence-transformers takes part where TSBERT_PYTHON names a Python that has it. TSBERT_BENCH_MODEL names the
 * folder of a model of base size with real weights, to be measured in place of those with random ones.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, type Contender, listContenders, RunningContender } from './encode-contender.ts';
import { type GemmPeak, measureGemmPeak } from './gemm-peak.ts';
import { type Family, makeRandomModel } from './random-model.ts';
import { drawSentences, type Lengths, type SentenceSet } from './sentences.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    family: { type: 'string', default: 'bert,mpnet' },
    models: { type: 'string', default: path.join(os.tmpdir(), 'tsbert-bench-outliers') },
  },
});
const SETS: readonly Lengths[] = ['short', 'mixed'];
const LATENCY_RUNS = 15;

/** What is measured of one contender. */
interface Result {
  readonly name: string;
  /** The answer of each round, by set. */
  readonly rounds: Record<Lengths, Answer[]>;
  /** Seconds from the start of the process to the first embedding: the least of the rounds. */
  readonly coldStart: number;
  /** Median milliseconds for one sentence of 16 tokens. */
  readonly latencyMs: number;
}

/** A contender whose process runs. */
interface Started extends Omit<Result, 'latencyMs'> {
  readonly process: RunningContender;
}

const python = findPython();
if (python === undefined)
  console.log('sentence-transformers is left out: TSBERT_PYTHON names no Python that has it');
const peak = await measureGemmPeak();
console.log(describeMachine(peak));
const realModel = process.env.TSBERT_BENCH_MODEL;
if (realModel) await benchModel(path.basename(realModel), path.resolve(realModel));
else for (const family of options.family.split(',') as Family[]) await benchFamily(family);

async function benchFamily(family: Family): Promise<void> {
  const folder = path.join(options.models, family);
  await makeRandomModel(folder, family);
  if (python !== undefined && !existsSync(path.join(folder, 'onnx/model.onnx'))) {
    spawnSync(python, ['bench/encode-python.py', 'export', folder], { stdio: 'ignore' });
  }
  await benchModel(family, folder);
}

async function benchModel(name: string, folder: string): Promise<void> {
  const count = Number(options.count);
  const sets = { short: await drawSentences('short', count), mixed: await drawSentences('mixed', count) };
  const results = await measure(listContenders(folder, python), sets);
  console.log(results.length > 0 ? formatTable(name, results, sets) : `${name}: nobody could run.`);
}

/** Every round asks each contender in turn, so that a slow minute of the machine is everybody's. */
async function measure(
  contenders: readonly Contender[],
  sets: Record<Lengths, SentenceSet>,
): Promise<Result[]> {
  let started: Started[] = [];
  /** Leaves a contender out, with its reason, where it cannot go on. */
  const orLeaveOut = async (name: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      console.log(`${name} is left out: ${(error as Error).message}`);
      started = started.filter((one) => one.name !== name);
    }
  };
  for (const contender of contenders) {
    await orLeaveOut(contender.name, async () => {
      const coldStart = await measureColdStart(contender);
      const process = new RunningContender(contender);
      await process.encode(sets.short.sentences.slice(0, 64));
      started.push({ name: contender.name, process, coldStart, rounds: { short: [], mixed: [] } });
    });
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const lengths of SETS) {
      for (const { name, process, rounds } of started) {
        await orLeaveOut(name, async () => {
          rounds[lengths].push(await process.encode(sets[lengths].sentences));
        });
      }
    }
  }
  const results: Result[] = [];
  for (const { process, ...result } of started) {
    await orLeaveOut(result.name, async () => {
      results.push({ ...result, latencyMs: await measureLatency(process, sets.short) });
    });
    process.stop();
  }
  return results;
}

async function measureColdStart(contender: Contender): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const start = performance.now();
    const process = new RunningContender(contender);
    await process.encode(['how fast is the first sentence']);
    times.push((performance.now() - start) / 1000);
    process.stop();
  }
  return Math.min(...times);
}

async function measureLatency(
  process: RunningContender,
  { sentences, tokens }: SentenceSet,
): Promise<number> {
  const sentence = sentences[tokens.indexOf(16)]!;
  const times: number[] = [];
  for (let run = 0; run < LATENCY_RUNS; run++) times.push((await process.encode([sentence])).seconds * 1000);
  return times.sort((a, b) => a - b)[LATENCY_RUNS >> 1]!;
}

function formatTable(name: string, results: readonly Result[], sets: Record<Lengths, SentenceSet>): string {
  const base = results[0]!;
  const rows = results.map((result) => {
    const cells = SETS.map((lengths) =>
      describeSpeed(result.rounds[lengths], base.rounds[lengths], sets[lengths]),
    );
    const last = result.rounds.mixed.at(-1)!;
    const rest = [
      `${result.latencyMs.toFixed(1)} ms`,
      `${result.coldStart.toFixed(2)} s`,
      `${last.peakMegabytes.toFixed(0)} MB`,
      describeAccuracy(base.rounds.mixed[0]!.sample, last.sample),
    ];
    return `| ${[result.name, ...cells, ...rest].join(' | ')} |`;
  });
  const head = [
    '',
    'short',
    'mixed',
    'one sentence',
    'cold start',
    'peak memory',
    'cosine to the first: mean, lowest',
  ];
  return [
    `\n${name}, ${sets.short.sentences.length} sentences, ${options.rounds} rounds:\n`,
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

/** Times faster than the first contender, by the clock and by processor time; sentences a second; share of sgemm. */
function describeSpeed(own: readonly Answer[], base: readonly Answer[], { tokens }: SentenceSet): string {
  const fastest = Math.min(...own.map(({ seconds }) => seconds));
  const share = gflops(tokens) / fastest / peak.sessionPerCore;
  const byClock = medianRatio(base, own, ({ seconds }) => seconds);
  const byProcessor = medianRatio(base, own, ({ cpuSeconds }) => cpuSeconds);
  const speed = (tokens.length / fastest).toFixed(1);
  return `${byClock} (cpu ${byProcessor}; ${speed} /s, ${(100 * share).toFixed(0)} %)`;
}

/** The median over the rounds of base ÷ own. */
function medianRatio(
  base: readonly Answer[],
  own: readonly Answer[],
  measured: (answer: Answer) => number,
): string {
  const ratios = base.map((answer, round) => measured(answer) / measured(own[round]!)).sort((a, b) => a - b);
  return ratios[ratios.length >> 1]!.toFixed(2);
}

/** Billions of operations for sentences of base size: linear modules and attention. */
function gflops(tokens: readonly number[]): number {
  const linear = 2 * 12 * (4 * 768 * 768 + 2 * 768 * 3072);
  const attentionPerToken = 4 * 12 * 768;
  return tokens.reduce((sum, length) => sum + length * (linear + attentionPerToken * length), 0) / 1e9;
}

/** How close embeddings are to others of the same sentences. */
function describeAccuracy(exact: readonly number[][], own: readonly number[][]): string {
  const cosines = exact.map((embedding, i) => cosine(embedding, own[i]!));
  const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
  return `${mean.toFixed(4)}, ${Math.min(...cosines).toFixed(4)}`;
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function describeMachine({ oneSession, sessionPerCore }: GemmPeak): string {
  const load = os.loadavg()[0]!.toFixed(1);
  return (
    `Node ${process.version}, ${os.availableParallelism()} cores (${os.cpus()[0]!.model}), load ${load}; ` +
    `sgemm: ${oneSession.toFixed(0)} GFLOP/s in one session, ${sessionPerCore.toFixed(0)} with a session for each core`
  );
}

function findPython(): string | undefined {
  const candidate = process.env.TSBERT_PYTHON ?? 'python3';
  const { status } = spawnSync(candidate, ['-c', 'import sentence_transformers'], { stdio: 'ignore' });
  return status === 0 ? candidate : undefined;
}
