/** Refuses patterns of a tokenizer.json whose search may take for ever: a model's files come from anybody. */
import { runInNewContext } from 'node:vm';
import { ModelFormatError } from '../errors.ts';
import type { JsonObject } from '../json-file.ts';

/** All patterns of a model together search all trial texts in a few milliseconds, unless one never ends. */
const TIME_LIMIT_MS = 2000;
/** What a pattern is tried on: long enough for what grows with each letter, and with the third power of the length. */
const SHORT = 40;
const LONG = 4000;
const SAMPLES = ['a', 'A', '1', ' ', '.', '_', '-', '\n', 'é'];
const MOST_LETTERS = 24;

/**
 * Tries every pattern of a tokenizer on texts that make endless ones endless.
 *
 * @throws {ModelFormatError} when one takes too long
 */
export function checkPatterns(tokenizer: JsonObject, folder: string): void {
  const patterns = [
    ...new Set(regexesOf([tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder])),
  ];
  for (const pattern of patterns) {
    if (ends(pattern)) continue;
    const problem = `tokenizer.json in ${folder} holds a pattern whose search has no end: ${pattern.slice(0, 100)}`;
    throw new ModelFormatError(`${problem}. Use another model.`, { folder, file: 'tokenizer.json' });
  }
}

/** The `{ "Regex": "…" }` of a part of the file, at any depth. */
function regexesOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'Regex' && typeof value === 'string' ? [value] : regexesOf(value),
  );
}

function ends(pattern: string): boolean {
  // Only a script can be stopped while it searches. A pattern that JavaScript does not know is told elsewhere.
  const script = `
    for (const flags of ['gu', 'g']) {
      let regex;
      try { regex = new RegExp(pattern, flags); } catch { continue; }
      for (const text of texts) text.match(regex);
    }`;
  try {
    runInNewContext(script, { pattern, texts: trialTexts(pattern) }, { timeout: TIME_LIMIT_MS });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}

/** Runs of each letter of the pattern, and of the pattern's own letters in their order, before one that fits nothing. */
function trialTexts(pattern: string): string[] {
  const letters = pattern.replace(/\\[pP]\{[^}]*\}|\\./g, '').replace(/[^\p{L}\p{N} ]/gu, '');
  const units = new Set([...SAMPLES, ...letters].slice(0, SAMPLES.length + MOST_LETTERS));
  units.add(letters.slice(0, MOST_LETTERS) || 'a');
  return [...units].flatMap((unit) =>
    [SHORT, LONG].map((length) => `${unit.repeat(Math.ceil(length / unit.length))}\u0000`),
  );
}
