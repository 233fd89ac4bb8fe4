/** Progress bars as tqdm draws them, updated in place in a notebook or a terminal, one clean line at the end. */
import { randomUUID } from 'node:crypto';
import { notebookPublisher, type Publish } from './publish.ts';

/** Where some work stands. */
export interface ProgressState {
  /** What is being done, such as `Batches` or a file's name. */
  readonly label: string;
  /** Units done. */
  readonly done: number;
  /** Units in all; undefined where nobody knows. */
  readonly total?: number | undefined;
  /** Units that were there before the clock started (a resumed download); they do not count into the rate. */
  readonly initial?: number | undefined;
  /** Time since the start. */
  readonly elapsedMs: number;
  /** `it` counts things, `B` counts bytes and writes them as 1.23k, 4.56M. */
  readonly unit: 'it' | 'B';
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const BAR_CELLS = 10;

/**
 * One line that tells where the work stands, laid out as tqdm does.
 *
 * @param state the work so far
 * @returns such as `Batches:  50%|█████     | 2/4 [00:02<00:02,  1.00s/it]`
 * @example renderProgress({ label: 'Batches', done: 2, total: 4, elapsedMs: 2000, unit: 'it' });
 * @see https://github.com/tqdm/tqdm `tqdm.format_meter`
 */
export function renderProgress(state: ProgressState): string {
  const { label, done, total, initial = 0, elapsedMs, unit } = state;
  const rate = elapsedMs > 0 && done > initial ? ((done - initial) * 1000) / elapsedMs : undefined;
  const elapsed = formatDuration(elapsedMs / 1000);
  if (!total) return `${label}: ${formatCount(done, unit)}${unit} [${elapsed}, ${formatRate(rate, unit)}]`;

  const fraction = Math.min(1, done / total);
  const percent = `${Math.round(fraction * 100)}`.padStart(3);
  const remaining = rate === undefined ? '?' : formatDuration(Math.max(0, total - done) / rate);
  const count = `${formatCount(done, unit)}/${formatCount(total, unit)}`;
  return `${label}: ${percent}%|${renderBar(fraction)}| ${count} [${elapsed}<${remaining}, ${formatRate(rate, unit)}]`;
}

function renderBar(fraction: number): string {
  const eighths = Math.floor(fraction * BAR_CELLS * 8);
  const bar = '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
  return bar.padEnd(BAR_CELLS);
}

function formatCount(count: number, unit: 'it' | 'B'): string {
  return unit === 'B' ? formatSize(count) : `${count}`;
}

function formatRate(rate: number | undefined, unit: 'it' | 'B'): string {
  if (rate === undefined) return `?${unit}/s`;
  if (unit === 'B') return `${formatSize(rate)}B/s`;
  return rate < 1 ? `${(1 / rate).toFixed(2).padStart(5)}s/it` : `${rate.toFixed(2).padStart(5)}it/s`;
}

/**
 * A size in three digits with its decimal prefix, as tqdm writes it.
 *
 * @param bytes the size
 * @returns such as `229`, `3.99k`, `438M`
 */
export function formatSize(bytes: number): string {
  let value = bytes;
  for (const prefix of ['', 'k', 'M', 'G', 'T']) {
    if (value < 9.995) return `${value.toFixed(2)}${prefix}`;
    if (value < 99.95) return `${value.toFixed(1)}${prefix}`;
    if (value < 999.5) return `${value.toFixed(0)}${prefix}`;
    value /= 1000;
  }
  return `${value.toFixed(1)}P`;
}

function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => `${value}`.padStart(2, '0');
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${minutes}` : minutes;
}

/** Options of a bar; `publish`, `terminal` and `now` are what it draws on and reads the time from. */
export interface ProgressOptions {
  label: string;
  total?: number | undefined;
  initial?: number | undefined;
  unit?: 'it' | 'B';
  /** Least time between two drawings; default 100 ms. */
  intervalMs?: number;
  /** Time to wait before the first drawing; work that ends earlier draws nothing. Default: 0. */
  delayMs?: number;
  publish?: Publish | undefined;
  terminal?: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean };
  now?: () => number;
}

/**
 * A progress bar that draws itself: in the notebook's cell, else on a terminal's line, else only its last state.
 *
 * @example
 * const bar = new ProgressBar({ label: 'Batches', total: 8 });
 * bar.update(1);
 * bar.finish();
 */
export class ProgressBar {
  readonly #options: ProgressOptions;
  readonly #publish: Publish | undefined;
  readonly #terminal: NonNullable<ProgressOptions['terminal']>;
  readonly #now: () => number;
  readonly #displayId = `tsbert-progress-${randomUUID()}`;
  readonly #start: number;
  #done: number;
  #total: number | undefined;
  #lastDrawn: number | undefined;
  #lastWidth = 0;
  #finished = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#publish = 'publish' in options ? options.publish : notebookPublisher();
    this.#terminal = options.terminal ?? process.stderr;
    this.#now = options.now ?? Date.now;
    this.#start = this.#now();
    this.#done = options.initial ?? 0;
    this.#total = options.total;
    if (!options.delayMs) this.#draw(false);
  }

  /**
   * Moves the bar.
   * @param done units done in all
   * @param total units in all, once it is known
   */
  update(done: number, total = this.#total): void {
    this.#done = done;
    this.#total = total;
    if (this.#isDue() && !this.#finished) this.#draw(false);
  }

  /** Draws the last state and leaves the line; later calls do nothing. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    if (this.#lastDrawn !== undefined || this.#isDue()) this.#draw(true);
  }

  #isDue(): boolean {
    const { intervalMs = 100, delayMs = 0 } = this.#options;
    const [since, wait] =
      this.#lastDrawn === undefined ? [this.#start, delayMs] : [this.#lastDrawn, intervalMs];
    return this.#now() - since >= wait;
  }

  #draw(last: boolean): void {
    const now = this.#now();
    const { label, initial, unit = 'it' } = this.#options;
    const state = { label, initial, unit, done: this.#done, total: this.#total };
    const line = renderProgress({ ...state, elapsedMs: now - this.#start });
    if (this.#publish) {
      const update = this.#lastDrawn !== undefined;
      this.#publish({ 'text/plain': line }, { displayId: this.#displayId, update });
    } else if (this.#terminal.isTTY) {
      this.#terminal.write(`\r${line.padEnd(this.#lastWidth)}${last ? '\n' : ''}`);
    } else if (last) {
      this.#terminal.write(`${line}\n`);
    }
    this.#lastDrawn = now;
    this.#lastWidth = line.length;
  }
}
