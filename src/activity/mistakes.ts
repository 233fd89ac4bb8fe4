/** Mistakes that are the same for every blank, found in the value alone. */
import { isBlank } from './work/blank.ts';
import { type Blank, type Finding, open, wrong } from './work/finding.ts';

/** @returns what is wrong with the kind of the value; undefined where the blank's own judge has to look */
export function findMistake(value: unknown, { kind }: Blank): Finding | undefined {
  if (isBlank(value)) return open;
  if (value instanceof Promise) {
    return wrong(
      'This is a promise: the answer is still under way. Write await before the call to wait for it.',
    );
  }
  if (typeof value === 'string' && kind !== 'text' && /[(.]/.test(value)) {
    return wrong('Your code stands between quotes, so it is text and is not run. Take the quotes away.');
  }
  if (typeof value === 'function' && kind === 'value') {
    return wrong('This is a function that was not called. Write its arguments behind it, in parentheses.');
  }
  return undefined;
}
