/** Checks what a caller wants encoded. */

/**
 * The sentences of a call, as a list.
 *
 * @param sentences one sentence or a list of them
 * @throws {TypeError} when something else than text is given; it names the place
 * @throws {RangeError} when the list is empty
 */
export function requireSentences(sentences: unknown): readonly string[] {
  if (typeof sentences === 'string') return [sentences];
  if (!Array.isArray(sentences)) {
    throw new TypeError(`Cannot encode ${describe(sentences)}. Give a sentence or a list of sentences.`);
  }
  if (sentences.length === 0) {
    throw new RangeError('There is nothing to encode: the list of sentences is empty. Give at least one.');
  }
  for (let i = 0; i < sentences.length; i++) {
    const sentence: unknown = sentences[i];
    if (typeof sentence === 'string') continue;
    const remedy = Array.isArray(sentence)
      ? 'Give one flat list: sentences.flat()'
      : 'Give text, such as String(value)';
    throw new TypeError(`Cannot encode sentence ${i}: it is ${describe(sentence)}. ${remedy}.`);
  }
  return sentences;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return `${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Promise) return "a Promise (write 'await' before the call that makes it)";
  if (typeof value === 'object') return `an object of the class ${value.constructor?.name ?? 'null'}`;
  return typeof value === 'function' ? 'a function' : `the ${typeof value} ${String(value)}`;
}
