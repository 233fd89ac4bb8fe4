/** What the protocol process and the runner process say to each other. */
import type { ErrorContent, MimeData } from '../../../jupyter/messages.ts';
import type { CompiledCell } from '../../compiler/cell/types.ts';

/** A compiled cell on its way to the runner. */
export interface RunRequest {
  type: 'run';
  /** Names this run; what it puts out carries the same number. */
  run: number;
  cell: CompiledCell;
  /** Whether `prompt()` may ask. */
  allowStdin: boolean;
}

/** A comm message from a front end. */
export interface CommRequest extends CommMessage {
  type: 'comm';
  /** What the handlers put out carries this number. */
  run: number;
}

/** Protocol process to runner. */
export type RunnerRequest =
  | RunRequest
  | CommRequest
  | { type: 'interrupt' }
  | { type: 'input'; value: string };

/** A bundle with its metadata, ready to be sent. */
export interface MimeBundle {
  data: MimeData;
  metadata: Record<string, unknown>;
}

/** How a run ended. */
export type Outcome = { status: 'ok'; bundle?: MimeBundle } | ({ status: 'error' } & ErrorContent);

/** One of `comm_open`, `comm_msg`, `comm_close`, in either direction. */
export interface CommMessage {
  msgType: 'comm_open' | 'comm_msg' | 'comm_close';
  content: { comm_id: string; target_name?: string; data: Record<string, unknown> };
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** What a run puts out. */
export type Output =
  | { type: 'stream'; run: number; name: 'stdout' | 'stderr'; text: string }
  | ({ type: 'display'; run: number; displayId?: string; update: boolean } & MimeBundle)
  | ({ type: 'error'; run: number } & ErrorContent)
  | { type: 'clear'; run: number; wait: boolean };

/** Runner to protocol process. */
export type RunnerMessage =
  | Output
  | { type: 'ready' }
  | { type: 'done'; run: number; outcome: Outcome }
  | { type: 'interrupted' }
  | { type: 'ask'; run: number; prompt: string; password: boolean }
  | ({ type: 'comm'; run: number } & CommMessage)
  | { type: 'exit'; code: number };

/** File descriptors of the runner process, besides the standard three. */
export const RUNNER_FD = { output: 3, requests: 4 } as const;
