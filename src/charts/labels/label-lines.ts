/** Lays out the sentences beside a heatmap: whole where they fit, with the middle left out where they are very long. */
import { textWidth, wrapText } from './text-metrics.ts';

/** More lines than this make a row too high to compare. */
export const MAX_LABEL_LINES = 4;

/** Height of a line, as a multiple of the font size. */
export const LINE_HEIGHT = 1.26;

interface LabelStyle {
  width: number;
  maxLines: number;
  fontSize: number;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A label in as few lines as it needs, of about equal length. What takes more than `maxLines` loses its middle:
 * beginning and end say more of a sentence than its first half alone.
 *
 * @example labelLines('one two three four five six', { width: 70, maxLines: 1, fontSize: 10 }) // ['one t… five six']
 */
export function labelLines(text: string, style: LabelStyle): string[] {
  const whole = wrapEvenly(text, style);
  return whole.length <= style.maxLines ? whole : wrapEvenly(shortened(text, style), style);
}

/** The longest version of the text without some of its middle that fits. */
function shortened(text: string, style: LabelStyle): string {
  const characters = [...graphemes.segment(text)].map(({ segment }) => segment);
  let fits = 1;
  let tooLong = Math.min(characters.length, 2000);
  while (tooLong - fits > 1) {
    const kept = Math.floor((fits + tooLong) / 2);
    if (wrapEvenly(withoutMiddle(characters, kept), style).length <= style.maxLines) fits = kept;
    else tooLong = kept;
  }
  return withoutMiddle(characters, fits);
}

/** The first and last characters, `kept` in all, cut between words where one is near. */
function withoutMiddle(characters: readonly string[], kept: number): string {
  const head = characters.slice(0, Math.ceil(kept / 2)).join('');
  const tail = kept < 2 ? '' : characters.slice(-Math.floor(kept / 2)).join('');
  const lastBlank = head.search(/\s\S*$/u);
  const firstBlank = tail.search(/\s/u);
  const start = lastBlank > head.length / 2 ? head.slice(0, lastBlank) : head;
  const end = firstBlank >= 0 && firstBlank < tail.length / 2 ? tail.slice(firstBlank) : tail;
  return `${start.replace(/[\s.,;:]+$/u, '')}…${end}`;
}

/** Wraps a text, and once more in narrower lines where that takes no more of them: no line stays nearly empty. */
function wrapEvenly(text: string, { width, maxLines, fontSize }: LabelStyle): string[] {
  const wrap = (limit: number) => wrapText(text, { width: limit, maxLines: maxLines + 1, fontSize });
  const lines = wrap(width);
  if (lines.length > maxLines) return lines;
  const balanced = textWidth(text, { fontSize }) / lines.length + 2 * fontSize;
  const even = balanced < width ? wrap(balanced) : lines;
  return even.length === lines.length ? even : lines;
}
