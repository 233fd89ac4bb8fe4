/** A page's websocket to a kernel, as JupyterLab opens it, for tests. */
import { WebSocket } from 'ws';
import type { Header, Message } from '../../src/jupyter/messages.ts';
import { createMessageFactory } from '../../src/jupyter/messages.ts';
import { packFrame, SUBPROTOCOL } from '../../src/lab/kernels/frames.ts';
import type { LabServer } from '../../src/lab/server.ts';

/** A message as the page reads it. */
export type Heard = Message & { channel: string; parent_header: Partial<Header> };

/** What came of a cell. */
export interface Run {
  reply: Heard;
  messages: Heard[];
  types(): string[];
  text(): string;
  /** The data of the cell's value. */
  result(): { content: Record<string, unknown> };
}

export interface KernelPage {
  /** Everything that came, in order. */
  readonly heard: readonly Heard[];
  execute(code: string, more?: Record<string, unknown>): Promise<Run>;
  /** @returns the message's id */
  send(channel: string, type: string, content: Record<string, unknown>, parent?: Header): string;
  until(is: (message: Heard) => boolean): Promise<Heard>;
  states(): unknown[];
  /** Ends the connection as a lost network does. */
  drop(): void;
  close(): void;
}

export async function openPage(
  server: LabServer,
  kernelId: string,
  sessionId: string = crypto.randomUUID(),
): Promise<KernelPage> {
  const address = `ws://127.0.0.1:${server.port}/api/kernels/${kernelId}/channels?session_id=${sessionId}`;
  const socket = new WebSocket(address, SUBPROTOCOL, { headers: { authorization: `token ${server.token}` } });
  const session = createMessageFactory('page', sessionId);
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    heard.push(readFrame(data));
    for (const look of waiting) look();
  });
  await new Promise((open, fail) => socket.once('open', open).once('error', fail));

  const until = (is: (message: Heard) => boolean) =>
    new Promise<Heard>((resolve) => {
      const look = () => {
        const found = heard.find(is);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const send: KernelPage['send'] = (channel, type, content, parent = {} as Header) => {
    const { header, metadata } = session.create(type, { content });
    const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    socket.send(packFrame(channel, parts));
    return header.msg_id;
  };
  return {
    heard,
    send,
    until,
    states: () => heard.flatMap(({ content }) => content.execution_state ?? []),
    drop: () => socket.terminate(),
    close: () => socket.close(),
    async execute(code, more = {}) {
      const id = send('shell', 'execute_request', {
        code,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: true,
        ...more,
      });
      const reply = await until(
        ({ channel, parent_header }) => channel === 'shell' && parent_header.msg_id === id,
      );
      await until(
        ({ content, parent_header }) => parent_header.msg_id === id && content.execution_state === 'idle',
      );
      const messages = heard.filter(
        ({ channel, parent_header }) => channel === 'iopub' && parent_header.msg_id === id,
      );
      return {
        reply,
        messages,
        types: () => messages.map(({ header }) => header.msg_type),
        text: () => JSON.stringify(messages.map(({ content }) => content)),
        result: () => ({
          content: messages.find(({ header }) => header.msg_type === 'execute_result')!.content
            .data as Record<string, unknown>,
        }),
      };
    },
  };
}

function readFrame(data: Buffer): Heard {
  const count = Number(data.readBigUInt64LE());
  const at = (i: number) => Number(data.readBigUInt64LE(8 * (i + 1)));
  const part = (i: number) => data.subarray(at(i), at(i + 1)).toString();
  const [header, parent_header, metadata, content] = [1, 2, 3, 4].map((i) => JSON.parse(part(i)));
  return {
    channel: part(0),
    header,
    parent_header,
    metadata,
    content,
    buffers: Array(count - 6).fill(Buffer.alloc(0)),
  };
}
