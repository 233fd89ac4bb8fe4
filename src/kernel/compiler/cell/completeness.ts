/** Decides whether code may run as it stands, for consoles that run a cell on Enter. */

import { replaceMagics } from './magics.ts';
import type { Completeness } from './types.ts';
import { parseCell } from './typescript-internals.ts';

/** Parser messages that more text could resolve when they stand at the end: "expected", "unterminated"… */
const openEnded = new Set([1003, 1005, 1010, 1109, 1126, 1127, 1160, 1161, 1381, 1382, 1434]);

/** Parses the code and looks where it goes wrong: at its very end it is unfinished, elsewhere it is wrong. */
export function completeness(code: string): Completeness {
  const { text } = replaceMagics(code);
  const errors = parseCell(text).parseDiagnostics;
  if (errors.length === 0) return { status: 'complete' };
  const end = text.trimEnd().length;
  const isUnfinished = errors.every(
    ({ code: number, start, length }) => openEnded.has(number) && start + length >= end,
  );
  return isUnfinished ? { status: 'incomplete', indent: indentAfter(code) } : { status: 'invalid' };
}

/** The indent of the last line, one step deeper when that line opens a bracket. */
function indentAfter(code: string): string {
  const last = code.split('\n').findLast((line) => line.trim() !== '') ?? '';
  const indent = /^\s*/.exec(last)![0];
  return /[{([]\s*$/.test(last) ? `${indent}  ` : indent;
}
