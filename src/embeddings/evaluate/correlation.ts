/** How closely two lists of numbers go together, as scipy computes it. */

/**
 * Pearson's correlation: how near the pairs are to a straight line, from -1 to 1.
 *
 * @returns NaN where one of the lists has one value only
 * @see scipy.stats.pearsonr
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = centred(a);
  const y = centred(b);
  const product = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  const correlation = product(x, y) / Math.sqrt(product(x, x)) / Math.sqrt(product(y, y));
  return Math.max(-1, Math.min(1, correlation));
}

/**
 * Spearman's correlation: how far both lists put the pairs in the same order, from -1 to 1.
 *
 * @returns NaN where one of the lists has one value only
 * @see scipy.stats.spearmanr
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return pearson(ranks(a), ranks(b));
}

/** Places in rising order, from 1; equal values share the mean of theirs. */
function ranks(values: ArrayLike<number>): number[] {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const places = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) places[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return places;
}

function centred(values: ArrayLike<number>): number[] {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return list.map((value) => value - mean);
}
