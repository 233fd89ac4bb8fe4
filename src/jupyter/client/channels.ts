/** The client's end of a kernel's sockets: requests with their replies, what is published, and the heartbeat. */
import { Dealer, Subscriber } from 'zeromq';
import { type ConnectionInfo, socketAddress } from '../connection-file.ts';
import { createMessageFactory, type Message } from '../messages.ts';
import type { ReplyContent, RequestContent, RequestType } from '../requests.ts';
import { createSigner, type Signer } from '../signature.ts';
import { decodeMessage, encodeMessage } from '../wire.ts';

/** Connected sockets. */
export interface KernelChannels {
  /** Sends a request and resolves with its reply. Pending for ever if none comes: race it with the kernel's death. */
  request<T extends RequestType>(
    channel: 'shell' | 'control',
    msg_type: T,
    content: Partial<RequestContent<T>>,
    id?: string,
  ): Promise<Message<ReplyContent<T>>>;
  /** Hears every message on iopub. @returns stops listening */
  listen(hear: (message: Message) => void): () => void;
  /** Resolves with the reason when the heartbeat was not answered for `timeoutMs`. */
  silence(timeoutMs: number): Promise<string>;
  close(): void;
}

/** Connects to a kernel's sockets. The kernel need not be there yet. */
export function connectChannels(connection: ConnectionInfo): KernelChannels {
  return new ZmqChannels(connection);
}

class ZmqChannels implements KernelChannels {
  readonly #signer: Signer;
  readonly #session = createMessageFactory('tsbert');
  readonly #sockets;
  readonly #replies = new Map<string, (reply: Message<unknown>) => void>();
  readonly #listeners = new Set<(message: Message) => void>();
  /** A ZeroMQ socket takes one send at a time. */
  #lastSend: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(connection: ConnectionInfo) {
    this.#signer = createSigner(connection.key, connection.signature_scheme);
    const unlimited = { linger: 0, receiveHighWaterMark: 0, sendHighWaterMark: 0 };
    this.#sockets = {
      shell: new Dealer(unlimited),
      control: new Dealer(unlimited),
      iopub: new Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
      hb: new Dealer(unlimited),
    };
    this.#sockets.iopub.subscribe();
    const { shell, control, iopub, hb } = this.#sockets;
    for (const [channel, socket] of Object.entries({ shell, control, iopub, hb })) {
      socket.connect(socketAddress(connection, channel as 'shell'));
    }
    for (const socket of [shell, control]) this.#receive(socket, (message) => this.#settle(message));
    this.#receive(iopub, (message) => {
      for (const hear of [...this.#listeners]) hear(message);
    });
  }

  request<T extends RequestType>(
    channel: 'shell' | 'control',
    msg_type: T,
    content: Partial<RequestContent<T>>,
    id?: string,
  ): Promise<Message<ReplyContent<T>>> {
    const message = this.#session.create<Record<string, unknown>>(msg_type, { content: { ...content } });
    if (id !== undefined) message.header.msg_id = id;
    const { promise, resolve, reject } = withResolvers<Message<ReplyContent<T>>>();
    // A kernel's reply is taken at its word: its type is that of the request.
    this.#replies.set(message.header.msg_id, resolve as (reply: Message<unknown>) => void);
    const send = () => this.#sockets[channel].send(encodeMessage(message, this.#signer) as Buffer[]);
    this.#lastSend = this.#lastSend.then(send).catch(reject);
    return promise;
  }

  listen(hear: (message: Message) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  async silence(timeoutMs: number): Promise<string> {
    const { hb } = this.#sockets;
    let lastBeat = Date.now();
    const listen = async () => {
      for await (const _beat of hb) lastBeat = Date.now();
    };
    listen().catch(() => {});
    while (!this.#closed) {
      const sentAt = Date.now();
      await hb.send(['', 'ping']).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, timeoutMs / 10).unref());
      // A machine that slept missed its own timer, which says nothing about the kernel.
      if (Date.now() - sentAt > timeoutMs / 2) lastBeat = Date.now();
      if (Date.now() - lastBeat > timeoutMs) return `no heartbeat for ${timeoutMs / 1000} s`;
    }
    return 'the connection was closed';
  }

  close(): void {
    this.#closed = true;
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  async #receive(socket: Dealer | Subscriber, handle: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      const message = this.#decode(frames);
      if (message) handle(message);
    }
  }

  /** @returns undefined for what is not signed with our key, or no message at all: it is none of ours */
  #decode(frames: Buffer[]): Message | undefined {
    try {
      return decodeMessage(frames, this.#signer).message;
    } catch {
      return undefined;
    }
  }

  #settle(reply: Message): void {
    const id = reply.parent_header.msg_id;
    if (id === undefined) return;
    this.#replies.get(id)?.(reply);
    this.#replies.delete(id);
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
