/** A session in a thread of its own: onnxruntime holds its thread while it runs, and here that is never the caller's. */
import { Worker } from 'node:worker_threads';
import type { PackedBatch } from './packed-batch.ts';
import type { BatchRunner, GraphLocation, GraphOutputs } from './session.ts';
import type { SessionAnswer, SessionWorkerData } from './session-worker.ts';

/** A batch and who waits for its outputs. */
interface Task {
  readonly batch: PackedBatch;
  readonly resolve: (outputs: GraphOutputs) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts a thread and waits until its session is ready.
 *
 * @param threads of onnxruntime
 * @throws {Error} when the session cannot be made
 */
export async function startSessionThread(
  { folder, modelFile }: GraphLocation,
  threads: number,
): Promise<BatchRunner> {
  const workerData: SessionWorkerData = { graph: { folder, modelFile }, threads };
  // The caller's loaders and flags are not the thread's: it runs compiled code only.
  const worker = new Worker(new URL('./session-worker.js', import.meta.url), { workerData, execArgv: [] });
  await nextAnswer(worker);
  return new SessionThread(worker);
}

class SessionThread implements BatchRunner {
  readonly #worker: Worker;
  readonly #waiting: Task[] = [];
  #isBusy = false;
  #isEnding = false;
  #hasEnded = false;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.unref();
    worker.once('exit', () => {
      this.#hasEnded = true;
      for (const { reject } of this.#waiting.splice(0)) reject(threadEnded());
    });
  }

  run(batch: PackedBatch): Promise<GraphOutputs> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) return reject(threadEnded());
      this.#waiting.push({ batch, resolve, reject });
      this.#next();
    });
  }

  async dispose(): Promise<void> {
    // An idle thread lets the process end, even while somebody waits for the thread's own end.
    this.#isEnding = true;
    this.#worker.ref();
    await this.#worker.terminate();
  }

  /** Hands over the batch that has waited longest. An idle thread does not keep the process alive. */
  #next(): void {
    if (this.#isBusy || this.#isEnding) return;
    const task = this.#waiting.shift();
    if (task === undefined) {
      this.#worker.unref();
      return;
    }
    this.#isBusy = true;
    this.#worker.ref();
    nextAnswer(this.#worker)
      .then((answer) => task.resolve((answer as { outputs: GraphOutputs }).outputs), task.reject)
      .finally(() => {
        this.#isBusy = false;
        this.#next();
      });
    this.#worker.postMessage(task.batch);
  }
}

function threadEnded(): Error {
  return new Error('The model’s thread has ended: it was disposed, or it failed. Load the model again.');
}

/** @throws what the thread answers as its error, or that it ended */
function nextAnswer(worker: Worker): Promise<SessionAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (answer: SessionAnswer) =>
      settle(() => ('error' in answer ? reject(answer.error) : resolve(answer)));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() =>
        reject(new Error(`The thread of the model ended with code ${code}. Load the model again.`)),
      );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
