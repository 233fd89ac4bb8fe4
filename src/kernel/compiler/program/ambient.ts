/** The global names that every cell finds, as a file of declarations that all cells see. */
import { existsSync, readFileSync } from 'node:fs';
import { nodeGlobals } from './node-globals.ts';

/** Virtual file name of the declarations, in the notebook's folder. */
export const AMBIENT_FILE_NAME = 'notebook-globals.d.ts';

/**
 * What the runner gives to cells: the text of `cell-globals.ts` (in the built package: of its declarations), as a script
 * instead of a module. And what Node gives beyond TypeScript's own declarations.
 */
export function ambientDeclarations(): string {
  const built = new URL('../../runner/link/cell-globals.d.ts', import.meta.url);
  const source = existsSync(built) ? built : new URL('../../runner/link/cell-globals.ts', import.meta.url);
  const given = readFileSync(source, 'utf8').replace(/^export (?=declare |interface )/gm, '');
  return `${given}\n${nodeGlobals()}\n`;
}
