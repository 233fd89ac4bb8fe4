/** Gives the page's headings levels without gaps, names to link to, and a table of contents. */

/** A heading in the table of contents. */
export interface OutlineEntry {
  level: number;
  id: string;
  text: string;
}

/** Numbers headings as they come, cell by cell. */
export class Outline {
  readonly entries: OutlineEntry[] = [];
  readonly #open: { source: number; level: number }[] = [];
  readonly #ids = new Set<string>();

  /** @param hasTitle - whether the page has a first-level heading of its own, so that all others stand below it */
  constructor(hasTitle: boolean) {
    if (hasTitle) this.#open.push({ source: 0, level: 1 });
  }

  /**
   * The level of the next heading: one deeper than the heading it belongs to, however many its author skipped,
   * as screen readers list headings by their levels.
   */
  levelOf(source: number): number {
    while (this.#open.length > 0 && this.#open.at(-1)!.source >= source) this.#open.pop();
    const level = Math.min(6, (this.#open.at(-1)?.level ?? 0) + 1);
    this.#open.push({ source, level });
    return level;
  }

  /** A name for a heading as Jupyter makes it, `My Heading` → `My-Heading`, made unique. */
  idFor(text: string): string {
    const base =
      text
        .trim()
        .replace(/\s+/gu, '-')
        .replace(/^tsbert-/i, '') || 'section';
    let id = base;
    for (let i = 1; this.#ids.has(id); i++) id = `${base}-${i}`;
    this.#ids.add(id);
    return id;
  }

  /** Puts a heading into the table of contents. */
  add(entry: OutlineEntry): void {
    this.entries.push(entry);
  }
}

/** Renumbers the headings of a cleaned piece of markdown in place, and adds them to the outline. */
export function outlineHeadings(root: HTMLElement, outline: Outline, { listed }: { listed: boolean }): void {
  for (const heading of root.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const text = (heading.textContent ?? '').replace(/\s+/gu, ' ').trim();
    if (text === '' && heading.querySelector('img, [data-tsbert-slot]') === null) {
      heading.remove();
      continue;
    }
    const level = outline.levelOf(Number(heading.tagName[1]));
    const id = outline.idFor(text);
    const renamed = heading.ownerDocument.createElement(`h${level}`);
    renamed.id = id;
    renamed.append(...heading.childNodes);
    heading.replaceWith(renamed);
    if (listed && text !== '') outline.add({ level, id, text });
  }
}

/** Turns headings of an output into bold paragraphs: an output is no section of the notebook. */
export function flattenHeadings(root: HTMLElement): void {
  for (const heading of root.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const paragraph = heading.ownerDocument.createElement('p');
    const strong = heading.ownerDocument.createElement('strong');
    strong.append(...heading.childNodes);
    paragraph.append(strong);
    heading.replaceWith(paragraph);
  }
}
