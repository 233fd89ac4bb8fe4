/** Makes odd inputs of good ones, the same ones for the same seed. */

/** How often each target is tried, and from which number on; more by hand: TSBERT_FUZZ_ROUNDS=20000 npm run fuzz. */
export const rounds = Number(process.env.TSBERT_FUZZ_ROUNDS ?? 150);
export const firstSeed = Number(process.env.TSBERT_FUZZ_SEED ?? 1);

/** Random numbers from 0 to 1 by a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  'text',
  '../../x',
  '\u0000',
  '\ud800',
  'x'.repeat(5000),
  [],
  [null],
  {},
  { a: { b: {} } },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  JSON.parse('['.repeat(400) + ']'.repeat(400)),
];

/** A copy of a JSON value with one to four of its parts replaced, removed, doubled, or given odd neighbours. */
export function mutateJson<T>(value: T, next: () => number): unknown {
  const root = { value: structuredClone(value) as unknown };
  const changes = 1 + Math.floor(next() * 4);
  for (let i = 0; i < changes; i++) changeOne(root, next);
  return root.value;
}

function changeOne(root: { value: unknown }, next: () => number): void {
  const places = placesOf(root);
  const { holder, key } = places[Math.floor(next() * places.length)]!;
  const kind = next();
  const odd = structuredClone(ODD[Math.floor(next() * ODD.length)]);
  if (kind < 0.6) holder[key] = odd;
  else if (kind < 0.8 && holder !== (root as object)) delete holder[key];
  else if (kind < 0.9) holder[`${key}x`] = odd;
  else holder[key] = [holder[key], holder[key]];
}

type Holder = Record<string, unknown>;

function placesOf(holder: object): { holder: Holder; key: string }[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const here = [{ holder: holder as Holder, key }];
    return typeof value === 'object' && value !== null ? [...here, ...placesOf(value)] : here;
  });
}

/** A copy of bytes, cut, lengthened, or with some of them changed. */
export function mutateBytes(bytes: Uint8Array, next: () => number): Buffer {
  const copy = Buffer.from(bytes);
  const kind = next();
  const at = Math.floor(next() * copy.length);
  if (kind < 0.2) return copy.subarray(0, at);
  if (kind < 0.3) return Buffer.concat([copy, Buffer.alloc(1 + Math.floor(next() * 20), 7)]);
  if (kind < 0.4) return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + 9))]);
  for (let i = 0; i < 1 + next() * 8; i++) {
    // Most of what matters stands at the beginning.
    copy[Math.floor(next() ** 3 * copy.length)] = Math.floor(next() * 256);
  }
  return copy;
}

/** Errors that say what is wrong with the input, by their names; anything else is a fault of ours. */
export function isRefusal(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
