/** What people who think in Python write first, and the TypeScript way in one sentence. */

/** A line that is no TypeScript, and what to write. */
interface Habit {
  line: RegExp;
  /** The sentence, from the match. */
  say(match: RegExpExecArray): string;
}

const trim = (text: string | undefined) => (text ?? '').trim();

/** Lines that do not parse. The first one that matches counts. */
const LINES: readonly Habit[] = [
  {
    line: /^\s*(%%?\w+)/,
    say: ([, name]) => `There is no magic ${name} here, or not with what stands behind it: %help lists them.`,
  },
  { line: /^\s*#(?!!)\s*(.*)$/, say: ([, text]) => `Comments start with two slashes: // ${trim(text)}` },
  {
    line: /^\s*(async\s+)?def\s+(\w+)\s*\(([^)]*)\)/,
    say: ([, isAsync, name, args]) =>
      `Functions are written with braces: ${isAsync ? 'async ' : ''}function ${name}(${trim(args)}) { … }`,
  },
  {
    line: /^\s*for\s+(\w+)\s+in\s+range\(\s*(?:([^,)]+),\s*)?([^,)]+)\)\s*:/,
    say: ([, name, from, to]) =>
      `Loops over numbers are written: for (let ${name} = ${trim(from) || 0}; ${name} < ${trim(to)}; ${name}++) { … }`,
  },
  {
    line: /^\s*for\s+(\w+(?:\s*,\s*\w+)*)\s+in\s+(.+?)\s*:\s*$/,
    say: ([, names, list]) =>
      `Loops are written: for (const ${names!.includes(',') ? `[${names}]` : names} of ${list}) { … }`,
  },
  {
    line: /^\s*elif\b\s*(.*?)\s*:?\s*$/,
    say: ([, test]) => `elif is written: else if (${test || '…'}) { … }`,
  },
  {
    line: /^\s*(if|while)\s+([^(].*?|\(.*\))\s*:\s*$/,
    say: ([, word, test]) => `Conditions stand in brackets and blocks in braces: ${word} (${test}) { … }`,
  },
  { line: /^\s*else\s*:\s*$/, say: () => 'Blocks stand in braces: else { … }' },
  {
    line: /^\s*(try|finally)\s*:\s*$|^\s*except\b/,
    say: () => 'Errors are caught with: try { … } catch (error) { … } finally { … }',
  },
  {
    line: /^\s*class\s+(\w+)(?:\((\w*)\))?\s*:\s*$/,
    say: ([, name, base]) =>
      `Classes are written with braces: class ${name} ${base ? `extends ${base} ` : ''}{ … }`,
  },
  {
    line: /^\s*from\s+([\w.]+)\s+import\s+(.+?)\s*$/,
    say: ([, name, names]) => `Names are imported with: import { ${names} } from '${name}'`,
  },
  {
    line: /^\s*import\s+([\w.]+)(?:\s+as\s+(\w+))?\s*;?\s*$/,
    say: ([, name, alias]) =>
      `Packages are imported with: import * as ${alias ?? name} from '${name}'. Python's own are not here; npm's are.`,
  },
  {
    line: /\blambda\s*([\w\s,]*):\s*(.+?)\)*\s*$/,
    say: ([, args, body]) => `Small functions are written with an arrow: (${trim(args)}) => ${body}`,
  },
  {
    line: /\[\s*(.+?)\s+for\s+(\w+)\s+in\s+(.+?)(?:\s+if\s+(.+?))?\s*\]/,
    say: ([, value, name, list, test]) =>
      `Lists are made with map and filter: ${list}${test ? `.filter((${name}) => ${test})` : ''}.map((${name}) => ${value})`,
  },
  {
    line: /(\w+)\[\s*(-?\w*)\s*:\s*(-?\w*)\s*\]/,
    say: ([, list, from, to]) =>
      `Parts of a list are taken with slice: ${list}.slice(${from || (to ? '0' : '')}${to ? `, ${to}` : ''})`,
  },
  {
    line: /\b[fr](['"])(.*?)\1/,
    say: ([, , text]) => `Values are put into text between backticks: \`${text!.replace(/\{/g, '$$$&')}\``,
  },
  {
    line: /(\S+)\s+if\s+(.+?)\s+else\s+([^\s:]+)/,
    say: ([, yes, test, no]) => `A choice is written: ${test} ? ${yes} : ${no}`,
  },
  { line: /\bnot\s+(\w+)/, say: ([, name]) => `not is written with an exclamation mark: !${name}` },
  { line: /\w\s+(and|or)\s+\w/, say: ([, word]) => `${word} is written ${word === 'and' ? '&&' : '||'}` },
];

/** Names of Python that TypeScript lacks: what to write, given the text between the brackets of a call. */
const NAMES: Readonly<Record<string, (args: string) => string>> = {
  print: (args) => `console.log(${args})`,
  len: (args) => `${args || 'list'}.length (of a Map or Set: .size)`,
  range: (args) => `Array.from({ length: ${args || 'n'} }, (_, i) => i)`,
  True: () => 'true',
  False: () => 'false',
  None: () => 'null, or undefined for what is not there',
  help: (args) => `${args || 'name'}? on a line of its own`,
  dir: (args) => `Object.keys(${args})`,
  str: (args) => `String(${args})`,
  int: (args) => `Math.trunc(Number(${args}))`,
  float: (args) => `Number(${args})`,
  bool: (args) => `Boolean(${args})`,
  list: (args) => `[...${args || 'values'}]`,
  dict: () => '{ name: value }',
  set: (args) => `new Set(${args})`,
  tuple: () => '[a, b]',
  type: (args) => `typeof ${args || 'value'}`,
  input: (args) => `prompt(${args})`,
  abs: (args) => `Math.abs(${args})`,
  round: (args) => `Math.round(${args})`,
  sum: (args) => `${args || 'list'}.reduce((a, b) => a + b, 0)`,
  max: (args) => `Math.max(...${args || 'list'})`,
  min: (args) => `Math.min(...${args || 'list'})`,
  sorted: (args) => `${args || 'list'}.toSorted((a, b) => a - b)`,
  reversed: (args) => `${args || 'list'}.toReversed()`,
  enumerate: (args) => `${args || 'list'}.entries()`,
  zip: () => 'one.map((value, i) => [value, other[i]])',
  isinstance: () => 'value instanceof Class',
  math: () => 'Math',
  cos_sim: (args) => `cosSim(${args}), imported from 'tsbert'`,
};

/** A sentence about a line that does not parse; undefined when it is no habit that is known. */
export function explainLine(line: string): string | undefined {
  for (const habit of LINES) {
    const match = habit.line.exec(line);
    if (match) return habit.say(match);
  }
  return undefined;
}

/**
 * A sentence about a name that is not known.
 *
 * @param rest the line from the name on
 * @example explainName('print', 'print(1)') // 'print is Python. In TypeScript: console.log(1)'
 */
export function explainName(name: string, rest: string): string | undefined {
  const say = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (say === undefined) return undefined;
  return `${name} is Python. In TypeScript: ${say(firstArguments(rest.slice(name.length)))}`;
}

/** What stands between the brackets that open the text. */
function firstArguments(text: string): string {
  if (!text.startsWith('(')) return '';
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    if (depth === 0) return text.slice(1, index).trim();
  }
  return '';
}
