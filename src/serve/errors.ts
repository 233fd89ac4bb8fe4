/** What a request may fail with; the two interfaces word it each in its own form. */

/** An answer other than 200. The message is the client's to read. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  /** OpenAI's code, such as `model_not_found`. */
  readonly code: string | undefined;
  /** The field at fault. */
  readonly param: string | undefined;

  constructor(status: number, message: string, data: { code?: string; param?: string } = {}) {
    super(message);
    this.status = status;
    this.code = data.code;
    this.param = data.param;
  }
}
