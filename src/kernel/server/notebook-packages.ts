/** The packages that a notebook's cells import, read from its file when the kernel starts. */
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/** Larger notebooks are not read: their outputs would cost more than the knowledge is worth. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Names of packages that the code cells import, in their order.
 *
 * @param path the notebook's file, which Jupyter's server gives to kernels as `JPY_SESSION_NAME`
 * @returns nothing for what is no notebook
 * @example notebookPackages('activity.ipynb') // ['tsbert', '@tensorflow/tfjs-core']
 */
export function notebookPackages(path: string | undefined): string[] {
  if (path === undefined || !path.endsWith('.ipynb')) return [];
  try {
    if (statSync(path).size > MOST_BYTES) return [];
    const { cells = [] } = JSON.parse(readFileSync(path, 'utf8')) as { cells?: Cell[] };
    const code = cells.filter(({ cell_type }) => cell_type === 'code');
    return [...new Set(code.flatMap(({ source = '' }) => importedNames([source].flat().join(''))))];
  } catch {
    return []; // It is being written, or it is none.
  }
}

interface Cell {
  cell_type?: string;
  source?: string | string[];
}

function importedNames(code: string): string[] {
  const names = [...code.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g)].map(
    ([, , name]) => name!,
  );
  return names.filter((name) => !isBuiltin(name) && /^(@[\w.-]+\/)?[\w-][\w.-]*(\/|$)/.test(name));
}
