/** Reads Parquet, one row group at a time. */
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { type Columns, type Corpus, CorpusError, toRow } from './corpus.ts';

/** A .parquet file; its pages may be plain or compressed by Snappy, as pandas and DuckDB write them. */
export async function readParquet(path: string, columns: Columns): Promise<Corpus> {
  const file = await asyncBufferFromFile(path);
  const metadata = await asCorpusError(path, () => parquetMetadataAsync(file));
  const total = Number(metadata.num_rows);
  const wanted = [columns.text, ...(columns.id === undefined ? [] : [columns.id])];
  requireColumns(
    path,
    wanted,
    metadata.schema.map(({ name }) => name),
  );
  let number = 0;
  return {
    fraction: () => (total === 0 ? 1 : number / total),
    async *rows() {
      number = 0;
      for (const group of metadata.row_groups) {
        const rowEnd = number + Number(group.num_rows);
        const records = await asCorpusError(path, () =>
          parquetReadObjects({ file, metadata, columns: wanted, rowStart: number, rowEnd }),
        );
        for (const record of records) yield toRow(record, number++, columns, path);
      }
    },
  };
}

function requireColumns(path: string, wanted: readonly string[], known: readonly string[]): void {
  const missing = wanted.find((name) => !known.includes(name));
  if (missing === undefined) return;
  throw new CorpusError(path, `has no column '${missing}'. Its columns: ${known.slice(1).join(', ')}.`);
}

async function asCorpusError<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    throw new CorpusError(path, `cannot be read as Parquet: ${(cause as Error).message}.`, { cause });
  }
}
