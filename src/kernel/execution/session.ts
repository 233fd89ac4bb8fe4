/** A kernel session: every request of the protocol, its answer, and the busy and idle around it. */
import type { CompleteReply, CompleteRequest, ErrorReply, ExecuteRequest } from '../../jupyter/messages.ts';
import {
  InvalidRequestError,
  isRequestType,
  parseRequest,
  type ReplyContent,
  type RequestContent,
  type RequestType,
} from '../../jupyter/requests.ts';
import type { CommMessage } from '../runner/link/messages.ts';
import { kernelInfo } from '../server/kernel-info.ts';
import type { Request } from '../server/request.ts';
import { toCodePoints, toUtf16Offset } from './code-points.ts';
import { OpenComms, toComm } from './comms.ts';
import { Executor } from './executor.ts';
import { inspectCode } from './help.ts';
import type { KernelParts } from './kernel-parts.ts';
import { Shells, unknownSubshell } from './shells.ts';

/** The requests that are answered at once; cells wait in queues instead. */
type AnsweredType = Exclude<RequestType, 'execute_request'>;

/** Answers with the reply's content; with undefined to messages that have no reply. */
type Handler<T extends RequestType> = (
  content: RequestContent<T>,
  request: Request,
) => ReplyContent<T> | Promise<ReplyContent<T>>;

type Handlers = { [T in AnsweredType]: Handler<T> };

/** Answers the requests of all front ends. */
export class Session {
  readonly #kernel: KernelParts;
  readonly #executor: Executor;
  readonly #shells: Shells;
  readonly #comms = new OpenComms();
  readonly #handlers: Handlers;

  constructor(kernel: KernelParts) {
    this.#kernel = kernel;
    this.#executor = new Executor(kernel);
    this.#shells = new Shells(
      (request, behind) => this.#withStatus(request, () => this.#executor.execute(request, behind)),
      (request) => this.#withStatus(request, () => this.#executor.abort(request)),
    );
    this.#handlers = this.#createHandlers();
  }

  /** Takes a request. Unknown ones are dropped with a line in the log. */
  async handle(request: Request): Promise<void> {
    const { msg_type } = request.message.header;
    if (!isRequestType(msg_type))
      this.#kernel.log(`Dropped a message of unknown type ${JSON.stringify(msg_type)}.`);
    else if (msg_type === 'execute_request') this.#enqueue(request);
    else await this.#respond(request, () => this.#answer(msg_type, request));
  }

  /** Stops what runs. */
  interrupt(): void {
    this.#executor.interrupt();
  }

  /** Keeps the list of open comms as the runner opens and closes them. */
  noteComm(message: CommMessage): void {
    this.#comms.note(message);
  }

  /** Takes note that the runner is a fresh one: comms have lost their other end, cells their variables. */
  noteRestart(): void {
    this.#comms.clear();
    this.#kernel.freshness?.reset();
    this.#executor.noteRestart();
  }

  #createHandlers(): Handlers {
    const { compiler, history } = this.#kernel;
    return {
      kernel_info_request: () => kernelInfo(),
      complete_request: (content) => this.#complete(content),
      inspect_request: (content) => inspectCode(compiler, content),
      is_complete_request: ({ code }) => compiler.isComplete(code),
      history_request: async (content) => ({ status: 'ok', history: await history.query(content) }),
      comm_info_request: ({ target_name }) => this.#comms.info(target_name),
      comm_open: (content, request) => this.#handOn(toComm('comm_open', content, request), request),
      comm_msg: (content, request) => this.#handOn(toComm('comm_msg', content, request), request),
      comm_close: (content, request) => this.#handOn(toComm('comm_close', content, request), request),
      interrupt_request: () => {
        this.interrupt();
        return { status: 'ok' };
      },
      shutdown_request: ({ restart }, { message }) => {
        const content = { status: 'ok', restart } as const;
        this.#kernel.iopub.push('shutdown_reply', content, message.header);
        setImmediate(() => this.#kernel.shutdown());
        return content;
      },
      // A debugger would need support of its own; front ends take this answer as "there is none".
      debug_request: ({ command, seq }) => {
        const message = 'This kernel has no debugger.';
        return { type: 'response', success: false, command, request_seq: seq, message, body: {} };
      },
      create_subshell_request: () => ({ status: 'ok', subshell_id: this.#shells.create() }),
      delete_subshell_request: ({ subshell_id }) => this.#shells.delete(subshell_id),
      list_subshell_request: () => ({ status: 'ok', subshell_id: this.#shells.list() }),
    };
  }

  async #answer<T extends AnsweredType>(type: T, request: Request): Promise<ReplyContent<T>> {
    const handler: Handler<T> = this.#handlers[type];
    return await handler(parseRequest(type, request.message.content), request);
  }

  /** From busy over the reply to idle. What fails is answered with one line. */
  async #respond(request: Request, answer: () => Promise<object | undefined>): Promise<void> {
    await this.#withStatus(request, async () => {
      const content = await answer().catch((error: unknown) => this.#fail(request, error));
      if (content) await this.#kernel.reply(request, content);
    });
  }

  #fail({ message: { header } }: Request, error: unknown): ErrorReply {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const [evalue = ''] = message.split('\n');
    this.#kernel.log(
      error instanceof InvalidRequestError ? message : `${header.msg_type} failed: ${message}`,
    );
    return { status: 'error', ename: name, evalue, traceback: [] };
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

  #enqueue(request: Request): void {
    try {
      const content: ExecuteRequest = parseRequest('execute_request', request.message.content);
      const { subshell_id } = request.message.header;
      const cell = { ...request, message: { ...request.message, content } };
      if (this.#shells.enqueue(cell, subshell_id)) return;
      void this.#respond(request, async () => unknownSubshell(String(subshell_id)));
    } catch (error) {
      void this.#respond(request, () => Promise.reject(error));
    }
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

  #handOn(comm: CommMessage, request: Request): undefined {
    const { runner, runs, freshness } = this.#kernel;
    if (freshness?.takeComm(comm, request.message.header)) return;
    this.#comms.note(comm);
    runner.sendComm(runs.add(request), comm);
  }
}
