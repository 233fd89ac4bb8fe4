/** What every index of embeddings can do, in this process or in a database. */
import type { Embeddings } from '../compare/embedding-values.ts';

/** What an entry is called; 1 and '1' are two names. */
export type EntryId = string | number;

/** What {@link VectorIndex.add} may be told of the embeddings. */
export interface AddOptions {
  /** A name for each. Default: the next whole numbers. */
  ids?: readonly EntryId[] | undefined;
  /** Something to keep beside each, such as its text; JSON can hold it. */
  metadata?: readonly unknown[] | undefined;
}

/** One find of a search. */
export interface IndexHit {
  readonly id: EntryId;
  /** The cosine similarity. */
  readonly score: number;
  /** What was kept beside the embedding. */
  readonly metadata?: unknown;
}

/** Embeddings to search in, by their cosine. */
export interface VectorIndex {
  /** How many embeddings are in it. */
  readonly size: number;
  /** Numbers of an embedding. */
  readonly dimension: number;
  /** Puts embeddings in, all or none. */
  add(embeddings: Embeddings, options?: AddOptions): Promise<void>;
  /** @returns for each query its hits, best first */
  search(queries: Embeddings, options?: { topK?: number }): Promise<IndexHit[][]>;
  /** @returns how many were there and are gone */
  remove(ids: readonly EntryId[]): Promise<number>;
}
