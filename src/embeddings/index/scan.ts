/** Goes through vectors for those nearest to one: by usearch's exact search where it runs, else by a plain loop. */
import { createRequire } from 'node:module';
import { type Scored, topScores } from '../compare/top-scores.ts';
import { cosineWith, unitVector, type VectorValues } from './vector-store.ts';

/** Names of what goes through the vectors. */
export type ScanEngine = 'usearch' | 'plain';

/**
 * The nearest of some vectors.
 *
 * @param vectors [rows, dim], as they are kept
 * @param query [dim], of the same type
 * @param count at most rows
 * @returns the best, best first, by place and cosine
 */
export type Scan = (vectors: VectorValues, query: VectorValues, count: number) => Scored[];

/** What is used of usearch. */
interface Usearch {
  exactSearch(
    dataset: VectorValues,
    queries: VectorValues,
    dimensions: number,
    count: number,
    metric: string,
    threads: number,
  ): { keys: BigUint64Array; distances: Float32Array };
}

const require = createRequire(import.meta.url);

/** Loads an engine. @returns undefined where it does not run on this machine */
export function loadScan(engine: ScanEngine): Scan | undefined {
  return engine === 'plain' ? scanPlainly : loadUsearch();
}

function scanPlainly(vectors: VectorValues, query: VectorValues, count: number): Scored[] {
  const dim = query.length;
  const unit = Float32Array.from(query);
  const length = Math.sqrt(unit.reduce((sum, value) => sum + value * value, 0)) || 1;
  const scores = new Float32Array(vectors.length / dim);
  for (let row = 0; row < scores.length; row++) {
    scores[row] = cosineWith(unit, vectors.subarray(row * dim, (row + 1) * dim)) / length;
  }
  return topScores(scores, count);
}

function loadUsearch(): Scan | undefined {
  try {
    const scan = scanBy(require('usearch') as Usearch);
    return findsTheRightOne(scan) ? scan : undefined;
  } catch {
    return undefined; // Not installed, or without a binary for this platform: the plain loop does the same.
  }
}

function scanBy(usearch: Usearch): Scan {
  return (vectors, query, count) => {
    // Float32 vectors have length 1: their product is the cosine, and is more exact than usearch's own cosine.
    const metric = vectors instanceof Float32Array ? 'ip' : 'cos';
    // It reads a buffer from its start, wherever the array begins.
    const { keys, distances } = usearch.exactSearch(
      fromStart(vectors),
      fromStart(query),
      query.length,
      count,
      metric,
      1,
    );
    return Array.from(keys, (key, i) => ({ index: Number(key), score: 1 - distances[i]! }));
  };
}

function fromStart(values: VectorValues): VectorValues {
  return values.byteOffset === 0 ? values : values.slice();
}

/** A binary for another processor may run and give anything. */
function findsTheRightOne(scan: Scan): boolean {
  const vectors = new Float32Array(9 * 33);
  for (let row = 0; row < 9; row++) {
    vectors.set(
      unitVector(
        Float32Array.from({ length: 33 }, (_, i) => Math.sin((row * 33 + i) ** 2)),
        row,
      ),
      row * 33,
    );
  }
  return [vectors, Int8Array.from(vectors, (value) => value * 127)].every((values) => {
    const found = scan(values, values.slice(4 * 33, 5 * 33), 9);
    const expected = scanPlainly(values, values.slice(4 * 33, 5 * 33), 9);
    return found.every(
      ({ index, score }, i) => index === expected[i]!.index && Math.abs(score - expected[i]!.score) < 1e-3,
    );
  });
}
