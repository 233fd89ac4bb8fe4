/** Eigenvectors of symmetric matrices: all of a small one, the leading ones of a large one. */

/** A list of vectors of one length; also the rows of a matrix. */
export type Vectors = readonly Float64Array[];

const MAX_SWEEPS = 50;

/** Vectors searched beyond those asked for: they make the search converge at the gap after them. */
const EXTRA_VECTORS = 8;
const MAX_ITERATIONS = 1000;
/** Smallest change of an eigenvalue, relative to the largest, that is worth another iteration. */
const TOLERANCE = 1e-14;
/** An eigenvalue below it, relative to the largest, is a zero with roundings. */
const ZERO = 1e-12;

/**
 * The eigenvectors of the largest eigenvalues, by orthogonal iteration with Rayleigh-Ritz: multiplies a block of
 * vectors by the matrix until their eigenvalues stand still.
 *
 * @param matrix symmetric, without negative eigenvalues, [n][n]
 * @param count how many
 * @returns unit vectors, the largest eigenvalue first; fewer than count where the matrix has a lower rank
 * @example leadingEigenvectors([Float64Array.of(1, 0), Float64Array.of(0, 4)], 1); // [[0, 1]] up to the sign
 * @see Golub & Van Loan, Matrix Computations, 8.2.4
 */
export function leadingEigenvectors(matrix: Vectors, count: number): Float64Array[] {
  const size = Math.min(count + EXTRA_VECTORS, matrix.length);
  let block = orthonormalize(startingBlock(size, matrix.length));
  let values: readonly number[] = new Array(size).fill(0);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const images = block.map((vector) => Float64Array.from(matrix, (row) => dot(row, vector)));
    const ritz = eigenSymmetric(block.map((a) => images.map((b) => dot(a, b))));
    const changes = ritz.values.slice(0, count).map((value, i) => Math.abs(value - values[i]!));
    values = ritz.values;
    block = ritz.vectors.map((weights) => weightedSum(block, weights));
    if (Math.max(0, ...changes) <= TOLERANCE * (values[0] ?? 0)) break;
    block = orthonormalize(ritz.vectors.map((weights) => weightedSum(images, weights)));
  }
  const rank = values.findIndex((value) => value <= ZERO * values[0]!);
  return block.slice(0, rank < 0 ? count : Math.min(rank, count));
}

/**
 * All eigenvalues and eigenvectors by Jacobi's method: turns pairs of axes until the matrix is diagonal.
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
  for (const row of a) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = cosine * x - sine * y;
    row[q] = sine * x + cosine * y;
  }
  turnRows(a, p, q, cosine, sine);
  turnRows(axes, p, q, cosine, sine);
}

function turnRows(rows: number[][], p: number, q: number, cosine: number, sine: number): void {
  const [x, y] = [rows[p]!, rows[q]!];
  rows[p] = x.map((value, i) => cosine * value - sine * y[i]!);
  rows[q] = y.map((value, i) => sine * x[i]! + cosine * value);
}

/** Modified Gram-Schmidt, twice for accuracy. A vector that nothing is left of becomes zeros. */
function orthonormalize(vectors: Vectors): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const before = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) addScaled(vector, other, -dot(vector, other));
    }
    const length = Math.sqrt(dot(vector, vector));
    const scale = length > ZERO * before ? 1 / length : 0;
    done.push(vector.map((value) => value * scale));
  }
  return done;
}

/** Vectors in general position, the same on every run (Park and Miller's generator). */
function startingBlock(size: number, length: number): Float64Array[] {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  return Array.from({ length: size }, () => Float64Array.from({ length }, next));
}

function weightedSum(vectors: Vectors, weights: readonly number[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  vectors.forEach((vector, i) => {
    addScaled(sum, vector, weights[i]!);
  });
  return sum;
}

/** The sum of products of two vectors. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Adds a multiple of a vector to another one. */
export function addScaled(target: Float64Array, vector: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! + scale * vector[i]!;
}
