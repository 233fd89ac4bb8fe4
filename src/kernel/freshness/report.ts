/** What is out of date, as the comm `tsbert.freshness` tells it to front ends. */
import type { Graph } from './graph.ts';
import { reasonText, titleOf } from './notices.ts';
import { planFor } from './plan.ts';
import { cellReasons } from './reasons.ts';

/** One cell to run again. Names as they go over the wire. */
export interface StaleCell {
  /** The front end's id of the cell; null for cells that came without one. */
  cell_id: string | null;
  execution_count: number;
  title: string;
  /** Why, in sentences without their end. Empty for a cell that has to run again for another's sake. */
  reasons: string[];
  /** Why the kernel does not run it by itself: `!command`, `%npm`, `prompt`. */
  effects: string[];
}

/** The data of a comm message. */
export interface FreshnessReport {
  /** Whether cells first run what they need. */
  auto: boolean;
  /** In the order in which to run them again. */
  out_of_date: StaleCell[];
}

/** The report of a notebook as it stands. */
export function reportOf(graph: Graph, auto: boolean): FreshnessReport {
  const { cells } = planFor(graph.names, graph.stale);
  const out_of_date = cells.map((cell) => ({
    cell_id: cell.id ?? null,
    execution_count: cell.number,
    title: titleOf(cell.text),
    reasons: [...new Set(cellReasons(cell).map(reasonText))],
    effects: [...cell.effects],
  }));
  return { auto, out_of_date };
}
