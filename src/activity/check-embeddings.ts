/** Checks the blank that encodes the sentences. */
import { isBlank, recordVerdict } from './blanks.ts';
import { cosine, type EncodingModel, isClose, rowsOf } from './numbers.ts';
import { Verdict } from './shown.ts';

/** Encoding twice differs by rounding only; embeddings have entries around 1. */
const TOLERANCE = 1e-3;

/** What the learner works with. */
export interface Work {
  model: EncodingModel;
  sentences: readonly string[];
}

/**
 * Whether these are the embeddings of the sentences, by encoding them once more with the learner's own model.
 * @param blank the blank's number
 * @param embeddings what the learner filled in
 */
export async function checkEmbeddings(blank: number, embeddings: unknown, work: Work): Promise<Verdict> {
  return recordVerdict(blank, await judge(blank, embeddings, work));
}

async function judge(blank: number, embeddings: unknown, { model, sentences }: Work): Promise<Verdict> {
  if (isBlank(embeddings)) {
    return new Verdict(
      'open',
      `Blank ${blank}: call the method encode of model with the sentences, in place of '...' (quotes included). It takes a moment, so wait for it with await.`,
    );
  }
  if (embeddings instanceof Promise) {
    return new Verdict(
      'wrong',
      'This is a promise of embeddings. Write await before the call to wait for them.',
    );
  }
  const rows = rowsOf(embeddings);
  if (!rows) {
    return new Verdict(
      'wrong',
      'These are no embeddings. Assign what model.encode gives back, waited for with await.',
    );
  }
  const expected = rowsOf(await model.encode(sentences)) ?? [];
  return compareRows(rows, expected);
}

function compareRows(rows: number[][], expected: number[][]): Verdict {
  const dim = expected[0]?.length ?? 0;
  if (rows.length !== expected.length) {
    return new Verdict(
      'wrong',
      `There are ${expected.length} sentences and ${rows.length} embeddings. Pass the whole list sentences to encode.`,
    );
  }
  if (isClose(rows, expected, TOLERANCE)) {
    return new Verdict(
      'right',
      `${rows.length} sentences, ${rows.length} embeddings of ${dim} numbers each.`,
    );
  }
  if (rows.every((row, i) => row.length === dim && cosine(row, expected[i] ?? []) > 1 - TOLERANCE)) {
    return new Verdict(
      'wrong',
      'These embeddings are scaled to length 1. Call encode with the sentences alone.',
    );
  }
  return new Verdict(
    'wrong',
    'These are embeddings of other sentences, or of another model. Pass sentences to model.encode, unchanged.',
  );
}
