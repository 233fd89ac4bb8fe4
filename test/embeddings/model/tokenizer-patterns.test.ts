/** Patterns of tokenizers that end, and those that do not. */
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../src/embeddings/errors.ts';
import { checkPatterns } from '../../../src/embeddings/model/tokenizer-patterns.ts';

const split = (Regex: string) => ({ pre_tokenizer: { type: 'Split', pattern: { Regex } } });

describe('checkPatterns()', () => {
  it.each([
    // Those of GPT-2, Llama 3 and BLOOM, which many models use.
    String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
    String.raw`(?:'[sS]|'[tT])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    String.raw` ?[^(\s|[.,!?…。，、।۔،])]+`,
    ' {2,}',
    '(not a pattern',
  ])('takes %s', (pattern) => expect(() => checkPatterns(split(pattern), '/model')).not.toThrow());

  it.each(['(a+)+$', String.raw`(\p{L}+)*$`, '(x|xx)+$', '([ab]|a)*c', String.raw`(\s|\s\s)+$`])(
    'refuses %s',
    (pattern) => {
      const check = () => checkPatterns({ normalizer: { normalizers: [split(pattern)] } }, '/model');
      expect(check).toThrow(ModelFormatError);
      expect(check).toThrow(/tokenizer\.json in \/model holds a pattern whose search has no end/);
    },
  );
});
