/** The compiler's thread: loads TypeScript while the kernel already answers, and serves one call at a time. */
import { parentPort } from 'node:worker_threads';
import { createCompiler } from './compiler/compiler.ts';
import type { CompilerAnswer, CompilerCall } from './compiler-host.ts';

const compiler = createCompiler({ cwd: process.cwd() });

parentPort!.on('message', ({ id, method, args }: CompilerCall) => {
  const answer: CompilerAnswer = { id };
  try {
    // The call's types were checked where it was made.
    answer.value = (compiler[method] as (...args: unknown[]) => unknown)(...args);
  } catch (error) {
    answer.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  parentPort!.postMessage(answer);
});
