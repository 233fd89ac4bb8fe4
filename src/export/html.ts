/** Turns a notebook into one HTML file that needs nothing else: no network, no script, no fonts. */
import type { Notebook } from '../jupyter/notebook/nbformat.ts';
import { DEFAULT_LIMITS, type Limits, renderGuarded } from './guard/guarded.ts';
import { type PageOptions, renderNotebook } from './render.ts';

/** How a page is made. */
export interface ExportOptions extends PageOptions {
  /** Ends the work. */
  signal?: AbortSignal;
  /** @internal For tests. */
  limits?: Limits;
}

/**
 * A notebook as one HTML document: readable offline, in light and dark, on paper and by screen readers. Whatever
 * the notebook brings along is cleaned first, and the page's security policy lets nothing run or load. It is made in
 * a process of its own; a chart, output or cell that takes more than 20 s or 2 GB stands in the page as text, with a note.
 *
 * @param notebook - as `parseNotebook` gives it
 * @example await writeFile('page.html', await exportHtml(parseNotebook(text, path), { date: new Date() }))
 */
export async function exportHtml(notebook: Notebook, options: ExportOptions = {}): Promise<string> {
  const { signal, limits = DEFAULT_LIMITS, readImage, ...rest } = options;
  // Compiled code only: Node 20 runs no TypeScript file, as tests of the sources would have it.
  if (!import.meta.url.endsWith('.js')) return renderNotebook(notebook, options);
  const program = new URL('./process.js', import.meta.url);
  return renderGuarded({ program, notebook, options: rest, readImage, limits, signal });
}
