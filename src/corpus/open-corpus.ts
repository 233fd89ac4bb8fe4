/** Opens a file of texts by the ending of its name, and tells one file from another. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Columns, type Corpus, CorpusError } from './corpus.ts';
import { readCsv } from './read-csv.ts';
import { readJsonLines, readText } from './read-lines.ts';
import { readParquet } from './read-parquet.ts';

const READERS: Readonly<Record<string, (path: string, columns: Columns) => Promise<Corpus>>> = {
  '.txt': readText,
  '.jsonl': readJsonLines,
  '.csv': readCsv,
  '.parquet': readParquet,
};

/**
 * Opens a corpus.
 *
 * @throws {CorpusError} when there is no such file, its format is unknown, or a column is missing
 */
export async function openCorpus(path: string, columns: Columns): Promise<Corpus> {
  const read = READERS[extname(path).toLowerCase()];
  if (!read)
    throw new CorpusError(path, `has no known ending. Known are ${Object.keys(READERS).join(', ')}.`);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new CorpusError(path, 'is no file. Name one that is there.');
  return read(path, columns);
}

/** The SHA-256 of a file. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
