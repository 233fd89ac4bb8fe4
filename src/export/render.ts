/** Makes the page: cell by cell, then what stands around them. */
import type { Cell, Notebook } from '../jupyter/notebook/nbformat.ts';
import { type CellContext, renderCell } from './cells.ts';
import { type Units, unwatched, WHOLE_PAGE } from './guard/units.ts';
import { createCodeHighlighter } from './markdown/code.ts';
import { Outline } from './markdown/outline.ts';
import type { ImageReader } from './markup/images.ts';
import { Budget } from './markup/limits.ts';
import { Html, html, nothing } from './markup/markup.ts';
import { StyleSheet } from './markup/style-sheet.ts';
import { interactiveParts } from './outputs/interactive.ts';
import { type LiveParts, liveParts } from './outputs/live.ts';
import type { PageScripts } from './outputs/page-data.ts';
import { renderPage } from './page.ts';
import { loadSanitizer } from './sanitize/sanitize.ts';

/** Bytes of pictures and HTML that outputs may bring into a page. */
const OUTPUT_BUDGET = 60_000_000;

/** How a page is made. */
export interface PageOptions {
  /** Show the code of cells. @default true */
  code?: boolean;
  /** Pack Vega into the page: charts get tooltips, zoom and pan. @default false */
  live?: boolean;
  /** Let readers change the sentences of heatmaps; the charts are live then. What `loadPageScripts` gives. */
  interactive?: PageScripts;
  /** Address of the interactive page of the same notebook, to link to. */
  interactiveHref?: string;
  /** The page's title. @default the notebook's first heading */
  title?: string;
  /** The title where neither an option nor the notebook gives one, such as the file's name. @default 'Notebook' */
  fallbackTitle?: string;
  /** The date below the title; none when absent. */
  date?: Date;
  /** Reads pictures that markdown names by a relative path; without it they are replaced by their text. */
  readImage?: ImageReader;
}

/** How a notebook is rendered. */
export interface RenderOptions extends PageOptions {
  /** Told of each piece of work; by default nobody is. */
  units?: Units;
}

/** The notebook's page, made here and now. */
export async function renderNotebook(notebook: Notebook, options: RenderOptions = {}): Promise<string> {
  const { code = true, live = false, interactive, readImage, units = unwatched } = options;
  const ownTitle = leadingTitle(notebook);
  const styles = new StyleSheet();
  const context: CellContext = {
    styles,
    code,
    readImage,
    language: languageOf(notebook),
    highlighter: createCodeHighlighter(styles),
    sanitizer: await loadSanitizer(),
    outline: new Outline(!ownTitle),
    budget: new Budget(OUTPUT_BUDGET),
    specs: [],
    recipes: [],
    units,
  };
  if (code) await context.highlighter.load(context.language);
  const about = aboutLine(notebook, options);
  const cells: Html[] = [];
  for (const [index, cell] of notebook.cells.entries()) {
    const isFirst = ownTitle && cell === firstCell(notebook);
    cells.push(await renderCell(cell, index, context, isFirst ? about : undefined));
  }
  units.begin(WHOLE_PAGE);
  const { entries } = context.outline;
  const title =
    options.title ?? titleInMetadata(notebook) ?? entries[0]?.text ?? options.fallbackTitle ?? 'Notebook';
  const page = renderPage({
    title,
    hasOwnTitle: ownTitle,
    about: ownTitle ? undefined : about,
    cells: cells.filter((cell) => cell !== nothing),
    outline: entries,
    css: styles.toCss(),
    live: live || interactive ? await scriptedParts(context, interactive) : undefined,
  });
  return page.text;
}

/** What makes charts live and heatmaps editable; undefined where there is none to be. */
async function scriptedParts(
  { specs, recipes }: CellContext,
  scripts: PageScripts | undefined,
): Promise<LiveParts | undefined> {
  if (specs.length === 0) return undefined;
  const parts = await liveParts(specs);
  const added = scripts && interactiveParts(recipes, scripts, parts.nonce);
  if (!added) return parts;
  return { ...parts, elements: html`${parts.elements}${added}`, policy: `${parts.policy}; worker-src blob:` };
}

/** Whether the notebook begins with a first-level heading of its own. */
function leadingTitle(notebook: Notebook): boolean {
  const first = firstCell(notebook);
  return (
    first?.cell_type === 'markdown' && /^(?:\s*#[ \t]+\S|\s*[^\n]+\n=+[ \t]*(?:\n|$))/.test(first.source)
  );
}

function firstCell({ cells }: Notebook): Cell | undefined {
  return cells.find(({ source }) => source.trim() !== '');
}

function titleInMetadata({ metadata }: Notebook): string | undefined {
  return typeof metadata.title === 'string' && metadata.title !== '' ? metadata.title : undefined;
}

/** The language of code cells, as the kernel named it; Python where nothing says. */
function languageOf({ metadata: { language_info: info, kernelspec } }: Notebook): string {
  const name = info?.name ?? kernelspec?.language;
  return typeof name === 'string' && name !== '' ? name : 'python';
}

function aboutLine({ metadata }: Notebook, { date, interactiveHref }: PageOptions): Html | undefined {
  const { display_name: name } = metadata.kernelspec ?? {};
  const parts = [
    date &&
      html`<time datetime="${date.toISOString()}">${date.toLocaleDateString('en', { dateStyle: 'long', timeZone: 'UTC' })}</time>`,
    typeof name === 'string' && html`${name}`,
    interactiveHref && html`<a href="${interactiveHref}">Try other sentences</a>`,
  ].filter((part) => part instanceof Html);
  if (parts.length === 0) return undefined;
  return html`<p class="about">${parts.map((part, i) => html`${i > 0 && ' · '}${part}`)}</p>\n`;
}
