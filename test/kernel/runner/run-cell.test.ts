/** Cells end once, and one that was stopped before it began does not begin. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { CompiledCell } from '../../../src/kernel/compiler/cell/types.ts';
import type { RunnerMessage } from '../../../src/kernel/runner/link/messages.ts';
import { createCellRunner } from '../../../src/kernel/runner/run-cell.ts';

function makeRunner() {
  const messages: RunnerMessage[] = [];
  const evaluate = vi.fn(async () => undefined);
  const runner = createCellRunner({
    evaluate,
    describeError: (error) => ({ ename: (error as Error).name, evalue: '', traceback: [] }),
    emit: (message) => void messages.push(message),
    isInterrupted: () => false,
  });
  const run = () =>
    runner.run({ type: 'run', run: 1, allowStdin: false, cell: { executionCount: 1 } as CompiledCell });
  return { messages, evaluate, runner, run };
}

describe('createCellRunner()', () => {
  it('runs a cell and tells its end', async () => {
    const { messages, evaluate, run } = makeRunner();
    run();
    await setImmediate();
    await setImmediate();
    expect(evaluate).toHaveBeenCalledOnce();
    expect(messages).toEqual([{ type: 'done', run: 1, outcome: { status: 'ok' } }]);
  });

  it('does not begin a cell that was interrupted between its arrival and its start', async () => {
    const { messages, evaluate, runner, run } = makeRunner();
    run();
    runner.interrupt();
    await setImmediate();
    await setImmediate();
    expect(evaluate).not.toHaveBeenCalled();
    expect(messages).toMatchObject([{ type: 'done', outcome: { status: 'error', ename: 'Interrupted' } }]);
  });
});
