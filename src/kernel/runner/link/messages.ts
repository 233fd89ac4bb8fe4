/** What the protocol process and the runner process say to each other. */
import type { CommData, CommOpen, ErrorContent, MimeBundle } from '../../../jupyter/messages.ts';
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
export type CommRequest = CommMessage & {
  type: 'comm';
  /** What the handlers put out carries this number. */
  run: number;
};

/** Protocol process to runner. */
export type RunnerRequest =
  | RunRequest
  | CommRequest
  | { type: 'interrupt' }
  | { type: 'input'; value: string };

/** A bundle with its metadata, ready to be sent. */
export interface DisplayContent {
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** How a run ended. */
export type Outcome = { status: 'ok'; bundle?: DisplayContent } | ({ status: 'error' } & ErrorContent);

/** One of `comm_open`, `comm_msg`, `comm_close`, in either direction. */
export type CommMessage = (
  | { msgType: 'comm_open'; content: CommOpen }
  | { msgType: 'comm_msg' | 'comm_close'; content: CommData }
) & { metadata: Record<string, unknown>; buffers: Uint8Array[] };

/** What a run puts out. */
export type RunOutput =
  | { type: 'stream'; run: number; name: 'stdout' | 'stderr'; text: string }
  | ({ type: 'display'; run: number; displayId?: string; update: boolean } & DisplayContent)
  | ({ type: 'error'; run: number } & ErrorContent)
  | { type: 'clear'; run: number; wait: boolean };

/** Runner to protocol process. */
export type RunnerMessage =
  | RunOutput
  | { type: 'ready' }
  | { type: 'done'; run: number; outcome: Outcome }
  | { type: 'interrupted' }
  | { type: 'ask'; run: number; prompt: string; password: boolean }
  | ({ type: 'comm'; run: number } & CommMessage)
  | { type: 'exit'; code: number };

/** File descriptors of the runner process, besides the standard three. */
export const RUNNER_FD = { output: 3, requests: 4 } as const;
