/** The pieces of work of a page, named, so that one that never ends can be found and left out. */

/** Where each piece of work is announced. */
export interface Units {
  /** Says that a piece begins. */
  begin(unit: string): void;
  /** Whether a piece took too long before: it is not tried again. */
  isGivenUp(unit: string): boolean;
}

/** What is not a piece that can be left out: the start, and the page around the pieces. */
export const WHOLE_PAGE = 'page';

/** Whether a piece is more than text: the others are named by their place alone, or as text or code of it. */
export function isRich(unit: string): boolean {
  return / (?!text\/plain|code)/.test(unit);
}

/** For callers that trust the notebook, or stop the work themselves. */
export const unwatched: Units = { begin() {}, isGivenUp: () => false };

/**
 * Does a piece of work, unless it was given up; what it leaves when it is, or when it needs more room than there is,
 * comes from `otherwise`.
 */
export async function attempt<T>(
  units: Units,
  unit: string,
  work: () => T | Promise<T>,
  otherwise: () => T,
): Promise<T> {
  if (units.isGivenUp(unit)) return otherwise();
  units.begin(unit);
  try {
    return await work();
  } catch (error) {
    // Nested too deep for the stack, or a text too long for one.
    if (error instanceof RangeError) return otherwise();
    throw error;
  }
}
