/** Labels beside heatmaps: whole where they fit, else beginning and end. */
import { describe, expect, it } from 'vitest';
import { labelLines } from '../../../src/charts/labels/label-lines.ts';
import { textWidth } from '../../../src/charts/labels/text-metrics.ts';
import { sentences } from '../samples.ts';

const style = { width: 200, maxLines: 4, fontSize: 12 };

describe('labelLines()', () => {
  it.each(sentences)('keeps every word of: %s', (sentence) => {
    expect(labelLines(sentence, style).join(' ')).toBe(sentence);
  });

  it('makes lines of about equal length', () => {
    expect(labelLines('she swore she just saw her scary move', style)).toEqual([
      'she swore she just saw',
      'her scary move',
    ]);
  });

  it('leaves out the middle of what needs more lines, never its end', () => {
    const long = `${'word '.repeat(80)}and here is the point`;
    const lines = labelLines(long, style);
    expect(lines).toHaveLength(4);
    expect(lines.join(' ')).toMatch(/^word word .*… ?word .*and here is the point$/);
    for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(200);
  });

  it('cuts a text without blanks in its middle, never inside a character', () => {
    const [line = '', ...more] = labelLines(`a${'👨‍👩‍👧'.repeat(60)}z`, { ...style, maxLines: 1 });
    expect(more).toEqual([]);
    expect(line).toMatch(/^a(👨‍👩‍👧)+…(👨‍👩‍👧)+z$/u);
  });

  it('takes the longest text that a heatmap passes on', () => {
    expect(labelLines('x'.repeat(1000), style)).toHaveLength(4);
  });
});
