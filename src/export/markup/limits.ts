/** Keeps pages readable and small: long text is cut in the middle, with a note that says how much is missing. */
import { collapseCarriageReturns } from '../../text/carriage-return.ts';

const HEAD_LINES = 400;
const TAIL_LINES = 100;
/** More than enough for the lines kept, so that the rest of a very long text is never touched. */
const HEAD_CHARACTERS = 200_000;
const TAIL_CHARACTERS = 50_000;
const LINE_CHARACTERS = 20_000;

/** A text, perhaps in two parts with something left out between them. */
export interface CutText {
  head: string;
  /** What stands between head and tail instead of the missing part. */
  omitted?: string;
  tail?: string;
}

/**
 * What a terminal would show of a stream in the end, cut in the middle when it is very long.
 *
 * @example cutText('a\n'.repeat(1000)).omitted // '500 lines are left out here. The notebook has them all.'
 */
export function cutText(text: string): CutText {
  if (text.length <= HEAD_CHARACTERS + TAIL_CHARACTERS) return cutLines(collapseCarriageReturns(text));
  const head = takeLines(collapseCarriageReturns(text.slice(0, HEAD_CHARACTERS)), HEAD_LINES);
  const tailText = collapseCarriageReturns(text.slice(-TAIL_CHARACTERS)).replace(/\n$/, '');
  const tail = shortLines(tailText.split('\n').slice(1).slice(-TAIL_LINES)).join('\n');
  const lines = countLines(text) - head.length - (tail === '' ? 0 : tail.split('\n').length);
  return { head: head.join('\n'), omitted: omittedNote(lines, 'lines'), tail };
}

function cutLines(text: string): CutText {
  const lines = text.replace(/[\n\r]+$/, '').split('\n');
  if (lines.length <= HEAD_LINES + TAIL_LINES) return { head: shortLines(lines).join('\n') };
  const head = shortLines(lines.slice(0, HEAD_LINES)).join('\n');
  const tail = shortLines(lines.slice(-TAIL_LINES)).join('\n');
  return { head, omitted: omittedNote(lines.length - HEAD_LINES - TAIL_LINES, 'lines'), tail };
}

function takeLines(text: string, count: number): string[] {
  return shortLines(text.split('\n', count));
}

function shortLines(lines: string[]): string[] {
  return lines.map((line) =>
    line.length <= LINE_CHARACTERS
      ? line
      : `${line.slice(0, LINE_CHARACTERS)}… (${(line.length - LINE_CHARACTERS).toLocaleString('en')} more characters)`,
  );
}

function omittedNote(count: number, unit: string): string {
  return count > 0
    ? `${count.toLocaleString('en')} ${unit} are left out here. The notebook has them all.`
    : 'A part is left out here. The notebook has it all.';
}

function countLines(text: string): number {
  let count = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** How many bytes of pictures and HTML a page may still take. */
export class Budget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes a size from the budget; false when it is too large for what is left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
