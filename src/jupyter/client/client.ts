/** A Jupyter client: starts a kernel from its kernelspec and talks to it over ZeroMQ. Works with any kernel. */
import { randomUUID } from 'node:crypto';
import type { ExecuteReply, KernelInfoReply, Message } from '../messages.ts';
import { connectChannels, type KernelChannels } from './channels.ts';
import { DeadKernelError, KernelStartError } from './errors.ts';
import { type KernelProcess, type LaunchSpec, startKernelProcess } from './kernel-process.ts';

export type { LaunchSpec } from './kernel-process.ts';

/** A kernel that is ready for work. */
export interface KernelClient {
  readonly info: KernelInfoReply;
  /**
   * Runs code. Resolves after the reply and after every message that the code caused.
   * @param onMessage gets each iopub message of this execution, in order
   * @throws DeadKernelError when the kernel dies before it has replied
   */
  execute(code: string, onMessage: (message: Message) => void): Promise<ExecuteReply>;
  /** Asks the running code to stop, as the kernelspec's `interrupt_mode` says. */
  interrupt(): Promise<void>;
  /** Ends the kernel: politely, then by force. Never rejects, and may be called twice. */
  close(): Promise<void>;
}

/** Times that a client waits, in milliseconds. */
export interface ClientTimes {
  /** For the first answer of a starting kernel. */
  startTimeoutMs?: number;
  /** For the process to end by itself after `shutdown_request`. */
  shutdownGraceMs?: number;
  /** Without any heartbeat for this long, a kernel counts as dead. */
  heartbeatTimeoutMs?: number;
}

/** Starts a kernel. The executing code takes this as a parameter, so that tests can pass a fake. */
export type StartKernel = (spec: LaunchSpec, options: ClientTimes & { cwd: string }) => Promise<KernelClient>;

/**
 * Starts a kernel and waits until it answers.
 * @throws KernelStartError when its command fails or it does not answer in time
 * @example
 * const kernel = await startKernel({ argv: ['python3', '-m', 'ipykernel_launcher', '-f', '{connection_file}'] }, { cwd: '.' });
 * await kernel.execute('1 + 1', (message) => console.log(message.header.msg_type));
 * await kernel.close();
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
export const startKernel: StartKernel = async (spec, { cwd, ...times }) => {
  const process = await startKernelProcess(spec, cwd);
  const channels = connectChannels(process.connection);
  const client = new ZmqKernelClient(spec, process, channels, times);
  try {
    await client.waitUntilReady();
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
};

class ZmqKernelClient implements KernelClient {
  readonly #spec: LaunchSpec;
  readonly #process: KernelProcess;
  readonly #channels: KernelChannels;
  readonly #times: Required<ClientTimes>;
  /** Rejects when the kernel dies. */
  readonly #death: Promise<never>;
  #info: KernelInfoReply | undefined;
  #closing: Promise<void> | undefined;

  constructor(spec: LaunchSpec, process: KernelProcess, channels: KernelChannels, times: ClientTimes) {
    this.#spec = spec;
    this.#process = process;
    this.#channels = channels;
    this.#times = { startTimeoutMs: 60_000, shutdownGraceMs: 5000, heartbeatTimeoutMs: 60_000, ...times };
    this.#death = Promise.race([process.exited, channels.silence(this.#times.heartbeatTimeoutMs)]).then(
      (cause) => {
        throw new DeadKernelError(cause, process.stderr());
      },
    );
    this.#death.catch(() => {}); // A death that nothing waits for is told by the next request.
  }

  get info(): KernelInfoReply {
    if (!this.#info) throw new Error('The kernel has not answered yet. Wait until it is ready.');
    return this.#info;
  }

  /**
   * Asks for `kernel_info` until both the reply and an iopub message have come: a subscription takes effect
   * some time after its socket connects, and what is published before is lost.
   */
  async waitUntilReady(): Promise<void> {
    const { startTimeoutMs } = this.#times;
    const deadline = Date.now() + startTimeoutMs;
    let heardIopub = false;
    const stopListening = this.#channels.listen(() => {
      heardIopub = true;
    });
    try {
      while (!this.#info || !heardIopub) {
        const left = deadline - Date.now();
        if (left <= 0) throw this.#startError(`it did not answer within ${startTimeoutMs / 1000} s.`);
        const reply = this.#channels.request('shell', 'kernel_info_request', {});
        const answer = await Promise.race([
          reply,
          this.#death,
          sleep(Math.min(left, this.#info ? 100 : 1000)),
        ]);
        if (answer?.content.status === 'ok') this.#info = answer.content;
        if (!heardIopub) await sleep(20);
      }
    } catch (error) {
      throw error instanceof DeadKernelError ? this.#startError('it ended before it answered.') : error;
    } finally {
      stopListening();
    }
  }

  async execute(code: string, onMessage: (message: Message) => void): Promise<ExecuteReply> {
    const id = randomUUID();
    const stopListening = { now: () => {} };
    const idle = new Promise<void>((resolve) => {
      stopListening.now = this.#channels.listen((message) => {
        if (message.parent_header.msg_id !== id) return;
        onMessage(message);
        if (message.header.msg_type === 'status' && message.content.execution_state === 'idle') resolve();
      });
    });
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    };
    try {
      const reply = await Promise.race([
        this.#channels.request('shell', 'execute_request', content, id),
        this.#death,
      ]);
      await Promise.race([idle, this.#death, sleep(10_000)]);
      return reply.content;
    } finally {
      stopListening.now();
    }
  }

  async interrupt(): Promise<void> {
    if (this.#spec.interrupt_mode !== 'message') {
      this.#process.kill('SIGINT');
      return;
    }
    const reply = this.#channels.request('control', 'interrupt_request', {});
    await Promise.race([reply, this.#process.exited, sleep(5000)]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const { exited } = this.#process;
    const ended = (ms: number) => Promise.race([exited.then(() => true), sleep(ms)]);
    if (!(await ended(0))) {
      this.#channels.request('control', 'shutdown_request', { restart: false }).catch(() => {});
      if (!(await ended(this.#times.shutdownGraceMs))) this.#process.kill('SIGTERM');
      if (!(await ended(2000))) this.#process.kill('SIGKILL');
    }
    this.#channels.close();
    await this.#process.removeFiles();
  }

  #startError(problem: string): KernelStartError {
    return new KernelStartError(this.#spec.argv, problem, this.#process.stderr());
  }
}

/** @returns undefined after the time, so that it can stand in a race. Keeps no process alive. */
function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
}
