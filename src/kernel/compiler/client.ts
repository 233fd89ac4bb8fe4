/** The compiler as the protocol process sees it: calls into its thread, which starts anew when it is lost. */
import { Worker } from 'node:worker_threads';
import type { Compiler } from './cell/types.ts';
import type { CompilerSettings } from './compiler.ts';

/** The functions that cross threads. */
const METHODS = ['compile', 'complete', 'inspect', 'isComplete', 'recheck'] as const;

type Method = (typeof METHODS)[number];

/** A call into the compiler's thread. */
export interface CompilerCall {
  id: number;
  method: Method | 'reset';
  args: unknown[];
}

/** The answer to a call: a value, or the error. */
export interface CompilerAnswer {
  id: number;
  value?: unknown;
  error?: Error;
}

/** The compiler's functions, across threads. */
export type CompilerHost = {
  [M in Method]: (...args: Parameters<Compiler[M]>) => Promise<ReturnType<Compiler[M]>>;
} & {
  /** Forgets what earlier cells declared: the runner that held it is gone. */
  reset(): void;
};

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts the compiler's thread. @param onFailure hears of the thread's end; it is started again */
export function startCompilerHost(
  settings: CompilerSettings,
  onFailure: (error: Error) => void,
): CompilerHost {
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let worker = startWorker();

  function startWorker(): Worker {
    const started = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: settings,
      // A small nursery: a compiler makes much that stays, and memory at rest matters more than its last millisecond.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    started.unref();
    started.on('message', ({ id, value, error }: CompilerAnswer) => {
      if (error === undefined) waiting.get(id)?.resolve(value);
      else waiting.get(id)?.reject(error);
      waiting.delete(id);
    });
    started.on('error', (error) => {
      if (started !== worker) return;
      onFailure(error);
      restart(error);
    });
    return started;
  }

  function restart(error: Error): void {
    for (const call of waiting.values()) call.reject(error);
    waiting.clear();
    void worker.terminate();
    worker = startWorker();
  }

  const call = <T>(method: CompilerCall['method'], args: unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ id, method, args } satisfies CompilerCall);
    });
  const methods = METHODS.map((method) => [method, (...args: unknown[]) => call(method, args)]);
  return {
    ...(Object.fromEntries(methods) as Omit<CompilerHost, 'reset'>),
    reset: () => void call('reset', []).catch(onFailure),
  };
}
