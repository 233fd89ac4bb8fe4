/** A note on which model made the numbers of a notebook. */
import { escapeHtml } from '../../text/escape-html.ts';
import { note, Shown } from './shown.ts';

/** Says which model made the numbers beside it, and what that model is not. @example numbersOf(model) */
export function numbersOf({ name, standInFor }: { name: string; standInFor: string | undefined }): Shown {
  const text = standInFor
    ? `Numbers of ${name}, a small stand-in for ${standInFor}: they are not those of the real model.`
    : `Numbers of ${name}.`;
  return new Shown(text, note(standInFor ? '#d18f00' : '#888888', escapeHtml(text)));
}
