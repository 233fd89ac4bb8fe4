/** Says in a sentence why a runner process ended, and what that means for the notebook. */
import type { ErrorContent } from '../../jupyter/messages.ts';
import { red } from '../../text/ansi.ts';
import type { RunnerExit } from './process.ts';

const CONSEQUENCE = 'A fresh runner has started: run the cells whose variables and imports you need again.';

/** What the kernel knows besides the exit itself. */
export interface DeathCircumstances {
  /** We ended it, because it could not be interrupted. */
  isStuck: boolean;
  /** It had come up before. */
  wasReady: boolean;
}

/**
 * The error for the cell that ran when its process ended.
 *
 * @example
 * describeDeath({ code: 1, signal: null, exitCall: 1, stderrTail: '' }, { isStuck: false, wasReady: true }).ename
 * // 'ProcessExit'
 */
export function describeDeath(exit: RunnerExit, circumstances: DeathCircumstances): ErrorContent {
  const [ename, what] = nameDeath(exit, circumstances);
  const evalue = `${what} ${CONSEQUENCE}`;
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

function nameDeath(exit: RunnerExit, { isStuck, wasReady }: DeathCircumstances): [string, string] {
  const { code, signal, exitCall, stderrTail } = exit;
  if (isStuck) return ['Interrupted', 'The code could not be stopped, so its process was ended.'];
  if (/heap out of memory|Array buffer allocation failed/.test(stderrTail))
    return [
      'OutOfMemory',
      'The cell used up the memory that Node allows it (NODE_OPTIONS=--max-old-space-size=MiB).',
    ];
  if (signal === 'SIGKILL')
    return [
      'RunnerDied',
      'The runner process was killed (SIGKILL), perhaps because the machine was out of memory.',
    ];
  if (signal !== null) return ['RunnerDied', `The runner process was ended by ${signal}.`];
  if (!wasReady) return ['RunnerDied', `The runner process did not start (exit code ${code}).`];
  if (exitCall !== undefined) return ['ProcessExit', `process.exit(${exitCall}) ended the runner process.`];
  return ['RunnerDied', `The runner process ended with exit code ${code}.`];
}
