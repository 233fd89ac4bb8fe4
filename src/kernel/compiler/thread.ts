/** The compiler's thread: loads TypeScript while the kernel already answers, and serves one call at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import type { CompilerAnswer, CompilerCall, CompilerThreadData } from './client.ts';
import { createCompiler } from './compiler.ts';

const settings = workerData as CompilerThreadData;
let compiler = createCompiler(settings);

parentPort!.on('message', ({ id, method, args }: CompilerCall) => {
  const answer: CompilerAnswer = { id };
  try {
    if (method === 'reset') reset(args[0] as string[]);
    // The call's types were checked where it was made.
    else answer.value = (compiler[method] as (...args: unknown[]) => unknown)(...args);
  } catch (error) {
    answer.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  parentPort!.postMessage(answer);
});

/** Starts over without any cell. The old compiler goes last: what it has parsed serves the new one. */
function reset(packages: readonly string[]): void {
  const old = compiler;
  compiler = createCompiler(settings);
  compiler.warm(packages);
  old.dispose();
}
