/** Collects the colours that a page's code and outputs use as classes: the page needs no style attributes for them. */

/** CSS declarations of a class in the light theme, and those of the dark one where they differ. */
export interface ThemedStyle {
  light: string;
  dark?: string;
}

/** Hands out one class name for each style, and writes the rules of all that were asked for. */
export class StyleSheet {
  readonly #classes = new Map<string, { name: string; style: ThemedStyle }>();

  /**
   * The class for a style; equal styles share it.
   *
   * @example sheet.classFor({ light: 'color:#d73a49', dark: 'color:#f97583' }) // 's0'
   */
  classFor(style: ThemedStyle): string {
    const key = `${style.light}|${style.dark ?? ''}`;
    const known = this.#classes.get(key);
    if (known) return known.name;
    const name = `s${this.#classes.size.toString(36)}`;
    this.#classes.set(key, { name, style });
    return name;
  }

  /** The rules, those of the dark theme in a media query. */
  toCss(): string {
    const all = [...this.#classes.values()];
    const light = all.map(({ name, style }) => `.${name}{${style.light}}`).join('');
    const dark = all.flatMap(({ name, style }) => (style.dark ? [`.${name}{${style.dark}}`] : [])).join('');
    return dark === '' ? light : `${light}@media screen and (prefers-color-scheme:dark){${dark}}`;
  }
}
