/** The main shell and its subshells (JEP 91): each runs its own cells in order, all run side by side. */
import { randomUUID } from 'node:crypto';
import type { ErrorReply, ExecuteRequest, OkReply } from '../../jupyter/messages.ts';
import type { Request } from '../server/request.ts';
import { type Abort, type Execute, ExecutionQueue } from './execution-queue.ts';

/** The queues of cells. */
export class Shells {
  readonly #createQueue: () => ExecutionQueue;
  readonly #main: ExecutionQueue;
  readonly #subshells = new Map<string, ExecutionQueue>();

  constructor(execute: Execute, abort: Abort) {
    this.#createQueue = () => new ExecutionQueue(execute, abort);
    this.#main = this.#createQueue();
  }

  /** Adds a cell to a shell's queue; without an id to that of the main shell. @returns whether there is such a shell */
  enqueue(request: Request<ExecuteRequest>, id: string | null | undefined): boolean {
    const queue = id ? this.#subshells.get(id) : this.#main;
    queue?.add(request);
    return queue !== undefined;
  }

  /** @returns the new subshell's id */
  create(): string {
    const id = randomUUID();
    this.#subshells.set(id, this.#createQueue());
    return id;
  }

  /** Takes a subshell away; what waits in it still runs. */
  delete(id: string): OkReply | ErrorReply {
    return this.#subshells.delete(id) ? { status: 'ok' } : unknownSubshell(id);
  }

  /** The subshells' ids. */
  list(): string[] {
    return [...this.#subshells.keys()];
  }
}

/** The answer to a request for a subshell that is not there. */
export function unknownSubshell(id: string): ErrorReply {
  return { status: 'error', ename: 'SubshellNotFound', evalue: `There is no subshell ${id}.`, traceback: [] };
}
