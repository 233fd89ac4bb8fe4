/** The exercise from the learner's side: blanks, wrong answers with their hints, the ladder, and solutions. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ____,
  BlankError,
  type LessonTools,
  lesson,
  SimilarityMatrix,
  zeros,
} from '../../src/activity/index.ts';
import { Ladder } from '../../src/activity/ladder.ts';
import { findLesson } from '../../src/activity/lesson.ts';
import { model, sentences, type Tensor, tensor } from './small-model.ts';

type Compare = (a: number[], b: number[]) => number;
const dot: Compare = (a, b) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const cosine: Compare = (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const rowsOf = ({ arraySync }: Tensor) => arraySync();
/** As the library's: [n, dim] and [m, dim] give [n, m]. */
const cosSim = (a: Tensor, b: Tensor) => tensor(rowsOf(a).map((x) => rowsOf(b).map((y) => cosine(x, y))));
const row = (all: Tensor, i: number) => tensor([rowsOf(all)[i]!]);
const rowsFrom = (all: Tensor, i: number) => tensor(rowsOf(all).slice(i));

/** The learner's function with an expression in its blank. */
function similaritiesWith(scores: (embeddings: Tensor, i: number) => unknown) {
  return function similarities(embeddings: Tensor) {
    const sim = zeros(embeddings.shape[0]!);
    for (let i = 0; i < sim.size; i++) sim.setColumn(i, scores(embeddings, i) as never);
    return sim;
  };
}
const answer3 = similaritiesWith((all, i) => cosSim(row(all, i), rowsFrom(all, i)));

const given = { model, sentences };
let tools: LessonTools;
beforeEach(() => {
  tools = lesson('activity');
});
const check = (blank: number, answer: unknown) => tools.check(blank, answer, given);

describe('lesson().check() accepts', () => {
  it.each([
    [1, 'bert-base-nli-mean-tokens'],
    [1, ' sentence-transformers/bert-base-nli-mean-tokens '],
    [4, 'all-mpnet-base-v2'],
    [3, answer3],
  ])('the answer of blank %i', async (blank, answer) => {
    expect(await check(blank, answer)).toMatchObject({ kind: 'right' });
  });

  it('the embeddings of the sentences', async () => {
    const verdict = await check(2, await model.encode(sentences));
    expect(verdict.text).toBe('✓ Right. 3 sentences, 3 embeddings of 3 numbers each.');
  });
});

describe('lesson().check() asks to fill in', () => {
  it.each([1, 2, 3, 4])('blank %i', async (blank) => {
    const answer = blank === 3 ? similaritiesWith(() => ____) : ____;
    expect(await check(blank, answer)).toMatchObject({
      kind: 'open',
      text: expect.stringMatching(new RegExp(`^… To fill in. Blank ${blank}: `)),
    });
  });
});

/** Mistakes of learners and the words that they get. Those that do not compile are the kernel's to explain. */
const MISTAKES: [mistake: string, blank: number, answer: () => unknown, words: RegExp][] = [
  [
    'code inside quotes',
    2,
    () => 'await model.encode(sentences)',
    /stands between quotes.*Take the quotes away/,
  ],
  ['code inside quotes, in the loop', 3, () => similaritiesWith(() => 'cosSim(one, rest)'), /between quotes/],
  ['await forgotten', 2, () => model.encode(sentences), /promise.*Write await/],
  [
    'one sentence encoded',
    2,
    () => model.encode(sentences.slice(0, 1)),
    /3 sentences and 1 embeddings.*whole list/,
  ],
  [
    'one sentence as a vector',
    2,
    () => ({ shape: [3], dataSync: () => [1, 2, 3] }),
    /one sentence.*whole list/,
  ],
  ['the method not called', 2, () => model.encode, /not called.*parentheses/],
  ['the sentences themselves', 2, () => sentences, /no embeddings/],
  ['a number', 2, () => 5, /no embeddings/],
  [
    'other sentences',
    2,
    () => model.encode([...sentences].reverse()),
    /other sentences, or of another model/,
  ],
  ['the wrong model', 4, () => 'all-MiniLM-L6-v2', /a model too, but another one/],
  [
    'a misspelt model',
    4,
    () => 'all-mpnet-base-v3',
    /There is no 'all-mpnet-base-v3'. Did you mean 'all-mpnet-base-v2'\?/,
  ],
  ['capitals', 4, () => 'All-MPNet-base-v2', /Did you mean 'all-mpnet-base-v2'/],
  ['the loaded model', 1, () => model, /text between quotes, and this is a object|an object/],
  [
    'arguments swapped',
    3,
    () => similaritiesWith((all, i) => cosSim(rowsFrom(all, i), row(all, i))),
    /3 × 1, and should be 1 × 3.*in this order/,
  ],
  ['all with all', 3, () => similaritiesWith((all) => cosSim(all, all)), /3 × 3, and should be 1 × 3/],
  [
    'always the same rows',
    3,
    () => similaritiesWith((all, i) => cosSim(row(all, i), all)),
    /takes 2 scores.*there are 3/,
  ],
  [
    'dot products',
    3,
    () => similaritiesWith((all, i) => rowsOf(rowsFrom(all, i)).map((x) => dot(x, rowsOf(all)[i]!))),
    /dot products.*cosSim/,
  ],
  ['zeros', 3, () => () => zeros(3), /diagonal should be 1/],
  ['no matrix', 3, () => () => undefined, /no matrix/],
  ['an error', 3, () => () => undefined!['x' as never], /ends with an error/],
  ['no function', 3, () => 5, /no function/],
];

describe('lesson().check() hints at', () => {
  it.each(MISTAKES)('%s', async (_, blank, answer, words) => {
    const given = answer();
    const value = blank === 2 && given instanceof Promise && _ !== 'await forgotten' ? await given : given;
    expect(await check(blank, value)).toMatchObject({ kind: 'wrong', text: expect.stringMatching(words) });
  });

  it('a matrix written by hand, right as it may be', async () => {
    const fixed = answer3(await model.encode(sentences));
    expect(await check(3, () => fixed)).toMatchObject({ kind: 'wrong', text: /written into the loop/ });
  });
});

describe('the ladder', () => {
  const blank = findLesson('activity').blanks[1]!;

  it('gives a nearer hint for each wrong try, then offers the solution', () => {
    const ladder = new Ladder();
    const texts = [1, 2, 3, 4].map(() => ladder.judge(blank, { kind: 'wrong', message: 'No.' }).text);
    for (const [i, hint] of blank.hints.entries()) {
      expect(texts[i]).toContain(`No. Hint ${i + 1} of 3: ${hint}`);
    }
    expect(texts.map((text) => text.includes('solution(2)'))).toEqual([false, false, true, true]);
  });

  it('counts no blank that is still open', () => {
    const ladder = new Ladder();
    ladder.judge(blank, { kind: 'open', message: '' });
    expect(ladder.hint(blank).text).toContain('Hint 1 of 3');
  });

  it('starts anew for each blank and goes on in a cell that is run again', async () => {
    const before = lesson('semantic-search').hint(1).text;
    expect(before).toContain('Hint 1 of 3');
    expect(lesson('semantic-search').hint(1).text).toContain('Hint 2 of 3');
    expect(lesson('semantic-search').hint(2).text).toContain('Hint 1 of 3');
  });
});

describe('hint() and solution()', () => {
  it('speak of the blank that was checked last', async () => {
    await check(4, 'x');
    expect(tools.hint().text).toContain('all-');
    expect(tools.solution().text).toMatch(
      /^Solution of blank 4:\n\n {4}const mpnetName = 'all-mpnet-base-v2';\n\nA model/,
    );
  });

  it.each(['activity', 'semantic-search', 'sentence-map'])('know every blank of %s', (name) => {
    for (const { number, solution, reason } of findLesson(name).blanks) {
      const shown = lesson(name).solution(number);
      expect(shown.text).toContain(solution);
      expect(shown.text).toContain(reason);
    }
  });

  it('refuse what is not there', async () => {
    expect(() => tools.hint(9)).toThrow("The exercise 'activity' has blanks 1 to 4, and no blank 9.");
    await expect(tools.check(0, 'x')).rejects.toThrow('no blank 0');
    expect(() => lesson('nothing')).toThrow(/There is no exercise 'nothing'. There are: activity/);
  });
});

describe('____', () => {
  it('may stand anywhere, and says what it is where it is used', async () => {
    expect(() => ____.shape).toThrow(BlankError);
    expect(() => ____()).toThrow(/still a blank ____ in this cell, or in one above/);
    expect(() => `${____}`).toThrow(BlankError);
    expect(await ____).toBe(____);
    try {
      ____.length;
    } catch (error) {
      expect((error as Error).stack).toBe(`BlankError: ${(error as Error).message}`);
    }
  });
});

describe('SimilarityMatrix', () => {
  it('is filled column by column from the diagonal down, and prints as numpy does', () => {
    const sim = new SimilarityMatrix(2);
    sim.setColumn(0, [1, 0.25]);
    sim.setColumn(1, tensor([[1]]));
    expect(sim.toString()).toBe('array([[1.  , 0.  ],\n       [0.25, 1.  ]])');
    expect(sim.get(1, 0)).toBe(0.25);
    expect(() => sim.get(2, 0)).toThrow(RangeError);
  });

  it('takes no column of another length', () => {
    expect(() => zeros(3).setColumn(1, [1, 2, 3])).toThrow(/Column 1 takes 2 scores.*there are 3/);
  });
});
