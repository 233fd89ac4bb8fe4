/** Runs a notebook from top to bottom in a kernel process of its own. */

import { type KernelClient, type LaunchSpec, type StartKernel, startKernel } from '../client/client.ts';
import { CellTimeoutError, DeadKernelError } from '../client/errors.ts';
import type { ErrorContent, ExecuteReply, KernelInfoReply, Message } from '../messages.ts';
import { type CellFailure, describeFailure } from './failure.ts';
import { type CodeCell, codeCells, type Notebook } from './nbformat.ts';
import { createOutputCollector, type OutputCollector } from './outputs.ts';

/** What happens while a notebook runs. `number` counts the cells that run, from 1 to `count`. */
export type ProgressEvent =
  | { type: 'kernel-ready'; info: KernelInfoReply; durationMs: number }
  | { type: 'cell-start'; cellIndex: number; number: number; count: number; source: string }
  | { type: 'message'; message: Message }
  | {
      type: 'cell-end';
      cellIndex: number;
      number: number;
      count: number;
      durationMs: number;
      failure?: CellFailure;
    };

export interface ExecuteOptions {
  /** The folder that the kernel runs in. */
  cwd: string;
  kernelSpec: LaunchSpec;
  /** Run on after a cell that failed. */
  allowErrors?: boolean;
  /** Interrupt a cell that runs longer. No limit by default. */
  cellTimeoutMs?: number;
  /** How long a kernel may take to answer for the first time. */
  startTimeoutMs?: number;
  onProgress?: (event: ProgressEvent) => void;
  /** Called with the notebook as it stands after each cell, and waited for: to save what was done. */
  onCellEnd?: (notebook: Notebook) => void | Promise<void>;
  /** Stops the run: the kernel is ended and the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** @internal For tests: what starts the kernel. */
  start?: StartKernel;
}

/** The executed notebook, and the cells that failed in it. */
export interface ExecutionResult {
  notebook: Notebook;
  failures: CellFailure[];
}

/**
 * Runs every code cell of a notebook, in order, and gives back a copy with their outputs.
 * A failing cell ends the run unless `allowErrors` is set or the cell is tagged `raises-exception`. Cells that did
 * not run have no outputs. A dead kernel is a failure of the cell that was running.
 * @throws KernelStartError when the kernel does not start
 * @example
 * const { notebook, failures } = await executeNotebook(parseNotebook(text, path), {
 *   cwd: dirname(path),
 *   kernelSpec: kernelSpec(),
 * });
 * failures.length // 0
 * @see https://nbclient.readthedocs.io/ (the same, for Python)
 */
export async function executeNotebook(notebook: Notebook, options: ExecuteOptions): Promise<ExecutionResult> {
  const { cwd, kernelSpec, startTimeoutMs, onProgress, signal, start = startKernel } = options;
  signal?.throwIfAborted();
  const startedAt = performance.now();
  const kernel = await start(kernelSpec, { cwd, ...(startTimeoutMs && { startTimeoutMs }) });
  const stop = () => void kernel.interrupt().finally(() => kernel.close());
  signal?.addEventListener('abort', stop, { once: true });
  try {
    onProgress?.({ type: 'kernel-ready', info: kernel.info, durationMs: performance.now() - startedAt });
    const copy = structuredClone(notebook);
    copy.metadata.language_info = kernel.info.language_info;
    const failures = await runCells(copy, kernel, options);
    signal?.throwIfAborted();
    return { notebook: copy, failures };
  } finally {
    signal?.removeEventListener('abort', stop);
    await kernel.close();
  }
}

async function runCells(
  notebook: Notebook,
  kernel: KernelClient,
  options: ExecuteOptions,
): Promise<CellFailure[]> {
  const cells = codeCells(notebook);
  const outputs = createOutputCollector();
  for (const { cell } of cells) outputs.begin(cell);
  const filled = cells.filter(({ cell }) => cell.source.trim() !== '');
  const failures: CellFailure[] = [];
  for (const [i, { cell, index }] of filled.entries()) {
    options.signal?.throwIfAborted();
    const place = { cellIndex: index, number: i + 1, count: filled.length };
    options.onProgress?.({ type: 'cell-start', ...place, source: cell.source });
    const startedAt = performance.now();
    const end = await runCell(cell, kernel, outputs, options);
    const failure = end.error && describeFailure({ ...cellOf(cell), ...place, cellNumber: i + 1 }, end.error);
    const durationMs = performance.now() - startedAt;
    options.onProgress?.({ type: 'cell-end', ...place, durationMs, ...(failure && { failure }) });
    if (failure) failures.push(failure);
    options.signal?.throwIfAborted();
    await options.onCellEnd?.(notebook);
    if (end.kernelIsGone || (failure && !options.allowErrors)) break;
  }
  return failures;
}

const cellOf = ({ execution_count, source }: CodeCell) => ({ executionCount: execution_count, source });

interface CellEnd {
  error?: ErrorContent;
  kernelIsGone?: boolean;
}

async function runCell(
  cell: CodeCell,
  kernel: KernelClient,
  outputs: OutputCollector,
  { cellTimeoutMs, onProgress }: ExecuteOptions,
): Promise<CellEnd> {
  outputs.begin(cell);
  try {
    const running = kernel.execute(cell.source, (message) => {
      outputs.apply(message);
      onProgress?.({ type: 'message', message });
    });
    const reply = await withTimeLimit(running, cellTimeoutMs, kernel);
    return reply.status === 'ok' || expectsError(cell) ? {} : { error: errorOf(reply) };
  } catch (cause) {
    if (!(cause instanceof DeadKernelError || cause instanceof CellTimeoutError)) throw cause;
    const error = {
      ename: cause.name,
      evalue: cause.message,
      traceback: [`${cause.name}: ${cause.message}`],
    };
    outputs.add({ output_type: 'error', ...error });
    return { error, kernelIsGone: cause instanceof DeadKernelError };
  } finally {
    outputs.end();
  }
}

/** Interrupts a cell that takes too long. One that does not stop for the interrupt loses its kernel. */
async function withTimeLimit(
  running: Promise<ExecuteReply>,
  timeoutMs: number | undefined,
  kernel: KernelClient,
): Promise<ExecuteReply> {
  if (timeoutMs === undefined) return running;
  const first = await Promise.race([running, timer(timeoutMs)]);
  if (first) return first;
  await kernel.interrupt();
  const stopped = await Promise.race([running, timer(10_000)]);
  if (stopped) throw new CellTimeoutError(timeoutMs);
  await kernel.close();
  throw new DeadKernelError(
    `ended because a cell ran longer than ${timeoutMs / 1000} s and took no interrupt`,
  );
}

function timer(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
}

function expectsError(cell: CodeCell): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes('raises-exception');
}

function errorOf(reply: ExecuteReply): ErrorContent {
  if (reply.status === 'error') return reply;
  return { ename: 'Aborted', evalue: 'The kernel dropped this cell.', traceback: [] };
}
