/** `%refresh`, `%auto on` and `%auto off`: lines with which a cell may begin. */

/** A command at the start of a cell, and the code behind it, each line where it was. */
export interface NotebookCommand {
  name: 'refresh' | 'auto on' | 'auto off';
  rest: string;
}

/**
 * The command that a cell begins with.
 *
 * @example notebookCommand('%auto on\nsim') // { name: 'auto on', rest: '\nsim' }
 */
export function notebookCommand(code: string): NotebookCommand | undefined {
  const match = /^(?:[ \t]*(?:\/\/.*)?\r?\n)*[ \t]*%(refresh|auto[ \t]+(?:on|off))[ \t]*(?=\r?\n|$)/.exec(
    code,
  );
  if (match === null) return undefined;
  const name = match[1]!.replace(/\s+/, ' ') as NotebookCommand['name'];
  const [skipped] = match;
  return { name, rest: skipped.replace(/[^\r\n]/g, '') + code.slice(skipped.length) };
}
