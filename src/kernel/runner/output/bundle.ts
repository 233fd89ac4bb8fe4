/** Values as MIME bundles: what they say themselves comes first, their text is always there. */
import type { MimeBundle } from '../../../jupyter/messages.ts';
import type { DisplayContent } from '../link/messages.ts';
import { formatValue } from './format-value.ts';
import { guessData } from './guess-data.ts';

const DISPLAY = Symbol.for('Jupyter.display');
const DISPLAY_METADATA = Symbol.for('Jupyter.displayMetadata');

/** A value that says itself how it looks. */
interface Displayable {
  [DISPLAY]?: () => MimeBundle | Promise<MimeBundle>;
  [DISPLAY_METADATA]?: Record<string, unknown>;
}

/**
 * The MIME bundle of a value: from its `[Symbol.for('Jupyter.display')]()`, else from what `guessData` knows of it, else
 * its text alone. Gives no promise unless the value does.
 */
export function toBundle(value: unknown): DisplayContent | Promise<DisplayContent> {
  const displayable = asDisplayable(value);
  const show = displayable?.[DISPLAY];
  const metadata = displayable?.[DISPLAY_METADATA] ?? {};
  const isOwn = typeof show === 'function';
  const data = isOwn ? show.call(value) : guessData(value);
  const ready = (it: MimeBundle | undefined) => withText(it, isOwn ? metadata : {}, value);
  return isPromise(data) ? data.then(ready) : ready(data);
}

/** A bundle as it goes over the wire: plain JSON, bytes as base64. */
export function toWireBundle(data: MimeBundle, metadata: Record<string, unknown> = {}): DisplayContent {
  const entries = Object.entries(data).map(([mime, value]) => [mime, toWireValue(value)]);
  return { data: Object.fromEntries(entries), metadata: toJson(metadata) as Record<string, unknown> };
}

function withText(
  data: MimeBundle | undefined,
  metadata: Record<string, unknown>,
  value: unknown,
): DisplayContent {
  if (data === null || typeof data !== 'object')
    return toWireBundle({ 'text/plain': formatValue(value) }, metadata);
  const text = 'text/plain' in data ? {} : { 'text/plain': formatValue(value) };
  return toWireBundle({ ...text, ...data }, metadata);
}

function toWireValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'string' ? value : toJson(value);
}

/** What JSON makes of a value: `toJSON()` is honoured, functions are left out. */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? null : JSON.parse(text);
}

function asDisplayable(value: unknown): Displayable | undefined {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject ? (value as Displayable) : undefined;
}

function isPromise(value: unknown): value is Promise<MimeBundle> {
  return typeof (value as Promise<MimeBundle> | undefined)?.then === 'function';
}
