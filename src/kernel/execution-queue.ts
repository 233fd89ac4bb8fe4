/** The queue of cells of one shell: one at a time, and those behind a failed one are dropped when it asks for that. */
import type { Request } from './request.ts';

/** Runs one request. @returns whether the requests that wait behind it are to be dropped */
export type Execute = (request: Request) => Promise<boolean>;

/** Runs requests in order. */
export class ExecutionQueue {
  readonly #execute: Execute;
  readonly #abort: (request: Request) => Promise<void>;
  #waiting: Request[] = [];
  #isRunning = false;

  constructor(execute: Execute, abort: (request: Request) => Promise<void>) {
    this.#execute = execute;
    this.#abort = abort;
  }

  /** Adds a request; it runs once those before it have ended. */
  add(request: Request): void {
    this.#waiting.push(request);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      const shouldAbort = await this.#execute(request);
      if (!shouldAbort) continue;
      // Requests that were sent together with the failed one may be a turn of the event loop behind it.
      await new Promise((resolve) => setImmediate(resolve));
      for (const dropped of this.#waiting.splice(0)) await this.#abort(dropped);
    }
    this.#isRunning = false;
  }
}
