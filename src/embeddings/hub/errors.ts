/** What can go wrong between a model's name and a folder of its files, each with its data and its remedy. */

/** A name that cannot name a model: empty, a blank left to fill in, or not of the form `name` or `org/name`. */
export class ModelNameError extends TypeError {
  override readonly name = 'ModelNameError';
  readonly modelName: unknown;

  constructor(modelName: unknown, message: string) {
    super(message);
    this.modelName = modelName;
  }
}

/** A local path that is no folder. */
export class ModelFolderError extends Error {
  override readonly name = 'ModelFolderError';
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** The hub knows no such model or revision. */
export class ModelNotFoundError extends Error {
  override readonly name = 'ModelNotFoundError';
  readonly model: string;
  readonly revision: string;
  readonly suggestion: string | undefined;

  constructor(model: string, revision: string, message: string, suggestion?: string) {
    super(message);
    this.model = model;
    this.revision = revision;
    this.suggestion = suggestion;
  }
}

/** The model is neither in the cache nor to be had: no hub in reach, or the environment forbids asking it. */
export class HubUnreachableError extends Error {
  override readonly name = 'HubUnreachableError';
  readonly model: string;
  readonly endpoint: string;
  readonly reason: string;

  constructor(model: string, endpoint: string, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.model = model;
    this.endpoint = endpoint;
    this.reason = reason;
  }
}

/** The hub asks for a token, or the token given may not read this model (401, 403). */
export class HubAccessError extends Error {
  override readonly name = 'HubAccessError';
  readonly model: string;
  readonly status: number;

  constructor(model: string, status: number, message: string) {
    super(message);
    this.model = model;
    this.status = status;
  }
}

/** A token that cannot be one: it holds a blank, or a character that is not seen. */
export class HubTokenError extends Error {
  override readonly name = 'HubTokenError';
  /** The variable or the file that holds it. */
  readonly source: string;

  constructor(source: string, position: number) {
    super(
      `The token in ${source} holds a character that no token holds (number ${position}). Copy it again.`,
    );
    this.source = source;
  }
}

/** The cache cannot be written: no space, no permission, a read-only disk. */
export class HubCacheError extends Error {
  override readonly name = 'HubCacheError';
  readonly cacheDir: string;
  /** The system's code, such as ENOSPC. */
  readonly code: string;

  constructor(cacheDir: string, code: string, cause: unknown) {
    const problem = CACHE_PROBLEMS[code] ?? `cannot be written (${code})`;
    super(`The model cache at ${cacheDir} ${problem}; or name another folder in HF_HOME.`, { cause });
    this.cacheDir = cacheDir;
    this.code = code;
  }
}

const CACHE_PROBLEMS: Record<string, string> = {
  ENOSPC: 'is on a full disk: free some space',
  EDQUOT: 'is beyond your quota of the disk: free some space',
  EROFS: 'is on a read-only disk: make it writable',
  EACCES: 'is not yours to write: change its permissions',
  EPERM: 'is not yours to write: change its permissions',
  ENOTDIR: 'cannot be made, for a file stands in its place: move it away',
  EEXIST: 'cannot be made, for a file stands in its place: move it away',
};

/** The hub answers, but not now: too many requests (429) or a fault of its own (5xx), also after some tries. */
export class HubBusyError extends Error {
  override readonly name = 'HubBusyError';
  readonly model: string;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(model: string, status: number, retryAfterSeconds: number | undefined, message: string) {
    super(message);
    this.model = model;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Something else than the hub answered: a sign-in page or a proxy's HTML, or an answer that is not the hub's. */
export class HubAnswerError extends Error {
  override readonly name = 'HubAnswerError';
  readonly url: string;

  constructor(url: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.url = url;
  }
}

/** How a download failed: it ended early, is too long, differs from its hash, or stood still. */
export type DownloadFault = 'cut' | 'size' | 'hash' | 'stalled';

/**
 * A file that did not arrive whole. What arrived of one that was cut or stood still is kept, for the next call to go on
 * with; what arrived wrong is deleted.
 */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly model: string;
  readonly file: string;
  readonly fault: DownloadFault;
  readonly expected: string | number;
  readonly actual: string | number;

  constructor(
    data: {
      model: string;
      file: string;
      fault: DownloadFault;
      expected: string | number;
      actual: string | number;
    },
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.model = data.model;
    this.file = data.file;
    this.fault = data.fault;
    this.expected = data.expected;
    this.actual = data.actual;
  }
}

/** A repository without weights that can be read here (neither safetensors nor ONNX). */
export class UnusableRepositoryError extends Error {
  override readonly name = 'UnusableRepositoryError';
  readonly model: string;
  readonly missing: readonly string[];

  constructor(model: string, missing: readonly string[], message: string) {
    super(message);
    this.model = model;
    this.missing = missing;
  }
}
