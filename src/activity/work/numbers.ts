/** The checks' own arithmetic on plain numbers, apart from the library whose use they check. */

/** What checks need of a tensor. */
export interface TensorLike {
  shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

/** What checks need of a model. */
export interface EncodingModel {
  readonly name: string;
  readonly standInFor: string | undefined;
  encode(sentences: readonly string[]): Promise<TensorLike>;
}

/** Whether a value has the methods of a tensor. */
export function isTensor(value: unknown): value is TensorLike {
  const tensor = value as Partial<TensorLike> | null | undefined;
  return typeof tensor?.dataSync === 'function' && Array.isArray(tensor.shape);
}

/** The shape of a tensor; undefined for anything else. */
export function shapeOf(value: unknown): readonly number[] | undefined {
  return isTensor(value) ? value.shape : undefined;
}

/** The rows of a matrix: a tensor [n, m], or nested arrays. Undefined for anything else. */
export function rowsOf(value: unknown): number[][] | undefined {
  if (isTensor(value)) {
    const [n = 0, m = 0] = value.shape;
    const data = Array.from(value.dataSync());
    return value.shape.length === 2
      ? Array.from({ length: n }, (_, i) => data.slice(i * m, (i + 1) * m))
      : undefined;
  }
  const isRow = (row: unknown) => Array.isArray(row) && row.every((cell) => typeof cell === 'number');
  return Array.isArray(value) && value.length > 0 && value.every(isRow) ? (value as number[][]) : undefined;
}

/** Sum of products. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** Cosine of the angle between two vectors; 0 where one has no length. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}

/** The lower triangle of a comparison of every row with every other, zeros above the diagonal. */
export function lowerTriangle(
  rows: readonly (readonly number[])[],
  compare: (a: readonly number[], b: readonly number[]) => number,
): number[][] {
  return rows.map((a, i) => rows.map((b, j) => (j <= i ? compare(a, b) : 0)));
}

/** Whether two matrices have the same shape and nowhere differ by more than `tolerance`. */
export function isClose(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  tolerance: number,
): boolean {
  const near = (row: readonly number[], i: number) =>
    row.length === b[i]?.length &&
    row.every((value, j) => Math.abs(value - (b[i]?.[j] ?? Number.NaN)) <= tolerance);
  return a.length === b.length && a.every(near);
}
