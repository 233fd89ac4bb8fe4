/** A whole session of the exercise, with the packages it really uses, in a folder that has no packages of its own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TestNotebook } from '../support/notebook.ts';

const isBuilt = existsSync('dist/index.d.ts');
if (!isBuilt) console.log("skipped: the types of 'tsbert' are in dist/, run `npm run build` first");

interface Cell {
  cell_type: string;
  source: string[];
}

const codeCells = (path: string): string[] =>
  (JSON.parse(readFileSync(path, 'utf8')) as { cells: Cell[] }).cells
    .filter((cell) => cell.cell_type === 'code')
    .map((cell) => cell.source.join(''));

const session = `
import * as tf from '@tensorflow/tfjs-core';
import { cosSim, readyBackend, SentenceTransformer } from 'tsbert';
import { pipeline } from '@huggingface/transformers';
await readyBackend();
const model = await SentenceTransformer.load(${JSON.stringify(join(process.cwd(), 'test/fixtures/tiny-bert-nli-mean-tokens'))});
const embeddings = await model.encode(['one sentence', 'another']);`;

describe.skipIf(!isBuilt)('a session of the exercise', () => {
  const empty = new TestNotebook();
  process.env.XDG_CACHE_HOME = join(empty.folder, 'cache');
  const project = new TestNotebook({}, join(process.cwd(), 'notebooks'));
  afterAll(() => {
    empty.dispose();
    project.dispose();
  });

  it.each([
    ['an empty folder', empty],
    ["this repository's notebooks folder", project],
  ])('compiles in %s', (_where, notebook) => {
    for (const code of codeCells('notebooks/activity-solution.ipynb')) {
      expect([code, notebook.compile(code).diagnostics]).toEqual([code, []]);
    }
  });

  it('runs: the packages of the kernel serve a folder without any', async () => {
    await empty.run(session);
    await empty.run('const sim = cosSim(embeddings, embeddings)');
    expect(await empty.run('[sim.shape, (await sim.array())[0]![0]!.toFixed(3), typeof pipeline]')).toEqual([
      [2, 2],
      '1.000',
      'function',
    ]);
    expect(await empty.run('const zeros: tf.Tensor2D = tf.zeros([2, 2]); zeros.shape')).toEqual([2, 2]);
  });

  it('objects to what the packages do not offer', () => {
    const codes = (code: string) => empty.compile(code).diagnostics.map((it) => it.code);
    expect(codes('model.encoding(["x"])')).toEqual([2339]);
    expect(codes('cosSim(embeddings)')).toEqual([2554]);
    expect(codes("import { nothing } from 'tsbert'")).toEqual([2305]);
  });
});
