/** The sentences of a chart: those it was given, if its numbers were made of them, else those that the numbers remember. */
import { type RememberedSentences, rememberedSentences } from '../text/sentence-memory.ts';

/** Sentences that are not those which similarities were made of. */
export class SentenceMismatchError extends RangeError {
  override readonly name = 'SentenceMismatchError';
  /** Index of the first sentence that differs. */
  readonly index: number;
  /** What it was when the similarities were made; undefined where there was none. */
  readonly expected: string | undefined;
  /** What it is now; undefined where there is none. */
  readonly actual: string | undefined;
  /** Execution counts of the notebook's cells that made the similarities. */
  readonly cells: readonly number[];

  constructor(message: string, data: Pick<SentenceMismatchError, 'index' | 'expected' | 'actual' | 'cells'>) {
    super(message);
    this.index = data.index;
    this.expected = data.expected;
    this.actual = data.actual;
    this.cells = data.cells;
  }
}

/** How many characters of a sentence an error quotes. */
const QUOTED_LENGTH = 40;

/**
 * The sentences for similarities of a list with itself.
 *
 * @param given what the caller gave; absent when the similarities are to label themselves
 * @param name what the similarities are called in an error
 * @param firstNumber the number of the first sentence, in errors as in the chart
 * @returns undefined when nothing was given, and nothing is remembered
 * @throws {SentenceMismatchError} when the given ones are not those that the similarities were made of
 * @throws {RangeError} when the similarities compare two different lists
 */
export function fittingSentences(
  similarities: unknown,
  given: readonly string[] | undefined,
  { name, firstNumber }: { name: string; firstNumber: number },
): readonly string[] | undefined {
  const known = rememberedSentences(similarities);
  if (known === undefined) return given;
  requireOneList(known, { name, firstNumber });
  if (given !== undefined) requireSame(known, given, { name, firstNumber });
  return given ?? known.rows;
}

type Place = { name: string; firstNumber: number };

function requireSame({ rows, cells }: RememberedSentences, given: readonly string[], place: Place): void {
  const index = firstDifference(rows, given);
  if (index === undefined) return;
  const expected = rows[index];
  const actual = given[index];
  const number = index + place.firstNumber;
  const counts =
    rows.length === given.length
      ? ''
      : ` They were made of ${rows.length} sentences, and there are ${given.length}.`;
  const what =
    expected === undefined
      ? `Sentence ${number}, ${quote(actual!)}, was not there when the ${place.name} were made.`
      : `Sentence ${number} was ${quote(expected)} when the ${place.name} were made, and ${actual === undefined ? 'is gone' : `is ${quote(actual)} now`}.`;
  throw new SentenceMismatchError(`${what}${counts} ${remedy(cells)}`, { index, expected, actual, cells });
}

function requireOneList({ rows, columns = rows }: RememberedSentences, { name, firstNumber }: Place): void {
  const index = rows.length === columns.length ? firstDifference(rows, columns) : undefined;
  if (index === undefined) return;
  throw new RangeError(
    `The ${name} compare two different lists: sentence ${index + firstNumber} is ${quote(rows[index]!)} in the rows and ` +
      `${quote(columns[index]!)} in the columns. Pass cosSim(embeddings, embeddings).`,
  );
}

function firstDifference(one: readonly string[], other: readonly string[]): number | undefined {
  const length = Math.max(one.length, other.length);
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return i;
  return undefined;
}

function remedy(cells: readonly number[]): string {
  const [last, ...others] = [...cells].reverse();
  if (last === undefined) return 'Encode the sentences again, and compare them.';
  if (others.length === 0) return `Run cell ${last} again.`;
  return `Run cells ${others.reverse().join(', ')} and ${last} again.`;
}

function quote(sentence: string): string {
  const text = String(sentence);
  return `'${text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH - 1).trimEnd()}…` : text}'`;
}
