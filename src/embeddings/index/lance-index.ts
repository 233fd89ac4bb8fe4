/** Searches embeddings in LanceDB, on the disk: for more of them than memory holds. The database is the caller's. */
import { type Embeddings, forEachRowBlock } from '../compare/embedding-values.ts';
import { requirePositiveInteger } from '../compare/transform-embeddings.ts';
import { Entries } from './entries.ts';
import type { AddOptions, EntryId, IndexHit, VectorIndex } from './vector-index.ts';
import { unitVector } from './vector-store.ts';

/** A row of the table. Ids are JSON, since 1 and '1' are two names. */
interface LanceRow extends Record<string, unknown> {
  readonly id: string;
  readonly vector: readonly number[];
  readonly metadata: string;
}

/** What is used of a query of `@lancedb/lancedb`. */
interface LanceQuery {
  distanceType(type: 'cosine'): LanceQuery;
  limit(count: number): LanceQuery;
  nprobes(count: number): LanceQuery;
  select(columns: string[]): LanceQuery;
  toArray(): Promise<readonly Record<string, unknown>[]>;
}

/** What is used of a table. */
interface LanceTable {
  add(rows: LanceRow[]): Promise<unknown>;
  countRows(filter?: string): Promise<number>;
  delete(filter: string): Promise<unknown>;
  createIndex(column: string, options: { config: unknown; replace: boolean }): Promise<void>;
  vectorSearch(vector: Float32Array): LanceQuery;
  schema(): Promise<{ fields: readonly { name: string; type: { listSize?: number } }[] }>;
}

/** What is used of a connection. */
interface LanceConnection {
  tableNames(): Promise<string[]>;
  openTable(name: string): Promise<LanceTable>;
  createTable(name: string, rows: LanceRow[]): Promise<LanceTable>;
}

/** What is used of the package `@lancedb/lancedb`. */
export interface LanceDb {
  connect(folder: string): Promise<LanceConnection>;
  readonly Index: { ivfFlat(options: { distanceType: 'cosine'; numPartitions?: number }): unknown };
}

/** Options of {@link LanceIndex.open}. */
export interface LanceIndexOptions {
  /** The package: `import * as lancedb from '@lancedb/lancedb'`. */
  lancedb: LanceDb;
  /** Numbers of an embedding; a table that is there must have as many. */
  dimension: number;
  /** The table in the folder. Default: `embeddings`. */
  table?: string;
  /** Partitions that a search looks into, once there is an IVF index: more find more, in more time. Default: 20. */
  probes?: number;
}

/** Rows handed to the database together. */
const ROWS_AT_ONCE = 4096;

/**
 * An index in a folder, by LanceDB: the same as `EmbeddingIndex`, except that what is added stands on the disk at once.
 * It is exact until {@link LanceIndex.buildIvf} is called.
 *
 * @example
 * const index = await LanceIndex.open('out/embeddings', { lancedb, dimension: 2 });
 * await index.add([[1, 0], [0, 1]], { ids: ['east', 'north'] });
 * const [hits] = await index.search([1, 1e-3], { topK: 1 });
 * hits![0]!.id; // 'east'
 * @see https://lancedb.github.io/lancedb/js/
 */
export class LanceIndex implements VectorIndex {
  readonly dimension: number;
  readonly #connection: LanceConnection;
  readonly #options: Required<LanceIndexOptions>;
  #table: LanceTable | undefined;
  #size = 0;
  /** The next id where none is given; unknown for a table that was there. */
  #next: number | undefined = 0;

  private constructor(connection: LanceConnection, options: Required<LanceIndexOptions>) {
    this.#connection = connection;
    this.#options = options;
    this.dimension = options.dimension;
  }

  /**
   * Opens a folder, or starts one.
   *
   * @throws {RangeError} when the table that is there holds embeddings of another length
   */
  static async open(folder: string, options: LanceIndexOptions): Promise<LanceIndex> {
    const { lancedb, dimension, table = 'embeddings', probes = 20 } = options;
    requirePositiveInteger(dimension, 'dimension');
    requirePositiveInteger(probes, 'probes');
    const connection = await lancedb.connect(folder);
    const index = new LanceIndex(connection, { lancedb, dimension, table, probes });
    if ((await connection.tableNames()).includes(table)) await index.#use(await connection.openTable(table));
    return index;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Puts embeddings in.
   *
   * @throws {RangeError} when the dimension differs, a number is not finite, an id is taken, or ids are missing beside
   *   entries that had some
   */
  async add(embeddings: Embeddings, options: AddOptions = {}): Promise<void> {
    const vectors: Float32Array[] = [];
    forEachRowBlock(embeddings, (values, rows, dim) => {
      this.#requireDimension(dim);
      for (let row = 0; row < rows; row++) {
        vectors.push(unitVector(values.subarray(row * dim, (row + 1) * dim), vectors.length));
      }
    });
    const ids = options.ids ?? this.#nextIds(vectors.length);
    new Entries().add(vectors.length, { ...options, ids }); // For its checks.
    await this.#requireFree(ids);
    for (let start = 0; start < vectors.length; start += ROWS_AT_ONCE) {
      await this.#append(
        vectors.slice(start, start + ROWS_AT_ONCE).map((vector, i) => ({
          id: JSON.stringify(ids[start + i]),
          vector: Array.from(vector),
          metadata: JSON.stringify(options.metadata?.[start + i]) ?? '',
        })),
      );
    }
    if (options.ids) this.#next = undefined;
    else this.#next! += vectors.length;
  }

  /** Ranks the entries for each query. @returns for each query its hits, best first */
  async search(queries: Embeddings, options: { topK?: number } = {}): Promise<IndexHit[][]> {
    const { topK = 10 } = options;
    requirePositiveInteger(topK, 'topK');
    const vectors: Float32Array[] = [];
    forEachRowBlock(queries, (values, rows, dim) => {
      this.#requireDimension(dim);
      for (let row = 0; row < rows; row++)
        vectors.push(unitVector(values.subarray(row * dim, (row + 1) * dim), row));
    });
    const results: IndexHit[][] = [];
    for (const vector of vectors) results.push(await this.#nearest(vector, topK));
    return results;
  }

  /** Takes entries out. @returns how many were there and are gone */
  async remove(ids: readonly EntryId[]): Promise<number> {
    if (!this.#table) return 0;
    const before = this.#size;
    for (let start = 0; start < ids.length; start += ROWS_AT_ONCE) {
      await this.#table.delete(idFilter(ids.slice(start, start + ROWS_AT_ONCE)));
    }
    this.#size = await this.#table.countRows();
    return before - this.#size;
  }

  /**
   * Builds the IVF index: from then on a search looks into a part of the vectors only and may miss some.
   *
   * @param options partitions: how many parts. Default: as LanceDB chooses
   * @throws {Error} when there are too few vectors for it
   */
  async buildIvf(options: { partitions?: number } = {}): Promise<void> {
    if (!this.#table) throw new Error('The index is empty. Add embeddings before building its IVF index.');
    const { partitions } = options;
    const config = this.#options.lancedb.Index.ivfFlat({
      distanceType: 'cosine',
      ...(partitions !== undefined && { numPartitions: partitions }),
    });
    await this.#table.createIndex('vector', { config, replace: true });
  }

  async #use(table: LanceTable): Promise<void> {
    const { fields } = await table.schema();
    const dim = fields.find(({ name }) => name === 'vector')?.type.listSize;
    if (dim === undefined)
      throw new RangeError(`The table '${this.#options.table}' has no column of vectors.`);
    if (dim !== this.dimension) {
      throw new RangeError(
        `The table '${this.#options.table}' holds embeddings of ${dim} dimensions, not ${this.dimension}. Name another table.`,
      );
    }
    this.#table = table;
    this.#size = await table.countRows();
    this.#next = this.#size === 0 ? 0 : undefined;
  }

  #nextIds(count: number): number[] {
    const next = this.#next;
    if (next !== undefined) return Array.from({ length: count }, (_, i) => next + i);
    throw new RangeError('Give ids: entries with ids of their own are there already.');
  }

  async #append(rows: LanceRow[]): Promise<void> {
    if (this.#table) await this.#table.add(rows);
    else this.#table = await this.#connection.createTable(this.#options.table, rows);
    this.#size += rows.length;
  }

  async #requireFree(ids: readonly EntryId[]): Promise<void> {
    for (let start = 0; this.#table && start < ids.length; start += ROWS_AT_ONCE) {
      const taken = await this.#table.countRows(idFilter(ids.slice(start, start + ROWS_AT_ONCE)));
      if (taken > 0) throw new RangeError(`${taken} of the ids are taken. Remove their entries first.`);
    }
  }

  async #nearest(vector: Float32Array, topK: number): Promise<IndexHit[]> {
    if (!this.#table) return [];
    const rows = await this.#table
      .vectorSearch(vector)
      .distanceType('cosine')
      .nprobes(this.#options.probes)
      .select(['id', 'metadata', '_distance'])
      .limit(topK)
      .toArray();
    return rows.map(({ id, metadata, _distance }) => ({
      id: JSON.parse(String(id)) as EntryId,
      score: 1 - Number(_distance),
      ...(metadata !== '' && { metadata: JSON.parse(String(metadata)) as unknown }),
    }));
  }

  #requireDimension(dim: number): void {
    if (dim === this.dimension) return;
    throw new RangeError(
      `The index holds embeddings of ${this.dimension} dimensions, not ${dim}. Encode both with one model.`,
    );
  }
}

/** SQL for rows of these ids; a quotation mark in SQL is doubled. */
function idFilter(ids: readonly EntryId[]): string {
  return `id IN (${ids.map((id) => `'${JSON.stringify(id).replaceAll("'", "''")}'`).join(', ')})`;
}
