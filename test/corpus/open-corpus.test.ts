import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCorpus } from '../../src/corpus/open-corpus.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tsbert-corpus-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(
  name: string,
  content: string | Uint8Array,
  columns = { text: 'text' } as { text: string; id?: string },
) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  const corpus = await openCorpus(file, { id: undefined, ...columns });
  const rows = [];
  for await (const row of corpus.rows()) rows.push(row);
  expect(corpus.fraction()).toBe(1);
  return rows;
}

describe('openCorpus()', () => {
  it('reads lines of text: empty ones too, either line end, none at the end of the file', async () => {
    expect(await read('a.txt', 'one\r\n\nthrée\u2028 still\nfour')).toEqual([
      { id: 0, text: 'one' },
      { id: 1, text: '' },
      { id: 2, text: 'thrée\u2028 still' },
      { id: 3, text: 'four' },
    ]);
    expect(await read('b.txt', '\ufeffone\n')).toEqual([{ id: 0, text: 'one' }]);
  });

  it('reads lines longer than what is read at once, cut within a letter', async () => {
    const long = 'aü€😀'.repeat(50_000);
    expect(await read('long.txt', `${long}\nx${long}\n`)).toEqual([
      { id: 0, text: long },
      { id: 1, text: `x${long}` },
    ]);
  });

  it('reads JSON lines and their ids', async () => {
    const rows = [
      { n: 7, body: 'one\u2028two' },
      { n: 'b', body: '"' },
    ];
    const content = rows.map((row) => JSON.stringify(row)).join('\n');
    expect(await read('a.jsonl', content, { text: 'body', id: 'n' })).toEqual([
      { id: 7, text: 'one\u2028two' },
      { id: 'b', text: '"' },
    ]);
  });

  it('reads CSV with quotes, line ends in them, and a byte order mark', async () => {
    const content = '\ufeffname,text\r\na,"one, ""two""\nthree"\r\nb,four\r\n';
    expect(await read('a.csv', content, { text: 'text', id: 'name' })).toEqual([
      { id: 'a', text: 'one, "two"\nthree' },
      { id: 'b', text: 'four' },
    ]);
  });

  it('reads Parquet through its row groups', async () => {
    const texts = Array.from({ length: 25 }, (_, i) => `text ${i}`);
    const content = parquetWriteBuffer({
      rowGroupSize: 10,
      columnData: [
        { name: 'key', data: texts.map((_, i) => BigInt(i + 100)), type: 'INT64' },
        { name: 'text', data: texts, type: 'STRING' },
      ],
    });
    expect(await read('a.parquet', new Uint8Array(content), { text: 'text', id: 'key' })).toEqual(
      texts.map((text, i) => ({ id: i + 100, text })),
    );
  });

  it.each([
    ['x.pdf', 'a', 'has no known ending. Known are .txt, .jsonl, .csv, .parquet.'],
    ['bad.txt', Uint8Array.of(0x61, 0xff, 0x0a), 'is not in UTF-8'],
    ['cut.txt', Uint8Array.of(0x61, 0xc3), 'is not in UTF-8'],
    ['bad.jsonl', '{"text":"a"}\n{"text"', 'Row 1 of'],
    ['no.jsonl', '{"text":"a"}\n{"txt":"b"}', "has no text in the column 'text'. Its columns: txt."],
    ['number.jsonl', '{"text":5}', "has no text in the column 'text'"],
    ['no.csv', 'a,b\n1,2\n', "has no text in the column 'text'. Its columns: a, b."],
    ['bad.csv', 'text\n"a\n', 'is no such CSV'],
    ['bad.parquet', 'PAR1 no', 'cannot be read as Parquet'],
  ])('refuses %s', async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message);
  });

  it('refuses what is no file', async () => {
    await expect(openCorpus(path.join(folder, 'none.txt'), { text: 'text', id: undefined })).rejects.toThrow(
      'is no file',
    );
  });
});
