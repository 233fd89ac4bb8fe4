/** Widths of text in Arial and its metric twins (Helvetica, Liberation Sans), and label wrapping that uses them. */

/** Advance widths of the characters U+0020 to U+007E in thousandths of an em, as the font files state them. */
const REGULAR = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const BOLD = [
  278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
  556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
  556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
  333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
const PUNCTUATION: Record<string, number> = {
  '‘': 222,
  '’': 222,
  '“': 333,
  '”': 333,
  '…': 1000,
  '—': 1000,
  '−': 584,
};

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const wide =
  /\p{Emoji_Presentation}|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u30ff\uff00-\uff60]/u;

/** A text size in px, and whether it is bold. */
export interface TextStyle {
  fontSize: number;
  bold?: boolean;
}

/**
 * Width of a line of text in px.
 *
 * @example textWidth('Hi', { fontSize: 10 }) // 9.44: H is 0.722 em wide, i 0.222 em
 */
export function textWidth(text: string, { fontSize, bold = false }: TextStyle): number {
  let thousandths = 0;
  for (const { segment } of graphemes.segment(text)) thousandths += graphemeWidth(segment, bold);
  return (thousandths * fontSize) / 1000;
}

function graphemeWidth(grapheme: string, bold: boolean): number {
  const base = grapheme.normalize('NFD');
  const ascii = (bold ? BOLD : REGULAR)[base.charCodeAt(0) - 32];
  if (ascii !== undefined) return ascii;
  if (wide.test(grapheme)) return 1000;
  if (/^[\p{M}\p{Cf}\p{Cc}]+$/u.test(grapheme)) return 0;
  return PUNCTUATION[grapheme] ?? (bold ? 640 : 600);
}

/**
 * Breaks a text into at most `maxLines` lines of at most `width` px, at blanks where there are any, inside a
 * word where a word alone is too wide. What does not fit is cut, with `…` at the end.
 *
 * @example wrapText('a long sentence', { width: 40, maxLines: 2, fontSize: 10 }) // ['a long', 'sentence']
 */
export function wrapText(
  text: string,
  { width, maxLines, ...style }: TextStyle & { width: number; maxLines: number },
): string[] {
  const words = text.trim().split(/\s+/u);
  const lines: string[] = [];
  let line = '';
  while (words.length > 0 && lines.length < maxLines) {
    const word = words[0]!;
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, style) <= width) {
      line = longer;
      words.shift();
      continue;
    }
    if (line === '') [line, words[0]] = splitAt(word, width, style);
    lines.push(line);
    line = '';
  }
  if (line !== '') lines.push(line);
  if (words.length > 0) lines.push(cutText(lines.pop()!, { width, ...style, always: true }));
  return lines;
}

/** The text when it fits in `width` px, else its beginning and `…`. */
export function cutText(
  text: string,
  { width, always = false, ...style }: TextStyle & { width: number; always?: boolean },
): string {
  if (!always && textWidth(text, style) <= width) return text;
  const [head, rest] = splitAt(text, width - textWidth('…', style), style);
  // Rather between words, unless a long word would leave half of the line empty.
  const lastBlank = /^\S/u.test(rest) ? head.search(/\s\S*$/u) : -1;
  const kept = lastBlank > head.length / 2 ? head.slice(0, lastBlank) : head;
  return `${kept.replace(/[\s.,;:]+$/u, '')}…`;
}

/** As many characters as fit (one at least), and the rest; a character with its accents or joiners stays whole. */
function splitAt(text: string, width: number, style: TextStyle): [string, string] {
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += textWidth(segment, style);
    if (used > width && index > 0) break;
    end = index + segment.length;
  }
  return [text.slice(0, end), text.slice(end)];
}
