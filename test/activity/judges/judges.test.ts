/** The judges of the search and map notebooks: wrong and right answers. */
import { describe, expect, it } from 'vitest';
import { everydaySentences, hitTable } from '../../../src/activity/index.ts';
import { judgeGroups, judgePositions } from '../../../src/activity/judges/map.ts';
import { judgeSearch } from '../../../src/activity/judges/search.ts';
import { pca } from '../../../src/embeddings/compare/pca.ts';
import { tensor } from '../small-model.ts';

/** Angle by the number of letters: no two of the sentences have the same. */
const embed = (text: string) => [Math.cos(text.length / 20), Math.sin(text.length / 20)];
const model = {
  name: 'test/model',
  standInFor: undefined,
  encode: async (sentences: readonly string[]) => tensor(sentences.map(embed)),
};
const sentences = ['snow', 'rain in May', 'a cat that sleeps', 'dogs eat what they are given', 'no'];

function searchBy(better: (a: number, b: number) => number) {
  return async (query: string, topK: number) => {
    const [x = 0, y = 0] = embed(query);
    const hits = sentences.map((sentence, corpusId) => {
      const [a = 0, b = 0] = embed(sentence);
      return { corpusId, score: a * x + b * y };
    });
    return hits.sort((a, b) => better(a.score, b.score)).slice(0, topK);
  };
}

describe('judgeSearch()', () => {
  const given = { model, corpus: sentences };
  const judge = (search: unknown, strictly = false) => judgeSearch(search, given, strictly);

  it.each([false, true])('confirms a search that finds the nearest (strictly: %s)', async (strictly) => {
    const search = searchBy((a, b) => b - a);
    expect(await judge(search, strictly)).toMatchObject({
      kind: 'right',
      message: expect.stringContaining(`of ${strictly ? 4 : 2} other queries`),
    });
  });

  it('finds one that answers the queries of the notebook only, when it is strict', async () => {
    const known = new Set(['bad weather', 'What do animals eat?']);
    const search = (query: string, topK: number) =>
      searchBy((a, b) => (known.has(query) ? b - a : a - b))(query, topK);
    expect((await judge(search)).kind).toBe('right');
    expect((await judge(search, true)).kind).toBe('wrong');
  });

  it.each([
    ['the farthest', searchBy((a, b) => a - b), /not the nearest/],
    [
      'all of them',
      async (query: string) => searchBy((a, b) => b - a)(query, 5),
      /5 hits where 3 were asked for/,
    ],
    ['nothing', async () => [], /no hits/],
    ['something else', async () => ['x'], /no hits/],
    ['an error', () => undefined!['x' as never], /ends with an error/],
    ['no function', 7, /no function/],
  ])('finds %s', async (_name, search, hint) => {
    expect(await judge(search)).toMatchObject({ kind: 'wrong', message: expect.stringMatching(hint) });
  });
});

const rows = [
  [1, 0, 0],
  [0.9, 0.1, 0],
  [0, 1, 0.2],
  [0, 0.9, 0.1],
  [0, 0, -1],
];

describe('judgePositions()', () => {
  it('confirms the principal components', async () => {
    expect((await judgePositions(pca(rows), { embeddings: rows })).kind).toBe('right');
  });

  it.each([
    ['text', 'x', 'wrong', /no positions/],
    ['all dimensions', rows, 'wrong', /5 × 3, and a map needs 5 × 2/],
    ['other positions', rows.map(() => [0, 0]), 'wrong', /other embeddings/],
  ])('finds %s', async (_name, positions, kind, hint) => {
    expect(await judgePositions(positions, { embeddings: rows })).toMatchObject({
      kind,
      message: expect.stringMatching(hint),
    });
  });
});

describe('judgeGroups()', () => {
  it('confirms groups of near rows', async () => {
    const verdict = await judgeGroups([[0, 1], [2, 3]], { embeddings: rows }); // biome-ignore format: pairs
    expect(verdict).toMatchObject({
      kind: 'right',
      message: expect.stringContaining('2 groups, with 4 of the 5'),
    });
  });

  it.each([
    ['text', 'x', 'wrong', /no groups/],
    ['rows that are not there', [[7]], 'wrong', /no groups/],
    ['none', [], 'wrong', /too high/],
    ['one in two', [[0, 1], [1]], 'wrong', /in two groups/],
    ['one of all', [[0, 1, 2, 3, 4]], 'wrong', /too low/],
    ['unlike ones', [[0, 4], [2]], 'wrong', /nothing in common/],
  ])('finds %s', async (_name, groups, kind, hint) => {
    expect(await judgeGroups(groups, { embeddings: rows })).toMatchObject({
      kind,
      message: expect.stringMatching(hint),
    });
  });
});

describe('everydaySentences()', () => {
  it('are 240, each once, twenty for each topic', async () => {
    const all = await everydaySentences();
    expect(new Set(all.map(({ sentence }) => sentence)).size).toBe(240);
    const counts = new Map<string, number>();
    for (const { topic } of all) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array(12).fill(20));
  });
});

describe('hitTable()', () => {
  it('names the model over its scores', () => {
    const { text } = hitTable([{ corpusId: 1, score: 0.51234 }], sentences, model);
    expect(text).toBe('rank  score by test/model  sentence\n1     0.512                rain in May');
  });
});
