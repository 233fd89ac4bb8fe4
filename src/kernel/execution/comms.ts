/** Comms between front ends and the runner: which are open, and what goes through them. */
import type { CommData, CommInfoReply, CommOpen } from '../../jupyter/messages.ts';
import type { CommMessage } from '../runner/link/messages.ts';
import type { Request } from '../server/request.ts';

/** The list of open comms, as `comm_info_request` asks for it. */
export class OpenComms {
  /** Comm id → target name. */
  readonly #targets = new Map<string, string>();

  /** Keeps the list as either side opens and closes comms. */
  note({ msgType, content }: CommMessage): void {
    if (msgType === 'comm_open') this.#targets.set(content.comm_id, content.target_name);
    if (msgType === 'comm_close') this.#targets.delete(content.comm_id);
  }

  /** A fresh runner has none. */
  clear(): void {
    this.#targets.clear();
  }

  /** Answers a `comm_info_request`: all, or those of one target. */
  info(targetName: string | null | undefined): CommInfoReply {
    const entries = [...this.#targets].filter(([, target]) => (targetName ?? target) === target);
    return {
      status: 'ok',
      comms: Object.fromEntries(entries.map(([id, target_name]) => [id, { target_name }])),
    };
  }
}

/** A front end's comm message as the runner takes it. */
export function toComm(
  msgType: CommMessage['msgType'],
  content: CommOpen | CommData,
  { message }: Request,
): CommMessage {
  const rest = { metadata: message.metadata, buffers: [...message.buffers] };
  return msgType === 'comm_open'
    ? { msgType, content: { target_name: '', ...content }, ...rest }
    : { msgType, content, ...rest };
}
