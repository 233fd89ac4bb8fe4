/** The notebook's own cells, read from its file where the server says which file that is: what will be run, perhaps. */
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/** Larger notebooks are not read: their outputs would cost more than the knowledge is worth. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Cell {
  cell_type?: string;
  source?: string | string[];
}

/**
 * The texts of the code cells as they were last saved, in the notebook's order.
 *
 * @param path the notebook's file, which Jupyter's server gives to kernels as `JPY_SESSION_NAME`
 * @returns nothing for what is no notebook
 */
export function notebookCells(path: string | undefined): string[] {
  if (path === undefined || !path.endsWith('.ipynb')) return [];
  try {
    if (statSync(path).size > MOST_BYTES) return [];
    const { cells = [] } = JSON.parse(readFileSync(path, 'utf8')) as { cells?: Cell[] };
    const code = cells.filter(({ cell_type }) => cell_type === 'code');
    return code.map(({ source = '' }) => [source].flat().join(''));
  } catch {
    return []; // It is being written, or it is none.
  }
}

/**
 * Names of packages that the code cells import, in their order.
 *
 * @example notebookPackages('activity.ipynb') // ['tsbert', '@tensorflow/tfjs-core']
 */
export function notebookPackages(path: string | undefined): string[] {
  return [...new Set(notebookCells(path).flatMap(importedNames))];
}

function importedNames(code: string): string[] {
  const names = [...code.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g)].map(
    ([, , name]) => name!,
  );
  return names.filter((name) => !isBuiltin(name) && /^(@[\w.-]+\/)?[\w-][\w.-]*(\/|$)/.test(name));
}
