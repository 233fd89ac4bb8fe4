/** What a file of texts is read as, whatever its format. */

/** One text of a corpus. */
export interface CorpusRow {
  /** The value of the id column, else the row's number, from 0. */
  readonly id: string | number;
  readonly text: string;
}

/** A file of texts that is read from its start, row by row. */
export interface Corpus {
  rows(): AsyncGenerator<CorpusRow, void, undefined>;
  /** How much of the file was read, from 0 to 1. */
  fraction(): number;
}

/** Where the texts and their names are. */
export interface Columns {
  /** The column of the texts; .txt has none. */
  readonly text: string;
  readonly id: string | undefined;
}

/** A corpus cannot be read; the message names the file and the row. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
  readonly path: string;
  /** The row's number, from 0. */
  readonly row: number | undefined;

  constructor(path: string, problem: string, data: { row?: number | undefined; cause?: unknown } = {}) {
    const place = data.row === undefined ? path : `Row ${data.row} of ${path}`;
    super(`${place} ${problem}`, data.cause === undefined ? undefined : { cause: data.cause });
    this.path = path;
    this.row = data.row;
  }
}

/**
 * Takes the text and the id out of a record.
 *
 * @throws {CorpusError} when the record has no text in the column, or no usable id
 */
export function toRow(record: unknown, number: number, columns: Columns, path: string): CorpusRow {
  const fields = (typeof record === 'object' && record !== null ? record : {}) as Record<string, unknown>;
  const text = fields[columns.text];
  if (typeof text !== 'string') {
    const known = Object.keys(fields).join(', ') || 'none';
    throw new CorpusError(path, `has no text in the column '${columns.text}'. Its columns: ${known}.`, {
      row: number,
    });
  }
  return { id: columns.id === undefined ? number : toId(fields[columns.id], number, columns.id, path), text };
}

function toId(value: unknown, row: number, column: string, path: string): string | number {
  const id = typeof value === 'bigint' ? Number(value) : value;
  if (typeof id === 'string' || Number.isSafeInteger(id)) return id as string | number;
  throw new CorpusError(
    path,
    `has no text and no whole number in the column '${column}', which names the rows.`,
    {
      row,
    },
  );
}
