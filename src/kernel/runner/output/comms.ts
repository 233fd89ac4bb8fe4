/** Comms: channels between a cell's code and a widget or extension in the front end. */
import { randomUUID } from 'node:crypto';
import type { CommData, CommOpen } from '../../../jupyter/messages.ts';
import { emit } from '../link/link.ts';
import type { CommMessage, CommRequest } from '../link/messages.ts';
import { createRunContext, currentRun, resumeRun } from '../link/run-context.ts';

/** What comes over a comm. */
export interface CommEvent {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** What may go along with a comm message. */
export interface CommSendOptions {
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
}

/** One open channel. */
export class Comm {
  readonly id: string;
  readonly targetName: string;
  /** Called with every message of the front end. */
  onMessage?: (event: CommEvent) => void;
  /** Called when the front end closes the comm. */
  onClose?: (event: CommEvent) => void;

  constructor(id: string, targetName: string) {
    this.id = id;
    this.targetName = targetName;
  }

  /** Sends data to the front end's side. */
  send(data: Record<string, unknown>, options: CommSendOptions = {}): void {
    emitComm({ msgType: 'comm_msg', content: { comm_id: this.id, data } }, options);
  }

  /** Closes the comm on both sides. */
  close(data: Record<string, unknown> = {}, options: CommSendOptions = {}): void {
    if (!comms.delete(this.id)) return;
    emitComm({ msgType: 'comm_close', content: { comm_id: this.id, data } }, options);
  }
}

/** Takes over a comm that the front end opened. */
export type CommTarget = (comm: Comm, event: CommEvent) => void;

const comms = new Map<string, Comm>();
const targets = new Map<string, CommTarget>();

/** Opens comms and names targets that front ends can open comms to. */
export const commRegistry = {
  /** Opens a comm to a target of the front end. */
  open(targetName: string, data: Record<string, unknown> = {}, options: CommSendOptions = {}): Comm {
    const comm = new Comm(randomUUID(), targetName);
    comms.set(comm.id, comm);
    const content = { comm_id: comm.id, target_name: targetName, data };
    emitComm({ msgType: 'comm_open', content }, options);
    return comm;
  },
  /** Lets the front end open comms to `targetName`. */
  registerTarget(targetName: string, target: CommTarget): void {
    targets.set(targetName, target);
  },
};

/** Puts the registry where cells and libraries find it. */
export function installComms(): void {
  Object.assign(globalThis, { [Symbol.for('Jupyter.comms')]: commRegistry });
}

/** Takes a comm message of the front end; what its handlers print belongs to that message. */
export function receiveComm(request: CommRequest): void {
  const context = createRunContext({ run: request.run, executionCount: 0, allowStdin: false });
  resumeRun(context, () => dispatchComm(request));
}

/** A comm to an unknown target is closed at once, as the protocol asks. */
function dispatchComm({ metadata, buffers, ...message }: CommMessage): void {
  const { comm_id: id, data } = message.content;
  const event = { data, metadata, buffers };
  const comm = comms.get(id);
  if (message.msgType === 'comm_open') openFromFrontend(new Comm(id, message.content.target_name), event);
  else if (message.msgType === 'comm_msg') comm?.onMessage?.(event);
  else if (comms.delete(id)) comm?.onClose?.(event);
}

function openFromFrontend(comm: Comm, event: CommEvent): void {
  comms.set(comm.id, comm);
  const target = targets.get(comm.targetName);
  if (target) target(comm, event);
  else comm.close();
}

/** What a comm message says, without its extras. */
type CommContent =
  | { msgType: 'comm_open'; content: CommOpen }
  | { msgType: 'comm_msg' | 'comm_close'; content: CommData };

function emitComm(message: CommContent, { metadata = {}, buffers = [] }: CommSendOptions): void {
  emit({ type: 'comm', run: currentRun().run, ...message, metadata, buffers });
}
