/** Small things that show themselves in a notebook: a coloured note, and a table. */
import { escapeHtml } from '../../text/escape-html.ts';

const display: unique symbol = Symbol.for('Jupyter.display') as never;

/** A value with a MIME bundle of its own, as text and as HTML. @example `${new Shown('two', '<b>two</b>')}` // 'two' */
export class Shown {
  readonly text: string;
  /** Trusted markup. */
  readonly html: string;

  constructor(text: string, html: string) {
    this.text = text;
    this.html = html;
  }

  toString(): string {
    return this.text;
  }

  [display](): Record<string, string> {
    return { 'text/html': this.html, 'text/plain': this.text };
  }
}

/** What a check found. `open`: the blank is still to be filled in; `hint`: nothing was checked, a hint was asked for. */
export type VerdictKind = 'right' | 'wrong' | 'open' | 'hint';

/** A check's answer: right, wrong with a hint, still open, or the hint alone. @example new Verdict('right', 'It fits.').text // '✓ Right. It fits.' */
export class Verdict extends Shown {
  readonly kind: VerdictKind;

  constructor(kind: VerdictKind, message: string) {
    const { mark, word, colour } = LOOKS[kind];
    const head = `${mark} ${word}`.trim();
    super(`${head} ${message}`, note(colour, `<b>${head}</b> ${escapeHtml(message)}`));
    this.kind = kind;
  }
}

/** Colours that can be read on a light and on a dark page; the text keeps the page's own colour. */
const LOOKS: Record<VerdictKind, { mark: string; word: string; colour: string }> = {
  right: { mark: '✓', word: 'Right.', colour: '#2e9e5b' },
  wrong: { mark: '✗', word: 'Not yet.', colour: '#d9534f' },
  open: { mark: '…', word: 'To fill in.', colour: '#d18f00' },
  hint: { mark: '→', word: '', colour: '#4e86be' },
};

/** The code that fills a blank, with its reason. @example new Solution(1, 'a + b', 'It adds.').text.includes('a + b') // true */
export class Solution extends Shown {
  constructor(blank: number, code: string, reason: string) {
    const markup = `<b>Solution of blank ${blank}</b><pre style="margin: 0.4em 0"><code>${escapeHtml(code)}</code></pre>${escapeHtml(reason)}`;
    super(`Solution of blank ${blank}:\n\n    ${code}\n\n${reason}`, note('#4e86be', markup));
  }
}

/** A paragraph with a coloured edge. @param markup trusted HTML */
export function note(colour: string, markup: string): string {
  return `<div style="border-left: 4px solid ${colour}; padding: 0.3em 0.8em; margin: 0.3em 0">${markup}</div>`;
}

/** A table. @param rows cells as text */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): Shown {
  const columns = head.map((_, c) => Math.max(...[head, ...rows].map((row) => (row[c] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, c) => cell.padEnd(columns[c] ?? 0))
      .join('  ')
      .trimEnd();
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag} style="text-align: left">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const markup = `<table><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
  return new Shown([head, ...rows].map(line).join('\n'), markup);
}
