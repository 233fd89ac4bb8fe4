/** TeX in notebooks: finds it in markdown as Jupyter does, and turns it into MathML. */

import katex from 'katex';
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import { escapeHtml } from '../../text/escape-html.ts';
import { type Html, trusted } from '../markup/markup.ts';

/** Longer formulas are shown as TeX. */
const MAX_LENGTH = 20_000;

/**
 * A formula as MathML, which browsers draw without fonts or scripts of ours. What KaTeX cannot read is shown as
 * the TeX it was.
 */
export function renderMath(tex: string, displayMode: boolean): Html {
  try {
    if (tex.length > MAX_LENGTH) throw new RangeError('too long');
    const markup = katex.renderToString(tex, {
      output: 'mathml',
      displayMode,
      throwOnError: true,
      strict: 'ignore',
      trust: false,
      maxSize: 20,
      maxExpand: 500,
    });
    // KaTeX wraps the element in a span; the page styles <math> itself.
    const math = /<math[\s\S]*<\/math>/.exec(markup)?.[0] ?? markup;
    return trusted(displayMode ? `<div class="math" tabindex="0">${math}</div>` : math);
  } catch {
    const marks = displayMode ? '$$' : '$';
    return trusted(`<code class="tex">${escapeHtml(`${marks}${tex}${marks}`)}</code>`);
  }
}

/** The formulas in a LaTeX output: its `$`, `$$`, `\[` marks or environment, else the whole of it. */
export function renderLatexOutput(latex: string): Html {
  const source = latex.trim();
  const inner = /^\$\$([\s\S]*)\$\$$|^\\\[([\s\S]*)\\\]$|^\$([\s\S]*)\$$|^\\\(([\s\S]*)\\\)$/.exec(source);
  const tex = inner ? (inner[1] ?? inner[2] ?? inner[3] ?? inner[4] ?? '') : source;
  const isInline =
    inner !== null && (inner[3] ?? inner[4]) !== undefined && !/^\$\\displaystyle/.test(source);
  return renderMath(tex, !isInline);
}

/** A markdown-it plugin for `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]` (backslashes doubled, as Jupyter has it) and `\begin{…}…\end{…}`: gives tokens
 * `math_block` and `math_inline`, whose markup tells whether an inline formula is in display style. */
export function mathPlugin(markdown: MarkdownIt): void {
  markdown.block.ruler.before('fence', 'math_block', blockMath, { alt: ['paragraph', 'blockquote', 'list'] });
  markdown.inline.ruler.before('escape', 'math_inline', inlineMath);
}

/** Delimiters of formulas that stand on lines of their own. */
const BLOCKS = [
  { open: /^\$\$/, close: '$$' },
  { open: /^\\\\\[/, close: '\\\\]' },
];

function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!;
  const first = state.src.slice(start, state.eMarks[startLine]!);
  const found = blockExtent(state, first, startLine, endLine);
  if (!found) return false;
  if (silent) return true;
  const token = state.push('math_block', 'div', 0);
  token.block = true;
  token.content = found.tex;
  token.map = [startLine, found.nextLine];
  state.line = found.nextLine;
  return true;
}

/** The formula that starts on a line and ends, with nothing after it, on that line or a later one. */
function blockExtent(state: StateBlock, first: string, startLine: number, endLine: number) {
  const environment = /^\\begin\{([a-z]+\*?)\}/i.exec(first);
  const block = BLOCKS.find(({ open }) => open.test(first));
  if (!environment && !block) return undefined;
  const close = environment ? `\\end{${environment[1]}}` : block!.close;
  const skip = environment ? 0 : block!.open.exec(first)![0].length;
  let text = first.slice(skip);
  for (let line = startLine; line < endLine; line++) {
    if (line > startLine) text += `\n${state.getLines(line, line + 1, state.blkIndent, false)}`;
    const end = text.indexOf(close, line === startLine ? 0 : undefined);
    if (end < 0) continue;
    if (text.slice(end + close.length).trim() !== '') return undefined;
    const tex = environment ? text.slice(0, end + close.length) : text.slice(0, end);
    return { tex: tex.trim(), nextLine: line + 1 };
  }
  return undefined;
}

function inlineMath(state: StateInline, silent: boolean): boolean {
  const rest = state.src.slice(state.pos, state.posMax);
  const match =
    /^\$\$((?:[^$\\]|\\[\s\S])+)\$\$/.exec(rest) ??
    /^\\\\\[([\s\S]+?)\\\\\]/.exec(rest) ??
    /^\\\\\(([\s\S]+?)\\\\\)/.exec(rest) ??
    // As in pandoc and JupyterLab: no blank inside the dollars, no digit after them, so prices stay text.
    /^\$((?!\s)(?:[^$\\]|\\[\s\S])*(?<!\s))\$(?!\d)/.exec(rest);
  if (!match || match[1] === '') return false;
  if (!silent) {
    const token = state.push('math_inline', 'math', 0);
    token.content = match[1]!;
    token.markup = /^\$\$|^\\\\\[/.test(match[0]) ? 'display' : 'inline';
  }
  state.pos += match[0].length;
  return true;
}
