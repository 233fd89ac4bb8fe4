/** Renders a notebook's cells one by one, and honours what was hidden or removed in Jupyter. */
import type { Cell, CodeCell, RawCell } from '../jupyter/notebook/nbformat.ts';
import { attempt } from './guard/units.ts';
import { renderMarkdown } from './markdown/markdown.ts';
import { type Content, type Html, html, nothing } from './markup/markup.ts';
import { bareText, type OutputContext, renderHtml, renderOutputs } from './outputs/outputs.ts';

/** What rendering cells needs of the page. */
export interface CellContext extends OutputContext {
  /** The notebook's language, for its code cells. */
  language: string;
  /** Whether the code of cells is shown. */
  code: boolean;
}

/** Whether a part of a cell is shown, folded away, or left out. */
type Visibility = 'shown' | 'folded' | 'removed';

/**
 * A cell as HTML, or nothing when it is empty or was removed.
 *
 * @param afterTitle - put below the cell's first heading, where the cell begins the notebook
 */
export async function renderCell(
  cell: Cell,
  index: number,
  context: CellContext,
  afterTitle?: Html,
): Promise<Html> {
  const { input, output } = visibility(cell);
  if (input === 'removed' && output === 'removed') return nothing;
  const key = `c${index + 1}`;
  if (cell.cell_type === 'code') return renderCodeCell(cell, key, context, { input, output });
  if (cell.cell_type === 'raw') return renderRawCell(cell, key, context);
  if (cell.source.trim() === '') return nothing;
  const options = { key, attachments: cell.attachments, afterTitle };
  const content = await attempt(
    context.units,
    key,
    () => renderMarkdown(cell.source, context, options),
    () => bareText(cell.source),
  );
  return html`<div class="cell markdown">${fold(content, input, 'Show text')}</div>`;
}

/** Jupyter's own flags, those of older notebooks and of Colab, and the tags of Jupyter Book. */
function visibility({ metadata }: Cell): { input: Visibility; output: Visibility } {
  const tags = new Set(
    Array.isArray(metadata.tags) ? metadata.tags.map((tag) => String(tag).replaceAll('_', '-')) : [],
  );
  const jupyter = (metadata.jupyter ?? {}) as Record<string, unknown>;
  if (tags.has('remove-cell')) return { input: 'removed', output: 'removed' };
  const removed = (part: string) => tags.has(`remove-${part}`);
  const folded = (part: string) => tags.has(`hide-${part}`) || tags.has('hide-cell');
  const inputFolded =
    folded('input') ||
    jupyter.source_hidden === true ||
    metadata.hide_input === true ||
    metadata.cellView === 'form';
  const outputFolded = folded('output') || jupyter.outputs_hidden === true || metadata.collapsed === true;
  return {
    input: removed('input') ? 'removed' : inputFolded ? 'folded' : 'shown',
    output: removed('output') ? 'removed' : outputFolded ? 'folded' : 'shown',
  };
}

function fold(content: Html, state: Visibility, label: string): Html {
  if (state === 'removed') return nothing;
  return state === 'folded' ? html`<details><summary>${label}</summary>${content}</details>` : content;
}

async function renderCodeCell(
  cell: CodeCell,
  key: string,
  context: CellContext,
  { input, output }: { input: Visibility; output: Visibility },
): Promise<Html> {
  const hasCode = context.code && cell.source.trim() !== '' && input !== 'removed';
  const label = `Output of cell ${cell.execution_count ?? key.slice(1)}`;
  const outputs = output === 'removed' ? [] : await renderOutputs(cell.outputs, context, key, label);
  if (!hasCode && outputs.length === 0) return nothing;
  const block = hasCode && (await highlighted(cell, `${key} code`, context));
  const code = block ? fold(block, input, 'Show code') : nothing;
  const shown =
    outputs.length === 0
      ? nothing
      : html`<div class="out">${fold(html`${outputs}`, output, 'Show output')}</div>`;
  return html`<div class="cell">${hasCode && executionCount(cell)}${code}${shown}</div>`;
}

function executionCount({ execution_count: count }: CodeCell): Html {
  return count === null ? nothing : html`<div class="count"><span class="unseen">Cell </span>${count}</div>`;
}

function highlighted({ source }: CodeCell, unit: string, context: CellContext): Promise<Html> {
  const { highlighter, language, units } = context;
  const code = source.replace(/\n+$/, '');
  return attempt(
    units,
    unit,
    () => codeBlock(code, highlighter.highlight(code, language)),
    () => codeBlock(code, code),
  );
}

function codeBlock(code: string, shown: Content): Html {
  return html`<pre class="code"${/[^\n]{66}/.test(code) && html` tabindex="0"`}><code>${shown}</code></pre>`;
}

/** Raw cells meant for HTML are cleaned and shown, unmarked ones stand as text; others are for other formats. */
async function renderRawCell(cell: RawCell, key: string, context: CellContext): Promise<Html> {
  const mime = String(cell.metadata.raw_mimetype ?? cell.metadata.format ?? '');
  if (cell.source.trim() === '') return nothing;
  const plain = () => bareText(cell.source);
  if (mime === 'text/html') {
    const content = await attempt(context.units, key, () => renderHtml(cell.source, context), plain);
    return html`<div class="cell">${content}</div>`;
  }
  if (mime === 'text/markdown') {
    const content = await attempt(
      context.units,
      key,
      () => renderMarkdown(cell.source, context, { key }),
      plain,
    );
    return html`<div class="cell markdown">${content}</div>`;
  }
  return mime === '' || mime === 'text/plain'
    ? html`<div class="cell"><pre class="result" tabindex="0">${cell.source}</pre></div>`
    : nothing;
}
