/** Keeps our own markup out of the sanitizer's way: it stands aside while the notebook's is cleaned. */
import { randomBytes } from 'node:crypto';
import type { Html } from './markup.ts';

/**
 * Pieces of trusted markup that are put into cleaned HTML. A piece is filled in only where its place is an
 * element of the cleaned DOM: inside an attribute it would break out of the quotes.
 */
export class Slots {
  readonly #pieces: string[] = [];
  readonly #nonce = randomBytes(12).toString('hex');

  /** Keeps a piece, and gives the element that stands for it while the rest is cleaned. */
  add(piece: Html): string {
    this.#pieces.push(piece.text);
    return `<span data-tsbert-slot="${this.#nonce}-${this.#pieces.length - 1}"></span>`;
  }

  /** Marks the places in a cleaned DOM. The result puts the pieces into the DOM's HTML. */
  mark(root: HTMLElement): (markup: string) => string {
    const mark = randomBytes(12).toString('hex');
    for (const place of root.querySelectorAll('[data-tsbert-slot]')) {
      const [nonce, index] = (place.getAttribute('data-tsbert-slot') ?? '').split('-');
      const isOurs = nonce === this.#nonce && place.localName === 'span';
      place.replaceWith(isOurs ? `${mark}:${Number(index)};` : '');
    }
    const places = new RegExp(`${mark}:(\\d+);`, 'g');
    return (markup) => markup.replace(places, (_, index) => this.#pieces[Number(index)]!);
  }
}
