/** The declarations of the global names that the runner gives to every cell, as a file that all cells see. */
import { existsSync, readFileSync } from 'node:fs';

/** Virtual file name of the declarations, in the notebook's folder. */
export const AMBIENT_FILE_NAME = 'notebook-globals.d.ts';

/** The text of `cell-globals.ts` (in the built package: of its declarations), as a script instead of a module. */
export function ambientDeclarations(): string {
  const built = new URL('../../runner/link/cell-globals.d.ts', import.meta.url);
  const source = existsSync(built) ? built : new URL('../../runner/link/cell-globals.ts', import.meta.url);
  return readFileSync(source, 'utf8').replace(/^export (?=declare )/gm, '');
}
