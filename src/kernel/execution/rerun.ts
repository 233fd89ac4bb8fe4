/** Runs cells again without the front end: for `%refresh`, and ahead of a cell that needs them. */
import type { Cell } from '../freshness/nodes.ts';
import { titleOf } from '../freshness/notices.ts';
import type { Outcome } from '../runner/link/messages.ts';

/** How a series of cells is run. */
export interface RerunParts {
  /** Runs one cell again, up to its outcome. */
  run(cell: Cell): Promise<Outcome>;
  /** Shows what a cell came to; absent when it is to be silent. */
  show?(outcome: Outcome): void;
  isInterrupted(): boolean;
}

/**
 * Runs cells in order. The first that fails, and an interrupt, ends it.
 *
 * @returns the outcome of the failed cell, with its number; undefined when all went well
 */
export async function rerun(
  cells: readonly Cell[],
  { run, show, isInterrupted }: RerunParts,
): Promise<Outcome | undefined> {
  for (const cell of cells) {
    if (isInterrupted()) return interruptedBefore(cell);
    const outcome = await run(cell);
    if (outcome.status === 'error') return inCell(outcome, cell);
    show?.(outcome);
  }
  return undefined;
}

function interruptedBefore({ number }: Cell): Outcome {
  const evalue = `Interrupted before cell ${number} ran again.`;
  return { status: 'error', ename: 'Interrupted', evalue, traceback: [`Interrupted: ${evalue}`] };
}

function inCell(outcome: Extract<Outcome, { status: 'error' }>, { number, text }: Cell): Outcome {
  const where = `Cell ${number} (${titleOf(text)}), run again`;
  return {
    ...outcome,
    evalue: `${where}: ${outcome.evalue}`,
    traceback: [`${where}:`, ...outcome.traceback],
  };
}
