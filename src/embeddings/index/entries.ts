/** The names of an index's entries and what is kept beside them. */
import type { AddOptions, EntryId } from './vector-index.ts';

/** Entries in the order of their vectors. */
export class Entries {
  readonly #ids: EntryId[] = [];
  readonly #places = new Map<EntryId, number>();
  /** Only the entries that have some. */
  readonly #metadata = new Map<EntryId, unknown>();
  #next = 0;

  get count(): number {
    return this.#ids.length;
  }

  idAt(place: number): EntryId {
    return this.#ids[place]!;
  }

  placeOf(id: EntryId): number | undefined {
    return this.#places.get(id);
  }

  metadataOf(id: EntryId): unknown {
    return this.#metadata.get(id);
  }

  /**
   * Checks and adds entries, all or none.
   *
   * @throws {RangeError} when there are not as many names as embeddings, or one is taken
   * @throws {TypeError} when a name is neither text nor a whole number
   */
  add(count: number, { ids, metadata }: AddOptions): void {
    requireCount(ids, count, 'ids');
    requireCount(metadata, count, 'metadata');
    const names = ids ?? Array.from({ length: count }, (_, i) => this.#next + i);
    this.#requireFree(names);
    names.forEach((id, i) => {
      this.append(id, metadata?.[i]);
    });
  }

  /** Adds an entry that was checked. */
  append(id: EntryId, metadata: unknown): void {
    this.#places.set(id, this.#ids.length);
    this.#ids.push(id);
    if (metadata !== undefined) this.#metadata.set(id, metadata);
    if (typeof id === 'number') this.#next = Math.max(this.#next, id + 1);
  }

  /** Moves the last entry to a place, and forgets the one that was there. */
  removeAt(place: number): void {
    const gone = this.#ids[place]!;
    const last = this.#ids.pop()!;
    if (gone !== last) {
      this.#ids[place] = last;
      this.#places.set(last, place);
    }
    this.#places.delete(gone);
    this.#metadata.delete(gone);
  }

  #requireFree(ids: readonly EntryId[]): void {
    const seen = new Set<EntryId>();
    for (const id of ids) {
      requireId(id);
      if (seen.has(id) || this.#places.has(id)) {
        throw new RangeError(
          `The id ${JSON.stringify(id)} is taken. Remove its entry first, or give another id.`,
        );
      }
      seen.add(id);
    }
  }
}

/** Checks a name that a caller or a file gave. @throws {TypeError} when it is neither text nor a whole number */
export function requireId(id: unknown): asserts id is EntryId {
  if (typeof id === 'string' || Number.isSafeInteger(id)) return;
  throw new TypeError(`${JSON.stringify(id) ?? String(id)} is no id. Give text or a whole number.`);
}

function requireCount(list: readonly unknown[] | undefined, count: number, name: string): void {
  if (list === undefined || list.length === count) return;
  throw new RangeError(`There are ${count} embeddings and ${list.length} ${name}. Give as many.`);
}
