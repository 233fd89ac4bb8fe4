/** What a cell declares at its top level, which names it uses, and which of them it assigns to. */
import { ts } from '../typescript/typescript.ts';
import { forEachBoundName, varNames } from './scopes.ts';
import type { BoundSourceFile } from './typescript-internals.ts';

/**
 * `variable` and `constant` are values alone; `other` names may stand for types too (imports, classes, interfaces);
 * `ambient` ones (`declare …`) are promised to exist outside the notebook.
 */
export type DeclarationKind = 'variable' | 'constant' | 'other' | 'ambient';

/** What a name stands for: interfaces and type aliases are no values, variables and functions are no types. */
export type Meaning = 'value' | 'type' | 'both';

export interface CellDeclarations {
  /** Every top-level name with its kind. */
  declared: Map<string, DeclarationKind>;
  /** What each of them stands for; imported names may turn out to be less than `both`. */
  meanings: Map<string, Meaning>;
  /** Those that the user exports: they must not be exported a second time. */
  exported: Set<string>;
  /** Whether the cell changes what other files see: `declare global`, `declare module`, triple-slash references. */
  isAmbient: boolean;
}

/** Reads the declarations of a parsed cell. */
export function readDeclarations(file: ts.SourceFile): CellDeclarations {
  const found: CellDeclarations = {
    declared: new Map(),
    meanings: new Map(),
    exported: new Set(),
    isAmbient: file.referencedFiles.length + file.typeReferenceDirectives.length > 0,
  };
  for (const name of varNames(file)) {
    found.declared.set(name, 'variable');
    found.meanings.set(name, 'value');
  }
  for (const statement of file.statements) readStatement(statement, found);
  return found;
}

function readStatement(statement: ts.Statement, found: CellDeclarations): void {
  const names: [name: string, kind: DeclarationKind][] = [];
  const add = (identifier: ts.Identifier | undefined, kind: DeclarationKind = 'other') => {
    if (identifier !== undefined && identifier.text !== '') names.push([identifier.text, kind]);
  };
  if (ts.isVariableStatement(statement)) {
    const isConstant = (statement.declarationList.flags & ts.NodeFlags.Constant) !== 0;
    for (const { name } of statement.declarationList.declarations) {
      forEachBoundName(name, (identifier) => add(identifier, isConstant ? 'constant' : 'variable'));
    }
  } else if (ts.isModuleDeclaration(statement)) {
    const isNamespace =
      ts.isIdentifier(statement.name) && (statement.flags & ts.NodeFlags.GlobalAugmentation) === 0;
    if (isNamespace) add(statement.name as ts.Identifier);
    else found.isAmbient = true;
  } else if (ts.isImportDeclaration(statement)) {
    forEachImportedName(statement, add);
  } else if (isNamedDeclaration(statement)) {
    add(statement.name);
  } else if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
    readExportClause(statement.exportClause, found);
  }
  const isAmbient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
  for (const [name, kind] of names) {
    const before = found.meanings.get(name);
    const meaning = meaningOf(statement);
    found.meanings.set(name, before === undefined || before === meaning ? meaning : 'both');
    // A type beside a variable of its name leaves the variable as it is.
    if (before === 'value' && meaning === 'type') continue;
    found.declared.set(name, isAmbient ? 'ambient' : kind);
    if (isExported(statement)) found.exported.add(name);
  }
}

function meaningOf(statement: ts.Statement): Meaning {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return 'type';
  return ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement) ? 'value' : 'both';
}

function isNamedDeclaration(
  node: ts.Statement,
): node is
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.EnumDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.ImportEqualsDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportEqualsDeclaration(node)
  );
}

function forEachImportedName(node: ts.ImportDeclaration, found: (name: ts.Identifier) => void): void {
  const clause = node.importClause;
  if (clause?.name !== undefined) found(clause.name);
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) found(bindings.name);
  else for (const element of bindings.elements) found(element.name);
}

function readExportClause(clause: ts.NamedExportBindings, found: CellDeclarations): void {
  if (ts.isNamespaceExport(clause)) found.exported.add(clause.name.text);
  else for (const element of clause.elements) found.exported.add(element.name.text);
}

/** `export default function f` exports `default`, not `f`. */
function isExported(node: ts.Statement): boolean {
  return hasModifier(node, ts.SyntaxKind.ExportKeyword) && !hasModifier(node, ts.SyntaxKind.DefaultKeyword);
}

/** Whether a statement carries a modifier such as `export`. */
export function hasModifier(node: ts.Statement, kind: ts.SyntaxKind): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

/** The statement whose value is the cell's result: the last one, when it is an expression but no assignment. */
export function resultStatement(file: ts.SourceFile): ts.Statement | undefined {
  const last = file.statements.findLast(
    (statement) => !ts.isEmptyStatement(statement) && !ts.isExportDeclaration(statement),
  );
  if (last === undefined) return undefined;
  if (ts.isExportAssignment(last)) return last;
  return ts.isExpressionStatement(last) && !isAssignment(last.expression) ? last : undefined;
}

function isAssignment(node: ts.Expression): boolean {
  const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
  return (
    ts.isBinaryExpression(inner) &&
    inner.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    inner.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

/** All identifier texts of a file: whatever an earlier cell declares and this set lacks is not used. */
export function identifierTexts(file: ts.SourceFile): ReadonlySet<string> {
  return new Set((file as BoundSourceFile).identifiers.keys());
}

/** Names on the left of `=`, `+=`, `++`… and in loop headers, anywhere in the file. */
export function assignedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const addTargets = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    else if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) {
      ts.forEachChild(node, addTargets);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node)) addTargets(node.left);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) addTargets(node.operand);
    else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) addTargets(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}
