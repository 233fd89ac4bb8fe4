/** The sockets to one running kernel process, and the nudge that makes sure that it hears and is heard. */
import { randomUUID } from 'node:crypto';
import { Dealer, Subscriber } from 'zeromq';
import type { KernelProcess } from '../../jupyter/client/kernel-process.ts';
import { socketAddress } from '../../jupyter/connection-file.ts';
import { createMessageFactory } from '../../jupyter/messages.ts';
import { createSigner, type Signer } from '../../jupyter/signature.ts';
import { encodeMessage } from '../../jupyter/wire.ts';
import { type MessageParts, PAGE_CHANNELS, type PageChannel } from './frames.ts';

const DELIMITER = Buffer.from('<IDS|MSG>');
const NO_LIMITS = { linger: 0, receiveHighWaterMark: 0, sendHighWaterMark: 0 };
/** How long a question waits for its answer before it is asked again. */
const NUDGE_MS = 250;

/** Sockets of one page: replies and input requests come back to it alone. */
export interface PageSockets {
  send(channel: PageChannel, parts: MessageParts): void;
  close(): void;
}

/** A connected kernel process. */
export interface KernelLink {
  /** Whether the kernel answered on shell and iopub; false when it ended before. Never rejects. */
  readonly ready: Promise<boolean>;
  openPage(hear: (channel: PageChannel, parts: MessageParts) => void): PageSockets;
  /** Asks something on the control channel; the answer is not waited for. */
  ask(type: string, content: Record<string, unknown>): Promise<void>;
  close(): void;
}

/** Connects to a kernel. @param published hears every message on iopub */
export function connectKernel(process: KernelProcess, published: (parts: MessageParts) => void): KernelLink {
  return new ZmqLink(process, published);
}

class ZmqLink implements KernelLink {
  readonly ready: Promise<boolean>;
  readonly #process: KernelProcess;
  readonly #signer: Signer;
  readonly #session = createMessageFactory('tsbert-lab');
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #control: Dealer;
  readonly #published: (parts: MessageParts) => void;
  /** A ZeroMQ socket takes one send at a time. */
  #lastAsk: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(process: KernelProcess, published: (parts: MessageParts) => void) {
    this.#process = process;
    this.#published = published;
    const { key, signature_scheme } = process.connection;
    this.#signer = createSigner(key, signature_scheme);
    this.#iopub.subscribe();
    this.#iopub.connect(socketAddress(process.connection, 'iopub'));
    this.#control = this.#dealer('control');
    this.ready = this.#nudge();
  }

  openPage(hear: (channel: PageChannel, parts: MessageParts) => void): PageSockets {
    const routingId = randomUUID(); // One for all: the kernel asks for input where the request came from.
    const dealers = PAGE_CHANNELS.map((channel) => [channel, this.#dealer(channel, routingId)] as const);
    for (const [channel, dealer] of dealers) this.#read(dealer, (parts) => hear(channel, parts));
    const byChannel = Object.fromEntries(dealers) as Record<PageChannel, Dealer>;
    // What a page sends before the kernel can publish would be answered unheard.
    let lastSend: Promise<unknown> = this.ready;
    return {
      send: (channel, parts) => {
        const frames = [DELIMITER, this.#signer.sign(parts.slice(0, 4)), ...parts] as Buffer[];
        lastSend = lastSend.then(() => byChannel[channel].send(frames)).catch(() => {});
      },
      close: () => {
        for (const [, dealer] of dealers) dealer.close();
      },
    };
  }

  ask(type: string, content: Record<string, unknown>): Promise<void> {
    const message = this.#session.create(type, { content });
    const send = () => this.#control.send(encodeMessage(message, this.#signer) as Buffer[]);
    this.#lastAsk = this.#lastAsk.then(send).catch(() => {}); // A kernel that is gone needs no question.
    return this.#lastAsk;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#iopub.close();
    this.#control.close();
  }

  /**
   * A subscription takes effect some time after its socket connects, and what is published before is lost: a page
   * that asked too early would wait for "idle" for ever. So a question is repeated until it was answered on both
   * channels.
   */
  async #nudge(): Promise<boolean> {
    const shell = this.#dealer('shell');
    const asked = new Set<string>();
    const missing = new Set(['shell', 'iopub']);
    let lastAsk: Promise<unknown> = Promise.resolve();
    const ask = () => {
      const message = this.#session.create('kernel_info_request', { content: {} });
      asked.add(message.header.msg_id);
      lastAsk = lastAsk
        .then(() => shell.send(encodeMessage(message, this.#signer) as Buffer[]))
        .catch(() => {});
    };
    const both = new Promise<boolean>((resolve) => {
      const hear = (channel: string) => (parts: MessageParts) => {
        if (missing.has(channel) && asked.has(parentId(parts))) missing.delete(channel);
        if (missing.size === 0) resolve(true);
      };
      this.#read(shell, hear('shell'));
      const onIopub = hear('iopub');
      this.#read(this.#iopub, (parts) => {
        if (missing.size > 0) onIopub(parts);
        this.#published(parts);
      });
    });
    ask();
    const again = setInterval(ask, NUDGE_MS);
    const isReady = await Promise.race([both, this.#process.exited.then(() => false)]);
    clearInterval(again);
    shell.close();
    return isReady;
  }

  #dealer(channel: PageChannel, routingId?: string): Dealer {
    const socket = new Dealer({ ...NO_LIMITS, ...(routingId !== undefined && { routingId }) });
    socket.connect(socketAddress(this.#process.connection, channel));
    return socket;
  }

  async #read(socket: Dealer | Subscriber, hear: (parts: MessageParts) => void): Promise<void> {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => DELIMITER.equals(frame));
      const [signature, ...parts] = frames.slice(start + 1);
      const isOurs = start >= 0 && signature !== undefined && parts.length >= 4;
      if (isOurs && this.#signer.verify(signature, parts.slice(0, 4))) hear(parts);
    }
  }
}

function parentId(parts: MessageParts): string {
  return (JSON.parse(String(parts[1])) as { msg_id?: string }).msg_id ?? '';
}
