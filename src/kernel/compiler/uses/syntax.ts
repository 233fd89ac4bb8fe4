/** Code as far as it runs: the same text for code that differs in comments, layout and types alone. */
import { ts } from '../typescript/typescript.ts';

/** What a statement says, without comments, layout and types: its syntax tree as text. */
export function printSyntax(node: ts.Node): string {
  const parts: string[] = [];
  const visit = (child: ts.Node): void => {
    if (isErased(child)) return;
    parts.push(`(${child.kind}${detailOf(child)}`);
    ts.forEachChild(child, visit);
    parts.push(')');
  };
  visit(node);
  return parts.join('');
}

/** Whether a node is gone when the code runs. */
export function isErased(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return false;
  return (
    ts.isTypeNode(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) ||
    (ts.isFunctionDeclaration(node) && node.body === undefined) ||
    (ts.canHaveModifiers(node) &&
      (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false))
  );
}

/** What distinguishes nodes of one kind. */
function detailOf(node: ts.Node): string {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return ` ${node.text}`;
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) return ` ${JSON.stringify(node.text)}`;
  if (ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) return ` ${JSON.stringify(node.text)}`;
  if (ts.isLiteralExpression(node) || ts.isJsxText(node)) return ` ${node.text}`;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return ` ${node.operator}`;
  if (ts.isVariableDeclarationList(node)) return ` ${node.flags & ts.NodeFlags.BlockScoped}`;
  if (ts.isMetaProperty(node)) return ` ${node.keywordToken}`;
  return '';
}
