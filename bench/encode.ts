/**
 * Measures encoding side by side: npm run bench:encode -- [--count 2000] [--rounds 3] [--family bert,mpnet]
 * Python's sentence-transformers takes part where TSBERT_PYTHON names a Python that has it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, type Contender, listContenders, RunningContender } from './contender.ts';
import { type GemmPeak, measureGemmPeak } from './gemm-peak.ts';
import { type Family, makeRandomModel } from './random-model.ts';
import { drawSentences, type Lengths, type SentenceSet } from './sentences.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    family: { type: 'string', default: 'bert,mpnet' },
    models: { type: 'string', default: path.join(os.tmpdir(), 'tsbert-bench') },
  },
});
const SETS: readonly Lengths[] = ['short', 'mixed'];
const LATENCY_RUNS = 15;

/** What is measured of one contender. */
interface Result {
  readonly name: string;
  /** Seconds of each round, by set. */
  readonly seconds: Record<Lengths, number[]>;
  /** Median milliseconds for one sentence of 16 tokens. */
  readonly latencyMs: number;
  /** Seconds from the start of the process to the first embedding: the least of the rounds. */
  readonly coldStart: number;
  readonly peakMegabytes: number;
  /** The first short sentence's embedding. */
  readonly embedding: readonly number[];
}

const python = findPython();
if (python === undefined)
  console.log('sentence-transformers is left out: TSBERT_PYTHON names no Python that has it');
const peak = await measureGemmPeak();
console.log(describeMachine(peak));
for (const family of options.family.split(',') as Family[]) await benchFamily(family);

async function benchFamily(family: Family): Promise<void> {
  const folder = path.join(options.models, family);
  await makeRandomModel(folder, family);
  if (python !== undefined && !existsSync(path.join(folder, 'onnx/model.onnx'))) {
    spawnSync(python, ['bench/encode-python.py', 'export', folder], { stdio: 'ignore' });
  }
  const count = Number(options.count);
  const sets = { short: await drawSentences('short', count), mixed: await drawSentences('mixed', count) };
  const results = await measure(listContenders(folder, python), sets);
  console.log(formatTable(family, results, sets));
}

/** Every round asks each contender in turn, so that a slow minute of the machine is everybody's. */
async function measure(
  contenders: readonly Contender[],
  sets: Record<Lengths, SentenceSet>,
): Promise<Result[]> {
  const results: Result[] = [];
  const running = new Map<Contender, RunningContender>();
  for (const contender of contenders) {
    const coldStart = await measureColdStart(contender);
    const process = new RunningContender(contender);
    const { first } = await process.encode(sets.short.sentences.slice(0, 64));
    running.set(contender, process);
    const latencyMs = 0;
    const seconds = { short: [], mixed: [] };
    results.push({ name: contender.name, seconds, latencyMs, coldStart, peakMegabytes: 0, embedding: first });
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const lengths of SETS) {
      for (const [i, process] of [...running.values()].entries()) {
        const answer: Answer = await process.encode(sets[lengths].sentences);
        results[i]!.seconds[lengths].push(answer.seconds);
        results[i] = { ...results[i]!, peakMegabytes: answer.peakMegabytes };
      }
    }
  }
  for (const [i, process] of [...running.values()].entries()) {
    results[i] = { ...results[i]!, latencyMs: await measureLatency(process, sets.short) };
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

function formatTable(family: Family, results: readonly Result[], sets: Record<Lengths, SentenceSet>): string {
  const base = results[0]!;
  const rows = results.map((result) => {
    const cells = SETS.map((lengths) => {
      const speed = sets[lengths].sentences.length / Math.min(...result.seconds[lengths]);
      const share = gflops(sets[lengths].tokens) / Math.min(...result.seconds[lengths]) / peak.sessionPerCore;
      return `${ratio(base.seconds[lengths], result.seconds[lengths])} (${speed.toFixed(1)} /s, ${percent(share)})`;
    });
    const rest = [
      `${result.latencyMs.toFixed(1)} ms`,
      `${result.coldStart.toFixed(2)} s`,
      `${result.peakMegabytes.toFixed(0)} MB`,
      cosine(base.embedding, result.embedding).toFixed(6),
    ];
    return `| ${[result.name, ...cells, ...rest].join(' | ')} |`;
  });
  const head = ['', 'short', 'mixed', 'one sentence', 'cold start', 'peak memory', 'cosine to the first'];
  return [
    `\n${family}, ${sets.short.sentences.length} sentences, ${options.rounds} rounds:\n`,
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

/** The median over the rounds of how many times faster than the first contender. */
function ratio(base: readonly number[], own: readonly number[]): string {
  const ratios = base.map((seconds, round) => seconds / own[round]!).sort((a, b) => a - b);
  return ratios[ratios.length >> 1]!.toFixed(2);
}

/** Billions of operations for sentences of base size: linear modules and attention. */
function gflops(tokens: readonly number[]): number {
  const linear = 2 * 12 * (4 * 768 * 768 + 2 * 768 * 3072);
  const attentionPerToken = 4 * 12 * 768;
  return tokens.reduce((sum, length) => sum + length * (linear + attentionPerToken * length), 0) / 1e9;
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
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
