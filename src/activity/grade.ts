/** Judges a blank for a grader, which runs this in the learner's kernel, behind the learner's own cells. */

import { findLesson, judgeBlank } from './lesson.ts';
import { BLANK_NAME, isBlank } from './work/blank.ts';
import { type Given, open } from './work/finding.ts';

const display: unique symbol = Symbol.for('Jupyter.display') as never;

/** Under which a grade stands in a cell's output. */
export const GRADE_MIME = 'application/vnd.tsbert.grade+json';

/** What became of a blank. */
export interface Grade {
  /** The grader's own, so that nothing else can pass for its grade. */
  key: string;
  blank: number;
  kind: 'right' | 'wrong' | 'open';
  message: string;
}

/**
 * The grade of a blank, judged strictly: also with cases that the notebook does not show.
 * @param key repeated in the grade
 * @param name the exercise's
 * @param answer gives what the learner filled in
 * @param given gives what it was made of, by the names in the notebook; not asked for while the blank is open
 * @returns a value that shows itself as a {@link Grade}
 * @example await gradeBlank('key', 'activity', 1, () => 'bert-base-nli-mean-tokens', () => ({}));
 */
export async function gradeBlank(
  key: string,
  name: string,
  number: number,
  answer: () => unknown,
  given: () => Given,
): Promise<object> {
  const blank = findLesson(name).blanks.find((each) => each.number === number);
  if (!blank) throw new RangeError(`The exercise '${name}' has no blank ${number}.`);
  const value = answer();
  const { kind, message } = isStillOpen(value) ? open : await judgeBlank(blank, value, given(), true);
  const grade: Grade = { key, blank: number, kind, message };
  return { [display]: () => ({ [GRADE_MIME]: grade, 'text/plain': `blank ${number}: ${kind}` }) };
}

/** Whether an answer is the blank, or a function with the blank in it. */
function isStillOpen(value: unknown): boolean {
  return isBlank(value) || (typeof value === 'function' && String(value).includes(BLANK_NAME));
}
