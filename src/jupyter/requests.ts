/** The requests of the protocol: one map from a message's type to its content and its reply, and how each is checked. */
import * as v from 'valibot';
import type {
  AbortedReply,
  CommData,
  CommInfoReply,
  CommOpen,
  CompleteReply,
  CompleteRequest,
  DebugReply,
  DebugRequest,
  ErrorReply,
  ExecuteReply,
  ExecuteRequest,
  HistoryReply,
  HistoryRequest,
  InspectReply,
  InspectRequest,
  IsCompleteReply,
  KernelInfoReply,
  OkReply,
  ShutdownContent,
  SubshellList,
  SubshellName,
} from './messages.ts';

/** What each request holds, and what its reply does. Comm messages have no reply. */
export interface Requests {
  kernel_info_request: { request: object; reply: KernelInfoReply };
  execute_request: { request: ExecuteRequest; reply: ExecuteReply };
  complete_request: { request: CompleteRequest; reply: CompleteReply };
  inspect_request: { request: InspectRequest; reply: InspectReply };
  is_complete_request: { request: { code: string }; reply: IsCompleteReply };
  history_request: { request: HistoryRequest; reply: HistoryReply };
  comm_info_request: { request: { target_name?: string | null }; reply: CommInfoReply };
  comm_open: { request: CommOpen; reply: undefined };
  comm_msg: { request: CommData; reply: undefined };
  comm_close: { request: CommData; reply: undefined };
  interrupt_request: { request: object; reply: OkReply };
  shutdown_request: { request: ShutdownContent; reply: OkReply & ShutdownContent };
  debug_request: { request: DebugRequest; reply: DebugReply };
  create_subshell_request: { request: object; reply: OkReply & SubshellName };
  delete_subshell_request: { request: SubshellName; reply: OkReply };
  list_subshell_request: { request: object; reply: OkReply & SubshellList };
}

/** The type of a request. */
export type RequestType = keyof Requests;

/** What a request of a type holds, with the protocol's defaults filled in. */
export type RequestContent<T extends RequestType> = Requests[T]['request'];

/** What the reply to a request of a type holds. */
export type ReplyContent<T extends RequestType> = Requests[T]['reply'] | ErrorReply | AbortedReply;

/** A request whose content is not what the protocol says. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequest';
  readonly type: RequestType;

  constructor(type: RequestType, problem: string) {
    super(`${type}: ${problem}`);
    this.type = type;
  }
}

const code = v.string();
/** Clients in Python send None for what they do not say. */
const flag = (fallback: boolean) => v.nullish(v.boolean(), fallback);
const integer = v.pipe(v.number(), v.integer());
/** Without a position the end of the code is meant, as in IPython. */
const cursor_pos = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), Number.MAX_SAFE_INTEGER);
const data = v.nullish(v.record(v.string(), v.unknown()), {});
const comm = v.object({ comm_id: v.string(), data });
const empty = v.object({});
const shellName = v.object({ subshell_id: v.string() });

const SCHEMAS: { [T in RequestType]: v.GenericSchema<unknown, RequestContent<T>> } = {
  kernel_info_request: empty,
  execute_request: v.object({
    code,
    silent: flag(false),
    store_history: flag(true),
    user_expressions: v.nullish(v.record(v.string(), v.string()), {}),
    allow_stdin: flag(true),
    stop_on_error: flag(true),
  }),
  complete_request: v.object({ code, cursor_pos }),
  inspect_request: v.object({ code, cursor_pos, detail_level: v.nullish(v.picklist([0, 1]), 0) }),
  is_complete_request: v.object({ code }),
  history_request: v.object({
    hist_access_type: v.picklist(['tail', 'range', 'search']),
    output: flag(false),
    raw: flag(true),
    session: v.nullish(integer, 0),
    start: v.nullish(integer, 0),
    stop: v.nullish(integer, Number.MAX_SAFE_INTEGER),
    n: v.nullish(integer, 1000),
    pattern: v.nullish(v.string(), '*'),
    unique: flag(false),
  }),
  comm_info_request: v.object({ target_name: v.nullish(v.string()) }),
  comm_open: v.object({ ...comm.entries, target_name: v.string() }),
  comm_msg: comm,
  comm_close: comm,
  interrupt_request: empty,
  shutdown_request: v.object({ restart: flag(false) }),
  debug_request: v.object({ command: v.optional(v.unknown()), seq: v.optional(v.unknown()) }),
  create_subshell_request: empty,
  delete_subshell_request: shellName,
  list_subshell_request: empty,
};

/** Whether the protocol knows a request of this type. */
export function isRequestType(type: string): type is RequestType {
  return Object.hasOwn(SCHEMAS, type);
}

/**
 * Checks the content of a request, and fills in the protocol's defaults.
 *
 * @throws InvalidRequestError with one line that names the field
 * @example
 * parseRequest('complete_request', { code: 'Math.', cursor_pos: 5 }) // { code: 'Math.', cursor_pos: 5 }
 * parseRequest('complete_request', { code: 3 }) // throws: complete_request: "code" must be string, not 3.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
export function parseRequest<T extends RequestType>(type: T, content: unknown): RequestContent<T> {
  const result = v.safeParse(SCHEMAS[type], content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? 'content';
  const isMissing = issue.received === 'undefined';
  const problem = isMissing ? 'is missing' : `must be ${issue.expected}, not ${issue.received}`;
  throw new InvalidRequestError(type, `"${field}" ${problem}.`);
}
