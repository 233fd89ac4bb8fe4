/** Why a cell failed, told so that a reader finds the line. */
import { stripVTControlCharacters } from 'node:util';
import type { ErrorContent } from '../messages.ts';

/** One failed cell. */
export interface CellFailure {
  /** Index in the notebook's list of cells, from 0. */
  cellIndex: number;
  /** Number among the cells that ran, from 1: the `n` of `In[n]`. */
  cellNumber: number;
  ename: string;
  evalue: string;
  /** Lines with ANSI colours. */
  traceback: string[];
  /** Line in the cell, from 1, where the traceback names it. */
  line?: number;
  /** The text of that line, else the cell's first line of code. */
  sourceLine: string;
}

/** What is known of the cell that failed. */
export interface FailedCell {
  cellIndex: number;
  cellNumber: number;
  executionCount: number | null;
  source: string;
}

/** Describes a failure by the cell's own line that the traceback names. */
export function describeFailure(cell: FailedCell, error: ErrorContent): CellFailure {
  const { cellIndex, cellNumber, executionCount, source } = cell;
  const line = findLine(error.traceback, executionCount ?? cellNumber);
  const lines = source.split('\n');
  const sourceLine = lines[(line ?? 0) - 1]?.trim() ?? firstLineOfCode(source);
  const { ename, evalue, traceback } = error;
  return { cellIndex, cellNumber, ename, evalue, traceback, ...(line && { line }), sourceLine };
}

/** The first line that is neither empty nor a comment, for a progress line. */
export function firstLineOfCode(source: string): string {
  const lines = source.split('\n').map((line) => line.trim());
  const isCode = (line: string) => line !== '' && !/^(\/\/|\/\*|\*|#)/.test(line);
  return lines.find(isCode) ?? lines.find((line) => line !== '') ?? '';
}

/** `In[7]:3:12` as our kernel writes it (nearest call first), or `Cell In[7], line 3` as IPython does (nearest last). */
function findLine(traceback: readonly string[], executionCount: number): number | undefined {
  const text = stripVTControlCharacters(traceback.join('\n'));
  const ours = new RegExp(`In\\[${executionCount}\\]:(\\d+)`).exec(text);
  const ipython = text.matchAll(new RegExp(`In\\[${executionCount}\\], line (\\d+)`, 'g'));
  const found = ours ?? [...ipython].at(-1);
  return found ? Number(found[1]) : undefined;
}
