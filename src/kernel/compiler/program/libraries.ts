/** Which of TypeScript's library files describe the running Node.js, so that no cell is promised a missing function. */

type Globals = Record<string, Record<string, unknown> | undefined>;

/**
 * Library files beyond ES2023, with a test for their newest member. Those of `polyfills.ts` (runner) are always there:
 * `Object.groupBy`, `Map.groupBy`, `Promise.withResolvers`.
 */
const optional: [file: string, isThere: (globals: Globals) => unknown][] = [
  ['lib.es2024.arraybuffer.d.ts', () => 'transfer' in ArrayBuffer.prototype],
  ['lib.es2024.regexp.d.ts', () => 'unicodeSets' in RegExp.prototype],
  ['lib.es2024.sharedmemory.d.ts', () => 'waitAsync' in Atomics],
  ['lib.es2024.string.d.ts', () => 'isWellFormed' in String.prototype],
  ['lib.es2025.collection.d.ts', () => 'union' in Set.prototype],
  ['lib.es2025.float16.d.ts', (globals) => globals.Float16Array],
  ['lib.es2025.iterator.d.ts', (globals) => globals.Iterator],
  ['lib.es2025.promise.d.ts', () => 'try' in Promise],
  ['lib.es2025.regexp.d.ts', () => 'escape' in RegExp],
  ['lib.esnext.array.d.ts', () => 'fromAsync' in Array],
  ['lib.esnext.error.d.ts', () => 'isError' in Error],
  ['lib.esnext.temporal.d.ts', (globals) => globals.Temporal],
];

const always = [
  'lib.es2023.d.ts',
  'lib.es2024.collection.d.ts',
  'lib.es2024.object.d.ts',
  'lib.es2024.promise.d.ts',
  'lib.esnext.decorators.d.ts',
  'lib.esnext.disposable.d.ts',
];

/** Names for the compiler option `lib`. The runner has the same Node.js as the compiler, whose globals are asked. */
export function libraryFiles(globals: unknown = globalThis): string[] {
  const known = globals as Globals;
  return [...always, ...optional.filter(([, isThere]) => isThere(known)).map(([file]) => file)];
}
