/** The nodes of the graph: cells, and slots, which are the names that a cell sets. */
import type { CellUses } from '../compiler/cell/types.ts';

/** A version of a slot that something was made from. */
export interface Input {
  slot: Slot;
  version: string;
}

/** A name that one cell sets. Two cells that set one name have a slot each: the later does not outdate the former. */
export interface Slot {
  readonly name: string;
  readonly cell: Cell;
  /** The latest version that the cell made: the same for the same code with the same inputs. */
  version: string;
  inputs: Input[];
  /** Cells and slots that were made from it. */
  readonly readers: Set<Cell | Slot>;
  /** Whether it goes on from the name's value before: `n++`, `list.push(1)`. */
  buildsOn: boolean;
  isStale: boolean;
  /** The cell's text does not set the name any more. */
  isGone: boolean;
  /** The cell's last run failed, after one that had made a value. */
  isFailed: boolean;
}

/** A cell that ran. */
export interface Cell {
  readonly key: string;
  /** The id that the front end gave it. */
  readonly id?: string;
  /** Its place among the cells by their first run. */
  readonly order: number;
  /** The execution count that its prompt shows. */
  number: number;
  /** The text that ran last. */
  text: string;
  /** Fingerprint of that text, and of the local files that it imports. */
  code: string;
  uses: CellUses;
  readonly slots: Map<string, Slot>;
  /** All that the run read. */
  inputs: Input[];
  isStale: boolean;
  isDeleted: boolean;
  /** What makes it a cell that is never run again by itself. */
  effects: ReadonlySet<string>;
  /** Whether it has told what it put out of date, and some of that still is: then it tells again when it runs again. */
  hasTold: boolean;
}

/** Whether something made from this version would be made otherwise today. */
export function isOutdated({ slot, version }: Input): boolean {
  return slot.version !== version || slot.isGone || slot.isStale;
}

/** Whether a node is a slot. */
export function isSlot(node: Cell | Slot): node is Slot {
  return 'readers' in node;
}

/** Whether a slot holds a value that its cell would make again. */
export function isAlive(slot: Slot): boolean {
  return !slot.isGone && !slot.cell.isDeleted;
}
