/** Shows a text as the model reads it: a row of its tokens, a colour for each word. */
import { escapeHtml } from '../../text/escape-html.ts';
import { Shown } from './shown.ts';

/** What is needed of a token. */
interface Piece {
  text: string;
  special: boolean;
  unknown: boolean;
}

/** Grounds that leave light and dark ink readable; neighbouring words differ. */
const GROUNDS = ['rgba(46,154,200,.28)', 'rgba(203,130,66,.32)', 'rgba(125,64,200,.22)'];

/**
 * The tokens of a text in a row. Pieces of one word share a colour, what the vocabulary does not know has a red
 * frame, and the marks of beginning and end are pale.
 * @throws {TypeError} when there is no text
 * @example wordPieces(model, 'flossing with construction materials')
 */
export function wordPieces(
  model: { tokenize(text: string): readonly Piece[] },
  text: string | undefined,
): Shown {
  if (typeof text !== 'string') throw new TypeError('wordPieces shows a text: wordPieces(model, text).');
  const tokens = model.tokenize(text);
  const marked = tokens.some((token) => /^[Ġ▁]/u.test(token.text));
  let word = -1;
  const pieces = tokens.map((token, i) => {
    const begins = marked
      ? /^[Ġ▁]/u.test(token.text) || tokens[i - 1]?.special
      : !token.text.startsWith('##');
    if (begins && !token.special) word += 1;
    return pieceHtml(token, GROUNDS[Math.max(word, 0) % GROUNDS.length]!);
  });
  const plain = tokens.map((token) => token.text).join(' ');
  return new Shown(plain, `<div style="line-height: 2.1">${pieces.join(' ')}</div>`);
}

function pieceHtml({ text, special, unknown }: Piece, ground: string): string {
  const look = special ? 'opacity: .6' : unknown ? 'border: 2px solid #d9534f' : `background: ${ground}`;
  return `<span style="${look}; padding: .15em .4em; border-radius: 4px; white-space: nowrap">${escapeHtml(text)}</span>`;
}
