/** Positions translate between code points and UTF-16 units. */
import { expect, it } from 'vitest';
import { toCodePoints, toUtf16Offset } from '../../../src/kernel/execution/code-points.ts';

it.each([
  ['abc', 2, 2],
  ['😀b', 1, 2],
  ['é😀b', 3, 4],
  ['', 0, 0],
])('toUtf16Offset() and toCodePoints() agree in %j', (text, codePoints, utf16) => {
  expect(toUtf16Offset(text, codePoints)).toBe(utf16);
  expect(toCodePoints(text, utf16)).toBe(codePoints);
});

it('toUtf16Offset() stays within the text', () => {
  expect(toUtf16Offset('😀', 9)).toBe(2);
});
