/** Chooses what tensors are computed on: tfjs-node, else WebAssembly, else plain JavaScript, and says why. */
import { createRequire } from 'node:module';
import util from 'node:util';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { notebookPublisher } from './publish.ts';
import { guardWasmMemory } from './wasm-memory.ts';

const require = createRequire(import.meta.url);

/** The names of the backends, as TSBERT_BACKEND takes them. */
const BACKENDS = ['tfjs-node', 'wasm', 'cpu'] as const;

/** What tensors can be computed on, best first. */
export type BackendName = (typeof BACKENDS)[number];

/** The backend in use and why it is the one. */
export interface BackendChoice {
  readonly name: BackendName | (string & {});
  readonly reason: string;
}

/** Attempts to start one backend. */
interface Starter {
  readonly name: BackendName;
  /** Why this backend is good to have. */
  readonly what: string;
  /** Loads and registers it; throws when it is not to be had. */
  start(tf: typeof Tfjs): void | Promise<void>;
}

const STARTERS: readonly Starter[] = [
  { name: 'tfjs-node', what: 'native TensorFlow', start: startTfjsNode },
  { name: 'wasm', what: 'WebAssembly with SIMD', start: startWasm },
  { name: 'cpu', what: 'plain JavaScript', start: startCpu },
];

/** Emscripten's start code in the wasm backend listens to these and ends the process: a notebook must live on. */
const FATAL_EVENTS = ['uncaughtException', 'unhandledRejection'];

let chosen: BackendChoice | undefined;
let choosing: Promise<BackendChoice> | undefined;

/** tfjs-core, loaded at first use so that importing the library stays cheap. */
export function tfjs(): typeof Tfjs {
  const tf = require('@tensorflow/tfjs-core') as typeof Tfjs;
  // Without the flag, the cpu backend prints an advertisement for tfjs-node.
  tf.env().set('PROD', true);
  return tf;
}

/**
 * Starts the best backend there is, once; later calls return the same choice.
 *
 * The environment variable TSBERT_BACKEND (`tfjs-node`, `wasm` or `cpu`) takes the choice away.
 *
 * @returns the backend and why it was chosen
 * @throws {RangeError} when TSBERT_BACKEND names none of them
 * @throws {Error} when the backend that TSBERT_BACKEND names does not start
 * @example console.log((await readyBackend()).name);
 */
export function readyBackend(): Promise<BackendChoice> {
  choosing ??= chooseBackend();
  return choosing;
}

async function chooseBackend(): Promise<BackendChoice> {
  const tf = tfjs();
  const ready = alreadyRunning(tf);
  if (ready) return announce(ready);
  const failures: string[] = [];
  for (const starter of candidates()) {
    try {
      await starter.start(tf);
      return announce({ name: starter.name, reason: explain(starter, failures) });
    } catch (error) {
      failures.push(failureOf(starter.name, error));
    }
  }
  throw new Error(`No tfjs backend starts: ${failures.join('; ')}. Install tsbert again.`);
}

/**
 * A backend for those who cannot wait: the running one, else tfjs-node, else plain JavaScript (WebAssembly takes a
 * moment to start; {@link readyBackend} will change to it, and tensors move along).
 */
export function backendNow(): typeof Tfjs {
  const tf = tfjs();
  guardWasmMemory(tf);
  if (chosen || alreadyRunning(tf)) return tf;
  for (const starter of candidates()) {
    if (starter.name === 'wasm') continue;
    try {
      starter.start(tf);
      break;
    } catch {
      // The next one is tried; readyBackend() tells the reason.
    }
  }
  return tf;
}

/** The line that tells which backend runs and why; undefined before the first use. @example console.log(describeBackend()); */
export function describeBackend(): string | undefined {
  return chosen && `tfjs backend: ${chosen.name} (${chosen.reason})`;
}

/** Says the choice in the notebook, once: there is no other place where a reader would learn it. */
function announce(choice: BackendChoice): BackendChoice {
  chosen = choice;
  guardWasmMemory(tfjs());
  notebookPublisher()?.({ 'text/plain': describeBackend() });
  return choice;
}

/** The starters to try, in order. */
function candidates(): readonly Starter[] {
  const wanted = process.env.TSBERT_BACKEND;
  if (!wanted) return STARTERS;
  const starter = STARTERS.find(({ name }) => name === wanted);
  if (starter) return [starter];
  throw new RangeError(
    `TSBERT_BACKEND is '${wanted}': set it to one of ${BACKENDS.join(', ')}, or unset it.`,
  );
}

/** Somebody (the notebook's author, or backendNow()) may have started one; only plain JavaScript is worth leaving. */
function alreadyRunning(tf: typeof Tfjs): BackendChoice | undefined {
  const running = tf.engine().backendName;
  if (!running || running === 'cpu') return undefined;
  const name = running === 'tensorflow' ? 'tfjs-node' : running;
  return { name, reason: 'it was running already' };
}

function explain({ what }: Starter, failures: readonly string[]): string {
  const why = process.env.TSBERT_BACKEND ? 'as TSBERT_BACKEND asks' : failures.join('; ');
  return why ? `${what}: ${why}` : what;
}

function failureOf(name: BackendName, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'MODULE_NOT_FOUND' && name === 'tfjs-node') return 'tfjs-node is not installed';
  return `${name} does not start, ${message.split('\n', 1)[0]}`;
}

function startTfjsNode(): void {
  // tfjs-node 4.22 calls these: Node 22 warns of them, Node 23 took them away; the fix upstream is not released.
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  legacy.isArray = Array.isArray;
  // Else TensorFlow writes lines about the processor to stderr.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  require('@tensorflow/tfjs-node');
}

async function startWasm(tf: typeof Tfjs): Promise<void> {
  const before = FATAL_EVENTS.map((event) => process.rawListeners(event));
  require('@tensorflow/tfjs-backend-wasm');
  const started = await tf.setBackend('wasm');
  FATAL_EVENTS.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]!.includes(listener)) process.removeListener(event, listener as () => void);
    }
  });
  if (!started) throw new Error('WebAssembly is not available');
}

function startCpu(tf: typeof Tfjs): void {
  require('@tensorflow/tfjs-backend-cpu');
  tf.setBackend('cpu');
}
