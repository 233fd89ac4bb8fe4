/** Logistic regression: what it learns, and the blanks of the notebooks that use it. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { confusionTable, lesson, pairTable, trainClassifier } from '../../../src/activity/index.ts';
import { readyBackend } from '../../../src/index.ts';

beforeAll(async () => {
  await readyBackend();
});

const rows = [
  [1, 0],
  [0.9, 0.1],
  [0, 1],
  [0.2, 0.9],
  [-1, -1],
  [-0.8, -1],
];
const labels = ['a', 'a', 'b', 'b', 'c', 'c'];

describe('trainClassifier()', () => {
  it.each([1, 20])('tells what can be told apart, at any length of embeddings (× %i)', (scale) => {
    const classifier = trainClassifier(tf.tensor2d(rows.map((row) => row.map((x) => x * scale))), labels);
    const others = tf.tensor2d([[2, 0.1], [0.1, 0.4], [-3, -2]].map((row) => row.map((x) => x * scale))); // biome-ignore format: rows
    expect(classifier.classify(others)).toEqual(['a', 'b', 'c']);
    expect(classifier.labels).toEqual(['a', 'b', 'c']);
  });

  it('finds where the gradient vanishes: two opposite points, one weight', () => {
    // Minimum of log(1 + exp(-2 w)) + decay: the two labels mirror each other, so 0 lies between them.
    const classifier = trainClassifier(tf.tensor2d([[1], [-1]]), ['right', 'left']);
    expect(classifier.classify(tf.tensor2d([[0.001], [-0.001]]))).toEqual(['right', 'left']);
  });

  it('refuses labels that do not fit', () => {
    expect(() => trainClassifier(tf.tensor2d(rows), ['a'])).toThrow(/6 embeddings, but 1 labels/);
    expect(() => trainClassifier(tf.tensor2d([[1], [2]]), ['a', 'a'])).toThrow(/nothing to tell apart/);
  });
});

describe("lesson('classify')", () => {
  const { check } = lesson('classify');
  const given = () => {
    const trainEmbeddings = tf.tensor2d(rows);
    const testEmbeddings = tf.tensor2d([[1, 0.2], [0.3, 1], [1, 0.1], [-2, -1]]); // biome-ignore format: rows
    return { trainEmbeddings, trainTopics: labels, testEmbeddings, testTopics: ['a', 'b', 'b', 'c'] };
  };

  it('goes from training to accuracy', async () => {
    const work = given();
    const classifier = trainClassifier(work.trainEmbeddings, labels);
    expect((await check(1, classifier, work)).kind).toBe('right');
    const predicted = classifier.classify(work.testEmbeddings);
    expect((await check(2, predicted, { ...work, classifier })).kind).toBe('right');
    expect((await check(3, 0.75, { ...work, predicted })).text).toContain('75 %');
  });

  it.each([
    [1, () => trainClassifier, /not called/],
    [1, () => 5, /no classifier/],
    [1, () => trainClassifier(given().trainEmbeddings, ['a', 'b', 'c', 'a', 'b', 'c']), /did not learn/],
    [2, () => ['a'], /4 test sentences and 1 topics/],
    [2, () => ['a', 'b', 'b', 'c'], /right topics, not the classifier’s/],
    [2, () => ['c', 'c', 'c', 'c'], /other topics/],
    [3, () => 3, /Divide it/],
    [3, () => 75, /per cent/],
    [3, () => 0.25, /wrong topics/],
    [3, () => 'a lot', /number from 0 to 1/],
    [3, () => 0.5, /not the share/],
  ])('hints at a wrong answer to blank %i', async (blank, answer, words) => {
    const work = given();
    const classifier = trainClassifier(work.trainEmbeddings, labels);
    const predicted = classifier.classify(work.testEmbeddings);
    const verdict = await check(blank, answer(), { ...work, classifier, predicted });
    expect(verdict).toMatchObject({ kind: 'wrong', text: expect.stringMatching(words) });
  });
});

describe("lesson('limits')", () => {
  const { check } = lesson('limits');
  const embed = (text: string) => [text.length, text.includes('not') ? 1 : 0, 1];
  const model = {
    name: 'test/model',
    standInFor: undefined,
    encode: async (texts: readonly string[]) => tf.tensor2d(texts.map(embed)),
  };
  const pairs = [['a', 'not a'], ['b', 'bb']]; // biome-ignore format: pairs
  const scores = pairs.map(([a = '', b = '']) => {
    const [x, y] = [embed(a), embed(b)];
    return x.reduce((sum, value, i) => sum + value * y[i]!, 0) / (Math.hypot(...x) * Math.hypot(...y));
  });

  it('takes one score for each pair', async () => {
    expect((await check(1, tf.tensor1d(scores), { model, pairs })).kind).toBe('right');
    expect((await check(1, tf.tensor2d([[1, 2], [3, 4]]), { model, pairs })).text).toMatch(/2 pairs and 4 scores/); // biome-ignore format: one line
    expect((await check(1, [0.1, 0.2], { model, pairs })).text).toMatch(/not the scores/);
    expect((await check(1, 'x', { model, pairs })).text).toMatch(/no scores/);
  });

  it('takes two sentences that the model finds alike', async () => {
    const trap = ['It is raining today.', 'It is not raining today.'];
    expect((await check(2, trap, { model })).text).toMatch(/^✓ Right. The model gives them 1.00/);
    expect((await check(2, ['same', 'Same '], { model })).text).toMatch(/are the same/);
    expect((await check(2, ['one'], { model })).text).toMatch(/not two sentences/);
    expect((await check(2, ['', 'a much longer one'], { model })).text).toMatch(/only\. Change as few words/);
  });
});

describe('tables of results', () => {
  it('show pairs and confusions', () => {
    expect(pairTable([['a', 'b']], tf.tensor1d([0.5]), { name: 'm' }).text).toBe(
      'score by m  one  the other\n0.50        a    b',
    );
    expect(confusionTable(['x', 'x', 'y'], ['x', 'y', 'y']).text.split('\n').slice(1)).toEqual([
      'x                  1  1',
      'y                     1',
    ]);
    expect(() => confusionTable(['x'], [])).toThrow(RangeError);
  });
});
