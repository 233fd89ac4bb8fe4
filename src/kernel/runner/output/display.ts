/** `display()` and its kin: what cells and libraries publish through. */
import { randomUUID } from 'node:crypto';
import type { MimeBundle } from '../../../jupyter/messages.ts';
import type * as cellGlobals from '../link/cell-globals.ts';
import { emit } from '../link/link.ts';
import type { DisplayContent } from '../link/messages.ts';
import { currentRun, outputRun } from '../link/run-context.ts';
import { toBundle, toWireBundle } from './bundle.ts';

/** How `display()` shows a value. */
export interface DisplayOptions {
  /** Names the output, so that a later `display()` can replace it. */
  displayId?: string;
  /** Replace the output named `displayId` instead of adding one. */
  update?: boolean;
}

/** Where a value was shown. */
export interface DisplayHandle {
  readonly displayId: string;
  /** Shows another value in the same place. */
  update(value: unknown): Promise<void>;
}

/**
 * Shows a value as the cell's last line would be shown.
 *
 * @returns a handle that can show another value in the same place, once this one is out
 * @example
 * const bar = await display('0 %')
 * await bar.update('100 %')
 */
export function display(value: unknown, options: DisplayOptions = {}): Promise<DisplayHandle> {
  const { displayId = randomUUID(), update = false } = options;
  const handle: DisplayHandle = {
    displayId,
    update: async (next: unknown) => void (await display(next, { displayId, update: true })),
  };
  const done = showWhenReady(toBundle(value), { displayId, update }).then(() => handle);
  SHOWN.add(handle).add(done);
  return done;
}

/** At once, unless the value takes its time to describe itself. */
async function showWhenReady(
  bundle: DisplayContent | Promise<DisplayContent>,
  options: DisplayOptions,
): Promise<void> {
  if (!(bundle instanceof Promise)) return emitDisplay(bundle, options);
  const shown = bundle.then((ready) => emitDisplay(ready, options));
  currentRun().pending.add(shown);
  await shown;
}

/** Handles of displays, and the promises of them. */
const SHOWN = new WeakSet<object>();

/** Whether a cell's value stands for a display: what it shows has been shown. */
export function isShown(value: unknown): boolean {
  return typeof value === 'object' && value !== null && SHOWN.has(value);
}

/** Publishes a ready bundle: what `Symbol.for('Jupyter.publish')` stands for. */
export function publish(data: MimeBundle, options: DisplayOptions & { metadata?: object } = {}): void {
  emitDisplay(toWireBundle(data, { ...options.metadata }), options);
}

/** Clears the cell's output; with `wait`, only when the next output comes. */
export function clearOutput(wait = false): void {
  emit({ type: 'clear', run: outputRun(), wait });
}

/** Puts the functions where cells and libraries find them. */
export function installDisplay(): void {
  const names = { display, clearOutput } satisfies Partial<typeof cellGlobals>;
  Object.assign(globalThis, names, {
    [Symbol.for('Jupyter.publish')]: publish,
    [Symbol.for('Jupyter.executionCount')]: () => currentRun().executionCount,
  });
}

function emitDisplay(bundle: DisplayContent, { displayId, update = false }: DisplayOptions): void {
  emit({
    type: 'display',
    run: outputRun(),
    ...bundle,
    update,
    ...(displayId === undefined ? {} : { displayId }),
  });
}
