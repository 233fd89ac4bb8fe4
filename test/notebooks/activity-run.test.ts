/**
 * The activity from end to end: notebooks run by the command line in a real kernel process. The models are the test's
 * tiny ones, laid into a cache under the real names, so that the numbers can be compared with Python's.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { activityFigures } from '../../src/activity/expected.ts';
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

/** The colours' values of a chart: `panel` 0 is the left one. */
function similaritiesOf(notebook: Notebook, text: string, panel?: number): number[] {
  const output = outputsOf(notebook, text).at(-1) as { data: Record<string, unknown> };
  const spec = output.data['application/vnd.vegalite.v5+json'] as {
    data: { values: { panel?: number; row: number; col: number; sim: number }[] };
  };
  return spec.data.values.filter((value) => value.panel === panel).map(({ sim }) => sim);
}

/** The words below a chart's title. */
function subtitleOf(notebook: Notebook, text: string): string {
  const output = outputsOf(notebook, text).at(-1) as { data: Record<string, unknown> };
  const spec = output.data['application/vnd.vegalite.v5+json'] as { title: { subtitle: string | string[] } };
  return [spec.title.subtitle].flat().join(' ');
}

const lower = (rows: readonly (readonly number[])[]) => rows.flatMap((row, i) => row.slice(0, i + 1));

describe('activity-solution.ipynb', () => {
  it('runs to the end with the numbers of Python and shows every picture', async () => {
    const path = join(root, 'notebooks', 'activity-solution.ipynb');
    const before = readFileSync(path, 'utf8');
    const flags = ['--output', 'done.ipynb', '--html', 'done.html'];
    const { status, stdout, stderr, notebook } = await runFile(path, flags);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\[ 3\/16\] ✓ +\d+\.\d s {2}const model = /);
    expect(readFileSync(path, 'utf8')).toBe(before);

    const done = notebook();
    expect(shown(done, 'SentenceTransformer.load(sbertName')).toMatch(
      /^SentenceTransformer\(\n {2}\(0\): Transformer\(\{'max_seq_length': 128, 'do_lower_case': False\}\) with Transformer model: BertModel/m,
    );
    expect(shown(done, 'SentenceTransformer.load(mpnetName')).toContain('(2): Normalize()');
    const matrix = numbersIn(shown(done, 'const sim = similarities'));
    const expected = tinyModelSimilarities('bert-base-nli-mean-tokens').flatMap((row, i) =>
      row.map((value, j) => (j <= i ? value : 0)),
    );
    expect(matrix).toHaveLength(25);
    for (const [k, number] of matrix.entries()) expect(number).toBeCloseTo(expected[k] ?? Number.NaN, 5);
    for (const [text, name] of [
      ['besidePython(sim,', 'bert-base-nli-mean-tokens'],
      ['besidePython(mpnetSim', 'all-mpnet-base-v2'],
    ] as const) {
      const own = similaritiesOf(done, text, 0);
      for (const [k, value] of lower(tinyModelSimilarities(name)).entries()) {
        expect(own[k]).toBeCloseTo(value, 5);
      }
      const printed = lower(activityFigures[`sentence-transformers/${name}`] ?? []);
      expect(similaritiesOf(done, text, 1)).toEqual(printed);
      expect(subtitleOf(done, text)).toMatch(/^The numbers differ by up to 0\.\d+\.$/);
    }
    for (const text of ['heatmap(sim', 'compareHeatmaps([', 'await tokenHeatmap', 'const mine']) {
      expect(outputsOf(done, text).at(-1)).toMatchObject({
        output_type: 'execute_result',
        data: { 'application/vnd.vegalite.v5+json': expect.any(Object), 'text/plain': expect.any(String) },
      });
    }
    for (const blank of [1, 2, 3, 4]) expect(shown(done, `check(${blank},`)).toContain('✓ Right.');
    const page = readFileSync(join(folder, 'done.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('Sentence transformers on your own machine');
    expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(6);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('offline, with the bundled models, says beside every number that a stand-in made it', async () => {
    const path = join(root, 'notebooks', 'activity-solution.ipynb');
    const { status, notebook } = await runFile(path, ['--output', 'done.ipynb'], { TSBERT_OFFLINE: '1' });
    expect(status).toBe(0);
    const done = notebook();
    for (const [load, beside, id, real] of [
      [
        'SentenceTransformer.load(sbert',
        'besidePython(sim,',
        'tsbert/mini-bert-mean-tokens',
        'bert-base-nli-mean-tokens',
      ],
      ['SentenceTransformer.load(mpnet', 'besidePython(mpnetSim', 'tsbert/mini-mpnet', 'all-mpnet-base-v2'],
    ] as const) {
      expect(shown(done, load)).toContain(`Stand-in: '${id}' is loaded in place of`);
      expect(shown(done, load)).toContain(`${id}, a small stand-in for ${real}`);
      expect(subtitleOf(done, beside)).toBe(`${id} stands in for ${real}: its numbers are its own.`);
      expect(JSON.stringify(outputsOf(done, 'compareHeatmaps(['))).toContain(id);
    }
    expect(JSON.stringify(outputsOf(done, 'heatmap(sim'))).toContain('tsbert/mini-bert-mean-tokens');
    for (const text of ['await tokenHeatmap', 'const mine']) {
      expect(JSON.stringify(outputsOf(done, text))).toContain('tsbert/mini-mpnet');
    }
  });

  it('says of these sentences what its words say: the corner is the darkest cell', async () => {
    const path = join(root, 'notebooks', 'activity-solution.ipynb');
    const { notebook } = await runFile(path, ['--output', 'done.ipynb'], { TSBERT_OFFLINE: '1' });
    for (const text of ['besidePython(sim,', 'besidePython(mpnetSim']) {
      for (const panel of [0, 1]) {
        const values = similaritiesOf(notebook(), text, panel);
        const corner = values.at(-2) ?? Number.NaN;
        const others = values.filter((value) => value < 0.99 && value !== corner);
        expect(others).toHaveLength(9);
        expect(corner).toBeGreaterThan(Math.max(...others));
      }
    }
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
    const { 10: changed } = numbersIn(shown(done(), 'const sim = similarities'));
    expect(changed).toBeGreaterThan(-1);
    expect(changed).not.toBeCloseTo(tinyModelSimilarities('bert-base-nli-mean-tokens')[2]?.[0] ?? 0, 3);
    expect(subtitleOf(done(), 'besidePython(sim,')).toContain('the sentences differ');
  });
});

describe('semantic-search and sentence-map', () => {
  it('find what was meant, with the bundled models', async () => {
    const path = join(root, 'notebooks', 'semantic-search-solution.ipynb');
    const { status, notebook } = await runFile(path, ['--output', 'done.ipynb'], { TSBERT_OFFLINE: '1' });
    expect(status).toBe(0);
    const done = notebook();
    expect(shown(done, 'check(2')).toContain('✓ Right.');
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
    expect(shown(done, 'check(2')).toContain('✓ Right. 240 sentences');
    expect(shown(done, 'check(3')).toMatch(/✓ Right\. \d+ groups, with \d+ of the 240 sentences/);
    for (const text of ['clusters: topics', 'clusters: names']) {
      const chart = { 'application/vnd.vegalite.v5+json': expect.any(Object) };
      expect(outputsOf(done, text).at(-1)).toMatchObject({ data: chart });
    }
  });
});

describe('classify and limits', () => {
  it.each([
    ['classify', [1, 2, 3], 'confusionTable(', /^is ↓ {2}taken for → +animals +computers/],
    ['limits', [1, 2], 'pairTable(pairs', /^score by tsbert\/mini-mpnet +one +the other/],
  ] as const)('%s runs to the end with the bundled model', async (name, blanks, cell, words) => {
    const path = join(root, 'notebooks', `${name}-solution.ipynb`);
    const { status, notebook } = await runFile(path, ['--output', 'done.ipynb'], { TSBERT_OFFLINE: '1' });
    expect(status).toBe(0);
    for (const blank of blanks) expect(shown(notebook(), `check(${blank},`)).toContain('✓ Right.');
    expect(shown(notebook(), cell)).toMatch(words);
  });
});

describe.each(['activity', 'semantic-search', 'sentence-map', 'classify', 'limits'])('%s.ipynb', (name) => {
  it('left as it is, says in every check what is missing, and nowhere shows a trace', async () => {
    const { status, notebook } = await run(read(join(root, 'notebooks', `${name}.ipynb`)));
    expect(status).toBe(1);
    const cells = codeCells(notebook());
    for (const { cell } of cells.filter(({ cell }) => /check\(\d/.test(cell.source))) {
      const texts = cell.outputs.map((output) => JSON.stringify(output)).join('');
      expect(texts).toMatch(/To fill in\. Blank \d|BlankError|has no value yet/);
    }
    const errors = cells.flatMap(({ cell }) => cell.outputs.filter((o) => o.output_type === 'error'));
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      if (error.output_type === 'error' && error.ename === 'BlankError')
        expect(error.traceback).toHaveLength(1);
    }
  });
});

describe('activity.ipynb', () => {
  it('hints at wrong answers, one blank after the other', async () => {
    const { notebook } = await run(
      learnerWith({
        'sbertName = ____': "sbertName = 'bert-base-nli-mean-tokens'",
        'embeddings = ____': 'embeddings = model.encode(sentences)',
        'mpnetName = ____': "mpnetName = 'all-mpnet-base-v3'",
      }),
    );
    const done = notebook();
    expect(shown(done, 'check(1,')).toContain('✓ Right.');
    expect(shown(done, 'check(2,')).toMatch(/✗ Not yet\. This is a promise.*await/);
    expect(shown(done, 'check(3,')).toMatch(/… To fill in\. Blank 3: compare sentence i/);
    expect(shown(done, 'check(4,')).toContain("Did you mean 'all-mpnet-base-v2'?");
  });

  it('accepts the right answers and no matrix written by hand', async () => {
    const right = {
      'sbertName = ____': "sbertName = 'bert-base-nli-mean-tokens'",
      'embeddings = ____': 'embeddings = await model.encode(sentences)',
      'mpnetName = ____': "mpnetName = 'all-mpnet-base-v2'",
    };
    const scores = 'setColumn(i, ____)';
    const solved = {
      ...right,
      [scores]: 'setColumn(i, cosSim(row(embeddings, i), rowsFrom(embeddings, i)))',
    };
    expect(await run(learnerWith(solved))).toMatchObject({ status: 0 });
    const reference = tinyModelSimilarities('bert-base-nli-mean-tokens');
    const byHand = `setColumn(i, ${JSON.stringify(reference)}.map((r) => r[i]!).slice(i, embeddings.shape[0]))`;
    const { notebook } = await run(learnerWith({ ...right, [scores]: byHand }));
    expect(shown(notebook(), 'check(3,')).toMatch(/✗ Not yet\./);
  });
});
