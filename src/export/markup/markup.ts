/** HTML as a type of its own: the `html` tag escapes what is put in, unless it is Html already. */
import { escapeHtml } from '../../text/escape-html.ts';

/** A piece of HTML that may stand in a page as it is. */
export class Html {
  readonly text: string;

  /** Use {@link html}, or {@link trusted} for markup that was made or cleaned elsewhere. */
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What can stand in a template: text is escaped, lists are joined, nothing stands for undefined, null and false. */
export type Content = Html | string | number | undefined | null | false | readonly Content[];

/** No HTML at all. */
export const nothing = new Html('');

/**
 * HTML from a template. Every value is escaped, in text and in quoted attributes alike.
 *
 * @example html`<a title="${'"'}">${'<'}</a>`.text // '<a title="&quot;">&lt;</a>'
 */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  let text = strings[0]!;
  values.forEach((value, i) => {
    text += render(value) + strings[i + 1]!;
  });
  return new Html(text);
}

/** Marks markup as safe: our own, a library's that escapes, or what the sanitizer returned. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function render(value: Content): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeHtml(String(value));
}
