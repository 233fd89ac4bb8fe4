/** Tables of results: scores of pairs, and what a classifier takes for what. */
import { type Shown, table } from './shown.ts';

/** Pairs of sentences with their scores. @example pairTable([['a', 'b']], pairwiseCosSim([1, 0], [3, 4]), model).text.includes('0.60') // true */
export function pairTable(
  pairs: readonly (readonly [string, string])[],
  scores: { dataSync(): ArrayLike<number> },
  model: { readonly name: string },
): Shown {
  const values = scores.dataSync();
  return table(
    [`score by ${model.name}`, 'one', 'the other'],
    pairs.map(([a, b], i) => [Number(values[i]).toFixed(2), a, b]),
  );
}

/**
 * The confusion matrix: a row for each right label, a column for each predicted one; nothing where there is none.
 * @throws {RangeError} when there is not one prediction for each label
 * @example console.log(confusionTable(['sport', 'food'], ['sport', 'sport']).text)
 */
export function confusionTable(labels: readonly string[], predicted: readonly string[]): Shown {
  if (labels.length !== predicted.length) {
    throw new RangeError(
      `There are ${labels.length} labels, but ${predicted.length} predictions. Give one for each.`,
    );
  }
  const names = [...new Set([...labels, ...predicted])].sort();
  const count = (label: string, guess: string) =>
    labels.filter((each, i) => each === label && predicted[i] === guess).length;
  return table(
    ['is ↓  taken for →', ...names],
    names.map((label) => [label, ...names.map((guess) => String(count(label, guess) || ''))]),
  );
}
