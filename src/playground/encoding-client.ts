/** Asks the page's worker for embeddings, each sentence once for each model. */
import type { WorkerReply, WorkerRequest } from './encoding-worker.ts';

/** Sentences that are kept with their embeddings, a kilobyte each. */
const MOST_KNOWN = 2000;

/** What of a Worker is used. */
export interface WorkerPort {
  postMessage(request: WorkerRequest): void;
  onmessage: ((event: MessageEvent<WorkerReply>) => void) | null;
}

/** Encodes sentences by the models of the page. */
export class EncodingClient {
  readonly #worker: WorkerPort;
  readonly #waiting = new Map<number, (reply: WorkerReply) => void>();
  readonly #known = new Map<string, Promise<Float32Array>>();
  #asked = 0;

  constructor(worker: WorkerPort) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#settle(data);
  }

  /** Hands a model over. @param packed deflated bytes, as base64 */
  addModel(name: string, packed: string): void {
    this.#worker.postMessage({ type: 'model', name, packed });
  }

  /** @returns the sentence's embedding; of a sentence that was asked for before, the same one */
  encode(name: string, sentence: string): Promise<Float32Array> {
    const key = JSON.stringify([name, sentence]);
    const known = this.#known.get(key);
    if (known) return known;
    const id = this.#asked++;
    const embedding = new Promise<Float32Array>((resolve, reject) => {
      this.#waiting.set(id, (reply) =>
        'error' in reply ? reject(new Error(reply.error)) : resolve(reply.embedding),
      );
    });
    // Every keystroke makes a sentence: the old ones are forgotten now and then.
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, embedding);
    this.#worker.postMessage({ type: 'encode', id, name, sentence });
    return embedding;
  }

  #settle(reply: WorkerReply): void {
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}
