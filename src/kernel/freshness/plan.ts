/** Which cells to run again, and in which order, so that all is as after a run from top to bottom. */
import type { Run } from './graph.ts';
import type { Names } from './names.ts';
import { type Cell, isAlive, isSlot, type Slot } from './nodes.ts';
import type { Reason } from './reasons.ts';

/** Cells to run again, in order. */
export interface Plan {
  cells: Cell[];
  /** Those that have effects, and are left to the person at the notebook. */
  byHand: Cell[];
  /** Those that may be run for her: all that need none of `byHand`. */
  byKernel: Cell[];
}

/** The plan for cells that are out of date. */
export function planFor(names: Names, stale: Iterable<Cell>): Plan {
  const cells = inOrder(withBases(names, new Set(stale)));
  const byHand = cells.filter(({ effects }) => effects.size > 0);
  const blocked = new Set(byHand);
  for (const cell of cells) if (cell.inputs.some(({ slot }) => blocked.has(slot.cell))) blocked.add(cell);
  return { cells, byHand, byKernel: cells.filter((cell) => !blocked.has(cell)) };
}

/** The plan for what a run needs before it may begin. */
export function planBefore(names: Names, { before, inputs }: Run, reasons: readonly Reason[]): Plan {
  const needed = new Set<Cell>();
  for (const { kind, slot, cause } of reasons) {
    if (kind === 'lacks') needed.add(cause.cell);
    if (kind === 'earlier') for (const between of pathTo(cause, slot)) needed.add(between.cell);
  }
  const seen = new Set(inputs.map(({ slot }) => slot));
  for (const slot of seen) {
    if (!slot.isStale) continue;
    needed.add(slot.cell);
    for (const input of slot.inputs) seen.add(input.slot);
  }
  const plan = planFor(names, needed);
  const isOther = (cell: Cell) => cell !== before;
  return {
    cells: plan.cells.filter(isOther),
    byHand: plan.byHand.filter(isOther),
    byKernel: plan.byKernel.filter(isOther),
  };
}

/** The slots by which `cause` went into `slot`, `slot` included. */
function pathTo(cause: Slot, slot: Slot): Set<Slot> {
  const path = new Set<Slot>();
  const seen = new Set<Slot>();
  const visit = (one: Slot): boolean => {
    if (one === cause || path.has(one)) return true;
    if (seen.has(one)) return false;
    seen.add(one);
    const leads = one.inputs.map((input) => visit(input.slot)).includes(true);
    if (leads) path.add(one);
    return leads;
  };
  visit(slot);
  return path;
}

/**
 * A value that goes on from an earlier one (`list.push(x)`) is right only on top of a fresh start: the cell that first
 * made it runs again too, and with it all that changes what that cell makes.
 */
function withBases(names: Names, cells: Set<Cell>): Set<Cell> {
  for (const cell of cells)
    for (const slot of cell.slots.values()) {
      if (!isAlive(slot)) continue;
      const chain = chainOf(names, slot);
      const isChain = chain.length > 1 && chain.some(({ buildsOn }) => buildsOn);
      if (isChain) for (const one of chain) cells.add(one.cell);
      const current = names.current.get(slot.name)!;
      const hasReaders = [...current.readers].some(
        (reader) => (isSlot(reader) ? reader.cell : reader) !== current.cell,
      );
      if (current.cell.order > cell.order && isAlive(current) && hasReaders) cells.add(current.cell);
    }
  return cells;
}

/** The slots from the one that makes a name's value to the last that goes on from it, around a slot. */
function chainOf(names: Names, slot: Slot): Slot[] {
  const slots = [...(names.slots.get(slot.name) ?? [])].filter(isAlive);
  slots.sort((one, other) => one.cell.order - other.cell.order);
  const place = slots.indexOf(slot);
  let start = place;
  while (start > 0 && slots[start]!.buildsOn) start--;
  let end = place + 1;
  while (end < slots.length && slots[end]!.buildsOn) end++;
  return slots.slice(start, end);
}

/** By their first runs, but what makes a value before what reads it. */
function inOrder(cells: ReadonlySet<Cell>): Cell[] {
  const sorted: Cell[] = [];
  const seen = new Set<Cell>();
  const visit = (cell: Cell): void => {
    if (seen.has(cell) || !cells.has(cell)) return;
    seen.add(cell);
    const makers = cell.inputs.map(({ slot }) => slot.cell);
    for (const maker of makers.sort(byOrder)) visit(maker);
    sorted.push(cell);
  };
  for (const cell of [...cells].sort(byOrder)) if (!cell.isDeleted) visit(cell);
  return sorted;
}

function byOrder(one: Cell, other: Cell): number {
  return one.order - other.order;
}
