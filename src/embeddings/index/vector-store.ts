/** Keeps unit vectors in memory, in segments: growing copies a segment, never them all. */

/** How the numbers of a vector are kept. */
export type StoredPrecision = 'float32' | 'int8';

/** Vectors one behind the other, as they are kept. */
export type VectorValues = Float32Array | Int8Array;

/** Some vectors that lie together. */
export interface Segment {
  /** The place of its first vector. */
  readonly start: number;
  readonly rows: number;
  /** [rows, dimension]; it begins with its buffer. */
  readonly values: VectorValues;
}

const SEGMENT_BYTES = 16 * 2 ** 20;
const SMALLEST_ROWS = 64;
const LARGEST_INT8 = 127;

/** Unit vectors of one length, in float32 or in 8 bits. */
export class VectorStore {
  readonly dimension: number;
  readonly precision: StoredPrecision;
  #count = 0;
  readonly #segmentRows: number;
  readonly #segments: VectorValues[] = [];

  constructor(dimension: number, precision: StoredPrecision) {
    this.dimension = dimension;
    this.precision = precision;
    const bytes = dimension * (precision === 'int8' ? 1 : 4);
    this.#segmentRows = Math.max(SMALLEST_ROWS, Math.floor(SEGMENT_BYTES / bytes));
  }

  get count(): number {
    return this.#count;
  }

  /** The vectors, in segments of at most 16 MB or so. */
  *segments(): Generator<Segment> {
    for (const [i, values] of this.#segments.entries()) {
      const start = i * this.#segmentRows;
      const rows = Math.min(this.#segmentRows, this.#count - start);
      if (rows > 0) yield { start, rows, values: values.subarray(0, rows * this.dimension) };
    }
  }

  /** Adds vectors as they are kept: [rows, dimension]. */
  append(vectors: VectorValues): void {
    for (let start = 0; start < vectors.length; start += this.dimension) {
      const target = this.#grow(this.#count++);
      target.set(vectors.subarray(start, start + this.dimension));
    }
  }

  /** One vector as it is kept. */
  at(place: number): VectorValues {
    const segment = this.#segments[Math.floor(place / this.#segmentRows)]!;
    const start = (place % this.#segmentRows) * this.dimension;
    return segment.subarray(start, start + this.dimension);
  }

  /** Moves the last vector to a place, and forgets the one that was there. */
  removeAt(place: number): void {
    this.at(place).set(this.at(this.#count - 1));
    this.truncate(this.#count - 1);
  }

  /** Forgets the last vectors. */
  truncate(count: number): void {
    this.#count = count;
    this.#segments.length = Math.ceil(count / this.#segmentRows);
  }

  /** Room for the vector at a place behind all others. The first segments of an index double until they are full. */
  #grow(place: number): VectorValues {
    const index = Math.floor(place / this.#segmentRows);
    const rows = (place % this.#segmentRows) + 1;
    const segment = this.#segments[index];
    if (!segment || segment.length < rows * this.dimension) {
      const doubled = Math.max(SMALLEST_ROWS, (2 * (segment?.length ?? 0)) / this.dimension);
      const length = Math.min(this.#segmentRows, doubled) * this.dimension;
      const grown = this.precision === 'int8' ? new Int8Array(length) : new Float32Array(length);
      if (segment) grown.set(segment);
      this.#segments[index] = grown;
    }
    return this.at(place);
  }
}

/**
 * Scales a vector to length 1; zeros stay zeros.
 *
 * @throws {RangeError} when a number is not finite
 */
export function unitVector(vector: Float32Array, row: number): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!Number.isFinite(sum)) {
    const value = vector.find((number) => !Number.isFinite(number));
    throw new RangeError(
      `Embedding ${row} holds ${value}. Give finite numbers, such as model.encode() returns.`,
    );
  }
  const length = Math.sqrt(sum) || 1;
  return vector.map((value) => value / length);
}

/** A vector in 8 bits, where its largest number becomes 127. The cosine needs no scale beside it. */
export function toInt8(vector: Float32Array): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest === 0 ? 0 : LARGEST_INT8 / largest;
  return Int8Array.from(vector, (value) => Math.round(value * scale));
}

/** The cosine of a unit vector with one as it is kept. */
export function cosineWith(unit: Float32Array, kept: VectorValues): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < kept.length; i++) {
    const value = kept[i]!;
    product += unit[i]! * value;
    square += value * value;
  }
  return square === 0 ? 0 : product / Math.sqrt(square);
}
