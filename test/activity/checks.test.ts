/** The exercise's checks: blank, wrong and right answers, with a model that is a small table. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  activityFigures,
  activitySentences,
  checkEmbeddings,
  checkModelName,
  checkSimilarity,
  compareWithActivity,
  installationTable,
  NotReadyError,
  numbersOf,
  requires,
  Shown,
  sentenceTable,
} from '../../src/activity/index.ts';

const tensor = (rows: number[][]) => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  dataSync: () => rows.flat(),
});

/** Three numbers of a text: its length, its vowels, and its words. */
const embed = (text: string) => [
  text.length / 10,
  text.replace(/[^aeiou]/g, '').length,
  text.split(' ').length,
];
const model = {
  name: 'test/model',
  standInFor: undefined,
  encode: async (sentences: readonly string[]) => tensor(sentences.map(embed)),
};
const sentences = ['a cat sleeps', 'the lawyers argue about it', 'no'];
const work = { model, sentences };
const rowsOf = ({ shape, dataSync }: ReturnType<typeof tensor>) =>
  Array.from({ length: shape[0] ?? 0 }, (_, i) => dataSync().slice(i * 3, i * 3 + 3));

type Compare = (a: number[], b: number[]) => number;
const dot: Compare = (a, b) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const cosine: Compare = (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** A learner's function; `keep` says which cells of the matrix are filled. */
const matrixBy =
  (compare: Compare, keep = (i: number, j: number) => j <= i) =>
  (embeddings: ReturnType<typeof tensor>) => {
    const rows = rowsOf(embeddings);
    return tensor(rows.map((a, i) => rows.map((b, j) => (keep(i, j) ? compare(a, b) : 0))));
  };

describe('checkModelName()', () => {
  const check = (name: unknown) => checkModelName(4, name);

  it.each(['...', '', '…'])('asks to fill in %j', (name) => {
    expect(check(name)).toMatchObject({ kind: 'open', text: expect.stringContaining('Blank 4') });
  });

  it.each([
    ['all-mpnet-base-v3', /There is no 'all-mpnet-base-v3'. Did you mean 'all-mpnet-base-v2'\?/],
    ['All-MPNet-base-v2', /Did you mean 'all-mpnet-base-v2'/],
    ['all-MiniLM-L6-v2', /a model too, but another one/],
    ['something else', /Copy the name/],
    [7, /this is a number/],
  ])('hints at what is wrong with %j', (name, hint) => {
    expect(check(name)).toMatchObject({ kind: 'wrong', text: expect.stringMatching(hint) });
  });

  it('knows the activity’s blanks only', () => {
    expect(() => checkModelName(2, 'x')).toThrow(/Blank 2 names no model/);
  });

  it.each(['all-mpnet-base-v2', ' sentence-transformers/all-mpnet-base-v2 '])('accepts %j', (name) => {
    expect(check(name).kind).toBe('right');
  });
});

describe('checkEmbeddings()', () => {
  const check = (embeddings: unknown) => checkEmbeddings(2, embeddings, work);

  it('confirms the embeddings of the sentences', async () => {
    expect(await check(await model.encode(sentences))).toMatchObject({
      kind: 'right',
      text: expect.stringContaining('3 sentences, 3 embeddings of 3 numbers'),
    });
  });

  it.each([
    ['a blank', '...', 'open', /call the method encode/],
    ['a promise', model.encode(sentences), 'wrong', /Write await/],
    ['a number', 5, 'wrong', /no embeddings/],
    ['too few', tensor([[1, 2, 3]]), 'wrong', /3 sentences and 1 embeddings/],
    ['others', tensor([...sentences].reverse().map(embed)), 'wrong', /other sentences/],
    ['scaled ones', tensor(sentences.map((s) => embed(s).map((x) => x / 9))), 'wrong', /scaled/],
  ])('finds %s', async (_name, embeddings, kind, hint) => {
    expect(await check(embeddings)).toMatchObject({ kind, text: expect.stringMatching(hint) });
  });
});

describe('checkSimilarity()', () => {
  const check = (similarityMatrix: unknown) => checkSimilarity(3, similarityMatrix as never, work);

  it('confirms cosines in the lower triangle', async () => {
    expect((await check(matrixBy(cosine))).kind).toBe('right');
  });

  it('finds the blank in the function’s code', async () => {
    const open = () => {
      const scores = '...' as unknown as ReturnType<typeof tensor>;
      return scores.dataSync();
    };
    expect(await check(open)).toMatchObject({ kind: 'open', text: expect.stringContaining('cosSim') });
  });

  it('never accepts a hard-coded matrix, right as it may be', async () => {
    const fixed = matrixBy(cosine)(await model.encode(sentences));
    expect(await check(() => fixed)).toMatchObject({ kind: 'wrong', text: /written into the loop/ });
    const remembering = (embeddings: never) =>
      (embeddings as ReturnType<typeof tensor>).shape[0] === 3 ? fixed : tensor([[1]]);
    expect((await check(remembering)).kind).toBe('wrong');
  });

  it.each([
    ['both triangles', matrixBy(cosine, () => true), /above the diagonal/],
    ['dot products', matrixBy(dot), /dot products/],
    ['zeros', matrixBy(() => 0), /diagonal should be 1/],
    ['other numbers', matrixBy((a, b) => (a === b || cosine(a, b) > 0.9999999 ? 1 : 0.3)), /not the cosine/],
    ['a smaller matrix', () => tensor([[1]]), /1 × 1 for 3 sentences/],
    ['no matrix', () => undefined, /no matrix/],
    ['an error', () => undefined!['x' as never], /ends with an error/],
    ['no function', 5, /no function/],
  ])('finds %s', async (_name, similarityMatrix, hint) => {
    expect(await check(similarityMatrix)).toMatchObject({ kind: 'wrong', text: expect.stringMatching(hint) });
  });
});

describe('requires()', () => {
  beforeEach(() => {
    checkModelName(1, '...');
    checkModelName(4, 'all-mpnet-base-v2');
  });

  it('lets a cell run whose blanks are right', () => {
    expect(() => requires(4)).not.toThrow();
  });

  it('ends it with a message and no stack, which repeats the hint', () => {
    expect(() => requires(1, 4, 10)).toThrow(NotReadyError);
    try {
      requires(1, 10);
    } catch (error) {
      const { stack, message, blanks } = error as NotReadyError;
      expect(blanks).toEqual([1, 10]);
      expect(message).toMatch(/needs blanks 1, 10 first.*Blank 1: put the model's name.*run this cell again/);
      expect(stack).toBe(`NotReadyError: ${message}`);
    }
  });
});

describe('compareWithActivity()', () => {
  const id = 'sentence-transformers/all-mpnet-base-v2';
  const figures = activityFigures[id] ?? [];
  const sim = figures.map((row) => [...row, ...Array(5 - row.length).fill(0)]);
  const compare = (from: object, matrix = sim) =>
    compareWithActivity(matrix, {
      model: { name: id, standInFor: undefined },
      sentences: activitySentences,
      ...from,
    }).text;

  it('confirms the real model’s numbers and shows every pair', () => {
    const text = compare({});
    expect(text).toContain(`Numbers of ${id}. All agree`);
    expect(text.match(/^\d and \d/gm)).toHaveLength(10);
    expect(text).toMatch(/4 and 3 +0\.5185 +0\.5185/);
  });

  it('tells by how much they differ', () => {
    const changed = sim.map((row) => row.map((value) => value + 0.01));
    expect(compare({}, changed)).toContain(
      'They differ from the figures that the activity printed, by up to 0.0100',
    );
  });

  it('names a stand-in in the note and over its numbers', () => {
    const model = { name: 'tsbert/mini-mpnet', standInFor: 'all-mpnet-base-v2' };
    const text = compare({ model });
    expect(text).toMatch(/numbers of tsbert\/mini-mpnet, a small stand-in for all-mpnet-base-v2/);
    expect(text).toMatch(/not those of the real model/);
    expect(text).toMatch(/^pair +tsbert\/mini-mpnet +printed for all-mpnet-base-v2$/m);
  });

  it('is a note alone where there is nothing to compare', () => {
    expect(numbersOf({ name: 'org/real', standInFor: undefined }).text).toBe('Numbers of org/real.');
    expect(numbersOf({ name: 'mini', standInFor: 'big' }).text).toBe(
      'Numbers of mini, a small stand-in for big: they are not those of the real model.',
    );
  });

  it('compares nothing with other sentences or models', () => {
    expect(compare({ sentences: ['other'] })).toMatch(/sentences differ.*no printed figures/);
    expect(compare({ model: { name: 'org/other', standInFor: undefined } })).toMatch(/other models/);
  });

  it('has the figures of the fixture', () => {
    const fixture = JSON.parse(
      readFileSync(new URL('../fixtures/activity-expected.json', import.meta.url), 'utf8'),
    );
    expect(activitySentences).toEqual(fixture.sentences);
    for (const [name, { lowerTriangle }] of Object.entries<{ lowerTriangle: number[][] }>(fixture.models)) {
      expect(activityFigures[name]).toEqual(lowerTriangle);
    }
  });
});

describe('tables', () => {
  it('number the sentences and escape them', () => {
    const shown = sentenceTable(['a < b']);
    expect(shown.text).toBe('index  sentence\n0      a < b');
    expect(shown.html).toContain('a &lt; b');
    expect(shown).toBeInstanceOf(Shown);
  });

  it('list what is installed', () => {
    const { text } = installationTable({ name: 'cpu', reason: 'a test' });
    expect(text).toMatch(/^Node +\d/m);
    expect(text).toMatch(/^tfjs backend +cpu \(a test\)$/m);
    expect(text).not.toContain('missing');
  });
});
