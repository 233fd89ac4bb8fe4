/** Negative indices of arrays and strings: legal, silent, and never what is meant. */
import { ts } from '../typescript/typescript.ts';

/** A place in the virtual file, and what to say of it. */
export interface NegativeIndex {
  start: number;
  length: number;
  message: string;
}

/** Finds where a cell reads an array or a string at a negative index. */
export function findNegativeIndices(file: ts.SourceFile, checker: ts.TypeChecker): NegativeIndex[] {
  const found: NegativeIndex[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node) && isNegative(node.argumentExpression) && !isTarget(node)) {
      const type = checker.getTypeAtLocation(node.expression);
      const isList = checker.isArrayLikeType(type) || (type.flags & ts.TypeFlags.StringLike) !== 0;
      if (isList) found.push(describe(node, file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function describe(node: ts.ElementAccessExpression, file: ts.SourceFile): NegativeIndex {
  const start = node.getStart(file);
  const list = node.expression.getText(file);
  const index = node.argumentExpression.getText(file);
  return {
    start,
    length: node.end - start,
    message: `${list}[${index}] is always undefined: write ${list}.at(${index}) to count from the end.`,
  };
}

function isNegative(node: ts.Expression): boolean {
  return (
    ts.isPrefixUnaryExpression(node) &&
    node.operator === ts.SyntaxKind.MinusToken &&
    ts.isNumericLiteral(node.operand) &&
    Number(node.operand.text) > 0
  );
}

function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}
