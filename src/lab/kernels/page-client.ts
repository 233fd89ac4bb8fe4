/** One page's end of a kernel: its websocket, its own sockets, and what came while the connection was lost. */
import type { WebSocket } from 'ws';
import { type MessageParts, packFrame, unpackFrame } from './frames.ts';
import type { KernelLink, PageSockets } from './link.ts';

/** A page that is away for longer, or misses more, has to start anew. */
const AWAY_MS = 10 * 60_000;
const AWAY_BYTES = 64_000_000;
/** A page that takes in so much less than is sent is cut off rather than let the server run out of memory. */
const UNSENT_BYTES = 512_000_000;
const UNSENT_MESSAGES = 1000;
/** The websocket code for "not understood". */
const UNSUPPORTED_DATA = 1003;

type Sent = ReturnType<typeof unpackFrame>;

/**
 * A page lives longer than its websocket: while the connection is lost (a sleeping laptop, a reloaded proxy), replies
 * and outputs are kept, and played back when the page comes again under the same session id.
 */
export class PageClient {
  readonly sessionId: string;
  readonly #onGone: (client: PageClient) => void;
  #socket: WebSocket | undefined;
  #sockets: PageSockets | undefined;
  /** What the page said while there was no process: a restarted one gets it. */
  #unsent: Sent[] = [];
  #missed: Buffer[] = [];
  #missedBytes = 0;
  #awayTimer: NodeJS.Timeout | undefined;

  /** @param onGone called when the page will not be waited for any longer */
  constructor(sessionId: string, onGone: (client: PageClient) => void) {
    this.sessionId = sessionId;
    this.#onGone = onGone;
  }

  get isConnected(): boolean {
    return this.#socket !== undefined;
  }

  /** Gives the page sockets to a kernel process; earlier ones are closed. */
  plug(link: KernelLink): void {
    this.unplug();
    const sockets = link.openPage((channel, parts) => this.deliver(channel, parts));
    for (const { channel, parts } of this.#unsent.splice(0)) sockets.send(channel, parts);
    this.#sockets = sockets;
  }

  unplug(): void {
    this.#sockets?.close();
    this.#sockets = undefined;
  }

  /** Takes the page's (new) websocket: one that is still open is stale, and closed. Missed messages are sent first. */
  connect(socket: WebSocket): void {
    const stale = this.#socket;
    this.#socket = socket;
    stale?.close();
    clearTimeout(this.#awayTimer);
    for (const message of this.#missed.splice(0)) socket.send(message);
    this.#missedBytes = 0;
    socket.on('message', (data) => this.#receive(socket, data as Buffer));
    socket.on('close', () => {
      if (this.#socket === socket) this.#wait();
    });
  }

  /** Sends a message to the page, or keeps it for when the page is back. */
  deliver(channel: string, parts: MessageParts): void {
    this.deliverPacked(packFrame(channel, parts));
  }

  /** As `deliver`, for a message that many pages get. */
  deliverPacked(message: Buffer): void {
    if (this.#socket) {
      this.#socket.send(message, () => {}); // A page that is just leaving: 'close' follows.
      if (this.#socket.bufferedAmount > UNSENT_BYTES) this.#socket.terminate();
      return;
    }
    this.#missed.push(message);
    this.#missedBytes += message.length;
    if (this.#missedBytes > AWAY_BYTES) this.close();
  }

  /** Ends everything of this page. */
  close(): void {
    clearTimeout(this.#awayTimer);
    this.#missed = [];
    this.unplug();
    this.#onGone(this);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #receive(socket: WebSocket, data: Buffer): void {
    try {
      const sent = unpackFrame(data);
      if (this.#sockets) this.#sockets.send(sent.channel, sent.parts);
      else if (this.#unsent.length < UNSENT_MESSAGES) this.#unsent.push(sent);
    } catch {
      socket.close(UNSUPPORTED_DATA);
    }
  }

  #wait(): void {
    this.#socket = undefined;
    this.#awayTimer = setTimeout(() => this.close(), AWAY_MS).unref();
  }
}
