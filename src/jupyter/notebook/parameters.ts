/** Parameters for a notebook: values from outside, in a cell behind the one tagged `parameters`, as papermill does it. */
import type { CodeCell, Notebook } from './nbformat.ts';

/** JSON values by the names of variables. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * A copy of the notebook with a cell that sets the parameters: in the place of an earlier such cell (tagged
 * `injected-parameters`), else behind the cell tagged `parameters`, else first.
 * @throws RangeError when a name is no name of a variable
 * @example injectParameters(notebook, { topK: 3 }).cells[0]!.source.endsWith('const topK = 3;') // true
 * @see https://papermill.readthedocs.io/en/latest/usage-parameterize.html
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const cells = structuredClone(notebook.cells);
  const injected = cells.findIndex((cell) => hasTag(cell, 'injected-parameters'));
  const defaults = cells.findIndex((cell) => hasTag(cell, 'parameters'));
  const place = injected >= 0 ? injected : defaults + 1;
  const id = uniqueId(
    'injected-parameters',
    cells.map((cell) => cell.id),
  );
  const cell: CodeCell = {
    id: injected >= 0 ? (cells[injected]?.id ?? id) : id,
    cell_type: 'code',
    metadata: { tags: ['injected-parameters'] },
    source: ['// Parameters', ...Object.entries(parameters).map(assignment)].join('\n'),
    execution_count: null,
    outputs: [],
  };
  cells.splice(place, injected >= 0 ? 1 : 0, cell);
  return { ...structuredClone(notebook), cells };
}

/** A value from the command line: JSON where it is JSON, else the text itself. @example parseParameter('3') // 3 */
export function parseParameter(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function assignment([name, value]: [string, unknown]): string {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
    throw new RangeError(`'${name}' is no name of a variable. Use letters, digits and _.`);
  }
  return `const ${name} = ${JSON.stringify(value)};`;
}

function hasTag(cell: Notebook['cells'][number], tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

function uniqueId(wanted: string, taken: readonly string[]): string {
  return taken.includes(wanted) ? uniqueId(`${wanted}-2`, taken) : wanted;
}
