/**
 * The activity from end to end: notebooks run by the command line in a real kernel process. The models are the test's
 * tiny ones, laid into a cache under the real names, so that the numbers can be compared with Python's.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  type CodeCell,
  codeCells,
  type Notebook,
  parseNotebook,
  serializeNotebook,
} from '../../src/jupyter/notebook/nbformat.ts';
import { runProgram } from '../support/run-program.ts';
import { makeTinyModelCache, tinyModelSimilarities } from '../support/tiny-model-cache.ts';

vi.setConfig({ testTimeout: 240_000 });

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tsbert-activity-'));
const cache = makeTinyModelCache(join(folder, 'cache'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(path: string): Notebook {
  return parseNotebook(readFileSync(path, 'utf8'), path);
}

/** Runs a notebook from another folder than its own; the hub is out of reach. */
function run(notebook: Notebook) {
  const path = join(folder, 'given.ipynb');
  writeFileSync(path, serializeNotebook(notebook));
  return runFile(path, ['--output', 'done.ipynb', '--keep-going']);
}

const tinyModels = { HF_HUB_CACHE: cache, HF_HUB_OFFLINE: '1', TSBERT_BACKEND: 'cpu' };

async function runFile(path: string, flags: string[], variables: NodeJS.ProcessEnv = tinyModels) {
  const env = { ...process.env, ...variables };
  const args = [join(root, 'dist', 'cli', 'main.js'), 'run', path, ...flags];
  const { status, stdout, stderr } = await runProgram(process.execPath, args, { cwd: folder, env });
  return { status, stdout, stderr, notebook: () => read(join(folder, 'done.ipynb')) };
}

/** The outputs of the first cell whose source has this text. */
function outputsOf(notebook: Notebook, text: string): CodeCell['outputs'] {
  const found = codeCells(notebook).find(({ cell }) => cell.source.includes(text));
  if (!found) throw new Error(`No cell has ${text}`);
  return found.cell.outputs;
}

/** What a cell shows as text. */
function shown(notebook: Notebook, text: string): string {
  return outputsOf(notebook, text)
    .map((output) => {
      if (output.output_type === 'stream') return output.text;
      if (output.output_type === 'error') return output.traceback.join('\n');
      return String(output.data['text/plain']);
    })
    .join('\n');
}

/** The learner's notebook with some texts replaced. */
function learnerWith(changes: Record<string, string>): Notebook {
  const notebook = read(join(root, 'notebooks', 'activity.ipynb'));
  for (const [from, to] of Object.entries(changes)) {
    const cell = notebook.cells.find(({ source }) => source.includes(from));
    if (!cell) throw new Error(`No cell has ${from}`);
    cell.source = cell.source.replace(from, to);
  }
  return notebook;
}

const numbersIn = (text: string) =>
  [...text.matchAll(/-?\d+\.\d*(e-?\d+)?/g)].map(([number]) => Number(number));

describe('activity-solution.ipynb', () => {
  it('runs to the end and shows tree, matrix, heatmaps and page', async () => {
    const path = join(root, 'notebooks', 'activity-solution.ipynb');
    const before = readFileSync(path, 'utf8');
    const { status, stdout, stderr, notebook } = await runFile(path, [
      '--output',
      'done.ipynb',
      '--html',
      'done.html',
    ]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\[ 3\/16\] ✓ +\d+\.\d s {2}Load SBERT/);
    expect(readFileSync(path, 'utf8')).toBe(before);

    const done = notebook();
    expect(shown(done, 'SentenceTransformer.load(sbertName')).toMatch(
      /^SentenceTransformer\(\n {2}\(0\): Transformer\(\{'max_seq_length': 128, 'do_lower_case': False\}\) with Transformer model: BertModel/m,
    );
    expect(shown(done, 'SentenceTransformer.load(mpnetName')).toContain('(2): Normalize()');
    for (const [text, name] of [
      ['const sim = similarityMatrix', 'bert-base-nli-mean-tokens'],
      ['const mpnetSim = ', 'all-mpnet-base-v2'],
    ] as const) {
      const expected = tinyModelSimilarities(name).flatMap((row, i) =>
        row.map((value, j) => (j <= i ? value : 0)),
      );
      const [matrix = '', note] = shown(done, text).split('\nNumbers of ');
      expect(note).toMatch(new RegExp(`^sentence-transformers/${name}. They differ from the figures`));
      expect(matrix).toMatch(/^array\(\[\[/);
      const numbers = numbersIn(matrix);
      expect(numbers).toHaveLength(25);
      for (const [k, number] of numbers.entries()) expect(number).toBeCloseTo(expected[k] ?? Number.NaN, 5);
    }
    for (const text of ['heatmap(sim', 'heatmap(mpnetSim', '[{ sim, title', 'const mySentences']) {
      const chart = outputsOf(done, text).at(-1);
      expect(chart).toMatchObject({
        output_type: 'execute_result',
        data: { 'application/vnd.vegalite.v5+json': expect.any(Object), 'text/plain': expect.any(String) },
      });
    }
    for (const blank of ['checkModelName(1', 'checkEmbeddings(2', 'checkSimilarity(3', 'checkModelName(4']) {
      expect(shown(done, `${blank},`)).toContain('✓ Right.');
    }
    const page = readFileSync(join(folder, 'done.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('Sentence transformers on your own machine');
    expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(4);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('offline, with the bundled models, says beside every number that a stand-in made it', async () => {
    const path = join(root, 'notebooks', 'activity-solution.ipynb');
    const { status, notebook } = await runFile(path, ['--output', 'done.ipynb'], { TSBERT_OFFLINE: '1' });
    expect(status).toBe(0);
    const done = notebook();
    for (const [load, numbers, chart, id, real] of [
      [
        'SentenceTransformer.load(sbert',
        'const sim = similarity',
        'heatmap(sim',
        'tsbert/mini-bert-mean-tokens',
        'bert-base-nli-mean-tokens',
      ],
      [
        'SentenceTransformer.load(mpnet',
        'const mpnetSim =',
        'heatmap(mpnetSim',
        'tsbert/mini-mpnet',
        'all-mpnet-base-v2',
      ],
    ] as const) {
      expect(shown(done, load)).toContain(`Stand-in: '${id}' is loaded in place of`);
      expect(shown(done, load)).toContain(`${id}, a small stand-in for ${real}`);
      expect(shown(done, numbers)).toMatch(/^array\(/);
      expect(shown(done, numbers)).toContain(`numbers of ${id}, a small stand-in for ${real}`);
      for (const titled of [chart, '[{ sim, title', 'const mySentences']) {
        expect(JSON.stringify(outputsOf(done, titled))).toContain(id);
      }
    }
    expect(shown(done, 'numbersOf(model)')).toContain('not those of the real model');
  });

  it('follows a changed sentence', async () => {
    const notebook = read(join(root, 'notebooks', 'activity-solution.ipynb'));
    for (const cell of notebook.cells) {
      cell.source = cell.source.replace(
        "'he embraced his new life as an lawyer'",
        "'my dentist tells me about bricks'",
      );
    }
    const { status, notebook: done } = await run(notebook);
    expect(status).toBe(0);
    const { 10: changed } = numbersIn(shown(done(), 'const sim = similarityMatrix'));
    expect(changed).toBeGreaterThan(-1);
    expect(changed).not.toBeCloseTo(tinyModelSimilarities('bert-base-nli-mean-tokens')[2]?.[0] ?? 0, 3);
    expect(shown(done(), 'compareWithActivity(sim')).toContain('The sentences differ');
  });
});

describe('semantic-search and sentence-map', () => {
  it('find what was meant, with the bundled models', async () => {
    const path = join(root, 'notebooks', 'semantic-search-solution.ipynb');
    const { status, notebook } = await runFile(path, ['--output', 'done.ipynb'], { TSBERT_OFFLINE: '1' });
    expect(status).toBe(0);
    const done = notebook();
    expect(shown(done, 'checkSearch(2')).toContain('✓ Right.');
    const hits = shown(done, "search('a concert with an orchestra')").split('\n');
    expect(hits[0]).toMatch(/^rank +score by tsbert\/mini-mpnet +sentence$/);
    expect(hits[1]).toMatch(/^1 +0\.\d{3} +The orchestra is looking for a new conductor\.$/);
    expect(hits).toHaveLength(6);
  });

  it('lay sentences out and group them, with the bundled models', async () => {
    const path = join(root, 'notebooks', 'sentence-map-solution.ipynb');
    const { status, notebook } = await runFile(path, ['--output', 'done.ipynb'], { TSBERT_OFFLINE: '1' });
    expect(status).toBe(0);
    const done = notebook();
    expect(shown(done, 'checkPositions(2')).toContain('✓ Right. 240 sentences');
    expect(shown(done, 'checkGroups(3')).toMatch(/✓ Right\. \d+ groups, with \d+ of the 240 sentences/);
    for (const text of ['clusters: topics', 'const inGroups']) {
      const chart = { 'application/vnd.vegalite.v5+json': expect.any(Object) };
      expect(outputsOf(done, text).at(-1)).toMatchObject({ data: chart });
    }
  });

  it.each(['semantic-search', 'sentence-map'])('%s left as it is says what is missing', async (name) => {
    const notebook = read(join(root, 'notebooks', `${name}.ipynb`));
    const { notebook: done } = await run(notebook);
    expect(shown(done(), '(1, ')).toMatch(/… To fill in\. Blank 1/);
    const errors = codeCells(done()).flatMap(({ cell }) =>
      cell.outputs.filter((o) => o.output_type === 'error'),
    );
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatchObject({ ename: 'NotReadyError' });
  });
});

describe('activity.ipynb', () => {
  it('left as it is, says in every cell what is missing, without a trace', async () => {
    const { status, notebook } = await run(learnerWith({}));
    expect(status).toBe(1);
    const done = notebook();
    expect(shown(done, 'checkModelName(1,')).toMatch(/^… To fill in\. Blank 1: put the model's name/);
    expect(shown(done, 'checkModelName(4,')).toMatch(/^… To fill in\. Blank 4/);
    for (const { cell } of codeCells(done)) {
      for (const output of cell.outputs) {
        if (output.output_type !== 'error') continue;
        expect(output.ename).toBe('NotReadyError');
        expect(output.traceback).toHaveLength(1);
        expect(output.evalue).toMatch(/^This cell needs blanks? \d.* Then run this cell again\.$/);
      }
    }
  });

  it('asks for each blank in its turn, and hints at wrong answers', async () => {
    const { notebook } = await run(
      learnerWith({
        "sbertName: string = '...'": "sbertName: string = 'bert-base-nli-mean-tokens'",
        "embeddings: any = '...'": 'embeddings: any = model.encode(sentences)',
        "mpnetName: string = '...'": "mpnetName: string = 'all-mpnet-base-v3'",
      }),
    );
    const done = notebook();
    expect(shown(done, 'checkModelName(1,')).toContain('✓ Right.');
    expect(shown(done, 'checkEmbeddings(2,')).toMatch(/✗ Not yet\. This is a promise.*await/);
    expect(shown(done, 'checkSimilarity(3,')).toMatch(/… To fill in\. Blank 3: compare one with rest/);
    expect(shown(done, 'checkModelName(4,')).toContain("Did you mean 'all-mpnet-base-v2'?");
  });

  it('accepts the right answers and no matrix written by hand', async () => {
    const right = {
      "sbertName: string = '...'": "sbertName: string = 'bert-base-nli-mean-tokens'",
      "embeddings: any = '...'": 'embeddings: any = await model.encode(sentences)',
      "mpnetName: string = '...'": "mpnetName: string = 'all-mpnet-base-v2'",
    };
    const scores = "scores: any = '...'";
    expect(await run(learnerWith({ ...right, [scores]: 'scores: any = cosSim(one, rest)' }))).toMatchObject({
      status: 0,
    });
    const reference = tinyModelSimilarities('bert-base-nli-mean-tokens');
    const byHand = `scores: any = tf.tensor(${JSON.stringify(reference)}[i].slice(i))`;
    const { notebook } = await run(learnerWith({ ...right, [scores]: byHand }));
    expect(shown(notebook(), 'checkSimilarity(3,')).toMatch(/✗ Not yet\./);
  });
});
