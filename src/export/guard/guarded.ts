/** Renders a page in a process of its own, with limits of time and memory for each piece of it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Notebook } from '../../jupyter/notebook/nbformat.ts';
import type { ImageReader } from '../markup/images.ts';
import { WHOLE_PAGE } from './units.ts';

/** How much a notebook from somebody else may take. */
export interface Limits {
  /** For one chart, output, or cell, in milliseconds. */
  unitMs: number;
  /** For the process's objects and texts: Node ends a process that needs more, and a thread would end all of them. */
  heapMegabytes: number;
}

export const DEFAULT_LIMITS: Limits = { unitMs: 20_000, heapMegabytes: 2000 };

/** What the process is asked first; `options` is what can be copied of them. */
export interface RenderRequest<Options> {
  notebook: Notebook;
  options: Options;
  readsImages: boolean;
  givenUp: readonly string[];
  /** The pieces that ended before, where no other rich ones are tried any more. */
  proven: readonly string[] | undefined;
  /** No other pieces at all. */
  isStrict: boolean;
}

/** What the process says. */
export type RenderMessage =
  | { begin: string }
  | { image: number; path: string }
  | { page: string }
  | { error: unknown };

/** The process asks for pictures by number. */
export interface ImageAnswer {
  image: number;
  found: Awaited<ReturnType<ImageReader>>;
}

const START_MS = 60_000;
/**
 * After so many pieces were given up, of the rich ones only those are tried that ended before, and after twice as many
 * of all: a thousand bad ones take no longer than these.
 */
const MAX_GIVEN_UP = 6;

/** What is rendered and how. */
export interface GuardedRender<Options> {
  /** The compiled program. */
  program: URL;
  notebook: Notebook;
  options: Options;
  readImage: ImageReader | undefined;
  limits: Limits;
  signal: AbortSignal | undefined;
}

/**
 * Renders a notebook. A piece that takes longer or more memory than it may is given up, and the page made again
 * without it.
 *
 * @throws what rendering throws, and the signal's reason
 */
export async function renderGuarded<Options>(render: GuardedRender<Options>): Promise<string> {
  const givenUp = new Set<string>();
  const ended = new Set<string>();
  for (;;) {
    render.signal?.throwIfAborted();
    const proven = givenUp.size >= MAX_GIVEN_UP ? [...ended] : undefined;
    const isStrict = givenUp.size >= 2 * MAX_GIVEN_UP;
    const end = await runProcess(render, { givenUp: [...givenUp], proven, isStrict }, ended);
    if ('page' in end) return end.page;
    if (end.lost === WHOLE_PAGE || givenUp.has(end.lost)) {
      throw new Error(
        'The page took too long to make, or too much memory. Clear some outputs and try again.',
      );
    }
    givenUp.add(end.lost);
    ended.delete(end.lost);
  }
}

type End = { page: string } | { lost: string };

function runProcess<Options>(
  { program, notebook, options, readImage, limits, signal }: GuardedRender<Options>,
  state: Pick<RenderRequest<Options>, 'givenUp' | 'proven' | 'isStrict'>,
  ended: Set<string>,
): Promise<End> {
  const child = fork(fileURLToPath(program), {
    // The caller's loaders and flags are not this process's: it runs compiled code only.
    execArgv: [`--max-old-space-size=${limits.heapMegabytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let current = WHOLE_PAGE;
  let timer: NodeJS.Timeout;
  const stop = () => child.kill('SIGKILL');
  return new Promise<End>((resolve, reject) => {
    const lose = () => resolve({ lost: current });
    timer = setTimeout(lose, START_MS);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    child.on('message', (message: RenderMessage) => {
      if ('page' in message) return resolve(message);
      if ('error' in message) return reject(message.error);
      if ('image' in message) return void answerImage(child, message, readImage);
      if (current !== WHOLE_PAGE) ended.add(current);
      current = message.begin;
      clearTimeout(timer);
      timer = setTimeout(lose, current === WHOLE_PAGE ? START_MS : limits.unitMs);
    });
    child.once('error', reject);
    child.once('exit', lose);
    process.once('exit', stop);
    const request: RenderRequest<Options> = {
      notebook,
      options,
      readsImages: readImage !== undefined,
      ...state,
    };
    child.send(request as never, (error) => error && reject(error));
  }).finally(() => {
    clearTimeout(timer);
    process.off('exit', stop);
    stop();
  });
}

async function answerImage(
  child: ChildProcess,
  { image, path }: { image: number; path: string },
  readImage: ImageReader | undefined,
): Promise<void> {
  const found = await readImage?.(path).catch(() => undefined);
  if (child.connected) child.send({ image, found } satisfies ImageAnswer);
}
