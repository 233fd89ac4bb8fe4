/** Text widths as browsers measure Arial's twin, and label wrapping. */
import { describe, expect, it } from 'vitest';
import { cutText, textWidth, wrapText } from '../../../src/charts/labels/text-metrics.ts';

describe('textWidth()', () => {
  it('adds up the widths of the font', () => {
    expect(textWidth('Hi', { fontSize: 1000 })).toBe(722 + 222);
    expect(textWidth('Hi', { fontSize: 1000, bold: true })).toBe(722 + 278);
  });

  it('measures accents as their letter and an emoji family as one wide character', () => {
    expect(textWidth('é', { fontSize: 1000 })).toBe(textWidth('e', { fontSize: 1000 }));
    expect(textWidth('👩‍👩‍👧‍👦', { fontSize: 1000 })).toBe(1000);
    expect(textWidth('漢字', { fontSize: 1000 })).toBe(2000);
    expect(textWidth('\u200b', { fontSize: 1000 })).toBe(0);
  });
});

describe('wrapText()', () => {
  const style = { width: 60, maxLines: 2, fontSize: 10 };

  it('breaks at blanks', () => {
    expect(wrapText('a short sentence', style)).toEqual(['a short', 'sentence']);
  });

  it('ends with an ellipsis when the text goes on', () => {
    expect(wrapText('one two three four five six seven eight', style)).toEqual(['one two', 'three four…']);
  });

  it('breaks a word that is too long, never inside a character', () => {
    const lines = wrapText('👨‍👩‍👧'.repeat(20), style);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('👨‍👩‍👧'.repeat(6));
    expect(lines[1]).toBe(`${'👨‍👩‍👧'.repeat(5)}…`);
  });

  it('keeps every line within the width', () => {
    const text = 'Share prices dropped when unpronounceableinterestrates were raised again and again.';
    for (const line of wrapText(text, style)) expect(textWidth(line, style)).toBeLessThanOrEqual(60);
  });

  it('gives one empty line for a blank text', () => {
    expect(wrapText('  ', style)).toEqual([]);
  });
});

describe('cutText()', () => {
  it('leaves a text that fits', () => {
    expect(cutText('short', { width: 60, fontSize: 10 })).toBe('short');
  });
});
