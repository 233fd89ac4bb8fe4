/** A square matrix of similarities that is filled column by column, as Python's `sim[i:, i] = …` does. */
import { formatArray } from '../../text/format-array.ts';
import { rememberColumn } from '../../text/sentence-memory.ts';
import { rowsOf, type TensorLike } from './numbers.ts';

const display: unique symbol = Symbol.for('Jupyter.display') as never;

/** Scores that do not fit into a column. */
export class ColumnError extends RangeError {
  override readonly name = 'ColumnError';
}

/**
 * Similarities [n, n], zeros at first. Charts and checks read it like a tensor.
 * @example
 * const matrix = new SimilarityMatrix(2);
 * matrix.setColumn(0, [1, 0.5]);
 * matrix.get(1, 0) // 0.5
 */
export class SimilarityMatrix {
  readonly shape: readonly [number, number];
  readonly dtype = 'float64';
  readonly #rows: number[][];

  constructor(size: number) {
    this.shape = [size, size];
    this.#rows = Array.from({ length: size }, () => Array<number>(size).fill(0));
  }

  /** Number of rows, which is that of the columns. */
  get size(): number {
    return this.shape[0];
  }

  /** The similarity in a row and a column, both counted from 0. */
  get(row: number, column: number): number {
    const value = this.#rows[row]?.[column];
    if (value !== undefined) return value;
    throw new RangeError(
      `Rows and columns go from 0 to ${this.size - 1}, but ${row}, ${column} was asked for.`,
    );
  }

  /**
   * Writes scores into a column, from the diagonal down.
   * @param scores one for each row from `column` on: a tensor [1, n - column], or numbers
   * @throws ColumnError when there are too few or too many of them
   */
  setColumn(column: number, scores: TensorLike | readonly number[]): void {
    if (typeof scores === 'string') {
      throw new ColumnError(
        'The scores stand between quotes, so they are text and are not computed. Take the quotes away.',
      );
    }
    const [values = [], ...others] = Array.isArray(scores) ? [scores] : (rowsOf(scores) ?? []);
    const expected = this.size - column;
    if (others.length > 0) {
      throw new ColumnError(
        `The scores of column ${column} are ${others.length + 1} × ${values.length}, and should be 1 × ${expected}: compare row ${column} with the rows from ${column} on, in this order.`,
      );
    }
    if (values.length !== expected || !values.every((value) => typeof value === 'number')) {
      throw new ColumnError(
        `Column ${column} takes ${expected} scores, from the diagonal down, but there are ${values.length}. Compare row ${column} with the rows from ${column} on.`,
      );
    }
    for (const [k, value] of values.entries()) this.#rows[column + k]![column] = value;
    rememberColumn(this, column, scores);
  }

  /** The rows, as charts read them. */
  arraySync(): number[][] {
    return this.#rows.map((row) => [...row]);
  }

  /** All values, row after row. */
  dataSync(): number[] {
    return this.#rows.flat();
  }

  /** As numpy prints it. */
  toString(): string {
    return formatArray(this.dataSync(), [...this.shape], { dtype: this.dtype });
  }

  [display](): Record<string, string> {
    return { 'text/plain': this.toString() };
  }
}

/** A matrix of zeros. @param size number of rows and columns @example const sim = zeros(5); */
export function zeros(size: number): SimilarityMatrix {
  return new SimilarityMatrix(size);
}
