/** Judges the blank that encodes the sentences. */
import { type Finding, type Given, right, wrong } from '../work/finding.ts';
import { cosine, type EncodingModel, isClose, rowsOf, shapeOf } from '../work/numbers.ts';

/** Encoding twice differs by rounding only; embeddings have entries around 1. */
const TOLERANCE = 1e-3;

/** What the learner works with. */
export interface Work {
  model: EncodingModel;
  sentences: readonly string[];
}

/**
 * Whether these are the embeddings of the sentences, by encoding them once more with the learner's own model.
 * @param embeddings what the learner filled in
 */
export async function judgeEmbeddings(embeddings: unknown, given: Given): Promise<Finding> {
  const { model, sentences } = given as unknown as Work;
  const rows = rowsOf(embeddings);
  if (shapeOf(embeddings)?.length === 1) {
    return wrong('This is the embedding of one sentence. Pass the whole list sentences to encode.');
  }
  if (!rows) return wrong('These are no embeddings. Assign what model.encode gives back.');
  const expected = rowsOf(await model.encode(sentences)) ?? [];
  return compareRows(rows, expected);
}

function compareRows(rows: number[][], expected: number[][]): Finding {
  const dim = expected[0]?.length ?? 0;
  if (rows.length !== expected.length) {
    return wrong(
      `There are ${expected.length} sentences and ${rows.length} embeddings. Pass the whole list sentences to encode.`,
    );
  }
  if (isClose(rows, expected, TOLERANCE)) {
    return right(`${rows.length} sentences, ${rows.length} embeddings of ${dim} numbers each.`);
  }
  if (rows.every((row, i) => row.length === dim && cosine(row, expected[i] ?? []) > 1 - TOLERANCE)) {
    return wrong('These embeddings are scaled to length 1. Call encode with the sentences alone.');
  }
  return wrong(
    'These are embeddings of other sentences, or of another model. Pass sentences to model.encode, unchanged.',
  );
}
