/** The errors of a cell as a person needs them: in order, with habits of Python explained in place of what follows them. */
import { readDeclarations } from '../cell/declarations.ts';
import type { MagicProblem } from '../cell/magics.ts';
import type { Diagnostic } from '../cell/types.ts';
import { parseCell } from '../cell/typescript-internals.ts';
import { explainLine, explainName } from './python-habits.ts';
import { hyphenatedAt } from './unquoted.ts';

/** Number of the messages that are ours and not TypeScript's. */
export const OWN_CODE = 0;

/** "Cannot find name", with and without a guess. */
const UNKNOWN_NAME = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2592, 2593, 2868]);

/**
 * Explains what can be explained.
 *
 * @param code the cell as the user wrote it
 * @param laterCells the code cells of the notebook, of which some may not have run
 */
export function explainDiagnostics(
  diagnostics: readonly Diagnostic[],
  code: string,
  laterCells: () => readonly string[],
): Diagnostic[] {
  const ordered = [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = code.split('\n');
  const syntax = ordered.find((it) => it.code >= 1000 && it.code < 2000 && it.file === undefined);
  if (syntax !== undefined) {
    const habit = explainNearest(lines, syntax.line);
    return habit ? [habit] : ordered;
  }
  return withoutRepeats(
    ordered.map((it) => (UNKNOWN_NAME.has(it.code) ? explainUnknown(it, lines, laterCells) : it)),
  );
}

/** Each part of a hyphenated name is an error of its own: the whole is told once. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const key = ({ code, line, column, message }: Diagnostic) => `${code} ${line} ${column} ${message}`;
  return diagnostics.filter((it, i) => diagnostics.findIndex((other) => key(other) === key(it)) === i);
}

/** Lines that look like magics and are none. */
export function problemDiagnostics(problems: readonly MagicProblem[], code: string): Diagnostic[] {
  const lines = code.split('\n');
  return problems.map(({ line, message }) => ownError(message, lines[line - 1] ?? '', line));
}

/** The line with the error speaks first, then those above it: a block's first line may be the reason. */
function explainNearest(lines: readonly string[], line: number): Diagnostic | undefined {
  for (const number of [line, ...Array.from({ length: line - 1 }, (_, i) => i + 1), line + 1]) {
    const text = lines[number - 1];
    const message = text === undefined ? undefined : explainLine(text);
    if (message !== undefined) return ownError(message, text!, number);
  }
  return undefined;
}

function ownError(message: string, line: string, number: number): Diagnostic {
  const column = line.length - line.trimStart().length + 1;
  return { category: 'error', code: OWN_CODE, message, line: number, column, length: line.trim().length };
}

function explainUnknown(
  diagnostic: Diagnostic,
  lines: readonly string[],
  laterCells: () => readonly string[],
): Diagnostic {
  const line = lines[diagnostic.line - 1] ?? '';
  const whole = hyphenatedAt(line, diagnostic.column);
  if (whole !== undefined) {
    const message = `${whole.name} stands without quotes, so it is read as a subtraction. Write '${whole.name}'.`;
    return { ...diagnostic, code: OWN_CODE, message, column: whole.column, length: whole.name.length };
  }
  const rest = line.slice(diagnostic.column - 1);
  const name = rest.slice(0, diagnostic.length);
  const number = laterCells().findIndex((cell) => declares(cell, name)) + 1;
  const message =
    number > 0
      ? `${name} is declared in code cell ${number} of this notebook, which has not run: run that cell first.`
      : explainName(name, rest);
  return message === undefined ? diagnostic : { ...diagnostic, code: OWN_CODE, message };
}

function declares(cell: string, name: string): boolean {
  return cell.includes(name) && readDeclarations(parseCell(cell)).declared.has(name);
}
