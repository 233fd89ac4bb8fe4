/** The messages of the Jupyter protocol 5.4: their envelope, and the contents a kernel reads and writes. */
import { randomUUID } from 'node:crypto';

/** The protocol version that we speak. */
export const PROTOCOL_VERSION = '5.4';

/** A bundle of representations of one value: JSON MIME types hold objects, images base64, text types strings. */
export type MimeBundle = Record<string, unknown>;

/** A message's header: who sent what, when. */
export interface Header {
  msg_id: string;
  session: string;
  username: string;
  /** ISO 8601 with time zone. */
  date: string;
  msg_type: string;
  version: string;
  /** The subshell that a request is for, JEP 91. */
  subshell_id?: string | null;
}

/** A message without its routing. `C` is the type of its content. */
export interface Message<C = Record<string, unknown>> {
  header: Header;
  /** The header of the request that caused this message; empty for a message of its own. */
  parent_header: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: C;
  /** Binary frames behind the message, such as comm data. */
  buffers: readonly Uint8Array[];
}

/** What a message is made of besides its header's bookkeeping. */
export interface MessageParts<C> {
  content: C;
  parent?: Header | Record<string, never>;
  metadata?: Record<string, unknown>;
  buffers?: readonly Uint8Array[];
}

/** Builds messages that carry one session's id and user name. */
export interface MessageFactory {
  readonly session: string;
  create<C>(msg_type: string, parts: MessageParts<C>): Message<C>;
}

/**
 * Starts a session: every message it makes carries its id.
 *
 * @example
 * const session = createMessageFactory('me');
 * session.create('kernel_info_request', { content: {} }).header.msg_type // 'kernel_info_request'
 */
export function createMessageFactory(username: string, session: string = randomUUID()): MessageFactory {
  const createHeader = (msg_type: string): Header => ({
    msg_id: randomUUID(),
    session,
    username,
    date: new Date().toISOString(),
    msg_type,
    version: PROTOCOL_VERSION,
  });
  return {
    session,
    create: (msg_type, { content, parent = {}, metadata = {}, buffers = [] }) => ({
      header: createHeader(msg_type),
      parent_header: parent,
      metadata,
      content,
      buffers,
    }),
  };
}

/** An error as `error` messages and failed replies tell it. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  /** Lines to show, with ANSI colours. */
  traceback: string[];
}

/** A request that failed. */
export interface ErrorReply extends ErrorContent {
  status: 'error';
}

/** A request that was dropped because an earlier one failed. */
export interface AbortedReply {
  status: 'aborted';
}

/** A request that was done. */
export interface OkReply {
  status: 'ok';
}

/** Content of `execute_request`. */
export interface ExecuteRequest {
  code: string;
  /** No output but errors, no history, no count. */
  silent: boolean;
  store_history: boolean;
  /** Expressions to evaluate after the code, by name. */
  user_expressions: Record<string, string>;
  allow_stdin: boolean;
  /** Abort the requests that are waiting if this one fails. */
  stop_on_error: boolean;
}

/** Content of an `execute_reply`. */
export type ExecuteReply =
  | (OkReply & {
      execution_count: number;
      user_expressions: Record<string, UserExpression>;
      payload: unknown[];
    })
  | ((ErrorReply | AbortedReply) & {
      execution_count?: number;
      user_expressions?: Record<string, never>;
      payload?: unknown[];
    });

/** The value of one of `user_expressions`: a bundle, or why there is none. */
export type UserExpression =
  | { status: 'ok'; data: MimeBundle; metadata: Record<string, unknown> }
  | ({ status: 'error' } & ErrorContent);

/** Content of `status`. */
export interface StatusContent {
  execution_state: 'starting' | 'busy' | 'idle';
}

/** Content of `execute_input`. */
export interface ExecuteInput {
  code: string;
  execution_count: number;
}

/** Content of `stream`. */
export interface StreamContent {
  name: 'stdout' | 'stderr';
  text: string;
}

/** Content of `display_data` and `update_display_data`. */
export interface DisplayData {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string };
}

/** Content of `execute_result`. */
export interface ExecuteResult extends DisplayData {
  execution_count: number;
}

/** Content of `clear_output`. */
export interface ClearOutput {
  /** Clear only when the next output comes. */
  wait: boolean;
}

/** Content of `complete_request`. Positions count Unicode code points. */
export interface CompleteRequest {
  code: string;
  cursor_pos: number;
}

/** Content of a `complete_reply`. Positions count Unicode code points. */
export interface CompleteReply {
  status: 'ok';
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: Record<string, unknown>;
}

/** Content of `inspect_request`. The position counts Unicode code points. */
export interface InspectRequest extends CompleteRequest {
  detail_level: 0 | 1;
}

/** Content of an `inspect_reply`. */
export interface InspectReply {
  status: 'ok';
  found: boolean;
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** Content of an `is_complete_reply`. */
export interface IsCompleteReply {
  status: 'complete' | 'incomplete' | 'invalid' | 'unknown';
  /** What the next line of an incomplete cell starts with. */
  indent?: string;
}

/** Content of `history_request`. */
export interface HistoryRequest {
  hist_access_type: 'tail' | 'range' | 'search';
  output: boolean;
  raw: boolean;
  /** For range: 0 is this session, -1 the one before, a positive number that session. */
  session: number;
  start: number;
  stop: number;
  /** For tail and search: how many of the last cells. */
  n: number;
  /** For search: a glob pattern. */
  pattern: string;
  unique: boolean;
}

/** One remembered cell: session, line number, and its input, or its input and output. */
export type HistoryEntry = [number, number, string | [string, string | null]];

/** Content of a `history_reply`. */
export interface HistoryReply {
  status: 'ok';
  history: HistoryEntry[];
}

/** Content of `comm_open`. */
export interface CommOpen {
  comm_id: string;
  target_name: string;
  data: Record<string, unknown>;
}

/** Content of `comm_msg` and `comm_close`. */
export interface CommData {
  comm_id: string;
  data: Record<string, unknown>;
}

/** Content of a `comm_info_reply`. */
export interface CommInfoReply {
  status: 'ok';
  comms: Record<string, { target_name: string }>;
}

/** Content of a `kernel_info_reply`. */
export interface KernelInfoReply {
  status: 'ok';
  protocol_version: string;
  implementation: string;
  implementation_version: string;
  language_info: {
    name: string;
    version: string;
    mimetype: string;
    file_extension: string;
    pygments_lexer?: string;
    codemirror_mode?: string | Record<string, unknown>;
    nbconvert_exporter?: string;
  };
  banner: string;
  help_links: { text: string; url: string }[];
  supported_features: string[];
}

/** Content of `shutdown_request`, and with a status of its reply. */
export interface ShutdownContent {
  restart: boolean;
}

/** Content of `debug_request`: a request of the Debug Adapter Protocol. */
export interface DebugRequest {
  command?: unknown;
  seq?: unknown;
}

/** Content of a `debug_reply`: a response of the Debug Adapter Protocol. */
export interface DebugReply {
  type: 'response';
  success: boolean;
  command: unknown;
  request_seq: unknown;
  message: string;
  body: object;
}

/** Names a subshell, JEP 91. */
export interface SubshellName {
  subshell_id: string;
}

/** Content of a `list_subshell_reply`. */
export interface SubshellList {
  subshell_id: string[];
}

/** What a kernel publishes on iopub: the content of each type of message. */
export interface Published {
  status: StatusContent;
  execute_input: ExecuteInput;
  execute_result: ExecuteResult;
  display_data: DisplayData;
  update_display_data: DisplayData;
  stream: StreamContent;
  clear_output: ClearOutput;
  error: ErrorContent;
  comm_open: CommOpen;
  comm_msg: CommData;
  comm_close: CommData;
  shutdown_reply: OkReply & ShutdownContent;
  iopub_welcome: { subscription: string };
}
