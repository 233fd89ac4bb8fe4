/** Sentences in an address: there and back, and nothing but sentences. */
import { describe, expect, it } from 'vitest';
import { sentencesIn, withSentences } from '../../src/playground/shared-sentences.ts';

describe('withSentences() and sentencesIn()', () => {
  it('carry the sentences of several charts, whatever characters they have', () => {
    const first = ['a & b = c # d', 'émoji 👩‍🔬, "quotes"\nand lines', ''];
    const fragment = withSentences(withSentences('', 0, first), 3, ['x']);
    expect(fragment).toMatch(/^#try0=[^# ]*&try3=/);
    expect(sentencesIn(fragment, 0)).toEqual(first);
    expect(sentencesIn(fragment, 3)).toEqual(['x']);
    expect(sentencesIn(fragment, 1)).toBeUndefined();
    expect(sentencesIn(withSentences(fragment, 0, undefined), 0)).toBeUndefined();
    expect(withSentences(withSentences(fragment, 0, undefined), 3, undefined)).toBe('');
  });

  it('leaves a link to a heading alone', () => {
    expect(sentencesIn('#the-similarities', 0)).toBeUndefined();
    expect(withSentences('#the-similarities', 0, ['a'])).toBe('#try0=%5B%22a%22%5D');
  });

  it.each([
    'not json',
    '{}',
    '"a"',
    '[]',
    '[1]',
    '[["a"]]',
    'null',
    JSON.stringify(Array(25).fill('a')),
    JSON.stringify(['x'.repeat(5001)]),
  ])('takes %.20s for no sentences', (value) => {
    expect(sentencesIn(`#try0=${encodeURIComponent(value)}`, 0)).toBeUndefined();
  });
});
