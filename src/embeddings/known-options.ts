/** Refuses options that nobody reads: a name that is silently ignored gives other numbers than were asked for. */

/** What Python's names stand for here, where it is more than another spelling. */
const REMEDIES: Readonly<Record<string, string>> = {
  device: 'Leave it out: models run on the processor',
  convert_to_tensor:
    'Leave it out: embeddings are tensors, and await embeddings.array() makes lists of numbers',
  convert_to_numpy:
    'Leave it out: embeddings are tensors, and await embeddings.array() makes lists of numbers',
  output_value: 'Use encodeTokens() for the embeddings of tokens',
  cache_folder: 'Write cacheDir',
  model_name_or_path: 'Give the name as the first argument',
  trust_remote_code: 'Leave it out: code of a repository is never run',
  backend: "Write weights: 'onnx' or 'safetensors'",
};

/**
 * Checks that options have only names that are read.
 *
 * @param known the names, as keys
 * @param callee whose options they are, such as `encode()`
 * @throws {TypeError} when there is another name; it says which one was meant
 * @example requireKnownOptions({ batch_size: 8 }, { batchSize: true }, 'encode()'); // throws
 */
export function requireKnownOptions(
  options: unknown,
  known: Readonly<Record<string, true>>,
  callee: string,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${callee} takes its options as an object, such as { ${Object.keys(known)[0]}: … }.`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    throw new TypeError(`${callee} has no option ${name}. ${remedyFor(name, Object.keys(known))}.`);
  }
}

function remedyFor(name: string, known: readonly string[]): string {
  if (Object.hasOwn(REMEDIES, name)) return REMEDIES[name]!;
  const plain = (text: string) => text.replaceAll('_', '').toLowerCase();
  const meant = known.find((other) => plain(other) === plain(name));
  return meant === undefined ? `It takes ${known.join(', ')}` : `Write ${meant}`;
}
