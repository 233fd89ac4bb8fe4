/** The exercise's blanks: which are filled in, and what a cell needs before it can run. */
import type { Verdict } from './shown.ts';

/** What stands in a blank before it is filled in. */
export const BLANK = '...';

/** A cell that was run before the blanks above it were filled in. It has no stack: the message is all there is to say. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
  readonly #blanks: readonly number[];

  constructor(blanks: readonly number[], reason: string) {
    const which = blanks.length === 1 ? `blank ${blanks[0]}` : `blanks ${blanks.join(', ')}`;
    super(`This cell needs ${which} first. ${reason} Then run this cell again.`);
    this.#blanks = blanks;
    this.stack = `${this.name}: ${this.message}`;
  }

  /** Numbers of the blanks that are missing. No property of its own, which a traceback would list. */
  get blanks(): readonly number[] {
    return this.#blanks;
  }
}

/** Number of the blank → its last verdict. One kernel works on one notebook, so one table is enough. */
const verdicts = new Map<number, Verdict>();

/** Remembers a verdict. @returns the verdict, for the cell to show */
export function recordVerdict(blank: number, verdict: Verdict): Verdict {
  verdicts.set(blank, verdict);
  return verdict;
}

/**
 * Ends a cell early, with a message in place of an error's trace, when blanks that it builds on are not right yet.
 * @throws NotReadyError naming the blanks
 * @example requires(1, 2);
 */
export function requires(...blanks: number[]): void {
  const missing = blanks.filter((blank) => verdicts.get(blank)?.kind !== 'right');
  if (missing.length === 0) return;
  const told = verdicts.get(missing[0] ?? 0);
  throw new NotReadyError(missing, told ? told.text : 'Fill it in and run its cell.');
}

/** Whether a value is a blank that was left as it is. */
export function isBlank(value: unknown): boolean {
  return typeof value === 'string' && /^\s*(\.{3}|…|)\s*$/.test(value);
}

/** Whether a function's code still has a blank in it. */
export function hasBlank(code: string): boolean {
  return /(['"`])(\.{3}|…)\1/.test(code);
}
