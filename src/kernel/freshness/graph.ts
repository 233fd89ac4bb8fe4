/**
 * The graph of a notebook's values: for every cell that ran, which versions of which names it was made from. A version
 * is a fingerprint of the code that makes a value and of the versions that go into it, so that running a cell again
 * unchanged makes nothing new, and undoing an edit makes good again what the edit had outdated.
 */
import { fingerprint } from '../../text/fingerprint.ts';
import type { CellUses, NameUse } from '../compiler/cell/types.ts';
import { Names } from './names.ts';
import { type Cell, type Input, isOutdated, isSlot, type Slot } from './nodes.ts';
import { type Reach, reachOf } from './reach.ts';

/** A cell that is about to run. */
export interface RunFacts {
  /** What the cell is recognised by. */
  key: string;
  id?: string;
  number: number;
  text: string;
  uses: CellUses;
  /** Versions of the local files that it imports. */
  modules: readonly string[];
}

/** A run under way: what it reads, as it was when it began. */
export interface Run {
  readonly facts: RunFacts;
  /** The cell as it ran before. */
  readonly before: Cell | undefined;
  readonly reach: Reach;
  readonly inputs: readonly Input[];
  readonly sets: ReadonlyMap<string, PlannedSlot>;
}

interface PlannedSlot {
  inputs: readonly Input[];
  version: string;
  buildsOn: boolean;
}

/** What a run did to the graph. */
export interface Change {
  cell: Cell;
  /** Whether the cell ran before with another text. */
  isEdited: boolean;
}

/** Knows what every value of a notebook was made from. */
export class Graph {
  readonly names = new Names();
  readonly cells = new Map<string, Cell>();
  /** Cells that are out of date. */
  readonly stale = new Set<Cell>();
  #order = 0;
  #serial = 0;

  /** Reads what a run is about to use. */
  begin(facts: RunFacts): Run {
    const { uses } = facts;
    const reach = reachOf(this.names, uses, uses.now);
    // Local files count for all that their cell makes, and answers from outside are new each time.
    const salt = [...facts.modules, reach.isOpen ? String(this.#serial++) : ''].join(' ');
    const inputs = this.#inputs(reach.reads, uses);
    const sets = new Map<string, PlannedSlot>();
    for (const [name, use] of uses.sets) sets.set(name, this.#plan(name, { uses, use, salt }));
    for (const name of [...reach.assigns, ...reach.changes]) {
      if (sets.has(name) || !this.names.current.has(name)) continue;
      const all = {
        isDeclared: false,
        isReplaced: false,
        code: uses.code,
        reads: reach.reads,
        passes: new Set([name]),
      };
      sets.set(name, this.#plan(name, { uses, use: all, salt }));
    }
    return { facts, before: this.cells.get(facts.key), reach, inputs, sets };
  }

  /** Takes in what a run has made. */
  finish(run: Run, isOk: boolean): Change {
    const { facts, before, inputs, sets, reach } = run;
    const cell = before ?? this.#create(facts);
    const code = codeOf(facts);
    const isEdited = before !== undefined && before.code !== code;
    Object.assign(cell, {
      number: facts.number,
      text: facts.text,
      code,
      uses: facts.uses,
      effects: reach.effects,
      isDeleted: false,
    });
    this.names.learn(facts.uses);
    this.#read(cell, carried(cell, inputs, { before: cell.inputs, isKept: false }));
    const changed = new Set<Slot>();
    for (const [name, planned] of sets) this.#set(cell, { name, planned, isOk, changed });
    for (const [name, slot] of cell.slots) {
      if (sets.has(name) || slot.isGone) continue;
      slot.isGone = true;
      changed.add(slot);
    }
    this.#settle([cell, ...cell.slots.values()], changed);
    return { cell, isEdited };
  }

  /** Takes note that cells are deleted. What they made stays, but they cannot be run again. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      const cell = this.cells.get(id);
      if (cell === undefined) continue;
      cell.isDeleted = true;
      this.stale.delete(cell);
    }
  }

  /** The cells out of date that were made from what a cell makes, directly or by way of others. */
  outdatedBy(cell: Cell): Set<Cell> {
    const found = new Set<Cell>();
    const seen = new Set<Cell | Slot>(cell.slots.values());
    for (const node of seen) {
      if (isSlot(node)) for (const reader of node.readers) seen.add(reader);
      else if (this.stale.has(node) && node !== cell) found.add(node);
    }
    return found;
  }

  #create({ key, id, number, text, uses }: RunFacts): Cell {
    const cell: Cell = {
      key,
      ...(id === undefined ? {} : { id }),
      order: this.#order++,
      number,
      text,
      code: '',
      uses,
      slots: new Map(),
      inputs: [],
      isStale: false,
      isDeleted: false,
      effects: new Set(),
      hasTold: false,
    };
    this.cells.set(key, cell);
    return cell;
  }

  /** The current versions of names; those that the cell declares itself are none of its inputs. */
  #inputs(reads: Iterable<string>, uses: CellUses): Input[] {
    const inputs: Input[] = [];
    for (const name of reads) {
      const slot = this.names.current.get(name);
      if (slot === undefined || uses.sets.get(name)?.isDeclared) continue;
      inputs.push({ slot, version: slot.version });
    }
    return inputs;
  }

  #plan(name: string, { uses, use, salt }: { uses: CellUses; use: NameUse; salt: string }): PlannedSlot {
    const { reads } = reachOf(this.names, uses, use);
    const isChanged = !use.isDeclared && uses.now.changes.has(name);
    if (isChanged) reads.add(name);
    const inputs = this.#inputs(reads, uses);
    const made = inputs.map(({ slot, version }) => `${slot.name} ${version}`).sort();
    return {
      inputs,
      version: fingerprint(use.code, salt, ...made),
      buildsOn: !use.isDeclared && reads.has(name) && this.names.current.has(name),
    };
  }

  #set(
    cell: Cell,
    {
      name,
      planned,
      isOk,
      changed,
    }: { name: string; planned: PlannedSlot; isOk: boolean; changed: Set<Slot> },
  ): void {
    const slot = cell.slots.get(name) ?? createSlot(name, cell);
    const version = isOk ? planned.version : `failed ${this.#serial++}`;
    if (slot.version !== version || slot.isGone) changed.add(slot);
    slot.isFailed = !isOk && slot.version !== '' && !slot.isGone;
    this.#read(slot, carried(cell, planned.inputs, { before: slot.inputs, isKept: !isOk }));
    Object.assign(slot, { version, buildsOn: planned.buildsOn, isGone: false });
    cell.slots.set(name, slot);
    this.names.set(slot);
  }

  #read(node: Cell | Slot, inputs: Input[]): void {
    for (const { slot } of node.inputs) slot.readers.delete(node);
    node.inputs = inputs;
    for (const { slot } of inputs) slot.readers.add(node);
  }

  /**
   * Works out anew what is out of date, from the nodes of a cell onwards.
   *
   * @param changed slots that hold something else now
   */
  #settle(nodes: readonly (Cell | Slot)[], changed: ReadonlySet<Slot>): void {
    const queue = new Set(nodes);
    for (const slot of changed) for (const reader of slot.readers) queue.add(reader);
    for (const node of queue) {
      queue.delete(node);
      const was = node.isStale;
      node.isStale = isNodeStale(node);
      if (was === node.isStale) continue;
      if (isSlot(node)) for (const reader of node.readers) queue.add(reader);
      else if (node.isStale && !node.isDeleted) this.stale.add(node);
      else this.stale.delete(node);
    }
  }
}

function codeOf({ uses, modules }: RunFacts): string {
  return modules.length === 0 ? uses.code : fingerprint(uses.code, ...modules);
}

function createSlot(name: string, cell: Cell): Slot {
  return {
    name,
    cell,
    version: '',
    inputs: [],
    readers: new Set(),
    buildsOn: false,
    isStale: false,
    isGone: false,
    isFailed: false,
  };
}

function isNodeStale(node: Cell | Slot): boolean {
  if (isSlot(node)) return node.isGone || node.isFailed || node.inputs.some(isOutdated);
  return node.inputs.some(isOutdated) || [...node.slots.values()].some(({ isFailed }) => isFailed);
}

/**
 * What a node was made from. When its cell goes on from what it had made itself before (`n++` run twice), the inputs of
 * that time still count, as they were; and so they do when a run failed, which may have left the old value.
 */
function carried(
  cell: Cell,
  inputs: readonly Input[],
  { before, isKept }: { before: readonly Input[]; isKept: boolean },
): Input[] {
  const others = inputs.filter(({ slot }) => slot.cell !== cell);
  if (others.length === inputs.length && !isKept) return others;
  const kept = new Set(before.map(({ slot }) => slot));
  return [...before, ...others.filter(({ slot }) => !kept.has(slot))];
}
