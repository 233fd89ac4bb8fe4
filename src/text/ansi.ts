/** Colours of text in a notebook or a terminal, as ANSI escape sequences. */

/** Red, for what went wrong. @example red('TypeError') // '\u001b[31mTypeError\u001b[39m' */
export function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}

/** Cyan, for places in files. */
export function cyan(text: string): string {
  return `\u001b[36m${text}\u001b[39m`;
}
