/** What a judge finds in a blank's answer, and what a blank is made of. */

/** The answer is right, wrong with what is wrong about it, or still a blank. */
export interface Finding {
  kind: 'right' | 'wrong' | 'open';
  /** One or two sentences for the learner; empty where the blank's own hints say more. */
  message: string;
}

/** @param message what was found out */
export const right = (message: string): Finding => ({ kind: 'right', message });
/** @param message what is wrong, and what to do */
export const wrong = (message = ''): Finding => ({ kind: 'wrong', message });
/** The blank is still there. */
export const open: Finding = { kind: 'open', message: '' };

/** What the learner works with, by the names in the notebook: the model, the sentences and the like. */
export type Given = Readonly<Record<string, unknown>>;

/** A blank of an exercise. */
export interface Blank {
  number: number;
  /** The name in the notebook that holds the answer. */
  answer: string;
  /** Names in the notebook that the judge needs beside it. */
  given: readonly string[];
  /** What the answer is: a text between quotes, a function that the notebook has begun, or any other value. */
  kind: 'text' | 'function' | 'value';
  /** What is to be done, for a blank that is still open. */
  task: string;
  /** From a nudge to nearly the solution. */
  hints: readonly [string, string, string];
  /** The code that fills the blank. */
  solution: string;
  /** Why it is right. */
  reason: string;
  /**
   * @param value what the answer's name holds
   * @param strictly also with cases that the notebook does not show, for grading
   */
  judge(value: unknown, given: Given, strictly: boolean): Promise<Finding>;
}

/** An exercise: a notebook with blanks. */
export interface Lesson {
  name: string;
  blanks: readonly Blank[];
}
