/** Type errors as a cell shows them: where, what, and the line with the place marked. */
import { readFileSync } from 'node:fs';
import type { ErrorContent } from '../protocol/messages.ts';
import type { CompiledCell, Diagnostic } from './compiler/types.ts';

const RED = '\u001b[31m';
const CYAN = '\u001b[36m';
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

/** Errors shown in full; the rest is counted. */
const SHOWN_ERRORS = 10;

/**
 * The error content of a cell that does not compile.
 *
 * @param cell what the compiler gave, with at least one error among its diagnostics
 * @param code the cell as the user wrote it
 */
export function describeDiagnostics({ name, diagnostics }: CompiledCell, code: string): ErrorContent {
  const errors = diagnostics.filter(({ category }) => category === 'error');
  const frames = errors.slice(0, SHOWN_ERRORS).map((error) => formatDiagnostic(error, name, code));
  const rest = errors.length - frames.length;
  if (rest > 0) frames.push(`${DIM}and ${rest} more${RESET}`);
  const [first] = errors;
  return {
    ename: isSyntaxError(first) ? 'SyntaxError' : 'TypeScriptError',
    evalue: first
      ? `${first.file ?? name}:${first.line}:${first.column}: ${first.message}`
      : 'The cell did not compile.',
    traceback: frames,
  };
}

/** TypeScript numbers its syntax errors from 1000 to 1999. */
function isSyntaxError(diagnostic: Diagnostic | undefined): boolean {
  return diagnostic !== undefined && diagnostic.code >= 1000 && diagnostic.code < 2000;
}

function formatDiagnostic(diagnostic: Diagnostic, cellName: string, code: string): string {
  const { file, line, column, message } = diagnostic;
  const place = `${CYAN}${file ?? cellName}:${line}:${column}${RESET}`;
  const title = `${place} ${RED}error TS${diagnostic.code}${RESET}: ${message}`;
  const lines = (file === undefined ? code : readText(file)).split(/\r?\n/);
  return [title, ...frame(lines, diagnostic)].join('\n');
}

/** The marked line with one line of context on either side. */
function frame(lines: string[], { line, column, length }: Diagnostic): string[] {
  const width = String(line + 1).length;
  const gutter = (label: string, mark: string) => `${mark} ${DIM}${label.padStart(width)} |${RESET} `;
  const show = (number: number, mark: string) => gutter(String(number), mark) + lines[number - 1];
  const text = lines[line - 1];
  if (text === undefined) return [];
  const marked = Math.max(1, Math.min(length, text.length - column + 1));
  // Tabs stay tabs, so that the mark stands under what it marks.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    ...(line > 1 ? [show(line - 1, ' ')] : []),
    show(line, `${RED}>${RESET}`),
    `${gutter('', ' ')}${indent}${RED}${'~'.repeat(marked)}${RESET}`,
    ...(line < lines.length ? [show(line + 1, ' ')] : []),
  ];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
