/**
 * The module 'tslab' for cells: the interface of the kernel of that name, so that its notebooks keep running, and more:
 * bundles of several MIME types, objects as JSON, and `display(value)` for anything that shows itself.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

/** Content of one MIME type: text, bytes, or the value of a JSON type. */
export type MimeContent = string | Uint8Array | object;

type Publish = (
  data: Record<string, unknown>,
  options?: { metadata?: object; displayId?: string; update?: boolean },
) => void;

/** Ways to show something below the cell. */
export interface Display {
  javascript(code: string): void;
  html(text: string): void;
  markdown(text: string): void;
  latex(text: string): void;
  svg(text: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
  /** Shows content of any one type. JSON types take an object, or its text. */
  raw(contentType: string, content: MimeContent): void;
  /** Shows one output in several types, of which the front end picks the richest it knows. */
  bundle(data: Record<string, MimeContent>, metadata?: object): void;
}

/** As `Display`, and a function that shows any value as the cell's last line would be shown. */
export interface DisplayFunction extends Display {
  (value: unknown): Promise<unknown>;
}

const types = {
  javascript: 'text/javascript',
  html: 'text/html',
  markdown: 'text/markdown',
  latex: 'text/latex',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  pdf: 'application/pdf',
  text: 'text/plain',
} as const;

/** Versions of the packages behind this module, and of Node.js. */
export const versions: { tslab: string; typescript: string; node: string } = {
  tslab: versionOf('tslab'),
  typescript: versionOf('typescript'),
  node: process.version,
};

/** Shows rich content; each call adds an output. */
export const display: DisplayFunction = Object.assign(
  (value: unknown) => notebook().display(value),
  createDisplay((data, metadata) => notebook().publish(data, { metadata })),
);

/** Makes a display with a single output, which each call replaces. */
export function newDisplay(): Display {
  const displayId = randomUUID();
  let update = false;
  return createDisplay((data, metadata) => {
    notebook().publish(data, { metadata, displayId, update });
    update = true;
  });
}

function createDisplay(publish: (data: Record<string, unknown>, metadata: object) => void): Display {
  const bundle = (data: Record<string, MimeContent>, metadata: object = {}) => {
    publish(
      Object.fromEntries(Object.entries(data).map(([type, it]) => [type, content(type, it)])),
      metadata,
    );
  };
  const raw = (type: string, it: MimeContent) => bundle({ [type]: it });
  const shorthands = Object.entries(types).map(([name, type]) => [name, (it: MimeContent) => raw(type, it)]);
  return { ...(Object.fromEntries(shorthands) as Omit<Display, 'raw' | 'bundle'>), raw, bundle };
}

/** JSON types travel as values: JupyterLab does not parse text. */
function content(type: string, value: MimeContent): unknown {
  const isJson = /^application\/(.*\+)?json$/.test(type);
  return isJson && typeof value === 'string' ? JSON.parse(value) : value;
}

/** What the runner puts on the global object. */
function notebook(): { publish: Publish; display: (value: unknown) => Promise<unknown> } {
  const { display, [Symbol.for('Jupyter.publish')]: publish } = globalThis as unknown as {
    display?: (value: unknown) => Promise<unknown>;
    [name: symbol]: Publish | undefined;
  };
  if (publish === undefined || display === undefined) {
    throw new Error("The module 'tslab' shows values in a notebook only: run this in a cell.");
  }
  return { publish, display };
}

function versionOf(name: string): string {
  return (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
}
