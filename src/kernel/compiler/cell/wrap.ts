/** The async function around emitted code, with parameter names that the code does not use. */

export interface FunctionWrap {
  /** Name of the object that holds the notebook's variables. */
  cell: string;
  /** Name of the object through which the code reaches the runner. */
  host: string;
  /** Puts one line in front of the code, and one after it. */
  around(js: string): string;
}

/** @param taken all identifiers of the code that will stand inside */
export function wrapFunction(taken: ReadonlySet<string>): FunctionWrap {
  const cell = freeName('$cell', taken);
  const host = freeName('$host', taken);
  const head = `(async function (${cell}, ${host}, require, __filename, __dirname) { 'use strict';\n`;
  return { cell, host, around: (js) => `${head}${withoutMapComment(js)}\n})` };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  while (taken.has(name)) name += '_';
  return name;
}

function withoutMapComment(js: string): string {
  return js.replace(/\/\/# sourceMappingURL=.*\s*$/, '');
}
