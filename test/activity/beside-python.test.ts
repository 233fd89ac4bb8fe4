/** Our picture beside Python's: what it says, and whose numbers it shows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { activityFigures, activitySentences } from '../../src/activity/expected.ts';
import { besidePython, numbersOf, sentenceTable } from '../../src/activity/index.ts';
import { wordPieces } from '../../src/activity/shown/word-pieces.ts';

const id = 'sentence-transformers/all-mpnet-base-v2';
const figures = activityFigures[id] ?? [];
const sim = figures.map((row) => [...row, ...Array<number>(5 - row.length).fill(0)]);
const real = { name: id, standInFor: undefined };

interface Value {
  panel: number;
  model: string;
  row: number;
  col: number;
  sim: number;
}
const wordsOf = ({ spec }: { spec: Record<string, unknown> }) =>
  [(spec.title as { subtitle: string | string[] }).subtitle].flat().join(' ');
const valuesOf = ({ spec }: { spec: Record<string, unknown> }) => (spec.data as { values: Value[] }).values;

describe('besidePython()', () => {
  it('shows both on one scale, and says that the real model agrees to six places', () => {
    const chart = besidePython(sim, { model: real, sentences: activitySentences });
    expect(wordsOf(chart)).toBe('The same numbers to six places (greatest difference 0.0e+0).');
    const [here, python] = [0, 1].map((panel) =>
      valuesOf(chart).find((value) => value.panel === panel && value.row === 4 && value.col === 3),
    );
    expect(here).toMatchObject({ sim: 0.51847208, model: `here: ${id}` });
    expect(python).toMatchObject({ sim: 0.51847208, model: 'in Python: all-mpnet-base-v2' });
  });

  it('tells by how much they differ', () => {
    const changed = sim.map((row, i) => row.map((value, j) => (i === j ? value : value + 0.01)));
    expect(wordsOf(besidePython(changed, { model: real, sentences: activitySentences }))).toBe(
      'The numbers differ by up to 0.010.',
    );
    const nearly = sim.map((row, i) => row.map((value, j) => (i === j ? value : value + 2e-6)));
    expect(wordsOf(besidePython(nearly, { model: real, sentences: activitySentences }))).toContain(
      '0.0000020',
    );
  });

  it('says that the numbers of a stand-in are its own', () => {
    const model = { name: 'tsbert/mini-mpnet', standInFor: 'all-mpnet-base-v2' };
    const chart = besidePython(sim, { model, sentences: activitySentences });
    expect(wordsOf(chart)).toBe(
      'tsbert/mini-mpnet stands in for all-mpnet-base-v2: its numbers are its own.',
    );
  });

  it('shows ours alone where there is nothing to compare with', () => {
    const two = [[1, 0], [0.5, 1]]; // biome-ignore format: a matrix
    const other = besidePython(two, { model: real, sentences: ['a', 'b'] });
    expect(wordsOf(other)).toContain('the sentences differ');
    expect(valuesOf(other).every(({ model }) => model === undefined)).toBe(true);
    const unknown = { name: 'org/other', standInFor: undefined };
    expect(wordsOf(besidePython(sim, { model: unknown, sentences: activitySentences }))).toContain(
      'other models',
    );
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

describe('numbersOf()', () => {
  it('names the model, and what a stand-in is not', () => {
    expect(numbersOf({ name: 'org/real', standInFor: undefined }).text).toBe('Numbers of org/real.');
    expect(numbersOf({ name: 'mini', standInFor: 'big' }).text).toBe(
      'Numbers of mini, a small stand-in for big: they are not those of the real model.',
    );
  });
});

describe('sentenceTable()', () => {
  it('numbers the sentences and escapes them', () => {
    const shown = sentenceTable(['a < b']);
    expect(shown.text).toBe('index  sentence\n0      a < b');
    expect(shown.html).toContain('a &lt; b');
  });
});

describe('wordPieces()', () => {
  const piece = (text: string, flags = {}) => ({ text, special: false, unknown: false, ...flags });
  const show = (...pieces: ReturnType<typeof piece>[]) => wordPieces({ tokenize: () => pieces }, 'x');
  const grounds = (markup: string) =>
    [...markup.matchAll(/background: ([^;]*);/g)].map(([, ground]) => ground);

  it('gives the pieces of a word one colour', () => {
    const shown = show(piece('[CLS]', { special: true }), piece('fl'), piece('##oss'), piece('bricks'));
    expect(shown.text).toBe('[CLS] fl ##oss bricks');
    const [one, two, three] = grounds(shown.html);
    expect(one).toBe(two);
    expect(three).not.toBe(one);
  });

  it('knows words that begin with a mark', () => {
    const [one, two, three] = grounds(show(piece('▁fl'), piece('oss'), piece('▁<b>')).html);
    expect(one).toBe(two);
    expect(three).not.toBe(one);
  });

  it('frames what is unknown, and runs no markup', () => {
    const { html } = show(piece('[UNK]', { unknown: true }), piece('<script>'));
    expect(html).toContain('border: 2px solid');
    expect(html).not.toContain('<script>');
  });
});
