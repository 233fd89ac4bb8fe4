/** Parameters for a notebook: values from outside, in a cell behind the one tagged `parameters`, as papermill does it. */
import type { CodeCell, Notebook } from './nbformat.ts';

/** JSON values by the names of variables. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * A copy of the notebook with a cell that sets the parameters: in the place of an earlier such cell (tagged
 * `injected-parameters`), else behind the cell tagged `parameters`, else first.
 * @throws RangeError when a name is no name of a variable
 * @throws TypeError when a value is no plain data
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

/**
 * A value from the command line: JSON where it is JSON, else the text itself.
 * @param name the parameter's name, for the error message
 * @throws RangeError when a number in it cannot be held exactly
 * @example parseParameter('3') // 3
 */
export function parseParameter(text: string, name = 'the parameter'): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const inexact = numbersOf(text).find((number) => !isExact(number));
  if (inexact === undefined) return value;
  throw new RangeError(
    `${name}: the number ${inexact} would become ${Number(inexact)}. Give it as text, in double quotes: "${inexact}".`,
  );
}

/** The numbers of a JSON text, as they are written. */
function numbersOf(json: string): string[] {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  return tokens.filter((token) => !token.startsWith('"'));
}

/** Whole numbers must stay as they are; fractions are the nearest number there is, as in every language. */
function isExact(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && (!/^-?\d+$/.test(number) || BigInt(value) === BigInt(number));
}

function assignment([name, value]: [string, unknown]): string {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
    throw new RangeError(`'${name}' is no name of a variable. Use letters, digits and _.`);
  }
  return `const ${name} = ${literal(value, name)};`;
}

/** Deeper values are taken for endless ones. */
const MAX_DEPTH = 500;

/** A value as TypeScript: all that JSON holds, and the numbers that it cannot hold. */
function literal(value: unknown, name: string, depth = 0): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number' || value === undefined) return String(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (depth < MAX_DEPTH && Array.isArray(value)) {
    return `[${Array.from(value, (item) => literal(item, name, depth + 1)).join(',')}]`;
  }
  if (depth < MAX_DEPTH && isPlainObject(value)) {
    // In brackets, so that a field called __proto__ is a field.
    const fields = Object.entries(value).map(
      ([key, item]) =>
        `${key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}:${literal(item, name, depth + 1)}`,
    );
    return `{${fields.join(',')}}`;
  }
  const what = depth >= MAX_DEPTH ? 'nested too deep' : `a ${typeof value} that is no plain data`;
  throw new TypeError(
    `The parameter '${name}' holds ${what}. Give numbers, texts, booleans, null, arrays or objects of them.`,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function hasTag(cell: Notebook['cells'][number], tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

function uniqueId(wanted: string, taken: readonly string[]): string {
  return taken.includes(wanted) ? uniqueId(`${wanted}-2`, taken) : wanted;
}
