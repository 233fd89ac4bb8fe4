/** A kernel as front ends know it: one id through restarts and deaths, and the pages that listen to it. */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import {
  type KernelProcess,
  type LaunchSpec,
  startKernelProcess,
} from '../../jupyter/client/kernel-process.ts';
import { createMessageFactory } from '../../jupyter/messages.ts';
import { HttpError } from '../http/errors.ts';
import { type MessageParts, packFrame } from './frames.ts';
import { connectKernel, type KernelLink } from './link.ts';
import { PageClient } from './page-client.ts';

/** What a kernel is doing, in the words of the protocol and of Jupyter's server. */
export type KernelState = 'starting' | 'idle' | 'busy' | 'restarting' | 'dead';

/** A kernel, field names as in the API. */
export interface KernelModel {
  id: string;
  name: string;
  last_activity: string;
  execution_state: KernelState;
  connections: number;
}

/** How long a kernel may take to end by itself. */
const SHUTDOWN_MS = 3000;
/** A kernel that dies again within this time after its restart is not started a third time. */
const RESTART_PAUSE_MS = 5000;

export class Kernel {
  readonly id: string = randomUUID();
  readonly name: string;
  readonly cwd: string;
  readonly #spec: LaunchSpec;
  readonly #session = createMessageFactory('tsbert-lab');
  readonly #pages = new Map<string, PageClient>();
  #process: KernelProcess | undefined;
  #link: KernelLink | undefined;
  #state: KernelState = 'starting';
  #lastActivity = new Date();
  #startedAgainAt = 0;

  constructor(name: string, spec: LaunchSpec, cwd: string) {
    this.name = name;
    this.#spec = spec;
    this.cwd = cwd;
  }

  get model(): KernelModel {
    return {
      id: this.id,
      name: this.name,
      last_activity: this.#lastActivity.toISOString(),
      execution_state: this.#state,
      connections: [...this.#pages.values()].filter(({ isConnected }) => isConnected).length,
    };
  }

  /** Whether nobody has used it since `time`, nothing runs and no page is there. */
  isIdleSince(time: Date): boolean {
    return this.#state !== 'busy' && this.#lastActivity < time && this.model.connections === 0;
  }

  /** Starts the process. @throws KernelStartError when its command cannot be run */
  async start(): Promise<void> {
    this.#state = 'starting';
    const process = await startKernelProcess(this.#spec, this.cwd);
    const link = connectKernel(process, (parts) => this.#onPublished(parts));
    this.#process = process;
    this.#link = link;
    let answered = false;
    link.ready.then((isReady) => {
      answered = isReady;
    });
    process.exited.then(() => {
      if (process === this.#process) this.#onDeath(answered).catch(() => this.#announce('dead'));
    });
    for (const page of this.#pages.values()) page.plug(link);
  }

  /** Connects a page: a new one, or one that was away. */
  attach(socket: WebSocket, sessionId: string): void {
    const page = this.#pages.get(sessionId) ?? this.#addPage(sessionId);
    page.connect(socket);
  }

  async interrupt(): Promise<void> {
    if (this.#spec.interrupt_mode === 'message') return this.#link?.ask('interrupt_request', {});
    if (process.platform === 'win32')
      throw new HttpError(501, 'This kernel cannot be interrupted on Windows. Restart it.');
    this.#process?.kill('SIGINT');
  }

  /** Ends the process and starts another; pages stay, variables go. Resolves when the new one answers. */
  async restart(): Promise<void> {
    await this.#end(true);
    await this.start();
    await this.#link?.ready;
  }

  /** Ends the process and lets the pages go. */
  async stop(): Promise<void> {
    await this.#end(false);
    this.#announce('dead');
    for (const page of [...this.#pages.values()]) page.close();
  }

  #addPage(sessionId: string): PageClient {
    const page = new PageClient(sessionId, (gone) => this.#pages.delete(gone.sessionId));
    this.#pages.set(sessionId, page);
    if (this.#link) page.plug(this.#link);
    return page;
  }

  #onPublished(parts: MessageParts): void {
    this.#lastActivity = new Date();
    const { msg_type } = JSON.parse(String(parts[0])) as { msg_type?: string };
    if (msg_type === 'status')
      this.#state = (JSON.parse(String(parts[3])) as { execution_state: KernelState }).execution_state;
    this.#broadcast(packFrame('iopub', parts));
  }

  /** A kernel that died by itself is started anew, as Jupyter does; not one that never answered or dies at once again. */
  async #onDeath(answered: boolean): Promise<void> {
    await this.#process?.removeFiles();
    this.#process = undefined;
    this.#unplug();
    const isWorthIt = answered && Date.now() - this.#startedAgainAt > RESTART_PAUSE_MS;
    if (!isWorthIt) return this.#announce('dead');
    this.#startedAgainAt = Date.now();
    // The word that front ends take for "it died and is coming back": they tell the person and connect again.
    this.#announce('restarting');
    await this.start();
  }

  async #end(restart: boolean): Promise<void> {
    const process = this.#process;
    this.#process = undefined; // From here on its end is no death.
    if (process) {
      await this.#link?.ask('shutdown_request', { restart });
      await Promise.race([process.exited, sleep(SHUTDOWN_MS)]);
      process.kill('SIGKILL');
      await process.removeFiles();
    }
    this.#unplug();
  }

  #unplug(): void {
    for (const page of this.#pages.values()) page.unplug();
    this.#link?.close();
    this.#link = undefined;
  }

  #announce(state: KernelState): void {
    this.#state = state;
    const { header, parent_header, metadata, content } = this.#session.create('status', {
      content: { execution_state: state },
    });
    const parts = [header, parent_header, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    this.#broadcast(packFrame('iopub', parts));
  }

  #broadcast(message: Buffer): void {
    for (const page of [...this.#pages.values()]) page.deliverPacked(message);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
