/** Why a value that a cell is about to use is out of date. */
import type { Run } from './graph.ts';
import type { Names } from './names.ts';
import { type Cell, isAlive, type Slot } from './nodes.ts';

/** Why a name's value is out of date, and which cell and name are at the bottom of it. */
export interface Reason {
  /**
   * `earlier`: made from an earlier value of `cause`; `gone`: the cell's text does not make it any more; `failed`: the
   * last run of the cell failed; `lacks`: what the cell of `cause` does to it is missing; `another`: for a cell that
   * ran, its cell has since made another value.
   */
  kind: 'earlier' | 'gone' | 'failed' | 'lacks' | 'another';
  slot: Slot;
  cause: Slot;
}

/** The reasons why what a run reads is out of date, by name. */
export function reasonsOf(names: Names, { before, inputs }: Run): Reason[] {
  const reasons: Reason[] = [];
  for (const { slot } of inputs) {
    if (slot.cell === before) continue;
    const reason = staleReason(slot) ?? lackReason(names, slot, before) ?? laterReason(names, slot, before);
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons;
}

/** Why a cell that ran is out of date: `slot` is what it read, and where that itself is fresh, the cause too. */
export function cellReasons({ inputs }: Cell): Reason[] {
  return inputs.flatMap(({ slot, version }) => {
    const isAnother = slot.version !== version;
    const reason =
      staleReason(slot) ?? (isAnother ? ({ kind: 'another', slot, cause: slot } as const) : undefined);
    return reason === undefined ? [] : [reason];
  });
}

/** The reason that lies in what a slot was made from, followed to its bottom. */
function staleReason(slot: Slot, seen = new Set<Slot>()): Reason | undefined {
  if (seen.has(slot)) return undefined;
  seen.add(slot);
  if (slot.isGone) return { kind: 'gone', slot, cause: slot };
  if (!slot.isStale) return undefined;
  for (const input of slot.inputs) {
    const deeper = staleReason(input.slot, seen);
    if (deeper !== undefined) return { ...deeper, slot: deeper.kind === 'earlier' ? slot : deeper.slot };
    if (input.slot.version !== input.version) return { kind: 'earlier', slot, cause: input.slot };
  }
  return slot.isFailed ? { kind: 'failed', slot, cause: slot } : undefined;
}

/** A cell between the one that set the name and this one goes on from its value, and has not run since. */
function lackReason(names: Names, slot: Slot, reader: Cell | undefined): Reason | undefined {
  if (!names.contested.has(slot.name)) return undefined;
  for (const other of names.slots.get(slot.name) ?? []) {
    const isBetween =
      other.cell.order > slot.cell.order &&
      other.cell !== reader &&
      !(reader && other.cell.order > reader.order);
    const wasRead = reader?.inputs.some((input) => input.slot === other) ?? false;
    if (isBetween && isAlive(other) && (other.buildsOn || wasRead))
      return { kind: 'lacks', slot, cause: other };
  }
  return undefined;
}

/**
 * A cell that stands behind the reader has set a name anew, and the value was made before that. A run from top to
 * bottom does not get here: when it comes to the reader, the cells behind it have not run yet, or are yet to run again.
 */
function laterReason(names: Names, slot: Slot, reader: Cell | undefined): Reason | undefined {
  if (reader === undefined || names.contested.size === 0) return undefined;
  const isBehind = ({ cell }: Slot) => cell !== reader && cell.order > reader.order;
  const made = new Set([slot]);
  for (const one of made) {
    const isNewest = isBehind(one) && names.current.get(one.name) === one;
    // What the newest value itself goes on from is no matter: it is the one that counts.
    if (isNewest) continue;
    for (const { slot: source } of one.inputs) {
      made.add(source);
      const current = names.current.get(source.name)!;
      if (current !== source && isBehind(current)) return { kind: 'earlier', slot, cause: source };
    }
  }
  return undefined;
}
