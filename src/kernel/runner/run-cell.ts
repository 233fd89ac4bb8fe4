/** Runs compiled cells: one at a time or side by side, each ending exactly once, by its own end or by an interrupt. */
import type { ErrorContent } from '../../jupyter/messages.ts';
import type { CompiledCell } from '../compiler/cell/types.ts';
import { InterruptedError } from './link/errors.ts';
import type { Outcome, RunnerMessage, RunRequest } from './link/messages.ts';
import { createRunContext, type RunContext, startRun } from './link/run-context.ts';
import { toBundle } from './output/bundle.ts';
import { isShown } from './output/display.ts';
import { clearTimers } from './process/timers.ts';

/** What running a cell needs of the language and of the outside. */
export interface CellRunnerParts {
  evaluate(cell: CompiledCell): Promise<{ value: unknown } | undefined>;
  /** An error as front ends show it, with positions in the cell. */
  describeError(error: unknown): ErrorContent;
  emit(message: RunnerMessage): void;
  /** Whether an interrupt is on its way, which a cell must not outrun by ending well. */
  isInterrupted(): boolean;
}

/** Runs cells and stops them. */
export interface CellRunner {
  run(request: RunRequest): void;
  /** Ends every run with an InterruptedError. */
  interrupt(): void;
  /** Ends every run with `error`, thrown where no cell could catch it. @returns whether there was a run to end. */
  fail(error: unknown): boolean;
}

type Finish = (outcome: Outcome) => void;

/** Makes the cell runner of a runner process. */
export function createCellRunner({
  evaluate,
  describeError,
  emit,
  isInterrupted,
}: CellRunnerParts): CellRunner {
  const active = new Map<RunContext, Finish>();
  const failed = (error: unknown): Outcome => ({ status: 'error', ...describeError(error) });

  const run = (request: RunRequest) => {
    const { run: id, cell, allowStdin } = request;
    const context = createRunContext({ run: id, executionCount: cell.executionCount, allowStdin });
    const finish: Finish = (outcome) => {
      if (active.delete(context)) emit({ type: 'done', run: id, outcome });
    };
    active.set(context, finish);
    // From a callback of its own: what terminates the cell then ends this callback and nothing of ours.
    setImmediate(() => {
      // An interrupt may have ended it before it began.
      if (!active.has(context)) return;
      startRun(context, () => runToEnd(request, context)).then(finish, (error) => finish(failed(error)));
    });
  };

  const runToEnd = async ({ cell }: RunRequest, context: RunContext): Promise<Outcome> => {
    const result = await evaluate(cell).finally(() => context.onEnd?.());
    if (isInterrupted()) throw new InterruptedError();
    const { value } = result ?? {};
    const bundle = value === undefined || isShown(value) ? undefined : await toBundle(value);
    if (bundle !== undefined) Object.assign(globalThis, { _: value });
    while (context.pending.size > 0) await settlePending(context);
    return bundle === undefined ? { status: 'ok' } : { status: 'ok', bundle };
  };

  const endAll = (end: (context: RunContext, finish: Finish) => void): boolean => {
    const runs = [...active];
    for (const [context, finish] of runs) end(context, finish);
    return runs.length > 0;
  };

  return {
    run,
    interrupt: () => {
      endAll((context, finish) => {
        context.interrupted = true;
        clearTimers(context);
        for (const child of context.children) child.kill();
        finish(failed(new InterruptedError()));
      });
    },
    fail: (error) => endAll((_, finish) => finish(failed(error))),
  };
}

/** Waits for displays under way; one that fails fails the cell. */
async function settlePending(context: RunContext): Promise<void> {
  const pending = [...context.pending];
  context.pending.clear();
  await Promise.all(pending);
}
