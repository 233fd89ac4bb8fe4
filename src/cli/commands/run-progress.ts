/** What `tsbert run` says while a notebook runs: a line for each cell, and its last output below. */
import { stripVTControlCharacters } from 'node:util';
import type { ProgressEvent } from '../../jupyter/notebook/execute.ts';
import type { CellFailure } from '../../jupyter/notebook/failure.ts';
import type { Terminal } from '../support/command.ts';

/** Longest first line of a cell that is shown. */
const WIDTH = 60;

/** Makes the listener for `executeNotebook`. */
export function createRunProgress(terminal: Terminal): (event: ProgressEvent) => void {
  let label = '';
  let title = '';
  return (event) => {
    if (event.type === 'kernel-ready') {
      terminal.print(`Kernel ready in ${formatDuration(event.durationMs)}.`);
    } else if (event.type === 'cell-start') {
      label = `[${String(event.number).padStart(String(event.count).length)}/${event.count}]`;
      title = shorten(firstLine(event.source));
      terminal.status(`${label}          ${title}`);
    } else if (event.type === 'message') {
      const line = lastLine(event.message.content);
      if (line) terminal.status(`${label}          ${line}`);
    } else {
      const mark = event.failure ? '✗' : '✓';
      terminal.print(`${label} ${mark} ${formatDuration(event.durationMs).padStart(7)}  ${title}`);
    }
  };
}

/**
 * Tells a failure: the cell's number, its source line, and the error.
 * @example
 * Cell 3 failed at line 2: const x = f();
 * ReferenceError: f is not defined
 */
export function describeForTerminal({
  cellNumber,
  line,
  sourceLine,
  ename,
  evalue,
  traceback,
}: CellFailure): string {
  const where = line ? ` at line ${line}` : '';
  const plain = stripVTControlCharacters(traceback.join('\n')).trim();
  return `Cell ${cellNumber} failed${where}: ${sourceLine}\n${plain || `${ename}: ${evalue}`}`;
}

/** @example formatDuration(340) // '0.3 s'; formatDuration(75_000) // '1:15 min' */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
}

/** The last line of what a cell printed or displays, such as a bar. */
function lastLine(content: Record<string, unknown>): string | undefined {
  const data = content.data as Record<string, unknown> | undefined;
  const text = content.text ?? data?.['text/plain'];
  return typeof text === 'string'
    ? text
        .trimEnd()
        .split(/[\r\n]/)
        .at(-1)
    : undefined;
}

/** The first line that says something: a comment there is a title. */
function firstLine(source: string): string {
  const lines = source.split('\n').map((line) => line.replace(/^[\s/*]+/, '').trim());
  return lines.find((line) => line !== '') ?? '';
}

function shorten(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}
