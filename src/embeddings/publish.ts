/** How the library speaks to its reader: into the notebook's output where there is one, else to stderr. */

/** What a display holds, by MIME type. */
export type MimeData = Readonly<Record<string, unknown>>;

/** Shows data in the running cell's output; with `update`, in place of the display of the same `displayId`. */
export type Publish = (
  data: MimeData,
  options?: { metadata?: object; displayId?: string; update?: boolean },
) => void;

const PUBLISH = Symbol.for('Jupyter.publish');

/** @returns the notebook's way of showing things, or undefined outside a notebook */
export function notebookPublisher(): Publish | undefined {
  const publish = (globalThis as Record<symbol, unknown>)[PUBLISH];
  return typeof publish === 'function' ? (publish as Publish) : undefined;
}

/**
 * Says one line to the reader, where they look: in the cell's output, or on stderr.
 *
 * @param text the line, without a line break at its end
 * @example publishNotice('Similarity runs on wasm.');
 */
export function publishNotice(text: string): void {
  const publish = notebookPublisher();
  if (publish) publish({ 'text/plain': text });
  else process.stderr.write(`${text}\n`);
}
