/**
 * An index as one file: 8 letters, the length of the header, the header as JSON, the vectors as they are kept, the
 * entries as lines of JSON, and the SHA-256 of all that.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { placeWhole } from '../../files/write-file.ts';
import { type Entries, requireId } from './entries.ts';
import { IndexFileError } from './errors.ts';
import type { StoredPrecision, VectorStore, VectorValues } from './vector-store.ts';

const MAGIC = 'tsbertix';
const HASH_BYTES = 32;
const MAX_HEADER_BYTES = 65_536;
const READ_BYTES = 4 * 2 ** 20;
/** Lines written together. */
const LINES_AT_ONCE = 4096;

/** What the file says of itself. */
interface Header {
  readonly version: 1;
  readonly dimension: number;
  readonly precision: StoredPrecision;
  readonly count: number;
  readonly entriesBytes: number;
  readonly model?: string;
}

/** What a file is read into. */
interface Target<Index> {
  readonly index: Index;
  readonly store: VectorStore;
  readonly entries: Entries;
}

/** Writes an index, whole or not at all. */
export async function writeIndexFile(
  path: string,
  model: string | undefined,
  store: VectorStore,
  entries: Entries,
): Promise<void> {
  const lines = [...entryLines(entries)];
  const header: Header = {
    version: 1,
    dimension: store.dimension,
    precision: store.precision,
    count: store.count,
    entriesBytes: lines.reduce((sum, line) => sum + line.length, 0),
    ...(model !== undefined && { model }),
  };
  await placeWhole(path, async (draft) => {
    const file = await open(draft, 'wx');
    try {
      const hash = createHash('sha256');
      const write = async (bytes: Uint8Array) => {
        hash.update(bytes);
        await writeAll(file, bytes);
      };
      await write(headerBytes(header));
      for (const { values } of store.segments()) await write(bytesOf(values));
      for (const line of lines) await write(line);
      await writeAll(file, hash.digest());
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/**
 * Reads an index.
 *
 * @param model refuse the file when it was made with another one
 * @param create makes the empty index of what the header says
 * @throws {IndexFileError} when the file is no index, is damaged or cut off, or of another model
 */
export async function readIndexFile<Index>(
  path: string,
  model: string | undefined,
  create: (header: { dimension: number; precision: StoredPrecision; model?: string }) => Target<Index>,
): Promise<Index> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new IndexFileError(path, error.code === 'ENOENT' ? 'there is no such file.' : `${error.message}.`);
  });
  try {
    const reader = new HashedReader(file, path);
    const header = await readHeader(reader, (await file.stat()).size);
    if (model !== undefined && header.model !== undefined && model !== header.model) {
      throw new IndexFileError(
        path,
        `it was made with ${header.model}, not with ${model}. Encode the texts again.`,
      );
    }
    const target = create(header);
    await readVectors(reader, header, target.store);
    await readEntries(reader, header, target.entries);
    await reader.requireHash();
    return target.index;
  } finally {
    await file.close();
  }
}

function headerBytes(header: Header): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(MAGIC.length + 4);
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(json.length, MAGIC.length);
  return Buffer.concat([start, json]);
}

async function readHeader(reader: HashedReader, size: number): Promise<Header> {
  const start = size < MAGIC.length + 4 ? undefined : await reader.read(MAGIC.length + 4);
  if (start?.toString('latin1', 0, MAGIC.length) !== MAGIC) throw reader.error('it is no index of tsbert.');
  const length = start.readUInt32LE(MAGIC.length);
  if (length > MAX_HEADER_BYTES || start.length + length > size) throw reader.damaged();
  const header = parseHeader((await reader.read(length)).toString());
  if (!header) throw reader.damaged();
  const bytesEach = header.precision === 'int8' ? 1 : 4;
  const vectorBytes = header.count * header.dimension * bytesEach;
  const expected = start.length + length + vectorBytes + header.entriesBytes + HASH_BYTES;
  if (expected !== size) throw reader.error(`it has ${size} bytes and should have ${expected}. ${REMEDY}`);
  return header;
}

function parseHeader(text: string): Header | undefined {
  try {
    const { version, dimension, precision, count, entriesBytes, model } = JSON.parse(text);
    const counts = [dimension, count, entriesBytes].every(
      (value) => Number.isSafeInteger(value) && value >= 0,
    );
    const isKnown = version === 1 && (precision === 'float32' || precision === 'int8') && dimension > 0;
    if (!counts || !isKnown || (model !== undefined && typeof model !== 'string')) return undefined;
    return { version, dimension, precision, count, entriesBytes, ...(model !== undefined && { model }) };
  } catch {
    return undefined;
  }
}

async function readVectors(reader: HashedReader, header: Header, store: VectorStore): Promise<void> {
  const { dimension, precision, count } = header;
  const bytesEach = dimension * (precision === 'int8' ? 1 : 4);
  const rowsAtOnce = Math.max(1, Math.floor(READ_BYTES / bytesEach));
  for (let row = 0; row < count; row += rowsAtOnce) {
    const bytes = await reader.read(Math.min(rowsAtOnce, count - row) * bytesEach);
    const { buffer, byteOffset, byteLength } = bytes;
    const values = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    store.append(precision === 'int8' ? new Int8Array(values) : new Float32Array(values));
  }
}

async function readEntries(reader: HashedReader, header: Header, entries: Entries): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for (let left = header.entriesBytes; left > 0; left -= READ_BYTES) {
    const lines = (
      rest + decoder.decode(await reader.read(Math.min(READ_BYTES, left)), { stream: true })
    ).split('\n');
    rest = lines.pop()!;
    for (const line of lines) appendEntry(reader, entries, line);
  }
  if (rest !== '' || entries.count !== header.count) throw reader.damaged();
}

function appendEntry(reader: HashedReader, entries: Entries, line: string): void {
  try {
    const [id, metadata] = JSON.parse(line) as [unknown, unknown];
    requireId(id);
    entries.append(id, metadata);
  } catch {
    throw reader.damaged();
  }
}

/** The entries as lines of JSON, `[id]` or `[id, metadata]`, some thousands in a piece. */
function* entryLines(entries: Entries): Generator<Uint8Array> {
  let lines = '';
  for (let place = 0; place < entries.count; place++) {
    const id = entries.idAt(place);
    const metadata = entries.metadataOf(id);
    lines += `${JSON.stringify(metadata === undefined ? [id] : [id, metadata])}\n`;
    if ((place + 1) % LINES_AT_ONCE !== 0) continue;
    yield Buffer.from(lines);
    lines = '';
  }
  yield Buffer.from(lines);
}

const REMEDY = 'Save the index again, or copy the file again.';

/** Reads a file from its start, and keeps the hash of what was read. */
class HashedReader {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #hash: Hash = createHash('sha256');

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  async read(length: number): Promise<Buffer> {
    const bytes = await this.#readExactly(length);
    this.#hash.update(bytes);
    return bytes;
  }

  async requireHash(): Promise<void> {
    const expected = await this.#readExactly(HASH_BYTES);
    if (!this.#hash.digest().equals(expected)) throw this.damaged();
  }

  error(reason: string): IndexFileError {
    return new IndexFileError(this.#path, reason);
  }

  damaged(): IndexFileError {
    return this.error(`it is damaged. ${REMEDY}`);
  }

  async #readExactly(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await this.#file.read(bytes, at, length - at, null);
      if (bytesRead === 0) throw this.damaged();
      at += bytesRead;
    }
    return bytes;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}

function bytesOf(values: VectorValues): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
