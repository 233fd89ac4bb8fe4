/** Makes one small SVG of a chart's light and dark drawings: equal in form, the colours as classes. */
import { escapeHtml } from '../../text/escape-html.ts';
import { type Html, trusted } from '../markup/markup.ts';
import type { StyleSheet } from '../markup/style-sheet.ts';

const TAG = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;
const COLOURS = new Set(['fill', 'stroke', 'stop-color']);
/** Vega writes these for its own use; defaults are left out too. */
const DROPPED = /^(?:class|role|xmlns|xmlns:xlink|version|aria-.*|data-.*)$/;
const DEFAULTS: Record<string, string> = { opacity: '1', 'stroke-width': '1', 'pointer-events': 'none' };

type Attributes = Map<string, string>;

/** How the SVG is put into the page. */
export interface MergeOptions {
  styles: StyleSheet;
  /** Name of the picture for screen readers. */
  label: string;
  /** The font that the page's style sheet gives every chart. */
  font: string;
}

/**
 * One SVG that follows the page's theme, or undefined when the two drawings differ in more than their colours.
 *
 * @param light - the chart as Vega draws it in the light theme
 * @param dark - the same in the dark theme
 */
export function mergeThemes(light: string, dark: string, options: MergeOptions): Html | undefined {
  const darkTags = [...dark.matchAll(TAG)];
  const lightTags = [...light.matchAll(TAG)];
  if (darkTags.length !== lightTags.length) return undefined;
  let output = '';
  let end = 0;
  for (const [i, tag] of lightTags.entries()) {
    const other = darkTags[i]!;
    if (tag[2] !== other[2] || tag[1] !== other[1]) return undefined;
    output += light.slice(end, tag.index);
    end = tag.index + tag[0].length;
    output += tag[1]
      ? tag[0]
      : openTag(tag, attributesOf(tag[3]!), attributesOf(other[3]!), options, i === 0);
  }
  return trusted(dropEmptyGroups(output + light.slice(end)));
}

function attributesOf(text: string): Attributes {
  return new Map([...text.matchAll(ATTRIBUTE)].map(([, name, value]) => [name!, value!]));
}

function openTag(
  tag: RegExpMatchArray,
  light: Attributes,
  dark: Attributes,
  options: MergeOptions,
  isRoot: boolean,
): string {
  const [, , name, , selfClosing] = tag;
  if (selfClosing && isInvisible(name!, light)) return '';
  const kept = [...light].filter(([key, value]) => keeps(key, value, options.font));
  const classes = colourClass(light, dark, options.styles);
  const root = isRoot ? ` role="img" aria-label="${escapeHtml(options.label)}"` : '';
  const attributes = kept.map(([key, value]) => ` ${key}="${value}"`).join('');
  const start = `<${name}${root}${classes}${attributes}`;
  const title = isRoot ? undefined : light.get('aria-label');
  const isSymbol = light.get('role') === 'graphics-symbol' && selfClosing;
  // A title shows as a tooltip in browsers, without any script.
  if (title && isSymbol) return `${start}><title>${title}</title></${name}>`;
  return selfClosing ? `${start}/>` : `${start}>`;
}

function keeps(key: string, value: string, font: string): boolean {
  if (isColour(key, value) || DROPPED.test(key)) return false;
  if (key === 'font-family') return value.replaceAll('&quot;', '"') !== font;
  // Text lets the mouse through to the cell below, whose title tells more.
  return DEFAULTS[key] !== value || key === 'pointer-events';
}

function colourClass(light: Attributes, dark: Attributes, styles: StyleSheet): string {
  const declarations = (attributes: Attributes) =>
    [...attributes].flatMap(([key, value]) => (isColour(key, value) ? [`${key}:${value}`] : [])).join(';');
  const style = { light: declarations(light), dark: declarations(dark) };
  return style.light === '' ? '' : ` class="${styles.classFor(style)}"`;
}

/** A gradient, named by its id, is the same in both themes: its stops have the colours. */
function isColour(key: string, value: string): boolean {
  return COLOURS.has(key) && !value.startsWith('url(');
}

/** Frames that Vega draws around groups without a colour. */
function isInvisible(name: string, attributes: Attributes): boolean {
  if (attributes.get('display') === 'none') return true;
  return (
    name === 'path' &&
    attributes.get('class') === 'background' &&
    !attributes.has('fill') &&
    !attributes.has('stroke')
  );
}

function dropEmptyGroups(svg: string): string {
  const shorter = svg.replace(/<g(?:\s[^<>]*)?>\s*<\/g>|<g(?:\s[^<>]*)?\/>/g, '');
  return shorter.length === svg.length ? svg : dropEmptyGroups(shorter);
}
