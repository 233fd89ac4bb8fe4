/** TypeScript's messages, placed in the cell's own text. */

import type { CellSource } from './cell/cell-source.ts';
import type { Diagnostic } from './cell/types.ts';
import { OWN_CODE } from './explain/explain.ts';
import type { NegativeIndex } from './explain/negative-index.ts';
import { ts } from './typescript/typescript.ts';

/** "Implicitly has an 'any' type" in its forms: helpful in a program, in the way in a notebook. */
const implicitAny = new Set([
  7005, 7006, 7008, 7009, 7010, 7011, 7013, 7015, 7016, 7017, 7018, 7019, 7020, 7022, 7023, 7024, 7025, 7031,
  7032, 7033, 7034, 7039, 7041, 7050, 7051, 7052, 7053, 7055, 7057, 7061,
]);

/** Whether a message concerns a notebook. @param reportsImplicitAny as in `NotebookOptions` */
export function isRelevant(diagnostic: ts.Diagnostic, reportsImplicitAny: boolean): boolean {
  if (!reportsImplicitAny && implicitAny.has(diagnostic.code)) return false;
  return (
    diagnostic.category === ts.DiagnosticCategory.Error ||
    diagnostic.category === ts.DiagnosticCategory.Warning
  );
}

/** Turns a message about the virtual file into one about the cell. */
export function cellDiagnostic(diagnostic: ts.Diagnostic, source: CellSource, code: string): Diagnostic {
  const clamp = (offset: number) => Math.min(Math.max(offset, 0), source.codeLength);
  const start = clamp((diagnostic.start ?? 0) - source.prefixLength);
  const end = clamp((diagnostic.start ?? 0) - source.prefixLength + (diagnostic.length ?? 0));
  return { ...describe(diagnostic), ...positionAt(code, start), length: end - start };
}

/** Turns a negative index into an error of the cell. */
export function indexDiagnostic(
  { start, length, message }: NegativeIndex,
  { prefixLength }: CellSource,
  code: string,
): Diagnostic {
  return { category: 'error', code: OWN_CODE, message, ...positionAt(code, start - prefixLength), length };
}

/** Turns a message about an imported local file into plain data. */
export function fileDiagnostic(diagnostic: ts.DiagnosticWithLocation): Diagnostic {
  const { file, start, length } = diagnostic;
  return { ...describe(diagnostic), ...positionAt(file.text, start), length, file: file.fileName };
}

function describe(diagnostic: ts.Diagnostic): Pick<Diagnostic, 'category' | 'code' | 'message'> {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  return {
    category: diagnostic.category === ts.DiagnosticCategory.Warning ? 'warning' : 'error',
    code: diagnostic.code,
    message: message + remedy(diagnostic.code, message),
  };
}

/** Line and column, from 1, of an offset in a text. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

const FROM_ADDRESS =
  ' Modules are imported from npm packages and files, not from addresses: install the package with %npm install NAME, or save the file beside the notebook and import it as ./FILE.';

/** What a learner can do about the commonest of all errors in a notebook. */
function remedy(code: number, message: string): string {
  const missing = code === 2307 ? /^Cannot find module '([^'./][^']*)'/.exec(message) : null;
  if (missing === null || missing[1]!.startsWith('node:')) return '';
  if (/^[a-z]+:/i.test(missing[1]!)) return FROM_ADDRESS;
  const name = missing[1]!
    .split('/')
    .slice(0, missing[1]!.startsWith('@') ? 2 : 1)
    .join('/');
  return ` Install it with: %npm install ${name}`;
}
