/** A bare Jupyter client for protocol tests: starts the built kernel, sends anything, and keeps every message. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dealer, Request as ReqSocket, Subscriber } from 'zeromq';
import { startKernelProcess } from '../../src/jupyter/client/kernel-process.ts';
import {
  type ConnectionInfo,
  createConnectionInfo,
  socketAddress,
} from '../../src/jupyter/connection-file.ts';
import { kernelSpec } from '../../src/jupyter/kernelspec.ts';
import { createMessageFactory, type Message } from '../../src/jupyter/messages.ts';
import { createSigner } from '../../src/jupyter/signature.ts';
import { decodeMessage, encodeMessage } from '../../src/jupyter/wire.ts';

type Content = Record<string, unknown>;

/** A kernel process with a client on all its channels. */
export interface RawClient {
  readonly connection: ConnectionInfo;
  readonly sockets: { shell: Dealer; control: Dealer; stdin: Dealer; iopub: Subscriber; hb: ReqSocket };
  /** Every iopub message so far. */
  readonly iopub: Message[];
  readonly exited: Promise<string>;
  stderr(): string;
  /** Sends a request and waits for its reply. */
  request(type: string, content: Content, options?: RequestOptions): Promise<Message>;
  /** Sends a message. @returns its id */
  send(type: string, content: Content, options?: RequestOptions): Promise<string>;
  /** The next reply to a message that was sent. */
  reply(id: string): Promise<Message>;
  /** Waits for the first iopub message that matches, past ones included. */
  until(matches: (message: Message) => boolean, timeoutMs?: number): Promise<Message>;
  /** Executes code and waits for reply and idle. */
  execute(code: string, content?: Content, options?: RequestOptions): Promise<Execution>;
  /** Answers the next input_request. */
  answerInput(value: string): Promise<Message>;
  kill(signal: NodeJS.Signals): void;
  close(): Promise<void>;
}

/** Where and with what a message is sent. */
export interface RequestOptions {
  channel?: 'shell' | 'control';
  buffers?: Uint8Array[];
  subshellId?: string;
  metadata?: Content;
}

/** What one execution caused. */
export interface Execution {
  id: string;
  reply: Message;
  /** iopub messages between busy and idle. */
  outputs: Message[];
  /** Their types, as in `['execute_input', 'stream']`. */
  types: string[];
  stdout: string;
  stderr: string;
  /** text/plain of the execute_result. */
  result: unknown;
}

/** Starts the built kernel in `cwd` (a folder of its own by default) and connects to it. */
export async function startRawClient(
  options: { cwd?: string; env?: Record<string, string>; transport?: 'tcp' | 'ipc' } = {},
): Promise<RawClient> {
  const folder = mkdtempSync(join(tmpdir(), 'tsbert-test-'));
  const env = { JUPYTER_DATA_DIR: join(folder, 'jupyter'), ...options.env };
  const cwd = options.cwd ?? folder;
  const kernel =
    options.transport === 'ipc'
      ? startOnSocketFiles(folder, env)
      : await startKernelProcess({ ...kernelSpec(), env }, cwd);
  const client = connect(kernel.connection, kernel);
  // What a request causes may overtake a welcome that is still on its way.
  await client.until((message) => message.header.msg_type === 'iopub_welcome');
  await client.request('kernel_info_request', {});
  return {
    ...client,
    close: async () => {
      await client.close();
      await kernel.removeFiles();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Process = Awaited<ReturnType<typeof startKernelProcess>>;

/** A kernel whose sockets are files, as a connection file with transport `ipc` asks for. */
function startOnSocketFiles(folder: string, env: Record<string, string>): Process {
  const ports = { shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 };
  const connection = {
    ...createConnectionInfo(ports),
    transport: 'ipc',
    ip: join(folder, 'socket'),
  } as const;
  const file = join(folder, 'connection.json');
  writeFileSync(file, JSON.stringify(connection));
  const [command, ...args] = kernelSpec().argv.map((part) => part.replace('{connection_file}', file));
  const child = spawn(command!, args, { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore' });
  return {
    connection,
    exited: once(child, 'exit').then(([code]) => `exit code ${code}`),
    stderr: () => '',
    kill: (signal) => void child.kill(signal),
    removeFiles: async () => {},
  };
}

function connect(connection: ConnectionInfo, kernel: Process): RawClient {
  const signer = createSigner(connection.key);
  const factory = createMessageFactory('test');
  const routingId = factory.session;
  const sockets = {
    shell: new Dealer({ routingId, linger: 0 }),
    control: new Dealer({ routingId, linger: 0 }),
    stdin: new Dealer({ routingId, linger: 0 }),
    iopub: new Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
    hb: new ReqSocket({ linger: 0 }),
  };
  for (const [name, socket] of Object.entries(sockets))
    socket.connect(socketAddress(connection, name as keyof typeof sockets));
  const iopub: Message[] = [];
  const replies = new Map<string, Message[]>();
  const inputs: Message[] = [];
  const watchers = new Set<() => void>();
  const collect = async (socket: AsyncIterable<Buffer[]>, take: (message: Message) => void) => {
    for await (const frames of socket) {
      take(decodeMessage(frames, signer).message);
      for (const watcher of [...watchers]) watcher();
    }
  };
  const takeReply = (message: Message) => {
    const id = String(message.parent_header.msg_id);
    replies.set(id, [...(replies.get(id) ?? []), message]);
  };
  void collect(sockets.shell, takeReply);
  void collect(sockets.control, takeReply);
  void collect(sockets.stdin, (message) => inputs.push(message));
  void collect(sockets.iopub, (message) => iopub.push(message));
  sockets.iopub.subscribe();

  const waitFor = <T>(find: () => T | undefined, what: string, timeoutMs = 30_000): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        watchers.delete(check);
        const seen = iopub.slice(-12).map((message) => message.header.msg_type);
        reject(
          new Error(
            `No ${what} within ${timeoutMs} ms. Last on iopub: ${seen.join(', ')}. ${kernel.stderr()}`,
          ),
        );
      }, timeoutMs);
      const check = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        watchers.delete(check);
        resolve(found);
      };
      watchers.add(check);
      check();
    });

  const client: RawClient = {
    connection,
    sockets,
    iopub,
    exited: kernel.exited,
    stderr: kernel.stderr,
    kill: kernel.kill,
    send: async (type, content, { channel = 'shell', buffers = [], subshellId, metadata = {} } = {}) => {
      const message = factory.create(type, { content, buffers, metadata });
      if (subshellId !== undefined) message.header.subshell_id = subshellId;
      await sockets[channel].send(encodeMessage(message, signer));
      return message.header.msg_id;
    },
    reply: (id) => waitFor(() => replies.get(id)?.shift(), `reply to ${id}`, 60_000),
    request: async (type, content, more) => client.reply(await client.send(type, content, more)),
    until: (matches, timeoutMs) => waitFor(() => iopub.find(matches), 'matching message', timeoutMs),
    execute: async (code, content = {}, options = {}) => {
      const id = await client.send('execute_request', { code, allow_stdin: false, ...content }, options);
      const reply = await client.reply(id);
      await client.until((message) => isIdle(message, id));
      return summarise(id, reply, iopub);
    },
    answerInput: async (value) => {
      const question = await waitFor(() => inputs.shift(), 'input_request');
      const message = factory.create('input_reply', { content: { value }, parent: question.header as never });
      await sockets.stdin.send(encodeMessage(message, signer));
      return question;
    },
    close: async () => {
      await client.send('shutdown_request', { restart: false }, { channel: 'control' });
      const forced = setTimeout(() => kernel.kill('SIGKILL'), 8000);
      await kernel.exited;
      clearTimeout(forced);
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
  return client;
}

/** Whether a message says that the request `id` is done. */
export function isIdle({ header, parent_header, content }: Message, id: string): boolean {
  return header.msg_type === 'status' && parent_header.msg_id === id && content.execution_state === 'idle';
}

function summarise(id: string, reply: Message, iopub: Message[]): Execution {
  const all = iopub.filter((message) => message.parent_header.msg_id === id);
  const outputs = all.filter((message) => message.header.msg_type !== 'status');
  const text = (name: string) =>
    outputs
      .filter(({ header, content }) => header.msg_type === 'stream' && content.name === name)
      .map(({ content }) => content.text)
      .join('');
  const result = outputs.find(({ header }) => header.msg_type === 'execute_result');
  return {
    id,
    reply,
    outputs,
    types: outputs.map(({ header }) => header.msg_type),
    stdout: text('stdout'),
    stderr: text('stderr'),
    result: (result?.content.data as Content | undefined)?.['text/plain'],
  };
}
