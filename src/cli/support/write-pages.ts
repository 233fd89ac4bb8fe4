/** Writes the pages of a notebook that was run: the plain one, and the interactive one that it links to. */
import { basename, dirname, join, resolve } from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import type { Notebook } from '../../jupyter/notebook/nbformat.ts';
import type { Terminal } from './command.ts';

/** Which pages are wanted. */
export interface PageWishes {
  /** The notebook's file, beside which pictures lie. */
  path: string;
  /** The plain page, as the user named it. */
  html: string;
  /** Whether an interactive page is written beside it. */
  interactive: boolean;
}

/** The interactive page's file. @example interactivePath('out/activity.html') // 'out/activity-interactive.html' */
export function interactivePath(html: string): string {
  return join(dirname(html), basename(html).replace(/(\.html?)?$/i, '-interactive.html'));
}

/** Writes them; a notebook without a heatmap that a page can make again gets the plain one alone. */
export async function writePages(
  notebook: Notebook,
  { path, html, interactive }: PageWishes,
  terminal: Terminal,
): Promise<void> {
  const { exportHtml } = await import('../../export/html.ts');
  const { imagesBeside } = await import('../../export/markup/images-beside.ts');
  const options = { date: new Date(), readImage: imagesBeside(path), signal: terminal.interrupted };
  const scripts = interactive ? await loadScripts(notebook) : undefined;
  const other = interactivePath(html);
  const linked = scripts && { interactiveHref: encodeURIComponent(basename(other)) };
  await writeWhole(resolve(terminal.cwd, html), await exportHtml(notebook, { ...options, ...linked }));
  terminal.print(`Wrote ${html}`);
  if (!scripts) return;
  const page = await exportHtml(notebook, { ...options, interactive: scripts });
  await writeWhole(resolve(terminal.cwd, other), page);
  terminal.print(`Wrote ${other} (its heatmaps follow the sentences that you type)`);
}

async function loadScripts(notebook: Notebook) {
  const { heatmapModels } = await import('../../export/outputs/interactive.ts');
  const { loadPageScripts } = await import('../../playground/load-page-scripts.ts');
  const scripts = await loadPageScripts(heatmapModels(notebook));
  return Object.keys(scripts.pageModels).length > 0 ? scripts : undefined;
}
