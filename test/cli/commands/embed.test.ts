import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../../../src/cli/commands/embed.ts';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { fixture } from '../../embeddings/reference.ts';
import { recordingTerminal } from '../recording-terminal.ts';

const MODEL = fixture('tiny-bert-nli-mean-tokens');
const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const sentences = Array.from(
  { length: 95 },
  (_, i) => `Sentence ${i} is about the number ${i * i}, "and" so on.`,
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tsbert-embed-'));
  await writeFile(path.join(folder, 'texts.txt'), sentences.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function embed(...args: string[]): Promise<string> {
  const terminal = recordingTerminal({ cwd: folder });
  expect(await command.run(['--model', MODEL, '--rows', '10', ...args], terminal)).toBe(0);
  return terminal.out.join('\n');
}

type Row = { id: bigint; text: string; embedding: number[] };

async function readOutput(name: string): Promise<Row[]> {
  const files = (await readdir(path.join(folder, name))).filter((file) => file.endsWith('.parquet')).sort();
  const rows: Row[] = [];
  for (const file of files) {
    const buffer = await asyncBufferFromFile(path.join(folder, name, file));
    rows.push(...((await parquetReadObjects({ file: buffer })) as Row[]));
  }
  return rows;
}

async function expectAll(name: string, texts: readonly string[] = sentences): Promise<void> {
  const rows = await readOutput(name);
  expect(rows.map(({ id }) => Number(id))).toEqual(texts.map((_, i) => i));
  expect(rows.map(({ text }) => text)).toEqual(texts);
  const model = await SentenceTransformer.load(MODEL);
  const expected = (await model.encode(texts)).arraySync();
  await model.dispose();
  rows.forEach(({ embedding }, i) => {
    expect(embedding).toHaveLength(expected[i]!.length);
    embedding.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[i]![k]!, 5);
    });
  });
}

describe('tsbert embed', () => {
  it('writes each text with its embedding, and does nothing the second time', async () => {
    expect(await embed('texts.txt', '--output', 'out')).toMatch(
      /Encoded 95 rows .*\nout is complete: 10 files/,
    );
    await expectAll('out');
    expect(await embed('texts.txt', '--output', 'out')).toContain('Encoded 0 rows');
  });

  it('shares the work', async () => {
    expect(await embed('texts.txt', '--output', 'shared', '--shard', '1/3')).toContain('lacks 7 of 10 files');
    await embed('texts.txt', '--output', 'shared', '--shard', '0/3');
    expect(await embed('texts.txt', '--output', 'shared', '--shard', '2/3')).toContain('is complete');
    await expectAll('shared');
  });

  it('refuses to mix inputs, models and settings', async () => {
    await embed('texts.txt', '--output', 'mixed');
    await writeFile(path.join(folder, 'other.txt'), 'something else');
    await expect(embed('other.txt', '--output', 'mixed')).rejects.toThrow('mixed was begun with input');
    await expect(embed('texts.txt', '--output', 'mixed', '--normalize')).rejects.toThrow(
      'with normalize false',
    );
  });

  it('keeps ids that are text', async () => {
    await writeFile(path.join(folder, 'a.csv'), 'key,body\nx,She swims.\ny,He sleeps.\n');
    await embed('a.csv', '--output', 'csv', '--column', 'body', '--id', 'key');
    expect((await readOutput('csv')).map(({ id, text }) => [id, text])).toEqual([
      ['x', 'She swims.'],
      ['y', 'He sleeps.'],
    ]);
  });

  it.each([
    [['texts.txt'], '--output is missing'],
    [['texts.txt', '--output', 'x', '--shard', '3/3'], "--shard '3/3' is no I/N"],
    [['texts.txt', '--output', 'x', '--rows', '0'], "--rows '0'"],
  ])('refuses %j', async (args, message) => {
    await expect(embed(...args)).rejects.toThrow(message);
  });

  it('goes on after kill -9, three times, with nothing lost and nothing doubled', async () => {
    const many = Array.from(
      { length: 6000 },
      (_, i) => `Text ${i}, which is followed by ${i + 1} and by ${i + 2}.`,
    );
    await writeFile(path.join(folder, 'many.txt'), many.join('\n'));
    const args = [program, 'embed', 'many.txt', '--model', MODEL, '--output', 'killed', '--rows', '100'];
    const parts = async () =>
      (await readdir(path.join(folder, 'killed')).catch(() => [])).filter((name) => name.startsWith('part-'))
        .length;
    for (let round = 1; round <= 3; round++) {
      const before = await parts();
      const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
      while ((await parts()) < before + 3 && child.exitCode === null) await setTimeout(5);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(child.signalCode ?? 'ended by itself').toBe('SIGKILL');
    }
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(stdout).toContain('killed is complete: 60 files');
    await expectAll('killed', many);
  });
});
