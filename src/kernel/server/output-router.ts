/** Output of runs on its way to iopub: under the request that it belongs to, nothing of silent or stopped runs. */

import type { CommMessage, RunOutput } from '../runner/link/messages.ts';
import type { IopubQueue } from './iopub-queue.ts';
import type { RunRegistry } from './run-registry.ts';

/** The output side of a RunnerListener. */
export interface OutputRouter {
  onOutput(output: RunOutput): void;
  onComm(run: number, comm: CommMessage): void;
}

/** Makes the router from runs to iopub. */
export function createOutputRouter(iopub: IopubQueue, runs: RunRegistry): OutputRouter {
  return {
    onOutput: (output) => {
      const { isSilent, trail } = runs.get(output.run) ?? {};
      const placed = output.type === 'display' && trail ? trail.place(output) : output;
      if (isSilent && !(trail && placed.type === 'display' && placed.update)) return;
      publish(placed, runs.parentOf(output.run), iopub);
    },
    onComm: (run, { msgType, content, metadata, buffers }) => {
      iopub.push(msgType, content, runs.parentOf(run), { metadata, buffers });
    },
  };
}

function publish(output: RunOutput, parent: ReturnType<RunRegistry['parentOf']>, iopub: IopubQueue): void {
  if (output.type === 'stream') iopub.pushStream({ name: output.name, text: output.text }, parent);
  else if (output.type === 'clear') iopub.push('clear_output', { wait: output.wait }, parent);
  else if (output.type === 'error') {
    const { ename, evalue, traceback } = output;
    iopub.push('error', { ename, evalue, traceback }, parent);
  } else {
    const { data, metadata, displayId, update } = output;
    const transient = displayId === undefined ? {} : { display_id: displayId };
    iopub.push(update ? 'update_display_data' : 'display_data', { data, metadata, transient }, parent);
  }
}
