/** Output of runs on its way to iopub: under the request that it belongs to, nothing of silent or stopped runs. */

import type { CommMessage, Output } from '../runner/link/messages.ts';
import type { IopubQueue } from './iopub-queue.ts';
import type { RunRegistry } from './run-registry.ts';

/** The output side of a RunnerListener. */
export interface OutputRouter {
  onOutput(output: Output): void;
  onComm(run: number, comm: CommMessage): void;
}

/** Makes the router from runs to iopub. */
export function createOutputRouter(iopub: IopubQueue, runs: RunRegistry): OutputRouter {
  return {
    onOutput: (output) => {
      if (runs.get(output.run)?.isSilent) return;
      const parent = runs.parentOf(output.run);
      if (output.type === 'stream') return iopub.pushStream({ name: output.name, text: output.text }, parent);
      const [type, content] = toMessage(output);
      iopub.push(type, content, parent);
    },
    onComm: (run, { msgType, content, metadata, buffers }) => {
      iopub.push(msgType, content, runs.parentOf(run), { metadata, buffers });
    },
  };
}

function toMessage(output: Exclude<Output, { type: 'stream' }>): [string, object] {
  if (output.type === 'clear') return ['clear_output', { wait: output.wait }];
  if (output.type === 'error') {
    const { ename, evalue, traceback } = output;
    return ['error', { ename, evalue, traceback }];
  }
  const { data, metadata, displayId, update } = output;
  const transient = displayId === undefined ? {} : { display_id: displayId };
  return [update ? 'update_display_data' : 'display_data', { data, metadata, transient }];
}
