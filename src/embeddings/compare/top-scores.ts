/** Finds the best of many scores without sorting them all. */

/** One candidate of a search. */
export interface Scored {
  readonly index: number;
  readonly score: number;
}

/**
 * The highest scores, best first; of equal ones the first.
 *
 * @param scores the candidates' scores
 * @param count how many to keep
 * @returns at most `count`, in falling order
 * @example topScores(Float32Array.of(1, 3, 2), 2); // [{ index: 1, score: 3 }, { index: 2, score: 2 }]
 */
export function topScores(scores: ArrayLike<number>, count: number): Scored[] {
  const best: Scored[] = [];
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index]!;
    if (best.length < count) insert(best, { index, score });
    else if (count > 0 && score > best[count - 1]!.score) {
      best.pop();
      insert(best, { index, score });
    }
  }
  return best;
}

/** Puts a candidate behind all that are at least as good. */
function insert(best: Scored[], candidate: Scored): void {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (best[middle]!.score >= candidate.score) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, candidate);
}
