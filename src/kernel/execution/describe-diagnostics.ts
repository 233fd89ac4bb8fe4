/** Type errors as a cell shows them: where, what, and the line with the place marked. */
import { readFileSync } from 'node:fs';
import type { ErrorContent } from '../../jupyter/messages.ts';
import { cyan, red } from '../../text/ansi.ts';
import { sourceFrame } from '../../text/source-frame.ts';
import type { CompiledCell, Diagnostic } from '../compiler/cell/types.ts';

/** Errors shown in full; the rest is counted. */
const SHOWN_ERRORS = 3;

/**
 * The error content of a cell that does not compile.
 *
 * @param cell what the compiler gave, with at least one error among its diagnostics
 * @param code the cell as the user wrote it
 */
export function describeDiagnostics(
  { name, diagnostics }: Pick<CompiledCell, 'name' | 'diagnostics'>,
  code: string,
): ErrorContent {
  const errors = diagnostics.filter(({ category }) => category === 'error');
  const shown = errors.slice(0, SHOWN_ERRORS).map((error) => formatDiagnostic(error, name, code));
  const rest = errors.length - shown.length;
  const [first] = errors;
  return {
    ename: isSyntaxError(first) ? 'SyntaxError' : 'TypeScriptError',
    evalue: first ? placeOf(first, name) : 'The cell did not compile.',
    traceback: rest > 0 ? [...shown, `and ${rest} more`] : shown,
  };
}

function placeOf({ file, line, column, message }: Diagnostic, cellName: string): string {
  return `${file ?? cellName}:${line}:${column}: ${message}`;
}

/** TypeScript numbers its syntax errors from 1000 to 1999. */
function isSyntaxError(diagnostic: Diagnostic | undefined): boolean {
  return diagnostic !== undefined && diagnostic.code >= 1000 && diagnostic.code < 2000;
}

function formatDiagnostic(diagnostic: Diagnostic, cellName: string, code: string): string {
  const { file, line, column, message } = diagnostic;
  const place = cyan(`${file ?? cellName}:${line}:${column}`);
  const title = `${place} ${red(diagnostic.code === 0 ? 'error' : `error TS${diagnostic.code}`)}: ${message}`;
  return [title, ...sourceFrame(file === undefined ? code : readText(file), diagnostic)].join('\n');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
