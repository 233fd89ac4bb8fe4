/**
 * Lines that are no TypeScript: `!command`, `%npm install NAME`, and the magics of IPython that a notebook needs. Each
 * becomes a call on its own line, so that line numbers stay as they are. A line counts only where a statement may start
 * at the top level of the cell; in a template, a comment or an unfinished expression it is left alone. The runner
 * provides `$shell`, `$npm` and `$magic`.
 */
import { parseCell } from './typescript-internals.ts';

export interface MagicSource {
  text: string;
  /** Whether the cell has such lines. */
  hasMagics: boolean;
  /** Whether one of them may change the installed packages. */
  changesPackages: boolean;
  /** Lines that look like magics and are none. */
  problems: MagicProblem[];
}

/** A line that is refused, and why. */
export interface MagicProblem {
  /** From 1. */
  line: number;
  message: string;
}

/** A magic's call, from what stands behind its name. */
type Call = (rest: string) => string;

const text = (value: string) => JSON.stringify(value);
const call = (name: string) => () => `$magic.${name}();`;
const withText = (name: string) => (rest: string) => `$magic.${name}(${text(rest)});`;

/** An expression is handed over as a function; one that awaits makes that function asynchronous. */
const withWork =
  (name: string): Call =>
  (rest) => {
    const expression = rest.replace(/;\s*$/, '');
    const work = /\bawait\b/.test(expression) ? `async () => (${expression})` : `() => (${expression})`;
    return `await $magic.${name}(${work})`;
  };

const LINE_MAGICS: Readonly<Record<string, Call>> = {
  npm: (rest) => `await $npm(${text(rest)});`,
  time: withWork('time'),
  timeit: withWork('timeit'),
  who: call('who'),
  whos: call('whos'),
  env: withText('env'),
  cd: withText('cd'),
  load_env: withText('loadEnv'),
  help: call('help'),
};

/** Magics that take the whole rest of the cell as a text to show. */
const TEXT_MAGICS: Readonly<Record<string, string>> = {
  html: 'text/html',
  markdown: 'text/markdown',
  javascript: 'text/javascript',
  js: 'text/javascript',
  latex: 'text/latex',
  svg: 'image/svg+xml',
};

/** Python's package managers, which have nothing for this kernel. */
const PYTHON_INSTALL =
  /^\s*[!%](?:pip3?|conda|mamba|uv|python3?\s+-m\s+pip)\s+(?:pip\s+)?install\s+(?:-\S+\s+)*([\w@.[\]/-]*)/;

/** Replaces the magic lines of a cell. */
export function replaceMagics(code: string): MagicSource {
  const plain: MagicSource = { text: code, hasMagics: false, changesPackages: false, problems: [] };
  if (!/^[ \t]*[!%]/m.test(code)) return plain;
  return replaceCellMagic(code) ?? replaceLines(code);
}

/** `%%html` and its kin: the cell is one text. The call takes as many lines as the cell. */
function replaceCellMagic(code: string): MagicSource | undefined {
  const match = /^\s*%%(\w+)[ \t]*\r?\n([\s\S]*)$/.exec(code);
  const type = match && Object.hasOwn(TEXT_MAGICS, match[1]!) ? TEXT_MAGICS[match[1]!] : undefined;
  if (!match || type === undefined) return undefined;
  const newlines = '\n'.repeat(code.split('\n').length - 1);
  const shown = `$magic.show(${text(type)}, ${text(match[2]!)});${newlines}`;
  return { text: shown, hasMagics: true, changesPackages: false, problems: [] };
}

function replaceLines(code: string): MagicSource {
  const lines = code.split('\n');
  const problems: MagicProblem[] = [];
  let hasMagics = false;
  for (const [index, line] of lines.entries()) {
    const isFirst = lines.slice(0, index).every((before) => before.trim() === '');
    const replaced = magicCall(line, isFirst);
    if (replaced === undefined || !isCompleteCode(lines.slice(0, index).join('\n'))) continue;
    if (typeof replaced !== 'string') problems.push({ line: index + 1, message: replaced.problem });
    lines[index] = typeof replaced === 'string' ? replaced : '';
    hasMagics = true;
  }
  const changesPackages = hasMagics && /\b(npm|pnpm|yarn)\b/.test(code);
  return { text: lines.join('\n'), hasMagics, changesPackages, problems };
}

function magicCall(line: string, isFirst: boolean): string | { problem: string } | undefined {
  if (isFirst && /^\s*%%time\s*$/.test(line)) return '$magic.timeCell();';
  const install = PYTHON_INSTALL.exec(line);
  if (install) return { problem: explainInstall(install[1] || 'NAME') };
  const shell = /^\s*!(?!=)\s*(\S.*?)\s*$/.exec(line);
  if (shell) return `await $shell(${text(shell[1]!)});`;
  const [, name = '', rest = ''] = /^\s*%(\w+)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
  return Object.hasOwn(LINE_MAGICS, name) ? LINE_MAGICS[name]!(rest) : undefined;
}

function explainInstall(name: string): string {
  if (!/^sentence[-_]transformers/.test(name)) return `Packages come from npm here: %npm install ${name}`;
  return "Nothing is to be installed for sentence transformers: import { SentenceTransformer } from 'tsbert'";
}

/** Whether the code parses as it stands: then the next line starts a statement. */
function isCompleteCode(code: string): boolean {
  return parseCell(code).parseDiagnostics.length === 0;
}

/** The code with its magic lines emptied, offsets kept: for questions about the code around them. */
export function blankMagics(code: string): string {
  const { text: replaced, hasMagics } = replaceMagics(code);
  if (!hasMagics) return code;
  const changed = replaced.split('\n');
  const lines = code.split('\n');
  return lines.map((line, index) => (line === changed[index] ? line : ' '.repeat(line.length))).join('\n');
}
