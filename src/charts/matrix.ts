/** Reads the numbers that a chart is given: a tensor or nested arrays, checked before anything is drawn. */

/** What charts need of a tfjs tensor. */
export interface TensorLike {
  arraySync(): unknown;
  dtype?: string;
}

/** A matrix: a two-dimensional tensor, or an array of rows. */
export type MatrixLike = TensorLike | readonly ArrayLike<number>[];

/** A matrix as rows of plain numbers, and the type that numpy would print it as. */
export interface ChartMatrix {
  rows: number[][];
  columns: number;
  dtype: string;
}

/**
 * Rows of a tensor or of nested arrays.
 *
 * @param name - what the matrix is called in an error, for example `similarities`
 * @throws {TypeError} when it is not two-dimensional or holds something that is not a number
 * @throws {RangeError} when rows differ in length
 */
export function readChartMatrix(matrix: MatrixLike, name: string): ChartMatrix {
  const dtype = hasArray(matrix) ? (matrix.dtype ?? 'float32') : 'float64';
  const nested: unknown = hasArray(matrix) ? matrix.arraySync() : matrix;
  if (!Array.isArray(nested) || nested.some((row) => !isRow(row))) {
    throw new TypeError(
      `The ${name} must be a matrix (a 2-D tensor or an array of rows), not ${describe(nested)}.`,
    );
  }
  const rows = nested.map((row: ArrayLike<number>) => Array.from(row));
  const columns = rows[0]?.length ?? 0;
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw new RangeError(
        `The ${name} have ${columns} columns in row 1, but ${row.length} in row ${i + 1}.`,
      );
    }
    const bad = row.findIndex((value) => typeof value !== 'number');
    if (bad >= 0) {
      throw new TypeError(
        `The ${name} must be numbers, but row ${i + 1}, column ${bad + 1} is ${describe(row[bad])}.`,
      );
    }
  });
  return { rows, columns, dtype };
}

function hasArray(matrix: MatrixLike): matrix is TensorLike {
  return typeof (matrix as TensorLike | null)?.arraySync === 'function';
}

function isRow(row: unknown): row is ArrayLike<number> {
  return Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView));
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${typeof value[0]}s`;
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`;
}
