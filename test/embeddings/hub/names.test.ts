/** Model names: bare, full, blank, malformed, misspelt. */
import { describe, expect, it } from 'vitest';
import { ModelNameError } from '../../../src/embeddings/hub/errors.ts';
import { hubId, knownModels, nearestName, shortName } from '../../../src/embeddings/hub/names.ts';

describe('hubId()', () => {
  it('takes a bare name as one of sentence-transformers, and keeps a full one', () => {
    expect(hubId('all-mpnet-base-v2')).toBe('sentence-transformers/all-mpnet-base-v2');
    expect(hubId(' BAAI/bge-small-en-v1.5 ')).toBe('BAAI/bge-small-en-v1.5');
  });

  it.each(['...', '', '   ', '…', 'sentence-transformers/...', '___', '....'])(
    'asks to fill in %j',
    (blank) => {
      expect(() => hubId(blank)).toThrow(ModelNameError);
      expect(() => hubId(blank)).toThrow(/Replace the blank/);
    },
  );

  it.each(['a/b/c', 'two words', 'name?', 'https://x/y', 'a--b', '-a', 'a/.b', 'a..b'])(
    'refuses %j, naming what may be written',
    (name) => {
      expect(() => hubId(name)).toThrow(ModelNameError);
      expect(() => hubId(name)).toThrow(/neither an existing folder nor a model's name/);
    },
  );

  it.each([undefined, null, 3, {}, ['a']])('refuses %j, which is no string', (value) => {
    expect(() => hubId(value)).toThrow(/must be a string, not/);
  });
});

describe('nearestName()', () => {
  it.each([
    ['bert-base-nli-mean-token', 'bert-base-nli-mean-tokens'],
    ['bert-base-nli-maen-tokens', 'bert-base-nli-mean-tokens'],
    ['all-mpnet-base_v2', 'all-mpnet-base-v2'],
    ['all-mnpet-base-v2', 'all-mpnet-base-v2'],
    ['all-minilm-l6-v2', 'all-MiniLM-L6-v2'],
    ['sentence-transformer/all-mpnet-base-v2', 'all-mpnet-base-v2'],
    ['mini-mpnet', 'tsbert/mini-mpnet'],
  ])('finds for %s %s', (typed, meant) => {
    expect(shortName(nearestName(hubId(typed), knownModels) ?? '')).toBe(meant);
  });

  it('finds nothing for a name that is far from all', () => {
    expect(nearestName('sentence-transformers/gpt', knownModels)).toBeUndefined();
    expect(nearestName('openai/whisper-large', knownModels)).toBeUndefined();
  });

  it('never suggests the name itself', () => {
    const id = 'sentence-transformers/all-mpnet-base-v2';
    expect(nearestName(id, [id])).toBeUndefined();
  });
});
