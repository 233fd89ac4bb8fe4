/** Checks the blank in the similarity loop: with the learner's sentences, and again with others. */
import { hasBlank, recordVerdict } from './blanks.ts';
import type { Work } from './check-embeddings.ts';
import { cosine, dot, isClose, lowerTriangle, rowsOf, type TensorLike } from './numbers.ts';
import { Verdict } from './shown.ts';

/** Cosines in float32, computed in another order of additions. */
const TOLERANCE = 1e-4;

/** What the learner wrote: embeddings [n, dim] in, similarities [n, n] out. */
export type SimilarityMatrix = (embeddings: never) => unknown;

/**
 * Whether the function fills the lower triangle with cosine similarities. It is called with the embeddings of the
 * learner's sentences and with those of changed ones, so that numbers written in by hand are found out.
 * @param blank the blank's number
 */
export async function checkSimilarity(
  blank: number,
  similarityMatrix: SimilarityMatrix,
  work: Work,
): Promise<Verdict> {
  return recordVerdict(blank, await judge(blank, similarityMatrix, work));
}

async function judge(
  blank: number,
  similarityMatrix: SimilarityMatrix,
  { model, sentences }: Work,
): Promise<Verdict> {
  if (typeof similarityMatrix === 'function' && hasBlank(similarityMatrix.toString())) {
    return new Verdict(
      'open',
      `Blank ${blank}: compare one with rest by the function cosSim, in place of '...' (quotes included).`,
    );
  }
  if (typeof similarityMatrix !== 'function') {
    return new Verdict(
      'wrong',
      'similarityMatrix is no function any more. Restore the cell and fill in its blank only.',
    );
  }
  const hint = await tryOn(similarityMatrix, await model.encode(sentences));
  if (hint) return new Verdict('wrong', hint);
  const changed = [...sentences]
    .reverse()
    .map((sentence, i) => (i === 0 ? `${sentence}, or so they say` : sentence));
  const others = [...changed, 'the weather will be fine tomorrow'];
  if (await tryOn(similarityMatrix, await model.encode(others))) {
    return new Verdict(
      'wrong',
      'The matrix fits these sentences and no others: numbers are written into the loop. Compute them from one and rest.',
    );
  }
  return new Verdict(
    'right',
    'The matrix was computed again here, and with other sentences too: the numbers agree.',
  );
}

/** @returns what is wrong with the function's matrix for these embeddings; undefined when nothing is */
async function tryOn(
  similarityMatrix: SimilarityMatrix,
  embeddings: TensorLike,
): Promise<string | undefined> {
  const rows = rowsOf(embeddings) ?? [];
  let result: unknown;
  try {
    result = await similarityMatrix(embeddings as never);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `The loop ends with an error (${message}). scores should be what cosSim gives back for one and rest.`;
  }
  const matrix = rowsOf(result);
  return matrix
    ? hintFor(matrix, rows)
    : 'similarityMatrix gives back no matrix. Keep its last line as it was.';
}

function hintFor(matrix: number[][], rows: number[][]): string | undefined {
  const n = rows.length;
  if (matrix.length !== n || matrix[0]?.length !== n) {
    return `The matrix is ${matrix.length} × ${matrix[0]?.length} for ${n} sentences. Change the blank only.`;
  }
  const expected = lowerTriangle(rows, cosine);
  if (isClose(matrix, expected, TOLERANCE)) return undefined;
  if (matrix.some((row, i) => row.some((value, j) => j > i && value !== 0))) {
    return 'There are numbers above the diagonal. Compare sentence i with itself and those after it: that is rest.';
  }
  if (isClose(matrix, lowerTriangle(rows, dot), TOLERANCE * Math.max(1, dot(rows[0] ?? [], rows[0] ?? [])))) {
    return 'These are dot products, which grow with the length of an embedding. Use cosSim.';
  }
  if (matrix.some((row, i) => Math.abs((row[i] ?? 0) - 1) > TOLERANCE)) {
    return 'The diagonal should be 1: each sentence is as similar to itself as can be. Compare one with rest by cosSim.';
  }
  return 'The numbers below the diagonal are not the cosine similarities of the sentences. Compare one with rest.';
}
