/** Eigenvalues and eigenvectors of a small symmetric matrix. */

const MAX_SWEEPS = 50;

/**
 * Jacobi's method: turns pairs of axes until the matrix is diagonal.
 *
 * @param matrix symmetric, [n][n]; n of some tens at most
 * @returns eigenvalues in falling order, and the unit eigenvector of each
 * @example eigenSymmetric([[2, 1], [1, 2]]); // values [3, 1], vectors [[0.71, 0.71], [-0.71, 0.71]] up to signs
 * @see Golub & Van Loan, Matrix Computations, 8.5
 */
export function eigenSymmetric(matrix: readonly (readonly number[])[]): {
  values: number[];
  vectors: number[][];
} {
  const a = matrix.map((row) => [...row]);
  const axes = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const scale = Math.max(...a.flat().map(Math.abs), Number.MIN_VALUE);
  for (let sweep = 0; sweep < MAX_SWEEPS && largestOffDiagonal(a) > 1e-15 * scale; sweep++) {
    for (let p = 0; p < a.length; p++) for (let q = p + 1; q < a.length; q++) rotate(a, axes, p, q);
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j]![j]! - a[i]![i]!);
  return { values: order.map((i) => a[i]![i]!), vectors: order.map((i) => axes[i]!) };
}

function largestOffDiagonal(a: readonly (readonly number[])[]): number {
  return Math.max(0, ...a.flatMap((row, i) => row.slice(i + 1).map(Math.abs)));
}

/** Turns the axes p and q so that a[p][q] becomes 0; `axes` holds the eigenvectors as rows. */
function rotate(a: number[][], axes: number[][], p: number, q: number): void {
  if (a[p]![q] === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (const row of a) turn(row, p, q, cosine, sine);
  turnRows(a, p, q, cosine, sine);
  turnRows(axes, p, q, cosine, sine);
}

function turn(row: number[], p: number, q: number, cosine: number, sine: number): void {
  const [x, y] = [row[p]!, row[q]!];
  row[p] = cosine * x - sine * y;
  row[q] = sine * x + cosine * y;
}

function turnRows(rows: number[][], p: number, q: number, cosine: number, sine: number): void {
  const [x, y] = [rows[p]!, rows[q]!];
  rows[p] = x.map((value, i) => cosine * value - sine * y[i]!);
  rows[q] = y.map((value, i) => sine * x[i]! + cosine * value);
}
