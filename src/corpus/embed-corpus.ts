/** Encodes a corpus part by part. A part is a fixed range of rows, so that it can be left out when it is done. */
import type { Corpus, CorpusRow } from './corpus.ts';

/** A row with its embedding. */
export interface EmbeddedRow extends CorpusRow {
  readonly embedding: Float32Array;
}

/** Where parts go. Writing one is all or nothing. */
export interface PartSink {
  has(part: number): Promise<boolean>;
  write(part: number, rows: readonly EmbeddedRow[]): Promise<void>;
}

/** Which parts are this process's: those whose number leaves `index` when divided by `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** How far it is. */
export interface EmbedProgress {
  /** Rows encoded by this run. */
  readonly encoded: number;
  /** Rows of parts that were there, or that are another shard's. */
  readonly passed: number;
  /** How much of the input was read, from 0 to 1. */
  readonly fraction: number;
}

/** What is to be done. */
export interface EmbedJob {
  readonly corpus: Corpus;
  readonly sink: PartSink;
  readonly rowsPerPart: number;
  readonly shard: Shard;
  /** Encodes texts, some at a time. */
  readonly encode: (
    texts: readonly string[],
  ) => AsyncIterable<{ readonly embeddings: readonly Float32Array[] }>;
  readonly onProgress?: (progress: EmbedProgress) => void;
}

/** What came of it. */
export interface EmbedResult {
  readonly encoded: number;
  readonly passed: number;
  readonly parts: number;
  /** Parts that are not there yet: other shards'. */
  readonly missing: number;
}

/** Encodes every part of the shard that is not there yet. */
export async function embedCorpus(job: EmbedJob): Promise<EmbedResult> {
  const { corpus, sink, rowsPerPart, shard, onProgress } = job;
  let [encoded, passed, parts] = [0, 0, 0];
  const tell = () => onProgress?.({ encoded, passed, fraction: corpus.fraction() });
  for await (const rows of inParts(corpus, rowsPerPart)) {
    const part = parts++;
    if (part % shard.count !== shard.index || (await sink.has(part))) {
      passed += rows.length;
      tell();
      continue;
    }
    const embeddings: Float32Array[] = [];
    for await (const batch of job.encode(rows.map(({ text }) => text))) {
      embeddings.push(...batch.embeddings);
      encoded += batch.embeddings.length;
      tell();
    }
    await sink.write(
      part,
      rows.map((row, i) => ({ ...row, embedding: embeddings[i]! })),
    );
  }
  let missing = 0;
  for (let part = 0; part < parts; part++) if (!(await sink.has(part))) missing++;
  return { encoded, passed, parts, missing };
}

async function* inParts(corpus: Corpus, size: number): AsyncGenerator<CorpusRow[]> {
  let rows: CorpusRow[] = [];
  for await (const row of corpus.rows()) {
    rows.push(row);
    if (rows.length < size) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}
