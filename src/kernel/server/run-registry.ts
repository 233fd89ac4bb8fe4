/** Numbers runs, and knows which request each belongs to: output may come long after its cell has ended. */
import type { Header } from '../../jupyter/messages.ts';
import type { DisplayTrail } from './display-trail.ts';
import type { Request } from './request.ts';

/** Runs whose requests are kept. */
const KEPT_RUNS = 2000;

/** What is known of a run. */
export interface RunEntry {
  request: Request;
  /** Nothing of a silent run is shown. */
  isSilent: boolean;
  /** Where the run's displays go; in the place of others they are shown even when the run is silent. */
  trail?: DisplayTrail;
}

/** Knows the runs of a session. */
export class RunRegistry {
  readonly #entries = new Map<number, RunEntry>();
  #next = 1;

  /** Numbers a new run. */
  add(request: Request, isSilent = false, trail?: DisplayTrail): number {
    const run = this.#next++;
    this.#entries.set(run, { request, isSilent, ...(trail && { trail }) });
    this.#entries.delete(run - KEPT_RUNS);
    return run;
  }

  /** The entry of a run, unless it is long past. */
  get(run: number): RunEntry | undefined {
    return this.#entries.get(run);
  }

  /** The header that output of a run answers to. */
  parentOf(run: number): Header | Record<string, never> {
    return this.get(run)?.request.message.header ?? {};
  }
}
