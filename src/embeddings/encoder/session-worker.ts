/** The other side of session-thread.ts: batches come in as messages, outputs go out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PackedBatch } from './packed-batch.ts';
import { type GraphLocation, type GraphOutputs, startSession } from './session.ts';

/** What a thread is started with. */
export interface SessionWorkerData {
  readonly graph: GraphLocation;
  readonly threads: number;
}

/** What a thread answers: that it is ready, the outputs for a batch, or what went wrong. */
export type SessionAnswer =
  | { readonly ready: true }
  | { readonly outputs: GraphOutputs }
  | { readonly error: Error };

const port = parentPort!;
const { graph, threads } = workerData as SessionWorkerData;

startSession(graph, threads).then(
  (session) => {
    port.on('message', (batch: PackedBatch) => {
      session.run(batch).then(
        // A copy, for onnxruntime's own memory cannot be handed to another thread.
        (outputs) => answer({ outputs: copyOf(outputs) }),
        (error) => answer({ error }),
      );
    });
    answer({ ready: true });
  },
  (error) => answer({ error }),
);

function answer(message: SessionAnswer): void {
  const buffers = 'outputs' in message ? Object.values(message.outputs).map(({ buffer }) => buffer) : [];
  port.postMessage(message, buffers as ArrayBuffer[]);
}

function copyOf(outputs: GraphOutputs): GraphOutputs {
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.slice()]));
}
