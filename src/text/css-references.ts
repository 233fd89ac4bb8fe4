/** Finds what a CSS value would load, reading it as a browser does. */

/** Functions whose argument is, or may be, an address. */
const LOADING = /(?:url|src|image|image-set|cross-fade|element|paint)\s*\(/gi;
/** A place in the same document, such as a gradient. */
const FRAGMENT = /^url\(\s*(['"]?)#[^'"()\s]*\1\s*\)/i;

/**
 * A CSS value with its escapes resolved and its comments gone.
 *
 * @example resolveCss('u\\72l(a)') // 'url(a)'
 * @see https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point
 */
export function resolveCss(value: string): string {
  const withoutComments = value.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, '');
  return withoutComments.replace(
    /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\n\f\r])?|([\s\S]))/gi,
    (_, hex?: string, plain?: string) =>
      hex === undefined ? (plain ?? '') : codePoint(Number.parseInt(hex, 16)),
  );
}

function codePoint(code: number): string {
  const isValid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return String.fromCodePoint(isValid ? code : 0xfffd);
}

/**
 * Whether a CSS value, or an attribute that takes one, would load something: all addresses but places in the same
 * document count.
 *
 * @example loadsSomething('url(#gradient)') // false
 * @example loadsSomething('U\\52L(http://a.example)') // true
 */
export function loadsSomething(value: string): boolean {
  const css = resolveCss(value);
  for (const { index } of css.matchAll(LOADING)) {
    if (!FRAGMENT.test(css.slice(index))) return true;
  }
  return /@import/i.test(css);
}
