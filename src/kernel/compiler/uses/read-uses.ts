/**
 * Tells from a cell's syntax what it does with top-level names: which it sets, from what, which it reads at once, which
 * only when its functions are called, and which values it changes in place. Statement by statement, so that each name
 * is known to come from those statements alone that make it.
 */

import { fingerprint } from '../../../text/fingerprint.ts';
import { forEachBoundName, varNames } from '../cell/scopes.ts';
import type { CellUses, NameUse, Use } from '../cell/types.ts';
import { ts } from '../typescript/typescript.ts';
import { isErased, printSyntax } from './syntax.ts';
import { createUse, joinUse } from './use.ts';
import { UseWalker } from './walk.ts';

/** One statement, or one declarator of it. */
interface Part {
  print: string;
  declares: Set<string>;
  use: Use;
}

/**
 * Reads the uses of a parsed cell.
 *
 * @param codeStart where the user's text starts in the file: the imports before it stand for other cells' names
 */
export function readUses(file: ts.SourceFile, codeStart = 0): CellUses {
  const reader = new CellReader();
  for (const statement of file.statements) if (statement.end > codeStart) reader.read(statement);
  return reader.finish();
}

class CellReader {
  readonly #parts: Part[] = [];
  readonly #walker = new UseWalker();

  read(statement: ts.Statement): void {
    if (isErased(statement) || ts.isEmptyStatement(statement)) return;
    if (ts.isImportDeclaration(statement)) this.#import(statement);
    else if (ts.isVariableStatement(statement)) this.#variables(statement.declarationList);
    else if (ts.isFunctionDeclaration(statement)) this.#function(statement);
    else if (ts.isClassDeclaration(statement)) this.#class(statement);
    else if (ts.isExpressionStatement(statement) && isPlainAssignment(statement.expression))
      this.#assignment(statement, statement.expression);
    else if (ts.isExportDeclaration(statement)) this.#reExport(statement);
    else this.#other(statement);
  }

  finish(): CellUses {
    const { later, aliases, changingMethods } = this.#walker;
    const now = createUse();
    for (const { use } of this.#parts) joinUse(now, use);
    const code = fingerprint(...this.#parts.map(({ print }) => print));
    return { code, now, later, sets: readSets(this.#parts, later), aliases, changingMethods };
  }

  /** A part that declares names, with what `work` does. */
  #add(node: ts.Node, declares: Iterable<string>, work: () => void): void {
    const use = createUse();
    this.#walker.into(use, work);
    this.#parts.push({ print: printSyntax(node), declares: new Set(declares), use });
  }

  #import(statement: ts.ImportDeclaration): void {
    const clause = statement.importClause;
    if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
    const names = clause?.name === undefined ? [] : [clause.name.text];
    const bindings = clause?.namedBindings;
    if (bindings !== undefined && ts.isNamespaceImport(bindings)) names.push(bindings.name.text);
    else
      for (const element of bindings?.elements ?? []) if (!element.isTypeOnly) names.push(element.name.text);
    // Each name on its own: another import beside it makes it no other.
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    for (const name of names) {
      const print = `import ${name} ${importedName(bindings, name)} ${from}`;
      this.#parts.push({ print, declares: new Set([name]), use: createUse() });
    }
    if (names.length === 0) this.#add(statement, [], () => {});
  }

  #reExport(statement: ts.ExportDeclaration): void {
    if (statement.moduleSpecifier !== undefined && !statement.isTypeOnly) this.#add(statement, [], () => {});
  }

  #variables(list: ts.VariableDeclarationList): void {
    for (const declaration of list.declarations) {
      const names: string[] = [];
      forEachBoundName(declaration.name, ({ text }) => names.push(text));
      this.#add(declaration, names, () => this.#walker.declaration(declaration));
    }
  }

  #function(statement: ts.FunctionDeclaration): void {
    const name = statement.name?.text;
    this.#add(statement, name === undefined ? [] : [name], () =>
      this.#walker.functionOf(statement, name ?? ''),
    );
  }

  #class(statement: ts.ClassDeclaration): void {
    const name = statement.name?.text;
    this.#add(statement, name === undefined ? [] : [name], () => this.#walker.classOf(statement, name));
  }

  /** `x = …` at the top level: whatever x was, is gone. */
  #assignment(statement: ts.Statement, { left, right }: PlainAssignment): void {
    this.#add(statement, [], () => {
      this.#walker.initializer(right, [left.text]);
      this.#walker.use.assigns.add(left.text);
    });
  }

  #other(statement: ts.Statement): void {
    const names = varNames(statement);
    if (
      (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) &&
      ts.isIdentifier(statement.name)
    )
      names.add(statement.name.text);
    this.#add(statement, names, () => this.#walker.visit(statement));
  }
}

type PlainAssignment = ts.BinaryExpression & { left: ts.Identifier };

function isPlainAssignment(node: ts.Expression): node is PlainAssignment {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isIdentifier(node.left)
  );
}

function importedName(bindings: ts.NamedImportBindings | undefined, local: string): string {
  if (bindings === undefined) return 'default';
  if (ts.isNamespaceImport(bindings)) return bindings.name.text === local ? '*' : 'default';
  const element = bindings.elements.find(({ name }) => name.text === local);
  return element === undefined ? 'default' : (element.propertyName ?? element.name).text;
}

/** For every name that the parts set, the parts that its value comes from. */
function readSets(parts: readonly Part[], later: ReadonlyMap<string, Use>): Map<string, NameUse> {
  const setters = new Map<string, Part[]>();
  for (const part of parts) {
    for (const name of settersNames(part)) setters.set(name, [...(setters.get(name) ?? []), part]);
  }
  const sets = new Map<string, NameUse>();
  for (const [name, own] of setters) {
    const slice = sliceOf(own, setters, later);
    const inSlice = parts.filter((part) => slice.has(part));
    sets.set(name, {
      isDeclared: own.some(({ declares }) => declares.has(name)),
      isReplaced: own.some(({ declares, use }) => declares.has(name) || use.assigns.has(name)),
      code: fingerprint(...inSlice.map(({ print }) => print)),
      reads: new Set(inSlice.flatMap(({ use }) => [...use.reads])),
      passes: new Set(inSlice.flatMap(({ use }) => [...use.passes])),
    });
  }
  return sets;
}

function settersNames({ declares, use }: Part): Set<string> {
  return new Set([...declares, ...use.assigns, ...use.changes]);
}

/** The parts behind some parts: those that set what these read, and so on. */
function sliceOf(
  own: readonly Part[],
  setters: ReadonlyMap<string, Part[]>,
  later: ReadonlyMap<string, Use>,
): Set<Part> {
  const slice = new Set(own);
  const seen = new Set<string>();
  const follow = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const part of setters.get(name) ?? []) slice.add(part);
    const { reads = [], holds = [] } = later.get(name) ?? {};
    for (const read of [...reads, ...holds]) follow(read);
  };
  // Parts that join on the way are visited too: a set hands out what is added while it is walked.
  for (const { use } of slice) for (const name of [...use.reads, ...use.passes]) follow(name);
  return slice;
}
