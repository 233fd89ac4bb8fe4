/** Renders the markdown of a notebook's cells and outputs: tables, tasks, footnotes, math, highlighted code. */
import createMarkdownIt, { type MarkdownIt } from 'markdown-it';
import footnotes from 'markdown-it-footnote';
import type { MimeBundle } from '../../jupyter/notebook/nbformat.ts';
import { type ImageReader, settleImages } from '../markup/images.ts';
import { type Html, html, trusted } from '../markup/markup.ts';
import { Slots } from '../markup/slots.ts';
import { fragmentHtml, type Sanitizer } from '../sanitize/sanitize.ts';
import type { CodeHighlighter } from './code.ts';
import { mathPlugin, renderMath } from './math.ts';
import { flattenHeadings, type Outline, outlineHeadings } from './outline.ts';

/** Longer markdown is shown as its source. */
const MAX_LENGTH = 1_000_000;

/** What rendering needs of the page. */
export interface MarkdownContext {
  sanitizer: Sanitizer;
  highlighter: CodeHighlighter;
  outline: Outline;
  readImage?: ImageReader | undefined;
}

/** What rendering needs of the cell. */
export interface MarkdownOptions {
  /** Unique in the page: keeps the footnotes of cells apart. */
  key: string;
  attachments?: Record<string, MimeBundle> | undefined;
  /** An output's headings are no sections of the notebook. */
  isOutput?: boolean;
  /** Put below the first heading. */
  afterTitle?: Html | undefined;
}

/** Markdown as clean HTML. */
export async function renderMarkdown(
  source: string,
  { sanitizer, highlighter, outline, readImage }: MarkdownContext,
  { key, attachments, isOutput = false, afterTitle }: MarkdownOptions,
): Promise<Html> {
  if (source.length > MAX_LENGTH)
    return html`<pre>${source.slice(0, MAX_LENGTH)}</pre><p class="note">This text goes on in the notebook.</p>`;
  const slots = new Slots();
  const markdown = createMarkdown(slots, highlighter);
  const env = { docId: key };
  const tokens = markdown.parse(source, env);
  for (const { type, info } of tokens) {
    if (type === 'fence') await highlighter.load(fenceLanguage(info));
  }
  const fragment = sanitizer.clean(markdown.renderer.render(tokens, markdown.options, env));
  await settleImages(fragment.root, { attachments, readImage });
  if (isOutput) flattenHeadings(fragment.root);
  else outlineHeadings(fragment.root, outline, { listed: true });
  settleTables(fragment.root);
  if (afterTitle) fragment.root.querySelector('h1')?.insertAdjacentHTML('afterend', slots.add(afterTitle));
  const fill = slots.mark(fragment.root);
  return trusted(fill(fragmentHtml(fragment).text));
}

/**
 * markdown-it as Jupyter configures it. What we make ourselves (code, math, tick boxes) is put in after the
 * cleaning, so that it keeps its classes and the notebook's own HTML has none.
 */
function createMarkdown(slots: Slots, highlighter: CodeHighlighter): MarkdownIt {
  const markdown = createMarkdownIt({ html: true, linkify: true });
  markdown.use(footnotes).use(mathPlugin).use(taskLists);
  const { rules } = markdown.renderer;
  rules.math_block = (tokens, i) => slots.add(renderMath(tokens[i]!.content, true));
  rules.math_inline = (tokens, i) =>
    slots.add(renderMath(tokens[i]!.content, tokens[i]!.markup === 'display'));
  rules.task = (tokens, i) => slots.add(taskBox(tokens[i]!.markup === 'done'));
  rules.fence = (tokens, i) =>
    slots.add(codeBlock(tokens[i]!.content, fenceLanguage(tokens[i]!.info), highlighter));
  rules.code_block = (tokens, i) => slots.add(codeBlock(tokens[i]!.content, '', highlighter));
  rules.footnote_block_open = () => '<section data-footnotes="" aria-label="Footnotes"><ol>';
  rules.footnote_block_close = () => '</ol></section>';
  alignCells(rules);
  return markdown;
}

function fenceLanguage(info: string): string {
  return /^[\w+#.-]+/.exec(info.trim().replace(/^\{\.?/, ''))?.[0] ?? '';
}

function codeBlock(code: string, language: string, highlighter: CodeHighlighter): Html {
  return html`<pre class="code" tabindex="0"><code>${highlighter.highlight(code.replace(/\n$/, ''), language)}</code></pre>`;
}

function taskBox(done: boolean): Html {
  return html`<input type="checkbox" disabled${done && html` checked`} aria-label="${done ? 'done' : 'to do'}">`;
}

/** `- [x] text`: the mark at the start of a list item becomes a token `task`. */
function taskLists(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'task_lists', ({ tokens, Token }) => {
    tokens.forEach((token, i) => {
      const inItem = tokens[i - 1]?.type === 'paragraph_open' && tokens[i - 2]?.type === 'list_item_open';
      const first = token.children?.[0];
      const mark = inItem && first?.type === 'text' ? /^\[([ xX])\]\s/.exec(first.content) : null;
      if (!mark) return;
      first!.content = first!.content.slice(3);
      const task = new Token('task', '', 0);
      task.markup = mark[1] === ' ' ? 'open' : 'done';
      token.children!.unshift(task);
      tokens[i - 2]!.attrSet('data-task', '');
    });
  });
}

/** Alignment of table columns as an attribute that the page's style sheet knows, instead of a style. */
function alignCells(rules: MarkdownIt['renderer']['rules']): void {
  for (const name of ['th_open', 'td_open'] as const) {
    rules[name] = (tokens, i, options, _env, self) => {
      const token = tokens[i]!;
      const align = /text-align:\s*(\w+)/.exec(String(token.attrGet('style') ?? ''))?.[1];
      token.attrs = align ? [['data-align', align]] : [];
      return self.renderToken(tokens, i, options);
    };
  }
}

/**
 * Wide tables scroll inside their own box, which the keyboard reaches too; an empty corner is no heading.
 */
export function settleTables(root: HTMLElement): void {
  for (const heading of root.querySelectorAll('th')) {
    if (heading.textContent?.trim() || heading.querySelector('img, svg, math, [data-tsbert-slot]')) continue;
    const cell = heading.ownerDocument.createElement('td');
    for (const { name, value } of heading.attributes) if (name !== 'scope') cell.setAttribute(name, value);
    heading.replaceWith(cell);
  }
  for (const table of root.querySelectorAll('table')) {
    if (table.parentElement?.closest('table')) continue;
    const box = table.ownerDocument.createElement('div');
    for (const [name, value] of Object.entries(SCROLL_BOX)) box.setAttribute(name, value);
    table.replaceWith(box);
    box.append(table);
  }
}

const SCROLL_BOX = { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Table' };
