/** Judges the blank in the similarity loop: with the learner's sentences, and again with others. */
import { BlankError } from '../work/blank.ts';
import { type Finding, type Given, right, wrong } from '../work/finding.ts';
import { cosine, dot, isClose, lowerTriangle, rowsOf, type TensorLike } from '../work/numbers.ts';
import { ColumnError } from '../work/similarity-matrix.ts';
import type { Work } from './embeddings.ts';

/** Cosines in float32, computed in another order of additions. */
const TOLERANCE = 1e-4;

/** Sentences of no notebook, for grading. */
const HIDDEN = [
  'Rain is forecast for the weekend.',
  'The museum opens at ten.',
  'He plays the cello in a trio.',
];

/** What the learner wrote: embeddings [n, dim] in, similarities [n, n] out. */
type Similarities = (embeddings: never) => unknown;

/**
 * Whether the function fills the lower triangle with cosine similarities. It is called with the embeddings of the
 * learner's sentences and with those of changed ones, so that numbers written in by hand are found out.
 */
export async function judgeSimilarity(answer: unknown, given: Given, strictly: boolean): Promise<Finding> {
  const { model, sentences } = given as unknown as Work;
  if (typeof answer !== 'function') {
    return wrong('similarities is no function any more. Restore the cell and fill in its blank only.');
  }
  const similarities = answer as Similarities;
  const hint = await tryOn(similarities, await model.encode(sentences));
  if (hint) return wrong(hint);
  const changed = [...sentences]
    .reverse()
    .map((sentence, i) => (i === 0 ? `${sentence}, or so they say` : sentence));
  const others = [...changed, 'the weather will be fine tomorrow', ...(strictly ? HIDDEN : [])];
  if (await tryOn(similarities, await model.encode(others))) {
    return wrong(
      'The matrix fits these sentences and no others: numbers are written into the loop. Compute them with cosSim.',
    );
  }
  return right('The matrix was computed again here, and with other sentences too: the numbers agree.');
}

/** @returns what is wrong with the function's matrix for these embeddings; undefined when nothing is */
async function tryOn(similarities: Similarities, embeddings: TensorLike): Promise<string | undefined> {
  const rows = rowsOf(embeddings) ?? [];
  let result: unknown;
  try {
    result = await similarities(embeddings as never);
  } catch (error) {
    if (error instanceof BlankError) throw error;
    if (error instanceof ColumnError) return error.message;
    const message = error instanceof Error ? error.message : String(error);
    return `The loop ends with an error: ${message.replace(/\.?$/, '.')}`;
  }
  const matrix = rowsOf(result);
  return matrix ? hintFor(matrix, rows) : 'similarities gives back no matrix. Keep its last line as it was.';
}

function hintFor(matrix: number[][], rows: number[][]): string | undefined {
  const n = rows.length;
  if (matrix.length !== n || matrix[0]?.length !== n) {
    return `The matrix is ${matrix.length} × ${matrix[0]?.length} for ${n} sentences. Change the blank only.`;
  }
  const expected = lowerTriangle(rows, cosine);
  if (isClose(matrix, expected, TOLERANCE)) return undefined;
  if (matrix.some((row, i) => row.some((value, j) => j > i && value !== 0))) {
    return 'There are numbers above the diagonal. Compare sentence i with itself and those after it: rowsFrom(embeddings, i).';
  }
  if (isClose(matrix, lowerTriangle(rows, dot), TOLERANCE * Math.max(1, dot(rows[0] ?? [], rows[0] ?? [])))) {
    return 'These are dot products, which grow with the length of an embedding. Use cosSim.';
  }
  if (matrix.some((row, i) => Math.abs((row[i] ?? 0) - 1) > TOLERANCE)) {
    return 'The diagonal should be 1: each sentence is as similar to itself as can be. Compare row i with the rows from i on.';
  }
  return 'The numbers below the diagonal are not the cosine similarities of the sentences.';
}
