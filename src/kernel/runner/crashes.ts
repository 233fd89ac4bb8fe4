/** Errors that no cell catches, and the end of the process: told, never silent. */
import type { ErrorContent } from '../../jupyter/messages.ts';
import { InterruptedError } from './link/errors.ts';
import type { RunnerMessage } from './link/messages.ts';
import { currentRun } from './link/run-context.ts';
import type { CellRunner } from './run-cell.ts';

/** What reporting needs. */
export interface CrashParts {
  runner: CellRunner;
  describeError(error: unknown): ErrorContent;
  emit(message: RunnerMessage): void;
}

/**
 * Reports uncaught errors and rejections: they end the running cell, or stand under the last cell when none runs.
 * The process goes on with its variables, since nothing of the kernel itself was hit.
 */
export function installCrashReports({ runner, describeError, emit }: CrashParts): void {
  const report = (error: unknown) => {
    // Code that lived on past its interrupt ended just now, as it should.
    if (error instanceof InterruptedError || currentRun().interrupted || runner.fail(error)) return;
    emit({ type: 'error', run: currentRun().run, ...describeError(error) });
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
  // Interrupts reach child processes as a terminal's Ctrl-C does, by a signal to the whole group.
  process.on('SIGINT', () => {});
  process.on('exit', (code) => emit({ type: 'exit', code }));
}
