/** The `fetch` given to the hub client: the token, time limits, retries, and answers turned into named errors. */
import { HubAccessError, HubAnswerError, HubBusyError, ModelNotFoundError } from './errors.ts';

/** Time limits and patience; tests make them short. */
export interface HubPatience {
  /** Until the hub's first answer has come whole; an unreachable hub is noticed within this time. */
  connectTimeoutMs: number;
  /** Between two pieces of a download. */
  stallTimeoutMs: number;
  /** Pauses before the second, third … try of what may pass by itself (5xx, a cut connection). */
  retryDelaysMs: readonly number[];
  /** The longest `Retry-After` that is waited for. */
  longestRetryAfterMs: number;
}

/** What a user is willing to wait for. */
export const defaultPatience: HubPatience = {
  connectTimeoutMs: 4500,
  stallTimeoutMs: 15_000,
  retryDelaysMs: [300, 1000],
  longestRetryAfterMs: 10_000,
};

/** Whom to ask about which model, as whom, and how patiently. */
export interface HubContext {
  /** The model's id on the hub. */
  model: string;
  revision: string;
  /** The hub's address without a final slash. */
  endpoint: string;
  token: string | undefined;
  /** User and password of the endpoint, in base64; a token goes before it. */
  login?: string | undefined;
  patience: HubPatience;
  signal?: AbortSignal | undefined;
}

/** No answer came: the reason in a few words, for messages. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  /** Whether the hub stayed silent until the time limit, as opposed to a connection refused at once. */
  readonly timedOut: boolean;

  constructor(reason: string, options: ErrorOptions & { timedOut?: boolean } = {}) {
    super(reason, options);
    this.timedOut = options.timedOut ?? false;
  }
}

/** The server sent a file from its start though its end was asked for. */
export class RangeIgnoredError extends Error {
  override readonly name = 'RangeIgnoredError';
}

/** Answers of the API are lists and descriptions: longer ones are none. */
const MAX_API_BYTES = 32_000_000;
/** Pages of one listing, each of about a thousand files. */
const MAX_PAGES = 100;

/**
 * Makes a `fetch` for the hub client's questions to the API, each of which may take several requests. Every answer is
 * read whole, within limits of time, size and number.
 *
 * @throws as {@link makeHubFetch}
 */
export function makeApiFetch(context: HubContext): typeof fetch {
  const hubFetch = makeHubFetch(context);
  let requests = 0;
  return async (input, init) => {
    if (++requests > MAX_PAGES) {
      throw new HubAnswerError(
        context.endpoint,
        `${context.endpoint} lists the files of '${context.model}' without an end: check HF_ENDPOINT.`,
      );
    }
    const response = await hubFetch(input, init);
    return new Response(await readWhole(response, context), response);
  };
}

async function readWhole(
  response: Response,
  { endpoint, model }: HubContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_API_BYTES) {
      throw new HubAnswerError(
        endpoint,
        `${endpoint} answers for '${model}' with more than ${MAX_API_BYTES / 1e6} MB: check HF_ENDPOINT.`,
      );
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * Makes a `fetch` for the hub client. What it returns is a good answer of the hub; everything else is thrown.
 *
 * @returns a function with fetch's signature that throws NoAnswerError, HubAccessError, ModelNotFoundError,
 * HubBusyError, HubAnswerError or RangeIgnoredError
 */
export function makeHubFetch(context: HubContext): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const isHub = url.origin === new URL(context.endpoint).origin;
    if (isHub) authorize(headers, context);
    headers.set('User-Agent', 'tsbert');
    for (let attempt = 0; ; attempt++) {
      const response = await fetchOnce(url, { ...init, headers }, context);
      const pauseMs = retryPause(response, attempt, context.patience);
      if (pauseMs === undefined) return checkAnswer(response, url, headers, context);
      await response.body?.cancel();
      await sleep(pauseMs, context.signal);
    }
  };
}

function authorize(headers: Headers, { token, login }: HubContext): void {
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  else if (login !== undefined) headers.set('Authorization', `Basic ${login}`);
}

/** One request; answers of the hub's API are read whole within the time limit, files only up to their headers. */
async function fetchOnce(url: URL, init: RequestInit, context: HubContext): Promise<Response> {
  const { connectTimeoutMs, stallTimeoutMs } = context.patience;
  const isApi = url.href.startsWith(`${context.endpoint}/api/`);
  const limitMs = isApi ? connectTimeoutMs : Math.max(connectTimeoutMs, stallTimeoutMs);
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), limitMs);
  const signals = context.signal ? [timer.signal, context.signal] : [timer.signal];
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
    if (!isApi) return response;
    return new Response(await readWhole(response, context), response);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (error instanceof HubAnswerError) throw error;
    if (timer.signal.aborted)
      throw new NoAnswerError(`no answer within ${limitMs / 1000} s`, { timedOut: true });
    throw new NoAnswerError(networkReason(error), { cause: error });
  } finally {
    clearTimeout(timeout);
  }
}

/** How long to wait before asking again, or undefined when this answer is final. */
function retryPause(response: Response, attempt: number, patience: HubPatience): number | undefined {
  if (response.status < 500 && response.status !== 429) return undefined;
  const delay = patience.retryDelaysMs[attempt];
  if (delay === undefined) return undefined;
  const seconds = retryAfterSeconds(response);
  if (seconds === undefined) return response.status === 429 ? undefined : delay;
  return seconds * 1000 <= patience.longestRetryAfterMs ? seconds * 1000 : undefined;
}

/** `Retry-After` in seconds: a number, or a date. */
function retryAfterSeconds(response: Response): number | undefined {
  const value = response.headers.get('Retry-After');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function checkAnswer(response: Response, url: URL, headers: Headers, context: HubContext): Response {
  // 204 and its like are good answers to other questions: they bring nothing.
  if (response.status !== 200 && response.status !== 206) throw answerError(response, url, context);
  if (response.headers.get('Content-Type')?.startsWith('text/html')) {
    throw new HubAnswerError(
      url.href,
      `${url.origin} answered with a web page instead of data: probably a network's sign-in page or a proxy. Open a page in a browser, sign in, and try again.`,
    );
  }
  if (headers.has('Range') && response.status !== 206) throw new RangeIgnoredError(url.href);
  return response;
}

/** The named error of an answer that is no success. */
function answerError(response: Response, url: URL, context: HubContext): Error {
  const { model, revision, endpoint, token } = context;
  const { status } = response;
  const code = response.headers.get('X-Error-Code');
  if (status === 401 || status === 403) {
    const remedy = accessRemedy(model, endpoint, code, token);
    return new HubAccessError(model, status, `The hub refuses '${model}' (HTTP ${status}). ${remedy}`);
  }
  if (status === 404) {
    const what =
      code === 'RevisionNotFound'
        ? `has no revision '${revision}' of '${model}'`
        : `knows no model '${model}'`;
    return new ModelNotFoundError(model, revision, `The hub at ${endpoint} ${what} (HTTP 404).`);
  }
  if (status === 429 || status >= 500) {
    const seconds = retryAfterSeconds(response);
    const what = status === 429 ? 'allows no more requests for now' : 'has a fault of its own';
    const when = seconds === undefined ? 'in a minute' : `in ${seconds} s`;
    const token429 = status === 429 && token === undefined ? '; a token in HF_TOKEN raises the limit' : '';
    const message = `The hub ${what} (HTTP ${status}) and '${model}' is not loaded: try again ${when}${token429}.`;
    return new HubBusyError(model, status, seconds, message);
  }
  return new HubAnswerError(
    url.href,
    `The hub answered HTTP ${status} to ${url.origin}${url.pathname}: check the name '${model}' and HF_ENDPOINT.`,
  );
}

/** The hub says 401 for a missing model too, when it does not know who asks. */
function accessRemedy(
  model: string,
  endpoint: string,
  code: string | null,
  token: string | undefined,
): string {
  if (code === 'GatedRepo')
    return `Accept its terms at ${endpoint}/${model} and set HF_TOKEN to a token of that account.`;
  if (token !== undefined)
    return `The token in use (HF_TOKEN or the token file) is wrong, expired, or may not read it.`;
  return `Check the name; if the model is private, set HF_TOKEN to a token that may read it (${endpoint}/settings/tokens).`;
}

/** The system's words for a failed connection: `connect ECONNREFUSED 127.0.0.1:443`. */
export function networkReason(error: unknown): string {
  let reason = error;
  while (reason instanceof Error && reason.cause !== undefined) reason = reason.cause;
  if (reason instanceof AggregateError && reason.errors.length > 0) return networkReason(reason.errors[0]);
  if (!(reason instanceof Error)) return String(reason);
  return reason.message || (reason as NodeJS.ErrnoException).code || reason.name;
}

/** Waits, unless the signal ends the work first. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
