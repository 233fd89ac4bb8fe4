/**
 * `!command` and `%npm install NAME` lines: each becomes a call on its own line, so that line numbers stay as they are.
 * A line counts only where a statement may start at the top level of the cell; in a template, a comment or an
 * unfinished expression it is left alone. The runner provides `$shell` and `$npm`.
 */
import { parseCell } from './typescript-internals.ts';

export interface MagicSource {
  text: string;
  /** Whether the cell has such lines. */
  hasMagics: boolean;
  /** Whether one of them may change the installed packages. */
  changesPackages: boolean;
}

/** Replaces the magic lines of a cell. */
export function replaceMagics(code: string): MagicSource {
  if (!/^[ \t]*[!%]/m.test(code)) return { text: code, hasMagics: false, changesPackages: false };
  const lines = code.split('\n');
  let hasMagics = false;
  for (const [index, line] of lines.entries()) {
    const call = magicCall(line);
    if (call === undefined || !isCompleteCode(lines.slice(0, index).join('\n'))) continue;
    lines[index] = call;
    hasMagics = true;
  }
  const text = lines.join('\n');
  return { text, hasMagics, changesPackages: hasMagics && /\b(npm|pnpm|yarn)\b/.test(code) };
}

/** `%npm …` runs the package manager of the notebook's folder, `!…` runs a shell. */
function magicCall(line: string): string | undefined {
  const npm = /^\s*%npm\s+(\S.*?)\s*$/.exec(line);
  if (npm !== null) return `await $npm(${JSON.stringify(npm[1])});`;
  const shell = /^\s*!(?!=)\s*(\S.*?)\s*$/.exec(line);
  if (shell !== null) return `await $shell(${JSON.stringify(shell[1])});`;
  return undefined;
}

/** Whether the code parses as it stands: then the next line starts a statement. */
function isCompleteCode(code: string): boolean {
  return parseCell(code).parseDiagnostics.length === 0;
}

/** The code with its magic lines emptied, offsets kept: for questions about the code around them. */
export function blankMagics(code: string): string {
  const { text, hasMagics } = replaceMagics(code);
  if (!hasMagics) return code;
  const changed = text.split('\n');
  const lines = code.split('\n');
  return lines.map((line, index) => (line === changed[index] ? line : ' '.repeat(line.length))).join('\n');
}
