/** The queue to iopub: streams joined into few messages, order kept, and a slow reader felt by who writes. */
import type { Header, Message, MessageFactory, Published, StreamContent } from '../../jupyter/messages.ts';

type Parent = Header | Record<string, never>;

/** Sends one message to all subscribers, or takes its time while a reader is slow. */
export type Publish = (message: Message) => Promise<void>;

/** Limits of the queue. */
export interface IopubLimits {
  /** Most text in one stream message, in UTF-16 units. */
  streamLength: number;
  /** Waiting content, roughly in bytes, at which the writer is stopped; half of it lets the writer go on. */
  highWater: number;
  /** How long a stream message waits for more text when one has just left, in milliseconds. */
  gatherMs: number;
}

const DEFAULT_LIMITS: IopubLimits = { streamLength: 1 << 19, highWater: 1 << 22, gatherMs: 20 };

interface Entry {
  message: Message;
  size: number;
}

/** The queue of messages to iopub. */
export class IopubQueue {
  readonly #publish: Publish;
  readonly #factory: MessageFactory;
  readonly #limits: IopubLimits;
  #entries: Entry[] = [];
  #size = 0;
  #isSending = false;
  #isFull = false;
  #idle: (() => void)[] = [];
  /** When the last stream message left, in milliseconds. */
  #lastStream = Number.NEGATIVE_INFINITY;
  /** Ends the wait for more text. */
  #hurry: () => void = () => {};

  /** Called with true when the writer should stop, and with false when it may go on. */
  onFull: (isFull: boolean) => void = () => {};

  constructor(publish: Publish, factory: MessageFactory, limits: IopubLimits = DEFAULT_LIMITS) {
    this.#publish = publish;
    this.#factory = factory;
    this.#limits = limits;
  }

  /** Queues a message. */
  push<T extends keyof Published>(
    msg_type: T,
    content: Published[T],
    parent: Parent,
    more: Partial<Pick<Message, 'metadata' | 'buffers'>> = {},
  ): void {
    const plain: Record<string, unknown> = { ...content };
    const message = this.#factory.create(msg_type, { content: plain, parent, ...more });
    const bytes = more.buffers?.reduce((sum, buffer) => sum + buffer.length, 0) ?? 0;
    this.#add({ message, size: bytes + sizeOf(content) });
  }

  /** Queues text of a stream; it joins the message before when that is of the same stream and cell. */
  pushStream(content: StreamContent, parent: Parent): void {
    const last = this.#entries.at(-1);
    const text = last && streamText(last.message, content.name, parent);
    if (!last || text === undefined || text.length + content.text.length > this.#limits.streamLength) {
      this.push('stream', content, parent);
      return;
    }
    last.message.content.text = text + content.text;
    last.size += content.text.length;
    this.#grow(content.text.length);
  }

  /** Resolves once everything that was queued is sent. */
  flushed(): Promise<void> {
    if (!this.#isSending && this.#entries.length === 0) return Promise.resolve();
    this.#hurry();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#grow(entry.size);
    this.#hurry();
    if (this.#isSending) return;
    this.#isSending = true;
    // After this turn: the lines that came in one read of the pipe leave as one message.
    queueMicrotask(() => void this.#send());
  }

  async #send(): Promise<void> {
    while (this.#entries.length > 0) {
      await this.#gather();
      const { message, size } = this.#entries.shift()!;
      await this.#publish(message);
      if (message.header.msg_type === 'stream') this.#lastStream = performance.now();
      this.#shrink(size);
    }
    this.#isSending = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Lets a stream message grow while text comes line by line; the first one, and all that ends it, leaves at once. */
  async #gather(): Promise<void> {
    const isStream = this.#entries[0]?.message.header.msg_type === 'stream';
    const waitMs = this.#lastStream + this.#limits.gatherMs - performance.now();
    const isFlushing = this.#idle.length > 0 || this.#isFull;
    if (!isStream || this.#entries.length > 1 || isFlushing || waitMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = () => {};
  }

  #grow(size: number): void {
    this.#size += size;
    if (this.#isFull || this.#size < this.#limits.highWater) return;
    this.#isFull = true;
    this.#hurry();
    this.onFull(true);
  }

  #shrink(size: number): void {
    this.#size -= size;
    if (!this.#isFull || this.#size > this.#limits.highWater / 2) return;
    this.#isFull = false;
    this.onFull(false);
  }
}

/** The text of a message, if that is of the same stream and cell. */
function streamText(message: Message, name: string, parent: Parent): string | undefined {
  const { header, parent_header, content } = message;
  const isSame =
    header.msg_type === 'stream' && content.name === name && parent_header.msg_id === parent.msg_id;
  return isSame ? String(content.text) : undefined;
}

/** A cheap estimate: what dominates a message is the text in its bundle. */
function sizeOf(content: object): number {
  let size = 200;
  const data = (content as { data?: object }).data ?? content;
  for (const value of Object.values(data)) size += typeof value === 'string' ? value.length : 1000;
  return size;
}
