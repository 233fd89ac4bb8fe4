/** Sentences to encode: words of the test fixtures' vocabulary, so that a word is one token. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** How long the sentences are. */
export type Lengths = 'short' | 'mixed';

/** Tokens of a sentence, with its two special ones. */
const TOKENS: Record<Lengths, { from: number; to: number }> = {
  short: { from: 7, to: 16 },
  mixed: { from: 5, to: 150 },
};
const SPECIAL_TOKENS = 2;

/** Sentences of words drawn at random, and how many tokens they have. */
export interface SentenceSet {
  readonly sentences: string[];
  /** Tokens of each. */
  readonly tokens: number[];
}

/**
 * Draws sentences, the same ones every time.
 *
 * @param count of the sentences
 */
export async function drawSentences(lengths: Lengths, count: number): Promise<SentenceSet> {
  const vocabulary = await readFile(
    path.resolve('test/fixtures/tiny-bert-nli-mean-tokens/vocab.txt'),
    'utf8',
  );
  const words = vocabulary.split('\n').filter((word) => /^[a-z]{2,}$/.test(word));
  const { from, to } = TOKENS[lengths];
  let state = 2024;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const tokens = Array.from({ length: count }, () => from + below(to - from + 1));
  const sentences = tokens.map((size) =>
    Array.from({ length: size - SPECIAL_TOKENS }, () => words[below(words.length)]).join(' '),
  );
  return { sentences, tokens };
}
