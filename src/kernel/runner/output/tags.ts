/** `html`, `md`, `svg` and `json()`: markup as values that show themselves, with everything interpolated escaped. */
import { escapeHtml } from '../../../text/escape-html.ts';
import type * as cellGlobals from '../link/cell-globals.ts';

/** Markup of one MIME type. */
class Markup {
  readonly #type: string;
  readonly #text: string;

  constructor(type: string, text: string) {
    this.#type = type;
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { [this.#type]: this.#text, 'text/plain': this.#text };
  }
}

/** A tag whose values are escaped, unless they are markup themselves; lists are joined, nothing stays nothing. */
function markupTag(type: string, escapeText: (text: string) => string) {
  const write = (value: unknown): string => {
    if (value instanceof Markup) return value.toString();
    if (Array.isArray(value)) return value.map(write).join('');
    return value === undefined || value === null || value === false ? '' : escapeText(String(value));
  };
  return (strings: TemplateStringsArray, ...values: unknown[]) =>
    new Markup(type, strings.map((text, i) => text + (i < values.length ? write(values[i]) : '')).join(''));
}

/** What has a meaning in Markdown, HTML included. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~$&]/g, '\\$&');
}

const html = markupTag('text/html', escapeHtml);
const svg = markupTag('image/svg+xml', escapeHtml);
const md = markupTag('text/markdown', escapeMarkdown);

function json(value: unknown) {
  const show = () => ({
    'application/json': value,
    'text/plain': JSON.stringify(value, null, 2) ?? 'undefined',
  });
  return { [Symbol.for('Jupyter.display')]: show };
}

/** Puts the tags where cells find them. */
export function installTags(): void {
  Object.assign(globalThis, { html, svg, md, json } satisfies Partial<typeof cellGlobals>);
}
