/** The kernel's five ZeroMQ sockets: bound to the connection file's address, and nothing else. */
import { setTimeout } from 'node:timers/promises';
import { Reply, Router, XPublisher } from 'zeromq';
import { CHANNELS, type Channel, type ConnectionInfo, socketAddress } from '../../jupyter/connection-file.ts';

/** How many messages wait for one slow subscriber before who prints is made to wait. */
const IOPUB_HIGH_WATER = 32;

/** How long a subscriber that reads nothing holds up the others, in milliseconds. */
const STALL_MS = 10_000;

/** How long closed sockets may still send what is queued, in milliseconds. */
const LINGER_MS = 1000;

/** The sockets, by channel. */
export interface KernelSockets {
  shell: Router;
  control: Router;
  stdin: Router;
  iopub: XPublisher;
  hb: Reply;
}

/** Opens and binds all sockets. */
export async function bindSockets(info: ConnectionInfo): Promise<KernelSockets> {
  // Replies never wait: their number is bounded by that of the requests.
  const router = () => new Router({ linger: LINGER_MS, sendHighWaterMark: 0 });
  const sockets: KernelSockets = {
    shell: router(),
    control: router(),
    stdin: router(),
    iopub: new XPublisher({
      linger: LINGER_MS,
      sendHighWaterMark: IOPUB_HIGH_WATER,
      sendTimeout: 0,
      noDrop: true,
      verbosity: 'allSubs',
    }),
    hb: new Reply({ linger: 0 }),
  };
  const bind = (channel: Channel) => sockets[channel].bind(socketAddress(info, channel));
  await Promise.all(CHANNELS.map(bind));
  return sockets;
}

/** Answers heartbeats until the socket is closed. */
export async function echoHeartbeats(hb: Reply): Promise<void> {
  for await (const frames of hb) await hb.send(frames);
}

/** Sends frames one after the other: a ZeroMQ socket takes one send at a time. */
export function createSender(
  socket: { send(frames: Uint8Array[]): Promise<void> },
  onError: (error: unknown) => void,
): (frames: Uint8Array[]) => Promise<void> {
  let last = Promise.resolve();
  return (frames) => {
    last = last.then(() => socket.send(frames)).catch(onError);
    return last;
  };
}

/**
 * Sends to subscribers, at the pace of the slowest. One that reads nothing for ten seconds is no longer waited for:
 * it loses messages, as with a plain PUB socket, until subscribers change.
 */
export function createBroadcaster(iopub: XPublisher, onStall: () => void) {
  let waitsForSlow = true;
  const setWaiting = (waits: boolean) => {
    if (waits === waitsForSlow) return;
    waitsForSlow = waits;
    iopub.noDrop = waits;
  };
  return {
    send: async (frames: Uint8Array[]): Promise<void> => {
      const deadline = Date.now() + STALL_MS;
      // ZeroMQ tells of no moment at which a full XPUB socket can be written again, so it is tried.
      for (let pauseMs = 1; !(await trySend(iopub, frames)); pauseMs = Math.min(2 * pauseMs, 50)) {
        await setTimeout(pauseMs);
        if (Date.now() < deadline) continue;
        setWaiting(false);
        onStall();
      }
    },
    /** To be called when a subscriber comes or goes. */
    subscribersChanged: () => setWaiting(true),
  };
}

/** @returns false when a subscriber's queue is full */
async function trySend(iopub: XPublisher, frames: Uint8Array[]): Promise<boolean> {
  try {
    await iopub.send(frames);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  }
}
