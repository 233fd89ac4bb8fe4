/** Follows what a piece of code does through the functions that it calls, wherever in the notebook they stand. */
import type { CellUses, Use } from '../compiler/cell/types.ts';
import type { Names } from './names.ts';

/** What code does, with the functions that it calls. */
export interface Reach {
  reads: Set<string>;
  assigns: Set<string>;
  changes: Set<string>;
  effects: Set<string>;
  isOpen: boolean;
}

/** The part of a use that decides what is called. */
type Start = Pick<Use, 'reads' | 'passes'> & Partial<Use>;

/** Follows `start`, a part of the cell that `uses` describes. */
export function reachOf(names: Names, uses: CellUses, start: Start): Reach {
  const reach: Reach = {
    reads: new Set(),
    assigns: new Set(),
    changes: new Set(),
    effects: new Set(),
    isOpen: false,
  };
  const followed = new Set<string>();
  const queue: Start[] = [start];
  const laterOf = (name: string): Use | undefined =>
    uses.later.get(name) ?? (uses.sets.get(name)?.isDeclared ? undefined : names.later.get(name));
  const call = (name: string): void => {
    if (followed.has(name)) return;
    followed.add(name);
    const later = laterOf(name);
    if (later !== undefined) queue.push(later);
  };
  const isKnown = (name: string) => uses.sets.has(name) || names.current.has(name);

  const follow = (use: Start): void => {
    for (const name of use.passes) reach.reads.add(name);
    for (const name of use.assigns ?? []) reach.assigns.add(name);
    for (const name of use.changes ?? []) reach.changes.add(name);
    for (const effect of use.effects ?? []) if (!isKnown(effect)) reach.effects.add(effect);
    reach.isOpen ||= use.isOpen ?? false;
    for (const [name, method] of use.methods ?? [])
      if (uses.changingMethods.has(method) || names.changingMethods.has(method)) reach.changes.add(name);
    for (const [func, index, name] of use.arguments ?? [])
      if (laterOf(func)?.changedParameters.has(index)) reach.changes.add(name);
    for (const name of use.holds ?? []) call(name);
    for (const name of use.reads) {
      reach.reads.add(name);
      call(name);
    }
  };
  // A list that grows while it is walked: chains of functions may be long.
  for (const use of queue) follow(use);
  for (const name of [...reach.changes])
    for (const other of names.sharing(name, uses.aliases)) reach.changes.add(other);
  return reach;
}
