/**
 * Sessions in threads of their own. onnxruntime holds its thread while it runs: here that is never the caller's.
 * Several sessions of few threads outrun one session of many, whose threads wait for each other in every product.
 */
import { Worker } from 'node:worker_threads';
import type { PackedBatch } from './packed.ts';
import type { BatchRunner, GraphLocation } from './session.ts';
import type { SessionAnswer, SessionWorkerData } from './session-worker.ts';

/** How many sessions there may be and how many threads each has. */
export interface PoolSize {
  readonly sessions: number;
  readonly threads: number;
}

/** A batch and who waits for its rows. */
interface Task {
  readonly batch: PackedBatch;
  readonly resolve: (rows: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/** After so many batches without a pause, a further session is worth its start. */
const BATCHES_WORTH_A_SESSION = 6;

/**
 * Starts the first session; the others start when there is work for them.
 *
 * @throws {Error} when the session cannot be made
 */
export async function startPool(graph: GraphLocation, size: PoolSize): Promise<BatchRunner> {
  const pool = new SessionPool(graph, size);
  await pool.addSession();
  return pool;
}

class SessionPool implements BatchRunner {
  readonly #graph: GraphLocation;
  readonly #size: PoolSize;
  readonly #waiting: Task[] = [];
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #batchesSincePause = 0;

  constructor(graph: GraphLocation, size: PoolSize) {
    this.#graph = graph;
    this.#size = size;
  }

  run(batch: PackedBatch): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      if (this.#all.size === 0) return reject(noSession());
      const isPause = this.#idle.length === this.#all.size;
      this.#batchesSincePause = isPause ? 1 : this.#batchesSincePause + 1;
      this.#waiting.push({ batch, resolve, reject });
      this.#assign();
      this.#growWhenBusy();
    });
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  /** Starts a thread and waits until its session is ready. */
  async addSession(): Promise<void> {
    const workerData: SessionWorkerData = { graph: this.#graph, threads: this.#size.threads };
    // The caller's loaders and flags are not the thread's: it runs compiled code only.
    const worker = new Worker(new URL('./session-worker.js', import.meta.url), { workerData, execArgv: [] });
    this.#all.add(worker);
    worker.once('exit', () => this.#forget(worker));
    await nextAnswer(worker);
    this.#release(worker);
  }

  #growWhenBusy(): void {
    const isBusy = this.#waiting.length > 0 && this.#batchesSincePause >= BATCHES_WORTH_A_SESSION;
    if (!isBusy || this.#all.size === this.#size.sessions) return;
    this.addSession().catch((error) => this.#fail(error));
  }

  #assign(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const { batch, resolve, reject } = this.#waiting.shift()!;
      worker.ref();
      const rows = nextAnswer(worker).then((answer) => (answer as { rows: Float32Array }).rows);
      worker.postMessage(batch);
      rows.then(resolve, reject).finally(() => this.#release(worker));
    }
  }

  /** An idle thread does not keep the process alive. */
  #release(worker: Worker): void {
    worker.unref();
    if (this.#all.has(worker)) this.#idle.push(worker);
    this.#assign();
  }

  #forget(worker: Worker): void {
    this.#all.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place !== -1) this.#idle.splice(place, 1);
    if (this.#all.size === 0) this.#fail(noSession());
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

function noSession(): Error {
  return new Error('The model’s threads have ended: it was disposed, or they failed. Load the model again.');
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
