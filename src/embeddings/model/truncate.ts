/** Cuts token ids to the longest sentence that a model takes, without losing the special tokens around them. */

/** How many special tokens stand before and after every text. */
export interface SpecialTokens {
  before: number;
  after: number;
}

/**
 * Finds out how many special tokens a tokenizer puts around every text.
 *
 * @param encode a text's ids, with special tokens or without
 */
export function countSpecialTokens(
  encode: (text: string, withSpecial: boolean) => readonly number[],
): SpecialTokens {
  const plain = encode('a', false);
  const full = encode('a', true);
  const before = full.findIndex((id, i) =>
    plain.every((token, j) => full[i + j] === token && id === plain[0]),
  );
  return { before, after: full.length - before - plain.length };
}

/**
 * Cuts the text's own tokens, so that the special ones on both sides stay (transformers.js cuts off the last).
 *
 * @example truncate([101, 7, 8, 9, 102], 4, { before: 1, after: 1 }, 'right'); // [101, 7, 8, 102]
 */
export function truncate(
  ids: readonly number[],
  maxLength: number,
  special: SpecialTokens,
  side: 'left' | 'right',
): readonly number[] {
  if (ids.length <= maxLength) return ids;
  const end = ids.length - special.after;
  const kept = Math.max(0, maxLength - special.before - special.after);
  const text =
    side === 'right' ? ids.slice(special.before, special.before + kept) : ids.slice(end - kept, end);
  return [...ids.slice(0, special.before), ...text, ...ids.slice(end)];
}
