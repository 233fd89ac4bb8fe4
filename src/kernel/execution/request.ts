/** Requests of front ends, and the kernel's parts that answer them. */
import type { Message } from '../../jupyter/messages.ts';
import type { CompilerHost } from '../compiler/client.ts';
import type { Runner } from '../runner-client/runner.ts';
import type { History } from '../server/history.ts';
import type { IopubQueue } from '../server/iopub-queue.ts';
import type { Log } from '../server/log.ts';

/** A request with where its reply goes. */
export interface Request<C = Record<string, unknown>> {
  channel: 'shell' | 'control';
  identities: readonly Uint8Array[];
  message: Message<C>;
}

/** What handlers work with. */
export interface KernelParts {
  iopub: IopubQueue;
  compiler: CompilerHost;
  runner: Runner;
  history: History;
  log: Log;
  /** Sends a reply; its type is that of the request with `reply` at the end. */
  reply(request: Request, content: object, metadata?: Record<string, unknown>): Promise<void>;
}
