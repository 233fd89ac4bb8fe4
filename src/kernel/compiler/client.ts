/** The compiler as the protocol process sees it: calls into its thread, which starts anew when it is lost. */
import { Worker } from 'node:worker_threads';
import type { Compiler } from './cell/types.ts';

type Method = 'compile' | 'complete' | 'inspect' | 'isComplete' | 'warm' | 'reset';

/** A call into the compiler's thread. */
export interface CompilerCall {
  id: number;
  method: Method;
  args: unknown[];
}

/** The answer to a call: a value, or the text of the error. */
export interface CompilerAnswer {
  id: number;
  value?: unknown;
  error?: string;
}

/** The compiler's functions, across threads. */
export interface CompilerHost {
  compile(...args: Parameters<Compiler['compile']>): Promise<ReturnType<Compiler['compile']>>;
  complete(...args: Parameters<Compiler['complete']>): Promise<ReturnType<Compiler['complete']>>;
  inspect(...args: Parameters<Compiler['inspect']>): Promise<ReturnType<Compiler['inspect']>>;
  isComplete(...args: Parameters<Compiler['isComplete']>): Promise<ReturnType<Compiler['isComplete']>>;
  /** Forgets what earlier cells declared: the runner that held it is gone. */
  reset(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What the compiler's thread starts with. */
export interface CompilerThreadData {
  cwd: string;
  fallbackFrom: string | undefined;
}

/** What the compiler needs of the kernel. */
export interface CompilerHostOptions extends CompilerThreadData {
  /** Packages whose types are loaded ahead of the first cell that imports them. */
  warm: readonly string[];
  onFailure(error: Error): void;
}

/** Starts the compiler's thread. */
export function startCompilerHost({ cwd, fallbackFrom, warm, onFailure }: CompilerHostOptions): CompilerHost {
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let worker = startWorker();

  function startWorker(): Worker {
    const started = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: { cwd, fallbackFrom } satisfies CompilerThreadData,
      // A small nursery: a compiler makes much that stays, and memory at rest matters more than its last millisecond.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    started.unref();
    started.on('message', ({ id, value, error }: CompilerAnswer) => {
      if (error === undefined) waiting.get(id)?.resolve(value);
      else waiting.get(id)?.reject(new Error(error));
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
    startWarming();
  }

  const call = <T>(method: Method, args: unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ id, method, args } satisfies CompilerCall);
    });
  const startWarming = () => void call('warm', [warm]).catch(onFailure);

  startWarming();
  return {
    compile: (...args) => call('compile', args),
    complete: (...args) => call('complete', args),
    inspect: (...args) => call('inspect', args),
    isComplete: (...args) => call('isComplete', args),
    reset: () => void call('reset', [warm]).catch(onFailure),
  };
}
