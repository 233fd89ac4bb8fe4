/** Checks what a caller wants encoded. */

/**
 * The sentences of a call, as a list.
 *
 * @param sentences one sentence, or a list, a set or a generator of them
 * @throws {TypeError} when something else than text is given; it names the place
 */
export function requireSentences(sentences: unknown): readonly string[] {
  if (typeof sentences === 'string') return [sentences];
  if (!isIterable(sentences)) {
    const remedy = isAsyncIterable(sentences)
      ? 'Take encodeStream() for it'
      : 'Give a sentence or a list of sentences';
    throw new TypeError(`Cannot encode ${describe(sentences)}. ${remedy}.`);
  }
  const list: readonly unknown[] = Array.isArray(sentences) ? sentences : [...sentences];
  for (let i = 0; i < list.length; i++) {
    const sentence: unknown = list[i];
    if (typeof sentence === 'string') continue;
    const remedy = Array.isArray(sentence)
      ? 'Give one flat list: sentences.flat()'
      : 'Give text, such as String(value)';
    throw new TypeError(`Cannot encode sentence ${i}: it is ${describe(sentence)}. ${remedy}.`);
  }
  return list as readonly string[];
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && !(value instanceof Map);
}

function isAsyncIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return `${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Promise) return "a Promise (write 'await' before the call that makes it)";
  if (typeof value === 'object') return `an object of the class ${value.constructor?.name ?? 'null'}`;
  return typeof value === 'function' ? 'a function' : `the ${typeof value} ${String(value)}`;
}
