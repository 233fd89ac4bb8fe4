/** Colours: switched on, and off again, so that the text after them keeps its own. */
import { stripVTControlCharacters, styleText } from 'node:util';
import { expect, it } from 'vitest';
import { cyan, red } from '../../src/text/ansi.ts';

it.each([
  ['red', red],
  ['cyan', cyan],
] as const)('%s() writes what Node does, and strips to the plain text', (name, paint) => {
  expect(paint('a b')).toBe(styleText(name, 'a b', { validateStream: false }));
  expect(stripVTControlCharacters(paint('a b'))).toBe('a b');
});
