/** Sentences in a page's address, so that a link carries them: `#try0=["…","…"]`. */

/** Sentences of one chart, and the longest of them in characters. */
export const MOST_SENTENCES = 24;
export const LONGEST_SENTENCE = 5000;

/**
 * Reads the sentences that an address carries for a chart. Whoever made the link chose them: they are text and
 * nothing else.
 *
 * @param fragment the address from its `#` on
 * @returns undefined where there are none, or where they are not sentences
 * @example sentencesIn('#try2=%5B%22a%22%5D', 2) // ['a']
 */
export function sentencesIn(fragment: string, chart: number): string[] | undefined {
  const text = parametersOf(fragment).get(`try${chart}`);
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isSentences(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The fragment with a chart's sentences in it, or without them. @param sentences undefined: the notebook's own */
export function withSentences(
  fragment: string,
  chart: number,
  sentences: readonly string[] | undefined,
): string {
  const parameters = parametersOf(fragment);
  if (sentences) parameters.set(`try${chart}`, JSON.stringify(sentences));
  else parameters.delete(`try${chart}`);
  return parameters.size === 0 ? '' : `#${parameters}`;
}

/** A fragment that names a heading has no parameters. */
function parametersOf(fragment: string): URLSearchParams {
  return new URLSearchParams(fragment.startsWith('#try') ? fragment.slice(1) : '');
}

function isSentences(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= MOST_SENTENCES &&
    value.every((sentence) => typeof sentence === 'string' && sentence.length <= LONGEST_SENTENCE)
  );
}
