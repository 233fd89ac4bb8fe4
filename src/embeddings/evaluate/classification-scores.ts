/** How well scores tell pairs that mean the same from others, as sentence-transformers and scikit-learn compute it. */

/** A pair, as the model scores it and as people label it. */
export interface Judged {
  readonly score: number;
  readonly isSame: boolean;
}

/** Best scores first; equal ones keep their order. */
export function byFallingScore(pairs: readonly Judged[]): Judged[] {
  return [...pairs].sort((a, b) => b.score - a.score);
}

/** The largest share of pairs that a threshold judges rightly; no threshold where none judges any rightly. */
export function bestAccuracy(ranked: readonly Judged[]): { accuracy: number; threshold: number | undefined } {
  let right = ranked.filter(({ isSame }) => !isSame).length;
  let accuracy = 0;
  let threshold: number | undefined;
  for (let i = 0; i < ranked.length - 1; i++) {
    right += ranked[i]!.isSame ? 1 : -1;
    if (right / ranked.length <= accuracy) continue;
    accuracy = right / ranked.length;
    threshold = between(ranked, i);
  }
  return { accuracy, threshold };
}

/** The largest F1 of a threshold, with its precision and recall; all 0 where no pair means the same. */
export function bestF1(ranked: readonly Judged[]) {
  const total = ranked.filter(({ isSame }) => isSame).length;
  let best = { f1: 0, precision: 0, recall: 0, threshold: 0 };
  let correct = 0;
  for (let i = 0; i < ranked.length - 1; i++) {
    if (ranked[i]!.isSame) correct++;
    if (correct === 0) continue;
    const [precision, recall] = [correct / (i + 1), correct / total];
    const f1 = (2 * precision * recall) / (precision + recall);
    if (f1 > best.f1) best = { f1, precision, recall, threshold: between(ranked, i) };
  }
  return best;
}

/**
 * The mean precision over the recall that each score adds; 0 where no pair means the same.
 *
 * @see sklearn.metrics.average_precision_score
 */
export function averagePrecision(ranked: readonly Judged[]): number {
  const total = ranked.filter(({ isSame }) => isSame).length;
  let sum = 0;
  let correct = 0;
  let counted = 0;
  for (const [i, { score, isSame }] of ranked.entries()) {
    if (isSame) correct++;
    if (ranked[i + 1]?.score === score) continue; // Equal scores count together.
    sum += ((correct - counted) / total) * (correct / (i + 1));
    counted = correct;
  }
  return total === 0 ? 0 : sum;
}

/**
 * Matthews' correlation of the labels with what a threshold says, from -1 to 1; 0 where either is all one way.
 *
 * @see sklearn.metrics.matthews_corrcoef
 */
export function matthewsCorrelation(pairs: readonly Judged[], threshold: number): number {
  const count = (same: boolean, said: boolean) =>
    pairs.filter(({ score, isSame }) => isSame === same && score >= threshold === said).length;
  const [tp, tn, fp, fn] = [count(true, true), count(false, false), count(false, true), count(true, false)];
  const square = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return square === 0 ? 0 : (tp * tn - fp * fn) / Math.sqrt(square);
}

/** Half way to the next score, in float32 as the scores are. */
function between(ranked: readonly Judged[], i: number): number {
  return Math.fround(Math.fround(ranked[i]!.score + ranked[i + 1]!.score) / 2);
}
