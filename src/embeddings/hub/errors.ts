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

/** A file that did not arrive whole. What had arrived is deleted. */
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
