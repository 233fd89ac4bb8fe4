/** Collects the texts of many requests while the model is at work, and encodes them together. */

/** What goes before each text: a text, a prompt of the model's by its name, or what the model does by itself. */
export interface PromptChoice {
  readonly prompt?: string | undefined;
  readonly promptName?: string | undefined;
}

/** Makes one row for each text. */
export type EncodeTexts = (texts: readonly string[], prompt: PromptChoice) => Promise<Float32Array[]>;

/** More texts wait than the server takes on. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
  readonly waiting: number;

  constructor(waiting: number) {
    super(`${waiting} texts are waiting already. Try again in a moment.`);
    this.waiting = waiting;
  }
}

/** Options of a {@link Batcher}. */
export interface BatcherOptions {
  /** Texts encoded together; a request with more is encoded alone. */
  readonly batchTexts: number;
  /** Texts that may wait. */
  readonly queueTexts: number;
  /** Told the size of every batch. */
  readonly onBatch?: (texts: number) => void;
}

interface Job {
  readonly texts: readonly string[];
  readonly prompt: PromptChoice;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (rows: Float32Array[]) => void;
  readonly reject: (error: unknown) => void;
}

/** One model's queue. */
export class Batcher {
  readonly #encode: EncodeTexts;
  readonly #options: BatcherOptions;
  #queue: Job[] = [];
  #isRunning = false;

  constructor(encode: EncodeTexts, options: BatcherOptions) {
    this.#encode = encode;
    this.#options = options;
  }

  /** Texts that wait; not those being encoded. */
  get waiting(): number {
    return this.#queue.reduce((sum, { texts }) => sum + texts.length, 0);
  }

  /**
   * Encodes texts, together with those of others.
   *
   * @param signal where it is aborted before its turn, the texts are not encoded
   * @throws {QueueFullError} when too many wait
   */
  encode(texts: readonly string[], prompt: PromptChoice = {}, signal?: AbortSignal): Promise<Float32Array[]> {
    const waiting = this.waiting;
    if (waiting > 0 && waiting + texts.length > this.#options.queueTexts) {
      return Promise.reject(new QueueFullError(waiting));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ texts, prompt, signal, resolve, reject });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Requests that arrive in the same turn of the event loop join the first batch.
    await new Promise(setImmediate);
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) await this.#encodeBatch(batch);
    this.#isRunning = false;
  }

  /** The first job and those after it that fit and have the same prompt; the others keep their order. */
  #next(): Job[] {
    const batch: Job[] = [];
    const left: Job[] = [];
    let size = 0;
    for (const job of this.#queue) {
      if (job.signal?.aborted) {
        job.reject(job.signal.reason);
        continue;
      }
      const isFirst = batch.length === 0;
      const fits =
        size + job.texts.length <= this.#options.batchTexts && samePrompt(job.prompt, batch[0]?.prompt);
      if (isFirst || fits) {
        batch.push(job);
        size += job.texts.length;
      } else left.push(job);
    }
    this.#queue = left;
    return batch;
  }

  async #encodeBatch(batch: readonly Job[]): Promise<void> {
    const texts = batch.flatMap((job) => job.texts);
    this.#options.onBatch?.(texts.length);
    try {
      const rows = await this.#encode(texts, batch[0]!.prompt);
      let start = 0;
      for (const job of batch) {
        job.resolve(rows.slice(start, start + job.texts.length));
        start += job.texts.length;
      }
    } catch (error) {
      for (const job of batch) job.reject(error);
    }
  }
}

function samePrompt(a: PromptChoice, b: PromptChoice | undefined): boolean {
  return a.prompt === b?.prompt && a.promptName === b?.promptName;
}
