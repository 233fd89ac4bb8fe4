/** A kernel session: every request of the protocol, its answer, and the busy and idle around it. */
import { randomUUID } from 'node:crypto';
import type {
  CompleteReply,
  CompleteRequest,
  HistoryRequest,
  InspectRequest,
} from '../../jupyter/messages.ts';
import type { CommMessage } from '../runner/link/messages.ts';
import { kernelInfo } from '../server/kernel-info.ts';
import type { RunRegistry } from '../server/run-registry.ts';
import { toCodePoints, toUtf16Offset } from './code-points.ts';
import { ExecutionQueue } from './execution-queue.ts';
import { Executor } from './executor.ts';
import { inspectCode } from './help.ts';
import type { KernelParts, Request } from './request.ts';

/** Answers with the reply's content; nothing for messages that have no reply. */
type Handler = (request: Request) => object | undefined | Promise<object | undefined>;

/** What a session needs besides the kernel's parts. */
export interface SessionParts extends KernelParts {
  runs: RunRegistry;
  /** Ends the kernel, once the reply is on its way. */
  shutdown(): void;
}

/** Answers the requests of all front ends. */
export class Session {
  readonly #kernel: SessionParts;
  readonly #executor: Executor;
  readonly #mainQueue: ExecutionQueue;
  readonly #subshells = new Map<string, ExecutionQueue>();
  /** Open comms and their targets, as `comm_info_request` asks for them. */
  readonly #comms = new Map<string, string>();
  readonly #handlers: Record<string, Handler>;
  #info: object | undefined;

  constructor(kernel: SessionParts) {
    this.#kernel = kernel;
    this.#executor = new Executor(kernel, kernel.runs);
    this.#mainQueue = this.#createQueue();
    this.#handlers = this.#createHandlers();
  }

  /** Takes a request. Unknown ones are dropped with a line in the log. */
  async handle(request: Request): Promise<void> {
    const { msg_type, subshell_id } = request.message.header;
    if (msg_type === 'execute_request') return this.#enqueue(request, subshell_id);
    const handler = this.#handlers[msg_type];
    if (handler === undefined)
      return this.#kernel.log(`Dropped a message of unknown type ${JSON.stringify(msg_type)}.`);
    await this.#withStatus(request, async () => {
      const content = await this.#answer(handler, request);
      if (content) await this.#kernel.reply(request, content);
    });
  }

  /** Stops what runs. */
  interrupt(): void {
    this.#executor.interrupt();
  }

  /** Keeps the list of open comms as the runner opens and closes them. */
  noteComm({ msgType, content }: CommMessage): void {
    if (msgType === 'comm_open') this.#comms.set(content.comm_id, content.target_name ?? '');
    if (msgType === 'comm_close') this.#comms.delete(content.comm_id);
  }

  /** Takes note that the runner is a fresh one: comms have lost their other end, cells their variables. */
  noteRestart(): void {
    this.#comms.clear();
    this.#executor.noteRestart();
  }

  #createHandlers(): Record<string, Handler> {
    const { compiler, history, runner, runs } = this.#kernel;
    const comm: Handler = (request) => {
      const message = toComm(request);
      this.noteComm(message);
      runner.sendComm(runs.add(request), message);
      return undefined;
    };
    return {
      kernel_info_request: () => (this.#info ??= kernelInfo()),
      complete_request: (request) => this.#complete(request.message.content as unknown as CompleteRequest),
      inspect_request: ({ message }) => inspectCode(compiler, message.content as unknown as InspectRequest),
      is_complete_request: ({ message }) => compiler.isComplete(String(message.content.code)),
      history_request: async ({ message }) => {
        const entries = await history.query(message.content as unknown as HistoryRequest);
        return { status: 'ok', history: entries };
      },
      comm_info_request: ({ message }) => this.#commInfo(message.content.target_name),
      comm_open: comm,
      comm_msg: comm,
      comm_close: comm,
      interrupt_request: () => {
        this.interrupt();
        return { status: 'ok' };
      },
      shutdown_request: (request) => this.#shutdown(request),
      debug_request: ({ message }) => refuseDebug(message.content),
      create_subshell_request: () => this.#createSubshell(),
      delete_subshell_request: ({ message }) => this.#deleteSubshell(String(message.content.subshell_id)),
      list_subshell_request: () => ({ status: 'ok', subshell_id: [...this.#subshells.keys()] }),
    };
  }

  async #answer(handler: Handler, request: Request): Promise<object | undefined> {
    try {
      return await handler(request);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      this.#kernel.log(`${request.message.header.msg_type} failed: ${message}`);
      return { status: 'error', ename: name, evalue: message, traceback: [] };
    }
  }

  async #withStatus<T>(request: Request, work: () => Promise<T>): Promise<T> {
    const { iopub } = this.#kernel;
    const parent = request.message.header;
    iopub.push('status', { execution_state: 'busy' }, parent);
    try {
      return await work();
    } finally {
      iopub.push('status', { execution_state: 'idle' }, parent);
    }
  }

  #enqueue(request: Request, subshellId: string | null | undefined): void {
    const queue = subshellId ? this.#subshells.get(subshellId) : this.#mainQueue;
    if (queue) queue.add(request);
    else
      void this.#withStatus(request, () => this.#kernel.reply(request, unknownSubshell(String(subshellId))));
  }

  #createQueue(): ExecutionQueue {
    return new ExecutionQueue(
      (request, dropWaiting) => this.#withStatus(request, () => this.#executor.execute(request, dropWaiting)),
      (request) => this.#withStatus(request, () => this.#executor.abort(request)),
    );
  }

  async #complete({ code, cursor_pos }: CompleteRequest): Promise<CompleteReply> {
    const { items, start, end } = await this.#kernel.compiler.complete(code, toUtf16Offset(code, cursor_pos));
    const cursor_start = toCodePoints(code, start);
    const cursor_end = toCodePoints(code, end);
    const types = items.map(({ text, kind }) => ({ text, type: kind, start: cursor_start, end: cursor_end }));
    return {
      status: 'ok',
      matches: items.map(({ text }) => text),
      cursor_start,
      cursor_end,
      // JupyterLab shows these as icons beside the matches.
      metadata: { _jupyter_types_experimental: types },
    };
  }

  #commInfo(targetName: unknown): object {
    const entries = [...this.#comms].filter(
      ([, target]) => targetName === undefined || target === targetName,
    );
    const comms = Object.fromEntries(entries.map(([id, target_name]) => [id, { target_name }]));
    return { status: 'ok', comms };
  }

  #shutdown({ message }: Request): object {
    const content = { status: 'ok', restart: message.content.restart === true };
    this.#kernel.iopub.push('shutdown_reply', content, message.header);
    setImmediate(() => this.#kernel.shutdown());
    return content;
  }

  #createSubshell(): object {
    const subshell_id = randomUUID();
    this.#subshells.set(subshell_id, this.#createQueue());
    return { status: 'ok', subshell_id };
  }

  #deleteSubshell(id: string): object {
    return this.#subshells.delete(id) ? { status: 'ok' } : unknownSubshell(id);
  }
}

function toComm({ message }: Request): CommMessage {
  return {
    msgType: message.header.msg_type as CommMessage['msgType'],
    content: message.content as CommMessage['content'],
    metadata: message.metadata,
    buffers: [...message.buffers],
  };
}

function unknownSubshell(id: string): object {
  return { status: 'error', ename: 'SubshellNotFound', evalue: `There is no subshell ${id}.`, traceback: [] };
}

/** A debugger would need support of its own; front ends take this answer as "there is none". */
function refuseDebug({ command, seq }: Record<string, unknown>): object {
  const message = 'This kernel has no debugger.';
  return { type: 'response', success: false, command, request_seq: seq, message, body: {} };
}
