/** Names with hyphens that stand without quotes: TypeScript reads them as a subtraction. */

/** Two hyphens at least, and no blanks: nobody subtracts like that, and models are named like that. */
const HYPHENATED = /[A-Za-z_][\w.]*(?:-[\w.]+){2,}/g;

/** A hyphenated name in a line. */
export interface HyphenatedName {
  name: string;
  /** From 1. */
  column: number;
}

/**
 * The hyphenated name that covers a column.
 *
 * @example hyphenatedAt('load(all-mpnet-base)', 6) // { name: 'all-mpnet-base', column: 6 }
 */
export function hyphenatedAt(line: string, column: number): HyphenatedName | undefined {
  for (const { 0: name, index } of line.matchAll(HYPHENATED)) {
    if (column > index && column <= index + name.length) return { name, column: index + 1 };
  }
  return undefined;
}
