/** The kernel's parts that requests are answered with. */
import type { CompilerHost } from '../compiler/client.ts';
import type { Runner } from '../runner-client/runner.ts';
import type { History } from '../server/history.ts';
import type { IopubQueue } from '../server/iopub-queue.ts';
import type { Log } from '../server/log.ts';
import type { Request } from '../server/request.ts';
import type { RunRegistry } from '../server/run-registry.ts';
import type { FreshnessWatch } from './freshness-watch.ts';

/** What handlers work with. */
export interface KernelParts {
  iopub: IopubQueue;
  compiler: CompilerHost;
  runner: Runner;
  runs: RunRegistry;
  history: History;
  log: Log;
  /** Absent where the kernel is not to watch what is out of date. */
  freshness?: FreshnessWatch;
  /** Sends a reply; its type is that of the request with `reply` at the end. */
  reply(request: Request, content: object, metadata?: Record<string, unknown>): Promise<void>;
  /** Ends the kernel, once the reply is on its way. */
  shutdown(): void;
}
