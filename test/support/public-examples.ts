/** Finds the `@example` of every public export, and turns each into a module that checks what its comments promise. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const CONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));

/** An example as its docstring has it. */
export interface Example {
  door: string;
  /** The export, or `Class.member`. */
  name: string;
  code: string;
}

/** What a door exports that runs: functions and classes that are not errors. */
export interface Door {
  path: string;
  examples: Example[];
  /** Functions and classes without an example. */
  bare: string[];
}

/** The files and what they import, checked as the project's own sources are. */
export function createProgram(paths: readonly string[]): ts.Program {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const { options } = ts.getParsedCommandLineOfConfigFile(CONFIG, {}, host)!;
  return ts.createProgram([...paths], options);
}

/** Reads the doors' exports and their docstrings. @param paths - source files, as `exports` of package.json names them */
export function readDoors(paths: readonly string[]): Door[] {
  const program = createProgram(paths);
  const checker = program.getTypeChecker();
  return paths.map((path) => {
    const door: Door = { path, examples: [], bare: [] };
    const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
    for (const exported of checker.getExportsOfModule(module)) readExport(door, exported, checker);
    return door;
  });
}

function readExport(door: Door, exported: ts.Symbol, checker: ts.TypeChecker): void {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
  const runs = (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0;
  const found = [...examplesOf(door.path, exported.name, symbol, checker)];
  if (symbol.flags & ts.SymbolFlags.Class) {
    const sides = [checker.getDeclaredTypeOfSymbol(symbol), checker.getTypeOfSymbol(symbol)];
    for (const member of sides.flatMap((side) => checker.getPropertiesOfType(side))) {
      found.push(...examplesOf(door.path, `${exported.name}.${member.name}`, member, checker));
    }
  }
  if (runs && found.length === 0 && !exported.name.endsWith('Error')) door.bare.push(exported.name);
  door.examples.push(...found);
}

function* examplesOf(door: string, name: string, symbol: ts.Symbol, checker: ts.TypeChecker) {
  for (const tag of symbol.getJsDocTags(checker)) {
    if (tag.name === 'example') yield { door, name, code: ts.displayPartsToString(tag.text) };
  }
}

/**
 * An example's statements with a call of `promised(value, expected)` after each one that ends in a comment: `// [[1, 0]]`
 * promises a value, `// Tensor2D [2, 768]` a shape.
 */
export function withChecks(code: string): string {
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true);
  return file.statements
    .map((statement) => {
      const text = statement.getText(file);
      const promise = /^;?[ \t]*\/\/ (.*)/.exec(code.slice(statement.end))?.[1];
      return promise === undefined ? text : checkedStatement(statement, text, promise);
    })
    .join('\n');
}

function checkedStatement(statement: ts.Statement, text: string, promise: string): string {
  const shape = /^Tensor\dD (\[[^\]]*\])$/.exec(promise)?.[1];
  const expected = shape === undefined ? promise : `{ shape: ${shape} }`;
  if (ts.isExpressionStatement(statement))
    return `promised(${statement.expression.getText()}, (${expected}));`;
  if (!ts.isVariableStatement(statement)) throw new Error(`Nothing to check in: ${text}`);
  const name = statement.declarationList.declarations[0]!.name.getText();
  return `${text}\npromised(${name}, (${expected}));`;
}

/** Where each value that these files export comes from. */
export function exportNames(paths: readonly string[]): Map<string, string> {
  const program = createProgram(paths);
  const checker = program.getTypeChecker();
  const names = paths.flatMap((path) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
    const values = checker.getExportsOfModule(module).filter((exported) => {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const { flags } = isAlias ? checker.getAliasedSymbol(exported) : exported;
      return (flags & ts.SymbolFlags.Value) !== 0;
    });
    return values.map(({ name }) => [name, path] as const);
  });
  return new Map(names);
}
