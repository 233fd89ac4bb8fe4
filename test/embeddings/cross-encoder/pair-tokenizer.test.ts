import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readModelConfiguration } from '../../../src/embeddings/configuration.ts';
import { loadPairTokenizer, pairLengths } from '../../../src/embeddings/cross-encoder/pair-tokenizer.ts';
import { fixture } from '../reference.ts';

describe('loadPairTokenizer()', () => {
  it.each(readdirSync(fixture('cross-encoders')))('gives the ids of Python for %s', async (name) => {
    const { transformer } = await readModelConfiguration(fixture(`cross-encoders/${name}`));
    const tokenizer = await loadPairTokenizer(transformer, 512);
    const { pairs, ids } = JSON.parse(readFileSync(fixture(`cross-encoders/${name}/reference.json`), 'utf8'));
    expect(pairs.map(([a, b]: [string, string]) => [...tokenizer.encode(a, b).ids])).toEqual(ids);
  });

  it('tells the texts apart by type, where the tokenizer does', async () => {
    const { transformer } = await readModelConfiguration(fixture('cross-encoders/bert'));
    const { ids, types } = (await loadPairTokenizer(transformer, 512)).encode('a', 'a');
    expect([ids.length, ...types]).toEqual([5, 0, 0, 0, 1, 1]);
  });
});

describe('pairLengths()', () => {
  it('cuts the longer text, and both to halves where that is not enough', () => {
    expect(pairLengths(3, 4, 10)).toEqual([3, 4]);
    expect(pairLengths(10, 3, 8)).toEqual([5, 3]);
    expect(pairLengths(3, 10, 8)).toEqual([3, 5]);
    expect(pairLengths(10, 10, 7)).toEqual([3, 4]);
    expect(pairLengths(12, 10, 7)).toEqual([4, 3]);
    expect(pairLengths(5, 5, -2)).toEqual([0, 0]);
  });
});
