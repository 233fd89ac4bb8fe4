/** What can go wrong with a server of embeddings. */

/** Nothing answers at the address. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError';
  readonly url: string;

  constructor(url: string, options: { cause: unknown }) {
    super(`No server answers at ${url}. Start it (npx tsbert serve MODEL), or look at the address.`, options);
    this.url = url;
  }
}

/** A server refuses, or answers with something else than embeddings. */
export class ServerAnswerError extends Error {
  override readonly name = 'ServerAnswerError';
  readonly url: string;
  /** The HTTP status, where that is what is wrong. */
  readonly status: number | undefined;

  constructor(url: string, problem: string, status?: number) {
    super(`The server at ${url} cannot be used: ${problem}`);
    this.url = url;
    this.status = status;
  }
}
