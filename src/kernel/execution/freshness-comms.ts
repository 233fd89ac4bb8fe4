/** Comms to the target `tsbert.freshness`: front ends open them to mark cells that are out of date, and to run them again. */
import type { Header } from '../../jupyter/messages.ts';
import type { Graph } from '../freshness/graph.ts';
import { reportOf } from '../freshness/report.ts';
import type { CommMessage } from '../runner/link/messages.ts';
import type { IopubQueue } from '../server/iopub-queue.ts';

const TARGET = 'tsbert.freshness';

/** The comms of one session. */
export class FreshnessComms {
  readonly #iopub: IopubQueue;
  readonly #open = new Set<string>();
  #sent = '';

  constructor(iopub: IopubQueue) {
    this.#iopub = iopub;
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** Takes a front end's message. @returns false when it is for another target */
  take({ msgType, content }: CommMessage): boolean {
    const { comm_id } = content;
    if (msgType === 'comm_open') {
      if (content.target_name !== TARGET) return false;
      this.#open.add(comm_id);
      this.#sent = '';
      return true;
    }
    if (!this.#open.has(comm_id)) return false;
    if (msgType === 'comm_close') this.#open.delete(comm_id);
    else this.#sent = '';
    return true;
  }

  /** Sends what is out of date, if it is not what was sent last. */
  send(graph: Graph, auto: boolean, parent: Header): void {
    const data = { ...reportOf(graph, auto) };
    const text = JSON.stringify(data);
    if (text === this.#sent) return;
    this.#sent = text;
    for (const comm_id of this.#open) this.#iopub.push('comm_msg', { comm_id, data }, parent);
  }
}
