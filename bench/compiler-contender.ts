/**
 * One compiler under measurement, in a process of its own: `compiler-contender.js tsbert|tslab`, started in the folder
 * of a notebook. Prints one line of JSON.
 */
import { createRequire } from 'node:module';
import { isDeepStrictEqual, stripVTControlCharacters } from 'node:util';
import { createCompiler } from '../src/kernel/compiler/compiler.ts';
import { createEvaluator } from '../src/kernel/runner/evaluate.ts';
import { describeError } from '../src/kernel/runner/output/traceback.ts';
import { installPolyfills } from '../src/kernel/runner/process/polyfills.ts';
import { type LanguageCase, languageCases } from './compiler-cases.ts';

export interface ContenderReport {
  right: Record<string, boolean>;
  /** Milliseconds of processor time; the repeated ones are medians. */
  times: Record<string, number>;
  megabytes: number;
}

/** What a cell came to: a value, or an error with its place. */
type Outcome = { value: unknown } | { errorAt: string };

interface Contender {
  start(): Promise<void>;
  /** Compiles without running. */
  compile(code: string): void;
  run(code: string): Promise<Outcome>;
}

const contenders: Record<string, () => Contender> = { tsbert: tsbertContender, tslab: tslabContender };

const packages = ['@tensorflow/tfjs-core', '@huggingface/transformers'];

function tsbertContender(): Contender {
  installPolyfills();
  const compiler = createCompiler({ cwd: process.cwd(), fallbackFrom: process.cwd(), warm: packages });
  const evaluator = createEvaluator(process.cwd(), process.cwd());
  let count = 0;
  return {
    start: async () => {
      while (compiler.prepare());
    },
    compile: (code) => {
      const { diagnostics } = compiler.compile(code, ++count);
      if (diagnostics.length > 0) throw new Error(diagnostics[0]!.message);
    },
    run: async (code) => {
      const cell = compiler.compile(code, ++count);
      const [first] = cell.diagnostics;
      if (first !== undefined) return { errorAt: `${first.line}:${first.column}` };
      try {
        return { value: (await evaluator.evaluate(cell))?.value };
      } catch (error) {
        return { errorAt: placeIn(stripVTControlCharacters(describeError(error).traceback.join('\n'))) };
      }
    },
  };
}

interface TslabConverter {
  convert(previous: string, code: string): { declOutput?: string; diagnostics: { messageText: string }[] };
}

/** tslab as its kernel puts it together: `createConverter` and `createExecutor`, with a console that listens. */
function tslabContender(): Contender {
  const require = createRequire(import.meta.url);
  const { createConverter } = require('tslab/dist/converter.js') as { createConverter(): TslabConverter };
  const { createExecutor } = require('tslab/dist/executor.js') as {
    createExecutor(
      folder: string,
      converters: { node: TslabConverter },
      console: object,
    ): { execute(code: string): Promise<boolean> };
  };
  const converter = createConverter();
  let printed: unknown;
  let failure = '';
  const listening = {
    log: (value: unknown) => {
      printed = value;
    },
    error: (...args: unknown[]) => {
      failure =
        typeof args[0] === 'string' ? `at In[0]:${args[2]}:${args[3]}` : String((args[0] as Error).stack);
    },
  };
  const executor = createExecutor(process.cwd(), { node: converter }, listening);
  let declarations = '';
  return {
    start: async () => {},
    compile: (code) => {
      const { declOutput = '', diagnostics } = converter.convert(declarations, code);
      if (diagnostics.length > 0) throw new Error(diagnostics[0]!.messageText);
      declarations = declOutput;
    },
    run: async (code) => {
      printed = undefined;
      const isOk = await executor.execute(code).catch((error: Error) => {
        failure = String(error.stack);
        return false;
      });
      return isOk ? { value: printed } : { errorAt: placeIn(failure) };
    },
  };
}

/** `line:column` of the first frame in a traceback. */
function placeIn(traceback: string): string {
  return /^ *at .*?(\d+:\d+)\)?$/m.exec(traceback)?.[1] ?? 'nowhere';
}

async function isRight(contender: Contender, { cells, expected }: LanguageCase): Promise<boolean> {
  let outcome: Outcome = { value: undefined };
  for (const code of cells) outcome = await contender.run(code);
  return isDeepStrictEqual(outcome, expected);
}

/** Processor time: other work on the machine does not count, garbage collection in other threads does. */
function milliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  return since(start);
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function medianOf(runs: number, code: (run: number) => string, contender: Contender): number {
  const times = Array.from({ length: runs }, (_, run) => milliseconds(() => contender.compile(code(run))));
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}

/** A cell such as notebooks have: a type, a function, a call. */
const typedCell = (run: number) => `
interface Row${run} { name: string; score: number }
function best${run}(rows: Row${run}[]): Row${run} | undefined {
  return [...rows].sort((a, b) => b.score - a.score)[0];
}
const top${run} = best${run}([{ name: 'a', score: ${run} }]);`;

const tensorCell = (run: number) => `
const t${run} = tf.tensor2d([[1, 2], [3, ${run}]]);
const norm${run} = tf.div(t${run}, tf.norm(t${run}));
norm${run}.arraySync();`;

async function measureTimes(make: () => Contender): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  const start = process.cpuUsage();
  const contender = make();
  await contender.start();
  times['start, with packages warmed where it can'] = since(start);
  times['first `1 + 1`'] = milliseconds(() => contender.compile('1 + 1'));
  times['later `1 + 1`'] = medianOf(21, () => '1 + 1', contender);
  times['typed cell'] = medianOf(21, typedCell, contender);
  times['import of tfjs and transformers'] = milliseconds(() =>
    contender.compile(
      "import * as tf from '@tensorflow/tfjs-core';\nimport { pipeline } from '@huggingface/transformers';",
    ),
  );
  times['cell with tensors after it'] = medianOf(21, tensorCell, contender);
  times['`1 + 1` after it'] = medianOf(21, () => '1 + 1', contender);
  return times;
}

const make = contenders[process.argv[2] ?? 'tsbert']!;
const times = await measureTimes(make);
const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
const contender = make();
const right: Record<string, boolean> = {};
for (const it of languageCases) right[it.what] = await isRight(contender, it);
console.log(JSON.stringify({ right, times, megabytes } satisfies ContenderReport));
process.exit(0);
