/** The kernel: its sockets joined to a session, a runner and a compiler. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Router, XPublisher } from 'zeromq';
import type { ConnectionInfo } from '../jupyter/connection-file.ts';
import { createMessageFactory, type Message, type MessageFactory } from '../jupyter/messages.ts';
import { jupyterDataDir } from '../jupyter/paths.ts';
import { createSigner, SignatureHistory, type Signer } from '../jupyter/signature.ts';
import { decodeMessage, encodeMessage, type WireMessage } from '../jupyter/wire.ts';
import { type CompilerHost, startCompilerHost } from './compiler/client.ts';
import { FreshnessWatch } from './execution/freshness-watch.ts';
import { Session } from './execution/session.ts';
import { readAuto } from './freshness/cell-metadata.ts';
import { Runner } from './runner-client/runner.ts';
import { History } from './server/history.ts';
import { IopubQueue } from './server/iopub-queue.ts';
import type { Log } from './server/log.ts';
import { createNotebookSetting } from './server/notebook-setting.ts';
import { createOutputRouter } from './server/output-router.ts';
import type { Request } from './server/request.ts';
import { RunRegistry } from './server/run-registry.ts';
import {
  bindSockets,
  createBroadcaster,
  createSender,
  echoHeartbeats,
  type KernelSockets,
} from './server/sockets.ts';
import { createStdinChannel } from './server/stdin-channel.ts';

/** How long the last messages may take to leave, in milliseconds. */
const FAREWELL_MS = 1000;

/** A running kernel. */
export interface Kernel {
  interrupt(): void;
  /** Ends the runner, sends what is queued, and calls `onEnd`. */
  shutdown(): void;
}

/** What a kernel needs of its process. */
export interface KernelOptions {
  /** Folder of the notebook. */
  cwd: string;
  /** A folder whose packages cells find too, where that of the notebook lacks them. */
  fallbackFrom?: string | undefined;
  /** The notebook's file, where it is known. */
  notebook?: string | undefined;
  /** Packages whose types are loaded ahead of the first cell that imports them. Default: none. */
  warm?: readonly string[];
  /** `TSBERT_FRESHNESS` and what Jupyter says of the notebook. Default: nothing. */
  env?: NodeJS.ProcessEnv;
  log: Log;
  /** Called when everything is closed: time for the process to end. */
  onEnd(): void;
}

/** Where messages come in and go out. */
interface Wiring {
  sockets: KernelSockets;
  signer: Signer;
  history: SignatureHistory;
  factory: MessageFactory;
  log: Log;
}

/** Starts a kernel. Its sockets answer before the runner and the compiler are loaded. */
export async function serveKernel(info: ConnectionInfo, options: KernelOptions): Promise<Kernel> {
  const { cwd, log, fallbackFrom, notebook, warm = [], env = {} } = options;
  const signer = createSigner(info.key, info.signature_scheme);
  const factory = createMessageFactory('kernel');
  const sockets = await bindSockets(info);
  const wiring: Wiring = { sockets, signer, history: new SignatureHistory(), factory, log };
  const iopub = openIopub(wiring);
  void echoHeartbeats(sockets.hb).catch((error) => log(`Heartbeat ended: ${String(error)}`));

  const runs = new RunRegistry();
  const sendStdin = wireSender(wiring, sockets.stdin);
  const stdin = createStdinChannel({
    factory,
    runs,
    send: sendStdin,
    answer: (value) => runner.answer(value),
  });
  const router = createOutputRouter(iopub, runs);
  const onFailure = (error: Error) => log(`The compiler failed: ${error.stack ?? error.message}`);
  const compiler: CompilerHost = startCompilerHost({ cwd, fallbackFrom, notebook, warm }, onFailure);
  const runner: Runner = new Runner(
    { cwd, fallbackFrom },
    {
      ...router,
      onAsk: stdin.ask,
      onComm: (run, comm) => {
        session.noteComm(comm);
        router.onComm(run, comm);
      },
      onRestart: (reason) => {
        log(reason);
        compiler.reset();
        session.noteRestart();
      },
    },
  );
  iopub.onFull = (isFull) => runner.setPaused(isFull);
  const shutdown = once(() => {
    runner.dispose();
    const farewell = new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    void Promise.race([iopub.flushed(), farewell]).then(() => {
      for (const socket of Object.values(sockets)) socket.close();
      options.onEnd();
    });
  });
  const history = new History(join(jupyterDataDir(), 'tsbert', 'history'));
  const reply = createReplier(wiring);
  const readSetting = createNotebookSetting(env.JPY_SESSION_NAME, readAuto);
  const freshness = env.TSBERT_FRESHNESS === 'off' ? undefined : new FreshnessWatch({ iopub, readSetting });
  const parts = { iopub, compiler, runner, history, log, reply, runs, shutdown };
  const session = new Session({ ...parts, ...(freshness && { freshness }) });
  for (const channel of ['shell', 'control'] as const)
    void listen(wiring, sockets[channel], (wire) => void session.handle({ channel, ...wire }));
  void listen(wiring, sockets.stdin, stdin.receive);
  return { interrupt: () => session.interrupt(), shutdown };
}

/** Opens iopub: a queue out, and a welcome for every subscriber, as JEP 65 asks. */
function openIopub({ sockets: { iopub }, signer, factory, log }: Wiring): IopubQueue {
  const broadcaster = createBroadcaster(iopub, () => log('A subscriber reads nothing: it will miss output.'));
  const publish = async (message: Message) => {
    const { msg_type } = message.header;
    const topic = msg_type === 'iopub_welcome' ? String(message.content.subscription) : msg_type;
    const frames = encodeMessage(message, signer, [Buffer.from(topic)]);
    await broadcaster.send(frames).catch((error) => log(`A message to iopub was lost: ${String(error)}`));
  };
  const queue = new IopubQueue(publish, factory);
  // A welcome is the first message that a subscriber gets, so this one waits for it.
  const tellStart = once(() => queue.push('status', { execution_state: 'starting' }, {}));
  void welcomeSubscribers(iopub, (subscription) => {
    broadcaster.subscribersChanged();
    if (subscription === undefined) return;
    queue.push('iopub_welcome', { subscription }, {});
    tellStart();
  }).catch((error) => log(`Subscriptions ended: ${String(error)}`));
  return queue;
}

/** Reads subscriptions: a byte 1 and the topic, or a byte 0 when a subscriber leaves. */
async function welcomeSubscribers(
  iopub: XPublisher,
  onChange: (subscription: string | undefined) => void,
): Promise<void> {
  for await (const [frame] of iopub)
    onChange(frame?.[0] === 1 ? frame.subarray(1).toString('utf8') : undefined);
}

/** Reads a socket until it is closed. What is no message of ours is dropped with a line in the log. */
async function listen(
  { signer, history, log }: Wiring,
  socket: Router,
  onMessage: (wire: WireMessage) => void,
): Promise<void> {
  for await (const frames of socket) {
    // Subscriptions that came in the same turn are read first: their welcome goes before what this request causes.
    await setImmediate();
    try {
      onMessage(decodeMessage(frames, signer, history));
    } catch (error) {
      log(`Dropped a message: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function wireSender({ signer, log }: Wiring, socket: Router): (wire: WireMessage) => Promise<void> {
  const send = createSender(socket, (error) => log(`A reply was lost: ${String(error)}`));
  return ({ identities, message }) => send(encodeMessage(message, signer, identities));
}

function createReplier(wiring: Wiring) {
  const senders = {
    shell: wireSender(wiring, wiring.sockets.shell),
    control: wireSender(wiring, wiring.sockets.control),
  };
  return (request: Request, content: object, metadata: Record<string, unknown> = {}): Promise<void> => {
    const { channel, identities, message } = request;
    const type = message.header.msg_type.replace(/_request$/, '_reply');
    const parts = { content: { ...content }, parent: message.header, metadata };
    return senders[channel]({ identities, message: wiring.factory.create(type, parts) });
  };
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
