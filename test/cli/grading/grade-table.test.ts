/** The table of a class's grades. */
import { describe, expect, it } from 'vitest';
import { gradeRows, toCsv, toText } from '../../../src/cli/grading/grade-table.ts';

const all = [
  {
    learner: 'anna',
    exercise: 'activity',
    blanks: [
      { number: 1, kind: 'right' as const, message: 'Good.' },
      { number: 2, kind: 'wrong' as const, message: 'No.\nMore of it.' },
    ],
  },
  { learner: '=ben', blanks: [], problem: 'Not JSON, "x"' },
];

describe('gradeRows()', () => {
  it('has a row for each learner and a column for each blank', () => {
    expect(gradeRows(all)).toEqual([
      ['learner', 'exercise', 'blank 1', 'blank 2', 'right', 'note'],
      ['anna', 'activity', 'right', 'wrong', '1/2', '2: No.'],
      ['=ben', '', '', '', '', 'Not JSON, "x"'],
    ]);
  });
});

describe('toCsv()', () => {
  it('quotes what has to be, and makes no formula of a name', () => {
    expect(toCsv(gradeRows(all)).split('\r\n').at(-1)).toBe('\'=ben,,,,,"Not JSON, ""x"""');
  });
});

describe('toText()', () => {
  it('aligns the columns', () => {
    expect(toText([['a', 'b'], ['long', 'c']])).toBe('a     b\nlong  c'); // biome-ignore format: rows
  });
});
