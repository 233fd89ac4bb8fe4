/** A folder of Parquet files, one for so many rows: each is there whole or not at all, whoever is killed when. */
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { writeWhole } from '../files/write-file.ts';
import type { CorpusRow } from './corpus.ts';
import type { EmbeddedRow, PartSink } from './embed-corpus.ts';

const MANIFEST = 'tsbert-embed.json';

/** What must be the same for parts to belong together. */
export type Manifest = Readonly<Record<string, string | number | boolean | null>>;

/** The folder holds parts of something else: another input, model or setting. */
export class OutputMismatchError extends Error {
  override readonly name = 'OutputMismatchError';
  readonly path: string;
  /** The setting that differs. */
  readonly setting: string;

  constructor(path: string, setting: string, values: { expected: unknown; actual: unknown }) {
    super(
      `${path} was begun with ${setting} ${JSON.stringify(values.actual)}, and this is ` +
        `${JSON.stringify(values.expected)}. Name another folder, or remove this one.`,
    );
    this.path = path;
    this.setting = setting;
  }
}

/**
 * Opens a folder for parts, or starts one.
 *
 * @param manifest is written into a new folder, and must equal that of an old one
 * @throws {OutputMismatchError} when it does not
 */
export async function openParquetParts(folder: string, manifest: Manifest): Promise<PartSink> {
  await mkdir(folder, { recursive: true });
  await requireManifest(folder, manifest);
  const pathOf = (part: number) => join(folder, fileName(part));
  return {
    // Asked anew each time: other shards write into the same folder.
    has: (part) =>
      access(pathOf(part)).then(
        () => true,
        () => false,
      ),
    write: (part, rows) => writeWhole(pathOf(part), new Uint8Array(toParquet(rows))),
  };
}

/** Numbers of one width, so that listings keep the order of the rows. */
function fileName(part: number): string {
  return `part-${String(part).padStart(6, '0')}.parquet`;
}

async function requireManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (text === undefined) return writeWhole(path, `${JSON.stringify(manifest, null, 2)}\n`);
  const found = parseManifest(text);
  for (const [setting, expected] of Object.entries(manifest)) {
    if (found[setting] !== expected) {
      throw new OutputMismatchError(folder, setting, { expected, actual: found[setting] ?? null });
    }
  }
}

function parseManifest(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Columns id, text and embedding (a list of float32), as pandas, Polars, DuckDB and Spark read them. */
function toParquet(rows: readonly EmbeddedRow[]): ArrayBuffer {
  const areNumbers = rows.every(({ id }) => typeof id === 'number');
  return parquetWriteBuffer({
    codec: 'UNCOMPRESSED',
    schema: [
      { name: 'root', num_children: 3 },
      areNumbers
        ? { name: 'id', type: 'INT64', repetition_type: 'REQUIRED' }
        : { name: 'id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'embedding', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
    ],
    columnData: [
      { name: 'id', data: rows.map(({ id }: CorpusRow) => (areNumbers ? BigInt(id) : String(id))) },
      { name: 'text', data: rows.map(({ text }) => text) },
      // Float32 numbers do not repeat: statistics and dictionaries would cost and give nothing.
      {
        name: 'embedding',
        data: rows.map((row) => Array.from(row.embedding)),
        encoding: 'PLAIN',
        statistics: false,
      },
    ],
  });
}
