/** Reads files of lines: plain text, and one JSON object a line. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Columns, type Corpus, CorpusError, type CorpusRow, toRow } from './corpus.ts';

/** A .txt file: each line is a text, its number the id. */
export function readText(path: string): Promise<Corpus> {
  return readByLine(path, (line, number) => ({ id: number, text: line }));
}

/** A .jsonl file. */
export function readJsonLines(path: string, columns: Columns): Promise<Corpus> {
  return readByLine(path, (line, number) => toRow(parse(line, number, path), number, columns, path));
}

async function readByLine(path: string, toRow: (line: string, number: number) => CorpusRow): Promise<Corpus> {
  const { size } = await stat(path);
  let bytes = 0;
  return {
    fraction: () => (size === 0 ? 1 : Math.min(1, bytes / size)),
    async *rows() {
      bytes = 0;
      let number = 0;
      for await (const line of lines(path, (count) => (bytes += count))) yield toRow(line, number++);
    },
  };
}

/** Lines end with LF or CRLF. Not by node:readline, which also ends them at U+2028, which JSON may hold. */
async function* lines(path: string, onBytes: (count: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const pieces = (rest + decode(decoder, chunk, path)).split('\n');
    rest = pieces.pop()!;
    for (const piece of pieces) yield piece.endsWith('\r') ? piece.slice(0, -1) : piece;
    onBytes(chunk.length);
  }
  rest += decode(decoder, undefined, path);
  if (rest !== '') yield rest;
}

function decode(decoder: TextDecoder, chunk: Buffer | undefined, path: string): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    throw new CorpusError(path, 'is not in UTF-8. Convert it, such as by iconv.', { cause });
  }
}

function parse(line: string, number: number, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new CorpusError(path, `is no JSON: ${(cause as Error).message}.`, { row: number, cause });
  }
}
