/** What a CSS value would load. */
import { describe, expect, it } from 'vitest';
import { loadsSomething, resolveCss } from '../../src/text/css-references.ts';

describe('resolveCss()', () => {
  it.each([
    ['u\\72l(a)', 'url(a)'],
    ['\\000075 rl(a)', 'url(a)'],
    ['\\75\r\nrl(a)', 'url(a)'],
    ['u\\rl', 'url'],
    ['u/* x */rl', 'url'],
    ['a /* without end', 'a '],
    ['\\0 \\110000 \\d800 ', '\ufffd\ufffd\ufffd'],
  ])('reads %j as a browser does', (value, resolved) => expect(resolveCss(value)).toBe(resolved));
});

describe('loadsSomething()', () => {
  it.each(['url(#a)', "url('#a')", 'URL( "#a" )', '#fff', 'rgb(1, 2, 3)', 'url', 'curly', 'url(#a) url(#b)'])(
    'lets %j pass',
    (value) => expect(loadsSomething(value)).toBe(false),
  );

  it.each([
    'url(http://a)',
    'u\\72l(//a)',
    'url(#a) url(b)',
    'url(a#b)',
    'url (a)',
    'image-set("a" 1x)',
    '-webkit-image-set(url(a) 1x)',
    'src("a")',
    'url(#a',
    "url('#a)",
    '@import "a"',
    '\\40import "a"',
  ])('finds %j', (value) => expect(loadsSomething(value)).toBe(true));
});
