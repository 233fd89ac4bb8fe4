/** Divides sentences into batches of neighbours in length. */

/**
 * Plans batches, longest sentences first, so that attention pads little.
 *
 * @param lengths tokens of each sentence
 * @param budget tokens of a batch, about: a sentence joins when half of it still fits, and all are spread evenly, so
 *   that no small batch is left over; it has at most twice as many places, padding included
 * @param mostSentences of a batch
 * @returns the sentences' numbers, batch by batch
 * @example
 * planBatches([2, 9, 3], 6) // [[1], [2, 0]]
 */
export function planBatches(
  lengths: readonly number[],
  budget: number,
  mostSentences = Number.POSITIVE_INFINITY,
): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const even = evenBudget(lengths, budget);
  const batches: number[][] = [];
  let tokens = 0;
  for (const i of order) {
    const length = lengths[i]!;
    const current = batches.at(-1);
    const places = current === undefined ? 0 : (current.length + 1) * lengths[current[0]!]!;
    const fits = tokens + length / 2 <= even && places <= 2 * budget;
    if (current !== undefined && fits && current.length < mostSentences) {
      current.push(i);
      tokens += length;
    } else {
      batches.push([i]);
      tokens = length;
    }
  }
  return batches;
}

/** The tokens of each batch where as many as the budget asks for share them evenly. */
function evenBudget(lengths: readonly number[], budget: number): number {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return Math.ceil(tokens / Math.max(1, Math.round(tokens / budget)));
}
