/** Lets through the style declarations of a notebook's HTML that change how it looks, not where it is or what it loads. */

const PROPERTIES = new RegExp(
  `^(?:${[
    'color|background-color|background|opacity|caption-side|cursor',
    'font-(?:weight|style|size|family|variant)|font|line-height|letter-spacing|white-space|word-break|overflow-wrap',
    'text-(?:align|decoration|transform|indent|overflow)|vertical-align|list-style(?:-type)?',
    '(?:min-|max-)?(?:width|height)|box-sizing|aspect-ratio',
    'padding(?:-(?:top|right|bottom|left))?|margin(?:-(?:top|right|bottom|left))?',
    'border(?:-(?:top|right|bottom|left))?(?:-(?:width|style|color))?|border-(?:collapse|spacing)',
    'border-(?:(?:top|bottom)-(?:left|right)-)?radius',
    'display|flex(?:-(?:direction|wrap|grow|shrink|basis|flow))?|(?:row-|column-)?gap',
    'align-(?:items|self|content)|justify-(?:content|items|self)|grid-template-(?:columns|rows)|table-layout',
    'overflow(?:-[xy])?|fill|stroke|stroke-width|stop-color|mathcolor',
  ].join('|')})$`,
);
const VALUE = /^[\w\s#%.,()+\-/'"!]*$/;
const FORBIDDEN = /url|expression|image|element|attr|var|env|src|-moz|javascript|@|\\/i;

/**
 * The harmless declarations of a style attribute.
 *
 * @example filterStyle('color: red; position: fixed') // 'color:red'
 */
export function filterStyle(style: string): string {
  return style
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split(';')
    .map((declaration) => {
      const [property = '', ...rest] = declaration.split(':');
      return [property.trim().toLowerCase(), rest.join(':').trim()] as const;
    })
    .filter(([property, value]) => isHarmless(property, value))
    .map(([property, value]) => `${property}:${value.replace(/\s*!important/i, '')}`)
    .join(';');
}

function isHarmless(property: string, value: string): boolean {
  if (value === '' || value.length > 200 || !PROPERTIES.test(property)) return false;
  if (!VALUE.test(value) || FORBIDDEN.test(value)) return false;
  // A negative margin would move the content over its neighbours.
  return !(property.startsWith('margin') && value.includes('-'));
}
