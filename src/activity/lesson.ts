/** An exercise as its notebook uses it: checks, hints and solutions. */

import { Ladder, showSolution } from './ladder.ts';
import { activity } from './lessons/activity.ts';
import { classify } from './lessons/classify.ts';
import { limits } from './lessons/limits.ts';
import { semanticSearchLesson } from './lessons/semantic-search.ts';
import { sentenceMap } from './lessons/sentence-map.ts';
import { findMistake } from './mistakes.ts';
import type { Solution, Verdict } from './shown/shown.ts';
import { BlankError } from './work/blank.ts';
import type { Blank, Finding, Given, Lesson } from './work/finding.ts';

const LESSONS: readonly Lesson[] = [activity, semanticSearchLesson, sentenceMap, classify, limits];

/** Tries outlive the cell that asks for them: running the first cell again starts no new ladder. */
const ladders = new Map<string, Ladder>();

/** What a notebook does with its exercise. */
export interface LessonTools {
  /**
   * Looks at the answer of a blank.
   * @param blank the blank's number
   * @param answer what was filled in
   * @param given what the answer was made of, by the names in the notebook
   */
  check(blank: number, answer: unknown, given?: Given): Promise<Verdict>;
  /** The next hint for a blank, or for the one that was checked last. */
  hint(blank?: number): Verdict;
  /** The answer of a blank, or of the one that was checked last, and why it is right. */
  solution(blank?: number): Solution;
}

/**
 * The checks of an exercise.
 * @param name the exercise's, which is that of its notebook
 * @throws RangeError when there is no such exercise, or no blank of that number in it
 * @example const { check, hint, solution } = lesson('activity');
 */
export function lesson(name: string): LessonTools {
  const found = findLesson(name);
  const ladder = ladders.get(name) ?? new Ladder();
  ladders.set(name, ladder);
  const blankOf = (number: number | undefined) => findBlank(found, number ?? ladder.last ?? 1);
  return {
    check: async (number, answer, given = {}) => {
      const blank = findBlank(found, number);
      return ladder.judge(blank, await judgeBlank(blank, answer, given));
    },
    hint: (number) => ladder.hint(blankOf(number)),
    solution: (number) => showSolution(blankOf(number)),
  };
}

/** The exercises by name. @throws RangeError when there is no such exercise */
export function findLesson(name: string): Lesson {
  const found = LESSONS.find((each) => each.name === name);
  if (found) return found;
  throw new RangeError(
    `There is no exercise '${name}'. There are: ${LESSONS.map((each) => each.name).join(', ')}.`,
  );
}

function findBlank({ name, blanks }: Lesson, number: number): Blank {
  const found = blanks.find((blank) => blank.number === number);
  if (found) return found;
  throw new RangeError(`The exercise '${name}' has blanks 1 to ${blanks.length}, and no blank ${number}.`);
}

/** Judges an answer. @param strictly also with cases that the notebook does not show */
export async function judgeBlank(
  blank: Blank,
  answer: unknown,
  given: Given,
  strictly = false,
): Promise<Finding> {
  try {
    return findMistake(answer, blank) ?? (await blank.judge(answer, given, strictly));
  } catch (error) {
    if (error instanceof BlankError) return { kind: 'open', message: '' };
    throw error;
  }
}
