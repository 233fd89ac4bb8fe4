/** Carriage returns in a stream's text: what a terminal would show in the end. */

/**
 * Applies `\r` and `\b` line by line, so that a bar redrawn a hundred times is kept as its last state.
 * A `\r` at the very end stays, because text that overwrites the line may still come.
 * @example collapseCarriageReturns('10 %\r50 %\r100 %\ndone') // '100 %\ndone'
 */
export function collapseCarriageReturns(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text.replaceAll('\r\n', '\n').split('\n').map(collapseLine).join('\n');
}

function collapseLine(line: string): string {
  if (!/[\r\b]/.test(line)) return line;
  const pending = line.endsWith('\r') ? '\r' : '';
  const passes = line.split('\r').filter((pass) => pass !== '');
  return passes.map(eraseBackspaces).reduce(overwrite, '') + pending;
}

/** Text with colours takes as many columns as its visible characters: it replaces the whole line. */
function overwrite(shown: string, next: string): string {
  const coloured = next.includes('\x1b') || shown.includes('\x1b');
  return coloured ? next : next + shown.slice(next.length);
}

function eraseBackspaces(line: string): string {
  if (!line.includes('\b')) return line;
  const kept: string[] = [];
  for (const character of line) {
    if (character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
}
