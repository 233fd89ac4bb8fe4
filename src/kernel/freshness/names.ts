/** What is known of the notebook's names now: who set each, what its functions do when called, which share an object. */
import type { CellUses, Use } from '../compiler/cell/types.ts';
import { createUse, joinUse } from '../compiler/uses/use.ts';
import type { Slot } from './nodes.ts';

/** The names of a notebook. */
export class Names {
  /** The slot that set a name last. */
  readonly current = new Map<string, Slot>();
  /** Every slot of a name. */
  readonly slots = new Map<string, Set<Slot>>();
  /** Names that more than one cell sets. */
  readonly contested = new Set<string>();
  readonly later = new Map<string, Use>();
  readonly changingMethods = new Set<string>();
  readonly #shared = new Map<string, Set<string>>();

  /** Makes a slot the one that set its name last. */
  set(slot: Slot): void {
    const { name } = slot;
    this.current.set(name, slot);
    const slots = this.slots.get(name) ?? new Set();
    this.slots.set(name, slots.add(slot));
    if (slots.size > 1) this.contested.add(name);
  }

  /** Takes over what a cell says of its names: functions, methods, and shared objects. */
  learn({ sets, later, aliases, changingMethods }: CellUses): void {
    for (const method of changingMethods) this.changingMethods.add(method);
    for (const [name, { isDeclared, isReplaced }] of sets) {
      if (isReplaced) this.#unshare(name);
      if (isDeclared) this.later.delete(name);
    }
    for (const [name, use] of later) this.#learnLater(name, resolveHolds(use, later, this.later));
    for (const [name, other] of aliases) this.#share(name, other);
  }

  /** A name that is not declared here keeps what it held: `handlers.push(() => …)`. */
  #learnLater(name: string, use: Use): void {
    const known = this.later.get(name);
    if (isIdle(use) || (known && [...use.reads].every((read) => known.reads.has(read)))) return;
    const both = createUse();
    for (const part of known ? [known, use] : [use]) {
      joinUse(both, part);
      for (const index of part.changedParameters) both.changedParameters.add(index);
    }
    this.later.set(name, both);
  }

  /** The name itself, and all names for the same object. */
  sharing(name: string, more: ReadonlyMap<string, string> = new Map()): Set<string> {
    const found = new Set([name]);
    for (const one of found) {
      for (const other of this.#shared.get(one) ?? []) found.add(other);
      for (const [from, to] of more) {
        if (from === one) found.add(to);
        if (to === one) found.add(from);
      }
    }
    return found;
  }

  #share(name: string, other: string): void {
    if (name === other) return;
    this.#shared.set(name, (this.#shared.get(name) ?? new Set()).add(other));
    this.#shared.set(other, (this.#shared.get(other) ?? new Set()).add(name));
  }

  /** The name stands for something new; those that shared its object go on sharing it. */
  #unshare(name: string): void {
    const others = [...(this.#shared.get(name) ?? [])];
    this.#shared.delete(name);
    for (const other of others) this.#shared.get(other)?.delete(name);
    const [first, ...rest] = others;
    if (first !== undefined) for (const other of rest) this.#share(first, other);
  }
}

/**
 * Puts in what a value's makers do: the functions that it holds are those of today, whatever their names stand for later.
 * Kept so, a chain of values, each made from the one before, is no chain to follow.
 */
function resolveHolds(use: Use, own: ReadonlyMap<string, Use>, known: ReadonlyMap<string, Use>): Use {
  if (use.holds.size === 0) return use;
  const resolved = createUse();
  joinUse(resolved, use);
  for (const index of use.changedParameters) resolved.changedParameters.add(index);
  for (const held of resolved.holds) {
    const later = own.get(held) ?? known.get(held);
    if (later === undefined || later === use) continue;
    joinUse(resolved, later);
    for (const index of later.changedParameters) resolved.changedParameters.add(index);
  }
  resolved.holds.clear();
  return resolved;
}

/** Whether calling does nothing to any name. */
function isIdle(use: Use): boolean {
  const { reads, passes, assigns, changes, changedParameters, effects } = use;
  const sizes = [reads, passes, assigns, changes, changedParameters, effects].map(({ size }) => size);
  return sizes.every((size) => size === 0) && use.methods.length === 0 && use.arguments.length === 0;
}
