/** The compiler's thread: serves one call at a time, and prepares for the next ones while there is none. */
import { parentPort, workerData } from 'node:worker_threads';
import type { CompilerAnswer, CompilerCall } from './client.ts';
import { type CompilerSettings, createCompiler } from './compiler.ts';

const settings = workerData as CompilerSettings;
let compiler = createCompiler(settings);

parentPort!.on('message', ({ id, method, args }: CompilerCall) => {
  const answer: CompilerAnswer = { id };
  try {
    if (method === 'reset') reset();
    // The call's types were checked where it was made.
    else answer.value = (compiler[method] as (...args: unknown[]) => unknown)(...args);
  } catch (error) {
    answer.error = error instanceof Error ? error : new Error(String(error));
  }
  parentPort!.postMessage(answer);
});

/** Starts over without any cell. What the old compiler has parsed serves the new one, so that it is ready at once. */
function reset(): void {
  const old = compiler;
  compiler = createCompiler(settings);
  while (compiler.prepare());
  old.dispose();
}

/** One step a turn of the event loop, so that a call which came meanwhile goes first. */
function prepareWhenIdle(): void {
  if (compiler.prepare()) setImmediate(prepareWhenIdle);
}

setImmediate(prepareWhenIdle);
