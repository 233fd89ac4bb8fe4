/** What values of well-known libraries offer besides their text, without asking for ceremony. */
import type { MimeBundle } from '../../../jupyter/messages.ts';
import { tableBundle } from './table.ts';

/** The ways in which a value may offer more than text. */
interface Offering {
  toSpec?: () => unknown;
  toHTML?: () => unknown;
  outerHTML?: unknown;
  $schema?: unknown;
  data?: unknown;
  layout?: unknown;
  toBuffer?: (type?: string) => unknown;
  png?: () => { toBuffer(): Promise<Uint8Array> };
  clone?: () => Offering;
  getContext?: unknown;
}

type Guess = (value: Offering) => MimeBundle | Promise<MimeBundle> | undefined;

/** In this order: the first that knows the value speaks for it. */
const GUESSES: readonly Guess[] = [
  (value) => (typeof value.toSpec === 'function' ? specData(value.toSpec()) : undefined),
  (value) => (isVegaSchema(value.$schema) ? specData(value) : undefined),
  (value) => (isPlotly(value) ? { 'application/vnd.plotly.v1+json': value } : undefined),
  (value) => (value instanceof Uint8Array ? imageData(value) : undefined),
  drawnImage,
  markup,
  (value) =>
    Array.isArray(value) && isTable(value) ? { 'text/html': tableBundle(value)['text/html'] } : undefined,
];

/** A bundle without the value's text; undefined where text is all there is. */
export function guessData(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  for (const guess of GUESSES) {
    const data = guess(value);
    if (data !== undefined) return data;
  }
  return undefined;
}

/** Names a chart's MIME type after the library and major version in its `$schema`. */
function specData(spec: unknown): MimeBundle | undefined {
  if (typeof spec !== 'object' || spec === null) return undefined;
  const schema = String((spec as Offering).$schema ?? '');
  const [, library = 'vega-lite', version = '5'] = /\/(vega(?:-lite)?)\/v(\d+)/.exec(schema) ?? [];
  return { [`application/vnd.${library.replace('-', '')}.v${version}+json`]: spec };
}

function isVegaSchema(schema: unknown): boolean {
  return typeof schema === 'string' && /^https:\/\/vega\.github\.io\/schema\/vega(-lite)?\/v\d/.test(schema);
}

/** A Plotly figure: traces, each with a type or coordinates, and a layout. */
function isPlotly({ data, layout }: Offering): boolean {
  if (!Array.isArray(data) || data.length === 0 || typeof layout !== 'object' || layout === null)
    return false;
  return data.every(
    (trace) => typeof trace === 'object' && trace !== null && ('type' in trace || 'y' in trace),
  );
}

function imageData(bytes: Uint8Array): MimeBundle | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return { 'image/png': bytes };
  if (head.startsWith('\xff\xd8\xff')) return { 'image/jpeg': bytes };
  if (/^GIF8[79]a/.test(head)) return { 'image/gif': bytes };
  return /^RIFF.{4}WEBP/s.test(head) ? { 'image/webp': bytes } : undefined;
}

/** Pictures of sharp, and canvases of node-canvas, skia-canvas and their like. */
function drawnImage(value: Offering): MimeBundle | Promise<MimeBundle> | undefined {
  if (typeof value.toBuffer !== 'function') return undefined;
  if (typeof value.png === 'function' && typeof value.clone === 'function') {
    return value.clone().png!()
      .toBuffer()
      .then((bytes) => ({ 'image/png': bytes }));
  }
  if (typeof value.getContext !== 'function') return undefined;
  const drawn = value.toBuffer('image/png');
  return drawn instanceof Promise
    ? drawn.then((bytes: Uint8Array) => ({ 'image/png': bytes }))
    : { 'image/png': drawn };
}

/** `toHTML()`, or a node of any DOM. */
function markup(value: Offering): MimeBundle | undefined {
  const html = typeof value.toHTML === 'function' ? value.toHTML() : value.outerHTML;
  if (typeof html !== 'string') return undefined;
  return { [html.startsWith('<svg') ? 'image/svg+xml' : 'text/html']: html };
}

/** Records with simple values, of which at least one has a name for each. */
function isTable(value: readonly unknown[]): value is readonly object[] {
  const seen = value.slice(0, 200);
  return seen.length > 0 && seen.every(isRecord) && seen.some((row) => Object.keys(row as object).length > 0);
}

function isRecord(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return false;
  const prototype: unknown = Object.getPrototypeOf(row);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(row).every((it) => typeof it !== 'object' || it === null || it instanceof Date);
}
