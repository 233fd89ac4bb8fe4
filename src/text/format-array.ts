/** Prints a tensor's values as numpy's `repr` prints an array of the same type and shape. */
import { elementFormatter } from './format-elements.ts';

/** Numpy's default print options. */
const LINE_WIDTH = 75;
const THRESHOLD = 1000;
const EDGE_ITEMS = 3;
const PREFIX = 'array(';

/** What numpy calls the type of the values; `float64` and `bool` go without a suffix. */
export type ArrayDtype = 'float32' | 'float64' | 'int32' | 'bool';

interface Layout {
  data: ArrayLike<number>;
  shape: readonly number[];
  summarise: boolean;
  format: (value: number) => string;
}

/**
 * An array as numpy prints it: aligned columns, 8 decimals, rows wrapped at 75 characters, the middle of more
 * than 1000 values left out.
 *
 * @param data - values in row-major order
 * @param shape - sizes of the axes; `[]` for a single number
 * @param options.dtype - type of the values; taken from the typed array when absent, else `float64`
 * @throws {RangeError} when the shape does not hold exactly `data.length` values
 * @throws {TypeError} when the type is not one of float32, float64, int32 and bool
 * @example formatArray([1, 0, 0.5, 1], [2, 2]) // 'array([[1. , 0. ],\n       [0.5, 1. ]])'
 * @see numpy.array2string, numpy.set_printoptions (numpy 2.4)
 */
export function formatArray(
  data: ArrayLike<number>,
  shape: readonly number[],
  options: { dtype?: string } = {},
): string {
  const dtype = checkDtype(options.dtype ?? dtypeOf(data));
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw new RangeError(
      `Cannot print an array of shape [${shape.join(', ')}]: it holds ${size} values, but ${data.length} were given.`,
    );
  }
  const summarise = size > THRESHOLD;
  const layout = { data, shape, summarise };
  const format = size === 0 ? String : elementFormatter(shownValues(layout), dtype, shape.length === 0);
  return addExtras(size === 0 ? '[]' : formatAxis({ ...layout, format }, 0, 0), size, shape, dtype);
}

function dtypeOf(data: ArrayLike<number>): ArrayDtype {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'float64';
}

function checkDtype(dtype: string): ArrayDtype {
  if (dtype === 'float32' || dtype === 'float64' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TypeError(`Cannot print an array of type '${dtype}'. Use float32, float64, int32 or bool.`);
}

/** Positions printed along an axis; -1 stands for the `...` between them. */
function shownIndices(length: number, summarise: boolean): number[] {
  if (!summarise || length <= 2 * EDGE_ITEMS) return Array.from({ length }, (_, i) => i);
  const edge = Array.from({ length: EDGE_ITEMS }, (_, i) => i);
  return [...edge, -1, ...edge.map((i) => length - EDGE_ITEMS + i)];
}

/** The values that will be printed: columns are aligned on these alone. */
function shownValues({ data, shape, summarise }: Omit<Layout, 'format'>): number[] {
  let offsets = [0];
  for (const length of shape) {
    const indices = shownIndices(length, summarise).filter((i) => i >= 0);
    offsets = offsets.flatMap((offset) => indices.map((i) => offset * length + i));
  }
  return offsets.map((offset) => data[offset]!);
}

function formatAxis(layout: Layout, axis: number, offset: number): string {
  const { data, shape, summarise, format } = layout;
  if (axis === shape.length) return format(data[offset]!);
  const length = shape[axis]!;
  const items = shownIndices(length, summarise).map((i) =>
    i < 0 ? '...' : formatAxis(layout, axis + 1, offset * length + i),
  );
  const indent = ' '.repeat(PREFIX.length + axis + 1);
  const axesLeft = shape.length - axis;
  if (axesLeft === 1) return `[${wrapRow(items, indent, LINE_WIDTH - 1 - axis)}]`;
  return `[${items.join(`,${'\n'.repeat(axesLeft - 1)}${indent}`)}]`;
}

/** Joins a row's items with commas; a line grows to `width` characters, its closing bracket or comma not counted. */
function wrapRow(items: readonly string[], indent: string, width: number): string {
  const lines: string[] = [];
  let line = indent;
  items.forEach((item, i) => {
    if (line.length + item.length > width - 1 && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += i < items.length - 1 ? `${item}, ` : item;
  });
  return [...lines, line].join('\n').slice(indent.length);
}

/** Appends what the digits do not tell: the type, and the shape of an empty or shortened array. */
function addExtras(body: string, size: number, shape: readonly number[], dtype: ArrayDtype): string {
  const extras: string[] = [];
  const emptyWithAxes = size === 0 && !(shape.length === 1 && shape[0] === 0);
  if (emptyWithAxes || size > THRESHOLD) extras.push(`shape=${formatTuple(shape)}`);
  if (dtype === 'float32' || dtype === 'int32' || size === 0) extras.push(`dtype=${dtype}`);
  const text = PREFIX + body;
  if (extras.length === 0) return `${text})`;
  const ending = `${extras.join(', ')})`;
  const lastLine = text.length - text.lastIndexOf('\n');
  const fits = lastLine + ending.length + 1 <= LINE_WIDTH;
  return `${text},${fits ? ' ' : `\n${' '.repeat(PREFIX.length)}`}${ending}`;
}

function formatTuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
