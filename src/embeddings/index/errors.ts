/** What callers of an index may want to catch. */

/** A file is no index, is damaged or cut off, or holds embeddings of another model. */
export class IndexFileError extends Error {
  override readonly name = 'IndexFileError';
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path} cannot be opened as an index: ${reason}`);
    this.path = path;
  }
}
