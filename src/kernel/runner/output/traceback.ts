/** Errors as a notebook shows them: the user's own frames, on the lines and columns that the user wrote. */
import { relative } from 'node:path';
import { inspect } from 'node:util';
import type { ErrorContent } from '../../../jupyter/messages.ts';
import { cyan, red } from '../../../text/ansi.ts';
import { sourceFrame } from '../../../text/source-frame.ts';
import { type SourceMaps, type SourcePlace, sourceMaps } from '../link/source-maps.ts';

/** A frame of the user's code. */
interface UserFrame extends SourcePlace {
  /** Name of the function; empty at the top level of a cell or module. */
  caller: string;
}

/** The content of an `error` message for whatever a cell threw. */
export function describeError(error: unknown): ErrorContent {
  const { ename, evalue } = nameAndValue(error);
  return { ename, evalue, traceback: formatTraceback(error, sourceMaps) };
}

/**
 * The lines of a traceback: the message, the code around the innermost place of the user's, the frames, then causes
 * and the errors of an AggregateError.
 *
 * @param maps tell which files are the user's
 */
export function formatTraceback(error: unknown, maps: SourceMaps, seen = new Set<unknown>()): string[] {
  const { ename, evalue } = nameAndValue(error);
  const lines = [`${red(ename)}: ${evalue}`];
  if (!isError(error) || seen.has(error)) return lines;
  seen.add(error);
  const frames = userFrames(error.stack ?? '', maps);
  if (frames[0] !== undefined) lines.push(...sourceFrame(frames[0].text, frames[0]));
  lines.push(...frames.map(formatFrame), ...extraProperties(error));
  if (error.cause !== undefined) {
    lines.push(...labelled('Caused by: ', formatTraceback(error.cause, maps, seen)));
  }
  const parts = error instanceof AggregateError ? error.errors : [];
  for (const [index, part] of parts.entries()) {
    lines.push(...labelled(`Error ${index + 1} of ${parts.length}: `, formatTraceback(part, maps, seen)));
  }
  return lines;
}

/** The frames of a V8 stack that lie in the user's code, innermost first. */
export function userFrames(stack: string, maps: SourceMaps): UserFrame[] {
  const frames: UserFrame[] = [];
  for (const line of stack.split('\n')) {
    const match = /^\s+at (?:async )?(?:(.*) \()?(?:file:\/\/)?(.+?):(\d+):(\d+)\)?$/.exec(line);
    if (match === null) continue;
    const [, caller = '', file, row, column] = match;
    const place = maps.find(file!, Number(row), Number(column));
    if (place !== undefined) frames.push({ ...place, caller: readableCaller(caller) });
  }
  return frames;
}

/** V8 names callers after the objects they were found on, which are of no interest here. */
function readableCaller(caller: string): string {
  return caller
    .replace(/^Object\.(?=\w)/, '')
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/^<anonymous>$/, '');
}

function formatFrame({ caller, file, line, column }: UserFrame): string {
  const place = cyan(`${displayName(file)}:${line}:${column}`);
  return caller === '' ? `    at ${place}` : `    at ${caller} (${place})`;
}

/** Local files are named as seen from the notebook's folder. */
function displayName(file: string): string {
  if (/^In\[\d+\]$/.test(file)) return file;
  return relative(process.cwd(), file).replaceAll('\\', '/');
}

/** What else the error carries (`code`, `path`…), as Node.js shows it. */
function extraProperties(error: Error): string[] {
  const shown = new Set(['name', 'message', 'stack', 'cause', 'errors']);
  const entries = Object.entries(error).filter(([key]) => !shown.has(key));
  return entries.length === 0 ? [] : [inspect(Object.fromEntries(entries), { depth: 1 })];
}

function labelled(label: string, lines: string[]): string[] {
  return lines.map((line, index) => (index === 0 ? label : '  ') + line);
}

function nameAndValue(error: unknown): { ename: string; evalue: string } {
  if (isError(error)) return { ename: String(error.name), evalue: String(error.message) };
  return { ename: 'Uncaught', evalue: typeof error === 'string' ? error : inspect(error) };
}

/** Errors of other realms count too: `vm` contexts and worker threads have their own classes. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
