/** The queue of cells of one shell: one at a time, and those behind a failed one are dropped when it asks for that. */
import { setImmediate } from 'node:timers/promises';
import type { ExecuteRequest } from '../../jupyter/messages.ts';
import type { Request } from '../server/request.ts';

type CellRequest = Request<ExecuteRequest>;

/** The queue as a request sees it that runs. */
export interface QueueBehind {
  /** Drops the requests that wait; to be called before the reply of one that failed. */
  drop(): Promise<void>;
  /** The requests that wait. */
  waiting(): readonly CellRequest[];
}

/** How many turns of the event loop a request that was sent together with another may come behind it. */
const TURNS_BEHIND = 4;

/** Runs one request from busy to reply. */
export type Execute = (request: CellRequest, behind: QueueBehind) => Promise<void>;

/** Answers one request that is dropped. */
export type Abort = (request: CellRequest) => Promise<void>;

/** Runs requests in order. */
export class ExecutionQueue {
  readonly #execute: Execute;
  readonly #abort: Abort;
  #waiting: CellRequest[] = [];
  #isRunning = false;

  constructor(execute: Execute, abort: Abort) {
    this.#execute = execute;
    this.#abort = abort;
  }

  /** Adds a request; it runs once those before it have ended. */
  add(request: CellRequest): void {
    this.#waiting.push(request);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      let dropped: CellRequest[] = [];
      await this.#execute(request, {
        drop: async () => {
          // What was sent together with the failed request may be some turns of the event loop behind it. What comes after
          // its reply was sent in knowledge of the failure, and runs.
          for (let turn = 0; turn < TURNS_BEHIND; turn++) await setImmediate();
          dropped = this.#waiting.splice(0);
        },
        waiting: () => this.#waiting,
      });
      for (const one of dropped) await this.#abort(one);
    }
    this.#isRunning = false;
  }
}
