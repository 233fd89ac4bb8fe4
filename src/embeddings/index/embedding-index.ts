/** Searches embeddings in memory, exactly: each is normalised once, when it is added. */
import { type Embeddings, forEachRowBlock } from '../compare/embedding-values.ts';
import { requirePositiveInteger } from '../compare/transform-embeddings.ts';
import { Entries } from './entries.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import { loadScan, type Scan, type ScanEngine } from './scan.ts';
import type { AddOptions, EntryId, IndexHit, VectorIndex } from './vector-index.ts';
import { cosineWith, type StoredPrecision, toInt8, unitVector, VectorStore } from './vector-store.ts';

/** Options of {@link EmbeddingIndex}. */
export interface EmbeddingIndexOptions {
  /** Numbers of an embedding, such as `model.embeddingDimension`. */
  dimension: number;
  /** `float32` is exact; `int8` takes a quarter of the memory and finds nearly the same. Default: `float32`. */
  precision?: StoredPrecision;
  /** The model whose embeddings it holds; it is written into the file. */
  model?: string | undefined;
  /** What goes through the vectors. Default: `usearch` where it runs, else `plain`, a loop with the same results. */
  engine?: ScanEngine;
}

/** Candidates in 8 bits for each hit: they are ranked again with the query in float32. */
const CANDIDATES_PER_HIT = 4;

/** Cosines that differ by less may be in another order in the engine's float32. */
const SAME_SCORE = 1e-5;

/**
 * An index of embeddings in memory: add, search, remove, save, open.
 *
 * In float32 the hits are exact: the same as comparing the query with each embedding in turn, of equal scores the one
 * that was added first (until entries are removed). In int8 a score is within about 0.01 of the exact one.
 *
 * @example
 * const index = new EmbeddingIndex({ dimension: model.embeddingDimension, model: model.name });
 * await index.add(await model.encode(sentences), { metadata: sentences });
 * const [hits] = await index.search(await model.encode('What do dogs eat?'), { topK: 3 });
 * await index.save('sentences.index');
 */
export class EmbeddingIndex implements VectorIndex {
  /** The model whose embeddings it holds, where it was told. */
  readonly model: string | undefined;
  /** What goes through the vectors here. */
  readonly engine: ScanEngine;
  readonly #store: VectorStore;
  readonly #entries = new Entries();
  readonly #scan: Scan;

  /**
   * @throws {RangeError} when an option has no such value
   * @throws {Error} when the engine asked for does not run on this machine
   */
  constructor(options: EmbeddingIndexOptions) {
    const { dimension, precision = 'float32', model, engine } = options;
    requirePositiveInteger(dimension, 'dimension');
    if (precision !== 'float32' && precision !== 'int8') {
      throw new RangeError(`An index has no precision '${precision}'. Choose float32 or int8.`);
    }
    this.model = model;
    this.#store = new VectorStore(dimension, precision);
    const scan = loadScan(engine ?? 'usearch');
    if (!scan && engine)
      throw new Error(`${engine} does not run here. Leave the engine out: a plain loop does.`);
    this.engine = scan ? (engine ?? 'usearch') : 'plain';
    this.#scan = scan ?? loadScan('plain')!;
  }

  /**
   * Reads an index from a file.
   *
   * @param options model: refuse the file when it was made with another one
   * @throws {IndexFileError} when the file is no index, is damaged or cut off, or of another model
   * @example const index = await EmbeddingIndex.open('sentences.index', { model: model.name });
   */
  static async open(
    path: string,
    options: { model?: string; engine?: ScanEngine } = {},
  ): Promise<EmbeddingIndex> {
    const { model, engine } = options;
    return readIndexFile(path, model, (header) => {
      const index = new EmbeddingIndex({ ...header, ...(engine && { engine }) });
      return { index, store: index.#store, entries: index.#entries };
    });
  }

  get size(): number {
    return this.#store.count;
  }

  get dimension(): number {
    return this.#store.dimension;
  }

  get precision(): StoredPrecision {
    return this.#store.precision;
  }

  /**
   * Puts embeddings in, all or none.
   *
   * @param embeddings [n, dimension], or one [dimension]
   * @throws {RangeError} when the dimension differs, a number is not finite, or an id is taken
   * @throws {TypeError} when something else than embeddings is given
   */
  async add(embeddings: Embeddings, options: AddOptions = {}): Promise<void> {
    const before = this.#store.count;
    try {
      forEachRowBlock(embeddings, (values, rows, dim) => {
        this.#requireDimension(dim);
        for (let row = 0; row < rows; row++) {
          const place = this.#store.count - before;
          const unit = unitVector(values.subarray(row * dim, (row + 1) * dim), place);
          this.#store.append(this.precision === 'int8' ? toInt8(unit) : unit);
        }
      });
      this.#entries.add(this.#store.count - before, options);
    } catch (error) {
      this.#store.truncate(before);
      throw error;
    }
  }

  /**
   * Ranks the entries for each query.
   *
   * @param queries [n, dimension], or one [dimension]
   * @param options topK: hits for each query. Default: 10
   * @returns for each query its hits, best first
   * @throws {RangeError} when the dimension differs, a number is not finite, or topK is no whole number above 0
   */
  async search(queries: Embeddings, options: { topK?: number } = {}): Promise<IndexHit[][]> {
    const { topK = 10 } = options;
    requirePositiveInteger(topK, 'topK');
    const results: IndexHit[][] = [];
    forEachRowBlock(queries, (values, rows, dim) => {
      this.#requireDimension(dim);
      for (let row = 0; row < rows; row++) {
        results.push(this.#nearest(unitVector(values.subarray(row * dim, (row + 1) * dim), row), topK));
      }
    });
    return results;
  }

  /**
   * Takes entries out; ids that are not there are passed over.
   *
   * @returns how many were there and are gone
   */
  async remove(ids: readonly EntryId[]): Promise<number> {
    let removed = 0;
    for (const id of ids) {
      const place = this.#entries.placeOf(id);
      if (place === undefined) continue;
      this.#store.removeAt(place);
      this.#entries.removeAt(place);
      removed++;
    }
    return removed;
  }

  /**
   * Writes the index into one file, whole or not at all, with a hash that {@link open} checks.
   *
   * @throws {FileWriteError} when the system refuses
   * @throws {TypeError} when metadata cannot be written as JSON
   */
  async save(path: string): Promise<void> {
    await writeIndexFile(path, this.model, this.#store, this.#entries);
  }

  #nearest(query: Float32Array, topK: number): IndexHit[] {
    const asKept = this.precision === 'int8' ? toInt8(query) : query;
    const wanted = this.precision === 'int8' ? topK * CANDIDATES_PER_HIT : topK;
    const found: { place: number; score: number }[] = [];
    for (const { start, rows, values } of this.#store.segments()) {
      for (const index of this.#candidates(values, asKept, rows, wanted, topK)) {
        const place = start + index;
        found.push({ place, score: cosineWith(query, this.#store.at(place)) });
      }
    }
    found.sort((a, b) => b.score - a.score || a.place - b.place);
    return found.slice(0, topK).map(({ place, score }) => this.#hit(place, score));
  }

  /**
   * The places in a segment that may be among the best. Asks for more until the last one is clearly worse than the
   * one that is needed last: of equal scores, the engine leaves out any.
   */
  #candidates(
    values: Parameters<Scan>[0],
    query: Parameters<Scan>[1],
    rows: number,
    wanted: number,
    topK: number,
  ): number[] {
    for (let count = Math.min(rows, wanted + 1); ; count = Math.min(rows, count * 2)) {
      const found = this.#scan(values, query, count);
      const isCut =
        count < rows && found.at(-1)!.score > found[Math.min(topK, count) - 1]!.score - SAME_SCORE;
      if (!isCut) return found.map(({ index }) => index);
    }
  }

  #hit(place: number, score: number): IndexHit {
    const id = this.#entries.idAt(place);
    const metadata = this.#entries.metadataOf(id);
    return metadata === undefined ? { id, score } : { id, score, metadata };
  }

  #requireDimension(dim: number): void {
    if (dim === this.dimension) return;
    throw new RangeError(
      `The index holds embeddings of ${this.dimension} dimensions, not ${dim}. Encode both with one model.`,
    );
  }
}
