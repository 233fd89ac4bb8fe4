/** Reads comma-separated values with a header. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { type Columns, type Corpus, CorpusError, toRow } from './corpus.ts';

/** A .csv file. Quotes, line ends in quotes and a byte order mark are as RFC 4180 and spreadsheets have them. */
export async function readCsv(path: string, columns: Columns): Promise<Corpus> {
  const { size } = await stat(path);
  let bytes = 0;
  return {
    fraction: () => (size === 0 ? 1 : Math.min(1, bytes / size)),
    async *rows() {
      const file = createReadStream(path);
      const records = file.pipe(parse({ columns: true, bom: true, skip_empty_lines: true }));
      file.on('error', (error) => records.destroy(error));
      let number = 0;
      try {
        for await (const record of records) {
          bytes = file.bytesRead;
          yield toRow(record, number++, columns, path);
        }
      } catch (cause) {
        if (cause instanceof CorpusError) throw cause;
        throw new CorpusError(path, `is no such CSV: ${(cause as Error).message}.`, { row: number, cause });
      } finally {
        file.destroy();
      }
    },
  };
}
