/** Which names a piece of syntax declares: `var` and functions up to the function, `let`, `const` and classes up to the block. */
import { ts } from '../typescript/typescript.ts';
import { internals } from './typescript-internals.ts';

/** Calls `found` with each identifier that a binding name declares: one, or those of a destructuring pattern. */
export function forEachBoundName(name: ts.BindingName, found: (name: ts.Identifier) => void): void {
  if (ts.isIdentifier(name)) {
    if (!internals.isGeneratedIdentifier(name)) found(name);
    return;
  }
  for (const element of name.elements) {
    if (!ts.isOmittedExpression(element)) forEachBoundName(element.name, found);
  }
}

/** Whether a declaration list is `var`, which belongs to the enclosing function instead of the block. */
export function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

function addList(list: ts.VariableDeclarationList, names: Set<string>): void {
  for (const declaration of list.declarations) {
    forEachBoundName(declaration.name, (name) => names.add(name.text));
  }
}

/** Names that the statements of one block declare in it (`let`, `const`, `using`, classes, functions). */
export function blockNames(statements: readonly ts.Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (ts.isVariableStatement(statement) && !isVar(statement.declarationList)) {
      addList(statement.declarationList, names);
    } else if (
      (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name !== undefined
    ) {
      names.add(statement.name.text);
    }
  }
  return names;
}

/** Names of all `var` declarations below a node, without entering functions and classes. */
export function varNames(root: ts.Node, names = new Set<string>()): Set<string> {
  ts.forEachChild(root, (node) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && isVar(node)) addList(node, names);
    varNames(node, names);
  });
  return names;
}

/** Names visible in a function alone: parameters, its own name when it is an expression, variables, inner declarations. */
export function functionNames(node: ts.FunctionLikeDeclaration): Set<string> {
  const names = new Set<string>(['arguments']);
  if (ts.isArrowFunction(node)) names.delete('arguments');
  if (ts.isFunctionExpression(node) && node.name !== undefined) names.add(node.name.text);
  for (const parameter of node.parameters) forEachBoundName(parameter.name, (name) => names.add(name.text));
  if (node.body !== undefined && ts.isBlock(node.body)) {
    for (const name of blockNames(node.body.statements)) names.add(name);
    varNames(node.body, names);
  }
  return names;
}

/** Names that a `for` header, a `catch` clause or a `switch` declares for its body. */
export function headerNames(node: ts.Node): Set<string> {
  const names = new Set<string>();
  if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) {
    const list = node.initializer;
    if (list !== undefined && ts.isVariableDeclarationList(list) && !isVar(list)) addList(list, names);
  } else if (ts.isCatchClause(node) && node.variableDeclaration !== undefined) {
    forEachBoundName(node.variableDeclaration.name, (name) => names.add(name.text));
  } else if (ts.isCaseBlock(node)) {
    return blockNames(node.clauses.flatMap((clause) => [...clause.statements]));
  }
  return names;
}
