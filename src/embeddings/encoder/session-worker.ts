/** The other side of session-thread.ts: batches come in as messages, rows go out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PackedBatch } from './packed-batch.ts';
import { type GraphLocation, startSession } from './session.ts';

/** What a thread is started with. */
export interface SessionWorkerData {
  readonly graph: GraphLocation;
  readonly threads: number;
}

/** What a thread answers: that it is ready, the rows of a batch, or what went wrong. */
export type SessionAnswer =
  | { readonly ready: true }
  | { readonly rows: Float32Array }
  | { readonly error: Error };

const port = parentPort!;
const { graph, threads } = workerData as SessionWorkerData;

startSession(graph, threads).then(
  (session) => {
    port.on('message', (batch: PackedBatch) => {
      session.run(batch).then(
        // A copy, for onnxruntime's own memory cannot be handed to another thread.
        (rows) => answer({ rows: rows.slice() }),
        (error) => answer({ error }),
      );
    });
    answer({ ready: true });
  },
  (error) => answer({ error }),
);

function answer(message: SessionAnswer): void {
  port.postMessage(message, 'rows' in message ? [message.rows.buffer as ArrayBuffer] : []);
}
