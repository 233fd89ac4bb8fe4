/** A request that cannot be answered as asked: the status and the sentence that the browser shows. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The answer for what is not there, and for what must look as if it were not. */
export function notFound(path: string): HttpError {
  return new HttpError(404, `There is no file or folder '${path}'.`);
}
